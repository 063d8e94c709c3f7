# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The rollout playbook: previewed, stopped, interrupted, run again, and over many accounts and regions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, KEYS
from ansible_collections.passwordless.rds.tests.samples import quick_first

IAM = "IAMDatabaseAuthenticationEnabled"
OFF = {"name": "pg13", "family": "postgres13", "parameters": {"ssl": "0"}}
FLEET = {
    "db_parameter_groups": [OFF],
    "db_instances": [
        {"identifier": "test-{n}", "count": 3, "engine": "mysql", "tags": {"env": "test"}},
        {"identifier": "prod-{n}", "count": 3, "engine": "postgres", "tags": {"env": "prod"}},
        {
            "identifier": "old",
            "engine": "postgres",
            "engine_version": "13.20",
            "db_parameter_group": "pg13",
            "tags": {"env": "prod"},
        },
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql", "members": 1, "tags": {"env": "prod"}}],
}
WAVES = "- tags: {env: test}\n- tags: {env: prod}\n"
NAMES = ["test-1", "test-2", "test-3", "prod-1", "prod-2", "prod-3"]


@pytest.fixture
def rollout(sim, ansible):
    """Return a function that runs the playbook with survey answers and returns its output and the report."""
    sim.seed(FLEET)
    path = ansible.folder / "report.json"

    def _rollout(*more, **answers):
        said = {"waves": WAVES, "apply_immediately": "true", "wait_delay": "0.2", "report_path": str(path), **answers}
        variables = json.dumps({f"rds_rollout_{name}": value for name, value in said.items()})
        path.unlink(missing_ok=True)
        ran = ansible.run("ansible-playbook", "passwordless.rds.rollout", "-e", variables, *more)
        return ran, json.loads(path.read_text()) if path.exists() else None

    return _rollout


def modified(sim):
    return sorted(
        call.parameters.get("DBInstanceIdentifier") or call.parameters["DBClusterIdentifier"]
        for call in sim.calls
        if call.operation.startswith("Modify")
    )


def enabled(sim):
    return [name for name in NAMES if sim.database("instance", name)[IAM]]


def short(arns):
    return sorted(arn.rpartition(":")[2] for arn in arns)


def test_rollout_changes_waves_and_reports_coverage(sim, rollout):
    ran, report = rollout()
    assert ran.code == 0, ran.output
    assert modified(sim) == sorted([*NAMES, "ledger"])
    assert [short(wave["changed"]) for wave in report["waves"]] == [NAMES[:3], ["ledger", *NAMES[3:]]]
    assert short(report["blocked"]) == ["old"]
    assert "ssl is 0 in parameter group pg13" in next(iter(report["blocked"].values()))
    assert (report["before"]["coverage_percent"], report["after"]["coverage_percent"]) == (0, 87.5)
    assert "Coverage: 0.0 % before, 87.5 % now" in ran.output
    assert "Wave 2 of 2: 4 databases changed, 1 blocked." in ran.output


@pytest.mark.slow
def test_rollout_preview_run_and_second_run(sim, rollout):
    ran, preview = rollout("--check", "--diff")
    assert ran.code == 0, ran.output
    assert modified(sim) == []
    assert "This is a preview: nothing was changed." in ran.output
    assert "Wave 2 of 2: 4 databases would be changed, 1 blocked." in ran.output
    assert "All waves were previewed." in ran.output
    ran, report = rollout()
    assert ran.code == 0, ran.output
    assert [wave["plan_id"] for wave in preview["waves"]] == [wave["plan_id"] for wave in report["waves"]]
    assert [wave["summary"] for wave in preview["waves"]] == [wave["summary"] for wave in report["waves"]]
    assert (preview["preview"], report["preview"]) == (True, False)
    sim.calls_clear()
    ran, again = rollout()
    assert "changed=0" in ran.output
    assert modified(sim) == []
    assert again["after"] == report["after"]


@pytest.mark.slow
def test_rollout_in_maintenance_window_schedules_changes(sim, rollout):
    ran, report = rollout(apply_immediately="", waves=[{"include": ["prod-*"]}])
    assert ran.code == 0, ran.output
    assert report["waves"][0]["summary"]["scheduled"] == 3
    assert report["after"]["pending"] == 3


@pytest.mark.slow
def test_rollout_failure_stops_and_second_run_resumes(sim, rollout):
    sim.faults.add(operation="ModifyDBInstance", identifier="test-2", code="InsufficientDBInstanceCapacity")
    ran, report = rollout()
    assert ran.code == 2
    said = "Stopped at wave 1 of 2: 1 database failed, and rollout_max_failures is 0"
    assert report["stopped"] == f"{said}."
    assert f"{said}: instance test-2: " in ran.output
    assert "Waves completed: 0 of 2." in ran.output
    assert '"Failed: instance test-2: ' in ran.output
    assert short(report["waves"][0]["failed"]) == ["test-2"]
    assert "InsufficientDBInstanceCapacity" in next(iter(report["waves"][0]["failed"].values()))
    assert enabled(sim) == ["test-1", "test-3"]
    ran, report = rollout()
    assert ran.code == 0, ran.output
    assert [short(wave["changed"]) for wave in report["waves"]] == [["test-2"], ["ledger", *NAMES[3:]]]
    assert len(modified(sim)) == 7 + 1  # the refused request was sent in both runs


@pytest.mark.slow
def test_rollout_failures_within_limit_continue(sim, rollout):
    sim.faults.add(operation="ModifyDBInstance", identifier="test-2", code="InsufficientDBInstanceCapacity")
    ran, report = rollout(max_failures="1")
    assert ran.code == 0, ran.output
    assert (report["failures"], report["stopped"]) == (["test-2"], "")
    assert enabled(sim) == ["test-1", "test-3", *NAMES[3:]]


@pytest.mark.slow
def test_rollout_blocked_database_starts_no_wave(sim, rollout):
    ran, report = rollout(on_problem="fail")
    assert ran.code == 2
    assert report["stopped"].startswith("No wave was started: wave 2: 1 database is blocked: instance old: ")
    assert "ssl is 0 in parameter group pg13" in report["stopped"]
    assert "set on_problem to skip" in ran.output
    assert modified(sim) == []


@pytest.mark.slow
def test_rollout_empty_wave_fails_before_first_change(sim, rollout):
    waves = [{"include": ["prod-1"]}, {"tags": {"env": "tset"}}]
    ran, report = rollout(waves=waves)
    assert ran.code == 2
    assert "No wave was started: wave 2: select: no database matches" in report["stopped"]
    assert modified(sim) == []
    ran, report = rollout(waves=waves, empty_waves="skip")
    assert ran.code == 0, ran.output
    assert enabled(sim) == ["prod-1"]


@pytest.mark.slow
def test_rollout_database_of_two_waves_belongs_to_first(sim, rollout):
    sim.faults.add(operation="ModifyDBInstance", identifier="test-2", code="InsufficientDBInstanceCapacity", times=None)
    answers = {"max_failures": "1", "waves": [{"include": ["test-*"]}, {"include": ["test-*", "prod-1"]}]}
    ran, preview = rollout("--check", **answers)
    assert ran.code == 0, ran.output
    assert [short(wave["changed"]) for wave in preview["waves"]] == [NAMES[:3], ["prod-1"]]
    ran, report = rollout(**answers)
    assert ran.code == 0, ran.output
    assert report["failures"] == ["test-2"]
    assert [short(wave["changed"]) for wave in report["waves"]] == [["test-1", "test-3"], ["prod-1"]]
    assert [short(wave["failed"]) for wave in report["waves"]] == [["test-2"], []]
    assert enabled(sim) == ["test-1", "test-3", "prod-1"]
    assert modified(sim).count("test-2") == 1


@pytest.mark.slow
def test_rollout_refused_call_is_not_an_empty_wave(sim, rollout):
    sim.faults.add(operation="DescribeDBInstances", deny=True, after=1)
    ran, report = rollout(empty_waves="skip")
    assert ran.code == 2
    assert report["stopped"].startswith("No wave was started: waves 1, 2: DescribeDBInstances")
    assert "Waves completed: 0 of 2" in ran.output
    assert (report["waves"], report["after"]) == ([], {})


@pytest.mark.slow
def test_rollout_refused_preview_counts_no_failed_database(sim, rollout):
    # after the first description, the preview of each wave, and that of the first wave
    sim.faults.add(operation="DescribeDBInstances", code="AccessDenied", after=4)
    ran, report = rollout()
    assert ran.code == 2
    assert "Stopped at wave 1 of 2: DescribeDBInstances" in report["stopped"]
    assert report["failures"] == []
    (wave,) = report["waves"]
    assert (wave["changed"], wave["failed"]) == ([], {})
    assert "Waves completed: 0 of 2" in ran.output
    assert modified(sim) == []


@pytest.mark.slow
def test_rollout_missing_permission_fails(sim, rollout):
    sim.faults.add(operation="ModifyDBInstance", deny=True)
    ran, report = rollout(max_failures="2")
    assert ran.code == 2
    assert "3 databases failed" in report["stopped"]
    assert "rds:ModifyDBInstance" in next(iter(report["waves"][0]["failed"].values()))
    assert len(report["waves"]) == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    quick_first(
        [
            ({"waves": " "}, "rds_rollout_waves: no wave is set"),
            ({"waves": "tags: {env: test}"}, "rds_rollout_waves: the value is a single selection, not a list"),
            ({"waves": "- include: [test-1]\n- {}"}, "rds_rollout_waves: wave 2: select: it has no criterion"),
            ({"waves": "- include: [test-1]\n- tag: {env: prod}"}, "rds_rollout_waves: wave 2: tag. Supported"),
            (
                {"apply_immediatly": "true"},
                "the variable does not exist. Did you mean rds_rollout_apply_immediately?",
            ),
            ({"waves": "- tags: {env: true}"}, "Quote it: env: 'true'"),
            ({"on_problem": "perhaps"}, "rollout_on_problem must be one of"),
            ({"max_failures": "2.5"}, "rollout_max_failures"),
            ({"role_seconds": "long"}, "rds_rollout_role_seconds"),
            (
                {"report_path": "missing/report.json"},
                "missing/report.json: the folder does not exist on the controller",
            ),
            ({"region": "mars-north"}, "is not the name of an AWS Region"),
        ],
        2,
    ),
)
def test_rollout_invalid_answers_are_refused(sim, rollout, answers, said):
    ran, _report = rollout(**answers)
    assert ran.code == 2
    assert said in ran.output.replace("\n", " ")
    assert sim.calls == []


