# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The role restore_drill against real servers: restores, policies, logins, receipts and clean-up."""

from __future__ import annotations

import json
import sys
import typing as t

import boto3
import pytest
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS, Ansible
from rds_simulator.requirements import missing_packages
from rds_simulator.server import server

pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt"),
    pytest.mark.skipif(sys.platform != "linux", reason="loopback endpoints need Linux"),
]

ACCOUNT = "123456789012"
MASTER_PASSWORD = "master-password-of-the-drill"
USERS = [
    {"name": "app", "iam": True},
    {"name": "reports", "iam": True},
    {"name": "legacy", "password": "legacy-pass-1"},
]
DATABASE = {"login": True, "master_user_password": MASTER_PASSWORD, "users": USERS, "databases": ["sales"]}
SEED = {
    "db_instances": [{"identifier": "orders", "engine": "postgres", **DATABASE}],
    "snapshots": [{"identifier": "orders-monday", "source": "orders"}],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 1, **DATABASE}],
}
STEPS = ["checks", "restore", "policies", "logins"]


class Drill:
    """A simulator with databases that accept logins, the roles of the applications, and runs of the role."""

    def __init__(self, simulator: server.Simulator, ansible: Ansible) -> None:
        self.simulator = simulator
        self.ansible = ansible
        self.path = ansible.folder / "drill.json"
        self.iam = boto3.client(
            "iam",
            endpoint_url=simulator.url,
            region_name=KEYS["AWS_REGION"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )
        trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
        for name in ("app", "reports"):
            document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
            self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)

    def run(self, *more: str, restore: dict[str, t.Any] | None = None, **options: t.Any) -> t.Any:
        """Run the role. Returns the output and the receipt, or None if no receipt was written."""
        given = {
            "restore": {
                "db_instance_identifier": "drill",
                "source_db_instance_identifier": "orders",
                "use_latest_restorable_time": True,
                "wait_delay": 0.2,
                **(restore or {}),
            },
            "users": [user("app"), user("reports", database="sales")],
            "ca_cert": self.simulator.ca_file,
            "timeout": 60,
            "policy_timeout": 0,
            "receipt_path": str(self.path),
            **options,
        }
        self.path.unlink(missing_ok=True)
        variables = {f"restore_drill_{name}": value for name, value in given.items() if value is not None}
        role = {"name": "Drill", "ansible.builtin.import_role": {"name": "passwordless.rds.restore_drill"}}
        ran = self.ansible.play([role], *more, vars=variables)
        return ran, json.loads(self.path.read_text()) if self.path.exists() else None

    def page(self) -> str:
        return self.path.with_suffix(".md").read_text()

    def policies(self, role: str) -> list[str]:
        return self.iam.list_role_policies(RoleName=role)["PolicyNames"]

    def identifiers(self, kind: str) -> list[str]:
        records = self.simulator.world.databases
        return sorted(record for found_kind, record in records if found_kind == kind)


def user(name, **more):
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    return {"name": name, "principals": [arn], "verify_role_arn": arn, **more}


@pytest.fixture(scope="module")
def login_server():
    with server.Simulator(port=0, speed=120.0) as simulator:
        yield simulator


@pytest.fixture
def drill(login_server, tmp_path):
    login_server.reset()
    login_server.settings.update(endpoints="loopback")
    login_server.seed(SEED)
    return Drill(login_server, Ansible(login_server.url, tmp_path))


def changes(simulator):
    """The requests that changed something."""
    reads = ("Describe", "List", "Get", "Assume", "Simulate", "rds-db")
    return [call.operation for call in simulator.calls if not call.operation.startswith(reads)]


def test_drill_preview_run_and_second_run(drill):
    ran, preview = drill.run("--check", "--diff")
    assert ran.code == 0, ran.output
    assert (preview["outcome"], preview["preview"]) == ("previewed", True)
    assert [step["name"] for step in preview["steps"]] == STEPS
    assert changes(drill.simulator) == []

    ran, receipt = drill.run()
    assert ran.code == 0, ran.output
    assert (receipt["outcome"], receipt["failed_step"]) == ("succeeded", None)
    target = receipt["target"]
    assert target["resource_id"] == drill.simulator.database("instance", "drill")["DbiResourceId"]
    assert receipt["source"]["resource_id"] == drill.simulator.database("instance", "orders")["DbiResourceId"]
    assert [(step["name"], step["outcome"]) for step in receipt["steps"]] == [(name, "succeeded") for name in STEPS]
    assert all(step["start"] < step["end"] and step["seconds"] > 0 for step in receipt["steps"])
    assert [(one["name"], one["session_user"], one["verified_by"]) for one in receipt["users"]] == [
        ("app", "app", "principal"),
        ("reports", "reports", "principal"),
    ]
    assert drill.policies("app") == drill.policies("reports") == [f"passwordless-rds-{target['resource_id']}"]
    assert receipt["recovery"]["restore_seconds"] <= receipt["recovery"]["login_seconds"] <= receipt["seconds"]
    assert "| app | yes | app |" in drill.page()

    ran, again = drill.run()
    assert ran.code == 0, ran.output
    assert "changed=0" in ran.output
    assert (again["restored"], again["recovery"]["restore_seconds"]) == (False, None)
    assert "the restore was not timed" in again["timing_note"]
    assert [one["logged_in"] for one in again["users"]] == [True, True]
    assert [policy["outcome"] for policy in again["policies"]] == ["unchanged", "unchanged"]
    for text in (ran.output, json.dumps(receipt), drill.page()):
        assert MASTER_PASSWORD not in text
        assert "X-Amz-Signature" not in text
