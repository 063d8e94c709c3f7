# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The guide to the simulator: its command, its seed, its control path, and the test in one process."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import urllib.request

import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG
from rds_simulator.__main__ import make_parser
from rds_simulator.api.registry import implemented
from rds_simulator.seeding import seed_format, seed_logins
from rds_simulator.server.control import Control
from rds_simulator.state.faults import Fault
from rds_simulator.state.settings import Settings
from rds_simulator.state.world import World

GUIDE = documents.guide("guide_testing")
FILES = documents.captioned("guide_testing")
TEXT = (documents.GUIDES / "guide_testing.rst").read_text()


@pytest.fixture
def started(tmp_path):
    """Start the simulator with the command of the guide, on a free port. Yield its address."""
    (tmp_path / "fleet.yml").write_text(FILES["fleet.yml"])
    (command,) = documents.commands(GUIDE, "rds-simulator")
    arguments = shlex.split(command.replace("--port 5000", "--port 0"))
    process = subprocess.Popen(
        [sys.executable, "-m", "rds_simulator", *arguments[1:]],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    try:
        yield re.fullmatch(r"listening on (\S+)\n", process.stdout.readline())[1]
    finally:
        process.terminate()
        process.communicate(timeout=HANG)


def get(url):
    with urllib.request.urlopen(url, timeout=HANG) as answer:
        return json.load(answer)


def curl(line):
    """Run a curl command without curl, which may not be installed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-X", dest="method", default="GET")
    parser.add_argument("-d", dest="body", default="")
    parser.add_argument("url")
    said = parser.parse_args(shlex.split(line)[1:])
    request = urllib.request.Request(said.url, said.body.encode() or None, method=said.method)
    with urllib.request.urlopen(request, timeout=HANG) as answer:
        assert answer.status == 200


def table(title):
    """Return a table of the guide without its header, as name -> text of the second column.

    In a row with several names, the second column is a list with one item for each name.
    """
    body = re.search(rf"^\.\. list-table:: {re.escape(title)}\n(?P<rows>(?: +.*\n|\n)+)", TEXT, re.MULTILINE)["rows"]
    found = {}
    for names, second in re.findall(r"   \* - (.+)\n     - (.+)", body)[1:]:
        listed = re.findall(r"``([\w-]+)``", names)
        values = second.split(", ")
        found.update(zip(listed, values if len(values) == len(listed) else [second] * len(listed)))
    return found


def test_guide_simulator_command_loads_seed(started):
    assert get(f"{started}/simulator/health") == {"status": "ok"}
    clock = get(f"{started}/simulator/clock")
    assert clock["now"].startswith("2026-11-02T12:")
    assert clock["speed"] == 30
    backends = get(f"{started}/simulator/databases")["backends"]
    (backend,) = (one for one in backends if one["account"] == "123456789012" and one["region"] == "eu-west-1")
    instances = {record["DBInstanceIdentifier"]: record for record in backend["instances"]}
    assert {"orders", "legacy", "upgrading", "shop-1", "shop-2", "shop-3", "shop-replica"} <= set(instances)
    assert instances["upgrading"]["MultiAZ"]
    assert instances["shop-replica"]["ReadReplicaSourceDBInstanceIdentifier"] == "shop-1"
    members = {
        record["DBClusterIdentifier"]: [member["DBInstanceIdentifier"] for member in record["DBClusterMembers"]]
        for record in backend["clusters"]
    }
    assert members == {"ledger": ["ledger-writer", "ledger-reader"], "reports": ["reports-1", "reports-2"]}


def test_guide_control_path_requests_work(started):
    before = get(f"{started}/simulator/clock")["monotonic"]
    for line in FILES["control.sh"].splitlines():
        curl(line.replace("$SIMULATOR", started))
    (fault,) = get(f"{started}/simulator/faults")
    assert [fault[key] for key in ("operation", "code", "after", "times")] == ["ModifyDBInstance", "Throttling", 2, 4]
    settings = get(f"{started}/simulator/settings")
    assert (settings["apply_seconds"], settings["deferred_cancel"]) == (300, "stays")
    assert get(f"{started}/simulator/clock")["monotonic"] >= before + 3600


def test_guide_lists_command_options():
    known = {text for action in make_parser()._actions for text in action.option_strings}
    assert set(table("Options of the command")) == known - {"-h", "--help", "--version"}


def test_guide_lists_operations():
    (listed,) = re.findall(r"^The simulator supports these operations: ([^.]+)\.$", TEXT, re.MULTILINE)
    assert re.findall(r"``(\w+)``", listed) == implemented()


README = (pathlib.Path(__file__).parents[2] / "simulator" / "README.md").read_text()
IAM_SECTIONS = {"iam_groups", "iam_policies", "iam_roles", "iam_users", "root_access_keys"}
# the README of the simulator describes these
LOGIN_SETTINGS = {
    "check_credentials",
    "disabled_iam",
    "endpoints",
    "iam_membership",
    "idle_login_metrics",
    "kerberos_and_iam",
    "login_clock_ahead",
    "login_rate",
    "logins",
    "metric_page",
    "missing_tls",
    "storage_full_logins",
    "token_endpoint",
}


def test_guide_lists_seed_keys_and_example_uses_them():
    both = set(table("Keys of instances and clusters"))
    logins = set(seed_logins.KEYS)
    sections = set(seed_format._SECTIONS) - IAM_SECTIONS
    assert {name for name in logins | IAM_SECTIONS if name not in README} == set()
    assert set(table("Keys of parameter groups")) == set(seed_format._GROUP)
    assert both | set(table("Keys of instances only")) == set(seed_format._INSTANCE) - logins
    assert both | set(table("Keys of clusters only")) == set(seed_format._CLUSTER) - logins
    (listed,) = re.findall(r"^A member in the list has the keys ([^.]+)\.$", TEXT, re.MULTILINE)
    assert set(re.findall(r"``(\w+)``", listed)) == set(seed_format._MEMBER)
    kept = {*seed_format._SNAPSHOT, *seed_format._BACKUP}
    assert set(table("Keys of snapshots and automated backups")) == kept
    groups_besides = {*seed_format._SUBNET_GROUP, *seed_format._OPTION_GROUP}
    assert set(table("Keys of subnet groups and option groups")) == groups_besides
    assert set(table("Keys of engine versions")) == set(seed_format._ENGINE_VERSION)
    example = yaml.safe_load(FILES["fleet.yml"])
    assert {key for item in example["engine_versions"] for key in item} == set(seed_format._ENGINE_VERSION)
    assert set(example) == {"region", "account", *sections}
    groups = example["db_parameter_groups"] + example["db_cluster_parameter_groups"]
    databases = example["db_instances"] + example["db_clusters"]
    assert {key for group in groups for key in group} == set(seed_format._GROUP)
    assert {key for item in databases for key in item} == {*seed_format._INSTANCE, *seed_format._CLUSTER} - logins
    snapshots = example["snapshots"] + example["cluster_snapshots"]
    backups = example["automated_backups"] + example["cluster_automated_backups"]
    assert {key for item in snapshots + backups for key in item} == kept
    others = example["subnet_groups"] + example["option_groups"]
    assert {key for item in others for key in item} == groups_besides


def test_guide_lists_control_paths_faults_and_defaults():
    assert {name for _method, name in Control(World())._routes} == set(re.findall(r"/simulator/([\w/]+)``", TEXT))
    assert set(table("Keys of a fault")) == {field.name for field in dataclasses.fields(Fault)}
    settings = {name: shown(value) for name, value in Settings().as_dict().items()}
    assert {name for name in LOGIN_SETTINGS if f"`{name}`" not in README} == set()
    assert table("Settings") == {name: value for name, value in settings.items() if name not in LOGIN_SETTINGS}


def shown(value):
    """Return a default as the guide writes it."""
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else value


def test_guide_example_test_passes(tmp_path):
    for name in ("fleet.yml", "test_fleet.py"):
        (tmp_path / name).write_text(FILES[name])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_fleet.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