@pytest.mark.slow
def test_rollout_database_renamed_by_change_is_verified(sim, rollout):
    pending = {"DBInstanceIdentifier": "b"}
    sim.seed({"db_instances": [{"identifier": "a", "engine": "mysql", "pending_modified_values": pending}]})
    waves = [{"include": ["a"]}, {"include": ["prod-1"]}]
    ran, report = rollout(waves=waves, apply_other_pending_changes="true", max_failures="0.0")
    assert ran.code == 0, ran.output
    assert [(short(wave["changed"]), wave["failed"]) for wave in report["waves"]] == [(["b"], {}), (["prod-1"], {})]
    assert sim.database("instance", "b")[IAM] is True
    assert "All waves are completed." in ran.output


@pytest.mark.slow
def test_rollout_report_not_writable_shows_result(sim, ansible, rollout):
    sim.faults.add(operation="ModifyDBInstance", identifier="test-2", code="InsufficientDBInstanceCapacity")
    # the folder is writable, but the file name is too long
    path = str(ansible.folder / f"{'r' * 300}.json")
    ran, _report = rollout(report_path=path)
    assert ran.code == 2
    assert '"Failed: instance test-2: ' in ran.output
    assert "Waves completed: 0 of 2." in ran.output
    ran, _report = rollout(report_path=path)
    assert ran.code == 2
    assert "All waves are completed." in ran.output
    assert "the report could not be written: " in ran.output


@pytest.mark.parametrize(
    "variables",
    quick_first(
        [
            {"rds_rollout_waves": "- tag: {env: prod}"},
            {"rds_rollout_region": "mars-north"},
            {"rds_rollout_wait_timeout": "soon"},
            {"rds_rollout_report_path": "missing/report.json"},
        ],
        1,
    ),
)
def test_rollout_invalid_variable_of_one_host_stops_all_hosts(sim, ansible, variables):
    sim.seed(FLEET)
    local = {"ansible_connection": "local", "rds_rollout_hosts": "all", "rds_rollout_apply_immediately": "true"}
    hosts = {"h1": {"rds_rollout_waves": WAVES}, "h2": {"rds_rollout_waves": WAVES, **variables}}
    inventory = ansible.folder / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": local}}))
    command = ["ansible-playbook", "-i", str(inventory), "passwordless.rds.rollout", "-f", "1"]
    ran = ansible.run(*command, "-e", "rds_rollout_hosts=all")
    assert ran.code == 2
    assert next(iter(variables)).removeprefix("rds_") in ran.output
    assert sim.calls == []


@pytest.mark.slow
def test_rollout_killed_then_run_again_completes(sim, ansible, rollout):
    variables = json.dumps({"rds_rollout_waves": WAVES, "rds_rollout_apply_immediately": "true"})
    sim.faults.add(operation="ModifyDBInstance", latency=0.5)
    command = ["ansible-playbook", "passwordless.rds.rollout", "-e", variables]
    running = subprocess.Popen(
        command, env=ansible.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + HANG
    while not modified(sim) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert modified(sim)
    sim.faults.clear()
    time.sleep(0.6)  # the wave in progress
    sim.clock.advance(300)
    done = enabled(sim)
    sim.calls_clear()
    ran, report = rollout()
    assert ran.code == 0, ran.output
    assert enabled(sim) == NAMES
    assert not set(modified(sim)) & set(done)
    assert report["after"]["coverage_percent"] == 87.5


ACCOUNTS = ("111111111111", "222222222222")
REGIONS = ("eu-west-1", "us-east-1")


def profile_of(folder):
    """Return an environment in which the credentials of the task are those of a profile."""
    text = (
        f"[work]\naws_access_key_id={KEYS['AWS_ACCESS_KEY_ID']}\naws_secret_access_key={KEYS['AWS_SECRET_ACCESS_KEY']}"
    )
    path = folder / "credentials"
    path.write_text(text)
    keys = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    return {**keys, "AWS_PROFILE": "work", "AWS_SHARED_CREDENTIALS_FILE": str(path)}


@pytest.mark.slow
def test_rollout_sliced_inventory_of_accounts_and_regions(sim, ansible):
    hosts = {}
    for account in ACCOUNTS:
        sim.seed({"account": account, "iam_roles": [{"name": "rollout"}]})
        for region in REGIONS:
            sim.seed({**FLEET, "account": account, "region": region})
            hosts[f"{account}-{region}"] = {
                "rds_rollout_role_arn": f"arn:aws:iam::{account}:role/rollout",
                "rds_rollout_region": region,
            }
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    inventory = ansible.folder / "shards.yml"
    inventory.write_text(yaml.safe_dump({"shards": {"hosts": hosts, "vars": local}}))
    answers = {
        "hosts": "shards",
        "waves": WAVES,
        "apply_immediately": "true",
        "wait_delay": "0.2",
        "report_path": str(ansible.folder / "{{ inventory_hostname }}.json"),
    }
    variables = json.dumps({f"rds_rollout_{name}": value for name, value in answers.items()})
    names = sorted(hosts)
    profile = profile_of(ansible.folder)
    for part in (names[::2], names[1::2]):  # the same slices as in AWX
        limit = ",".join(part)
        command = ["ansible-playbook", "-i", str(inventory), "passwordless.rds.rollout", "--limit", limit, "-f", "4"]
        ran = ansible.run(*command, "-e", variables, **profile)
        assert ran.code == 0, ran.output
        assert "ASIA" not in ran.output  # the prefix of temporary access keys
    for name in names:
        report = json.loads((ansible.folder / f"{name}.json").read_text())
        assert report["after"]["coverage_percent"] == 87.5
        account, region = name.split("-", maxsplit=1)
        assert all(f":{region}:{account}:" in arn for wave in report["waves"] for arn in wave["changed"])
    for account in ACCOUNTS:
        for region in REGIONS:
            assert sim.database("instance", "prod-1", region, account)[IAM] is True


@pytest.mark.slow
def test_rollout_hosts_with_same_report_path_change_nothing(sim, ansible):
    sim.seed(FLEET)
    answers = {"hosts": "all", "waves": WAVES, "report_path": str(ansible.folder / "report.json")}
    variables = json.dumps({f"rds_rollout_{name}": value for name, value in answers.items()})
    inventory = ["-i", "eu,us", "-e", "ansible_connection=local"]
    ran = ansible.run("ansible-playbook", *inventory, "passwordless.rds.rollout", "-e", variables)
    assert ran.code == 2
    assert "is the same for 2 hosts: eu, us." in ran.output
    assert sim.calls == []


def test_rollout_role_misspelt_variable_fails(sim, ansible):
    sim.seed(FLEET)
    role = {"name": "passwordless.rds.rollout"}
    variables = {"rollout_waves": [{"all": True}], "rollout_max_failure": 3}
    ran = ansible.play([{"name": "Roll out", "ansible.builtin.include_role": role, "vars": variables}])
    assert ran.code == 2
    assert "rollout_max_failure: the variable does not exist. Did you mean rollout_max_failures?" in ran.output
    assert sim.calls == []
