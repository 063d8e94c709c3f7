# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The role restore_drill against real servers: restores, policies, logins, receipts and clean-up."""

from __future__ import annotations

import json
import shutil
import sys
import typing as t

import boto3
import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS, Ansible
from ansible_collections.passwordless.rds.tests.samples import quick_first
from moto.sts.models import sts_backends
from rds_simulator.requirements import missing_packages
from rds_simulator.server import server

pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt"),
    pytest.mark.skipif(sys.platform != "linux", reason="loopback endpoints need Linux"),
]

ACCOUNT = "123456789012"
ANY_KEYS = {
    "aws_access_key_id": KEYS["AWS_ACCESS_KEY_ID"],
    "aws_secret_access_key": KEYS["AWS_SECRET_ACCESS_KEY"],
}
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
ADMIN = {"admin_username": "postgres", "admin_password": MASTER_PASSWORD}
# the credentials of the task, which can log in to every database
TASK_WITH_LOGINS = {
    "iam_users": [
        {
            "name": "automation",
            "access_keys": [
                {"access_key_id": KEYS["AWS_ACCESS_KEY_ID"], "secret_access_key": KEYS["AWS_SECRET_ACCESS_KEY"]}
            ],
            "policies": {
                "all": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
                }
            },
        }
    ]
}
STEPS = ["checks", "restore", "policies", "logins"]
PREDICTED = {"repaired": "would_repair", "removed": "would_remove"}


class Drill:
    """A simulator with databases that accept logins, the roles of the applications, and runs of the role."""

    def __init__(self, simulator: server.Simulator, ansible: Ansible) -> None:
        self.simulator = simulator
        self.ansible = ansible
        self.path = ansible.folder / "drill.json"
        self.variables = ansible.folder / "hostvars.json"
        self.iam = boto3.client("iam", endpoint_url=simulator.url, region_name=KEYS["AWS_REGION"], **ANY_KEYS)
        self.rds = boto3.client("rds", endpoint_url=simulator.url, region_name=KEYS["AWS_REGION"], **ANY_KEYS)
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
        # as a later task or a callback could print or store them
        content = {"content": "{{ hostvars[inventory_hostname] | to_json }}", "dest": str(self.variables)}
        ran = self.ansible.play([role, {"name": "Dump", "ansible.builtin.copy": content}], *more, vars=variables)
        return ran, json.loads(self.path.read_text()) if self.path.exists() else None

    def page(self) -> str:
        return self.path.with_suffix(".md").read_text()

    def policies(self, role: str) -> list[str]:
        return self.iam.list_role_policies(RoleName=role)["PolicyNames"]

    def names(self, kind: str) -> list[str]:
        """Return the names of the clusters, or of the instances that are no members of a cluster."""
        if kind == "instance":
            found = self.rds.describe_db_instances()["DBInstances"]
            return sorted(one["DBInstanceIdentifier"] for one in found if "DBClusterIdentifier" not in one)
        return sorted(found["DBClusterIdentifier"] for found in self.rds.describe_db_clusters()["DBClusters"])


def role(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def user(name, role_name=None, **more):
    arn = role(role_name or name)
    return {"name": name, "principals": [arn], "verify_role_arn": arn, **more}


def connect(resource_id, name):
    resource = f"arn:aws:rds-db:{KEYS['AWS_REGION']}:{ACCOUNT}:dbuser:{resource_id}/{name}"
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture(scope="module")
def login_server():
    with server.Simulator(port=0, speed=120.0) as simulator:
        yield simulator


@pytest.fixture
def drill(login_server, tmp_path):
    login_server.reset()
    login_server.settings.update(endpoints="loopback")
    login_server.seed(SEED)
    drill = Drill(login_server, Ansible(login_server.url, tmp_path))
    login_server.calls_clear()
    return drill


def sorted_outcomes(source, outcomes):
    """Return the outcomes of the policies for db-GONE and for the source, in the order of their names."""
    return [outcome for _id, outcome in sorted(zip(["db-GONE", source], outcomes))]


def changes(simulator):
    """The requests that changed something."""
    reads = ("Describe", "List", "Get", "Assume", "Simulate", "connect")
    return [call.operation for call in simulator.calls if not call.operation.rpartition(":")[2].startswith(reads)]


def test_drill_restores_and_logs_in(drill):
    ran, receipt = drill.run(users=[user("app")])
    assert ran.code == 0, ran.output
    assert (receipt["outcome"], receipt["failed_step"]) == ("succeeded", None)
    assert [(step["name"], step["outcome"]) for step in receipt["steps"]] == [(name, "succeeded") for name in STEPS]
    assert all(step["start"] < step["end"] and step["seconds"] > 0 for step in receipt["steps"])
    target, (login,), (policy,) = receipt["target"], receipt["users"], receipt["policies"]
    assert receipt["source"]["resource_id"] == drill.simulator.database("instance", "orders")["DbiResourceId"]
    assert target["resource_id"] not in (None, receipt["source"]["resource_id"])
    assert (login["session_user"], login["verified_by"], login["verified_as"]) == ("app", "login", [role("app")])
    assert drill.policies("app") == [policy["policy_name"]] == [f"passwordless-rds-{target['resource_id']}"]
    assert 0 < receipt["recovery"]["restore_seconds"] <= receipt["recovery"]["login_seconds"] <= receipt["seconds"]
    assert receipt["recovery"]["point"] == receipt["source"]["restored_to"]
    assert (receipt["cleanup"]["outcome"], drill.names("instance")) == ("not_requested", ["drill", "orders"])
    assert "| app | yes | app |" in drill.page()
    sessions = [role for backend in sts_backends[ACCOUNT].values() for role in backend.assumed_roles]
    secrets = [*(role.session_token for role in sessions), *(role.secret_access_key for role in sessions)]
    assert len(secrets) >= 4
    assert "app" in drill.variables.read_text()
    for text in (ran.output, json.dumps(receipt), drill.page(), drill.variables.read_text()):
        assert [secret for secret in (*secrets, MASTER_PASSWORD, "X-Amz-Signature") if secret in text] == []


@pytest.mark.slow
def test_drill_cleanup_deletes_target_and_policy(drill):
    ran, receipt = drill.run(users=[user("app")], cleanup=True)
    assert ran.code == 0, ran.output
    (policy,) = receipt["policies"]
    assert receipt["steps"][-1]["name"] == "cleanup"
    assert receipt["cleanup"]["deleted"] == [f"{policy['policy_name']} of {policy['principal']}", "instance/drill"]
    assert (drill.names("instance"), drill.policies("app")) == (["orders"], [])


@pytest.mark.slow
def test_drill_preview_run_and_second_run(drill):
    ran, preview = drill.run("--check", "--diff")
    assert ran.code == 0, ran.output
    assert (preview["outcome"], preview["preview"]) == ("previewed", True)
    assert [step["name"] for step in preview["steps"]] == STEPS
    assert preview["recovery"]["restore_seconds"] is None
    assert changes(drill.simulator) == []

    ran, receipt = drill.run()
    assert ran.code == 0, ran.output
    target = receipt["target"]
    assert target["resource_id"] == drill.simulator.database("instance", "drill")["DbiResourceId"]
    assert [(one["name"], one["session_user"], one["verified_by"]) for one in receipt["users"]] == [
        ("app", "app", "login"),
        ("reports", "reports", "login"),
    ]
    assert drill.policies("app") == drill.policies("reports") == [f"passwordless-rds-{target['resource_id']}"]
    assert receipt["cleanup"]["outcome"] == "not_requested"

    earlier = drill.ansible.folder / "earlier.json"
    earlier.write_text(json.dumps(receipt))
    ran, again = drill.run(cleanup=True, previous=str(earlier))
    assert ran.code == 2
    assert again["comparison"]["start"] == receipt["start"]
    assert (again["restored"], again["recovery"]["restore_seconds"]) == (False, None)
    assert "the restore was not timed" in again["timing_note"]
    assert [one["logged_in"] for one in again["users"]] == [True, True]
    assert [policy["outcome"] for policy in again["policies"]] == ["unchanged", "unchanged"]
    # this run did not create the target, so it deletes nothing
    assert again["cleanup"]["outcome"] == "refused"
    assert "instance/drill was not created by this run" in ran.output
    assert drill.names("instance") == ["drill", "orders"]
    assert drill.policies("app") == drill.policies("reports") == [f"passwordless-rds-{target['resource_id']}"]


@pytest.mark.slow
def test_drill_login_without_policy_is_denied(drill):
    drill.iam.put_role_policy(
        RoleName="app",
        PolicyName="source",
        PolicyDocument=json.dumps(connect(drill.simulator.database("instance", "orders")["DbiResourceId"], "app")),
    )
    users = [{"name": "app", "verify_role_arn": role("app")}, user("reports"), user("legacy", role_name="app")]
    ran, receipt = drill.run(users=users, cleanup=True)
    assert ran.code == 2
    assert (receipt["outcome"], receipt["failed_step"]) == ("failed", "logins")
    assert [one["cause"] for one in receipt["users"]] == ["policy_other_resource", None, "unknown"]
    hints = ["set restore_drill_admin_username" in one["message"] for one in receipt["users"]]
    assert hints == [False, False, True]
    assert [one["logged_in"] for one in receipt["users"]] == [False, True, False]
    assert "app did not log in: policy_other_resource" in receipt["message"]
    assert "The drill failed. Step logins: app did not log in" in ran.output
    assert "The drill failed." in drill.page()
    # the target is kept after a failure
    assert receipt["cleanup"]["outcome"] == "kept"
    assert drill.names("instance") == ["drill", "orders"]


@pytest.mark.slow
def test_drill_login_of_task_does_not_verify_principals(drill):
    users = [{"name": "app", "principals": [role("app")]}]
    ran, receipt = drill.run(users=users, cleanup=True, cleanup_on_failure=True)
    assert ran.code == 2
    (login,) = receipt["users"]
    assert (login["logged_in"], login["verified_by"]) == (False, None)
    assert receipt["cleanup"]["outcome"] == "deleted"
    assert (drill.names("instance"), drill.policies("app")) == (["orders"], [])


@pytest.mark.slow
def test_drill_login_of_administrator_needs_simulation(drill):
    """The credentials of the task can log in as every user. Those of the application cannot."""
    drill.simulator.seed(TASK_WITH_LOGINS)
    denied = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "rds-db:connect", "Resource": "*"}}
    drill.iam.put_role_policy(RoleName="app", PolicyName="deny", PolicyDocument=json.dumps(denied))
    users = [{"name": "app", "principals": [role("app")]}]
    ran, receipt = drill.run(users=users)
    assert ran.code == 2
    (login,) = receipt["users"]
    assert (login["logged_in"], login["verified_by"], login["verified_as"]) == (True, None, [])
    assert f"app logged in, but is not verified: arn:aws:iam::{ACCOUNT}:user/automation can log in" in ran.output
    assert f"{role('app')}: explicitDeny" in receipt["message"]

    drill.iam.delete_role_policy(RoleName="app", PolicyName="deny")
    ran, receipt = drill.run(users=users)
    assert ran.code == 0, ran.output
    (login,) = receipt["users"]
    assert (login["verified_by"], login["verified_as"]) == ("simulation", [role("app")])
    assert login["identity"] == f"arn:aws:iam::{ACCOUNT}:user/automation"
    assert f"app logged in as app, verified by simulation as {role('app')}" in ran.output


def test_drill_maps_users_on_target(drill):
    """The source has no such user, so the drill creates it on the target only."""
    users = [user("legacy_iam", role_name="app", replaces="legacy", database="sales")]
    ran, receipt = drill.run(users=users, **ADMIN)
    assert ran.code == 0, ran.output
    assert [(step["name"], step["outcome"]) for step in receipt["steps"]] == [
        (name, "succeeded") for name in ["checks", "restore", "users", "policies", "logins"]
    ]
    assert receipt["steps"][2]["seconds"] > 0
    (mapping,), (policy,), (login,) = receipt["mappings"], receipt["policies"], receipt["users"]
    assert (mapping["outcome"], mapping["verified_by"]) == ("created", "login")
    assert (policy["outcome"], policy["existed"]) == ("attached", False)
    assert (login["session_user"], login["verified_by"]) == ("legacy_iam", "login")
    assert "legacy_iam: created: " in ran.output
    for text in (ran.output, json.dumps(receipt), drill.page()):
        assert MASTER_PASSWORD not in text
        assert "X-Amz-Signature" not in text


@pytest.mark.slow
def test_drill_mapping_preview_run_and_second_run(drill):
    options = {"users": [user("app"), user("legacy_iam", role_name="app", replaces="legacy")], **ADMIN}
    ran, preview = drill.run("--check", "--diff", **options)
    assert ran.code == 0, ran.output
    assert [step["name"] for step in preview["steps"]] == ["checks", "restore", "users", "policies", "logins"]
    assert [one["outcome"] for one in preview["mappings"]] == ["not_checked", "not_checked"]
    assert "This can be checked only after the restore." in ran.output
    assert changes(drill.simulator) == []

    ran, receipt = drill.run(**options)
    assert ran.code == 0, ran.output
    assert [one["outcome"] for one in receipt["mappings"]] == ["updated", "created"]
    assert [one["outcome"] for one in receipt["policies"]] == ["attached"]

    # now that the target exists, the preview checks the users on it
    ran, preview = drill.run("--check", **options)
    assert ran.code == 0, ran.output
    assert [one["outcome"] for one in preview["mappings"]] == ["unchanged", "unchanged"]
    ran, again = drill.run(**options)
    assert ran.code == 0, ran.output
    assert [one["outcome"] for one in again["mappings"]] == ["unchanged", "unchanged"]
    assert [one["outcome"] for one in again["policies"]] == ["unchanged"]
    assert [one["verified_by"] for one in again["users"]] == ["login", "login"]


@pytest.mark.slow
def test_drill_failed_mapping_is_in_receipt_and_cleaned_up(drill):
    denied = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "rds-db:connect", "Resource": "*"}}
    drill.iam.put_role_policy(RoleName="app", PolicyName="deny", PolicyDocument=json.dumps(denied))
    users = [user("legacy_iam", role_name="app", replaces="legacy"), user("reports")]
    ran, receipt = drill.run(users=users, cleanup=True, cleanup_on_failure=True, **ADMIN)
    assert ran.code == 2
    assert (receipt["failed_step"], receipt["users"]) == ("users", [])
    assert [one["outcome"] for one in receipt["mappings"]] == ["rolled_back", "not_started"]
    assert "legacy_iam: rolled_back: " in receipt["message"]
    # the policy that the failed step attached is deleted as well
    assert (receipt["cleanup"]["outcome"], len(receipt["cleanup"]["deleted"])) == ("deleted", 2)
    assert (drill.names("instance"), drill.policies("app")) == (["orders"], ["deny"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "outcomes", "kept", "users"),
    [
        ("report", ["reported", "reported"], ["passwordless-rds-db-GONE", "passwordless-rds-{source}"], ["app"]),
        ("repair", ["reported", "repaired"], ["passwordless-rds-db-GONE"], ["app", "reports"]),
        ("remove", ["removed", "removed"], [], ["app"]),
    ],
)
def test_drill_processes_policies_of_deleted_source(drill, mode, outcomes, kept, users):
    """The source is deleted after the snapshot, so its policies have no effect."""
    source = drill.simulator.database("instance", "orders")["DbiResourceId"]
    for resource_id, name in ((source, "reports"), ("db-GONE", "app")):
        document = json.dumps(connect(resource_id, name))
        drill.iam.put_role_policy(RoleName="app", PolicyName=f"passwordless-rds-{resource_id}", PolicyDocument=document)
    drill.rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    drill.simulator.clock.advance(3600)
    restore = {
        "source_db_instance_identifier": None,
        "use_latest_restorable_time": False,
        "db_snapshot_identifier": "orders-monday",
    }
    before = drill.policies("app")
    drill.simulator.calls_clear()
    ran, preview = drill.run("--check", restore=restore, users=[user("app")], old_policies=mode)
    assert ran.code == 0, ran.output
    by_name = sorted((one["policy_name"], one["outcome"]) for one in preview["old_policies"])
    predicted = [PREDICTED.get(outcome, outcome) for outcome in outcomes]
    assert [outcome for _name, outcome in by_name] == sorted_outcomes(source, predicted)
    assert (drill.policies("app"), changes(drill.simulator)) == (before, [])

    ran, receipt = drill.run(restore=restore, users=[user("app")], old_policies=mode)
    assert ran.code == 0, ran.output
    assert receipt["steps"][-1]["name"] == "old_policies"
    by_name = sorted((one["policy_name"], one["outcome"]) for one in receipt["old_policies"])
    assert [outcome for _name, outcome in by_name] == sorted_outcomes(source, outcomes)
    new = f"passwordless-rds-{receipt['target']['resource_id']}"
    assert sorted(drill.policies("app")) == sorted([new, *(name.format(source=source) for name in kept)])
    document = drill.iam.get_role_policy(RoleName="app", PolicyName=new)["PolicyDocument"]
    assert [one.rpartition("/")[2] for one in document["Statement"][0]["Resource"]] == users


@pytest.mark.slow
def test_drill_invalid_mapping_fails_before_restore(drill):
    ran, receipt = drill.run(users=[user("rdsadmin", role_name="app")], **ADMIN)
    assert ran.code == 2
    assert receipt["failed_step"] == "checks"
    assert "restore_drill_users[0].name: 'rdsadmin' belongs to RDS" in receipt["message"]
    assert changes(drill.simulator) == []


@pytest.mark.slow
def test_drill_refused_restore_is_in_receipt(drill):
    drill.simulator.faults.add(operation="RestoreDBInstanceToPointInTime", code="InsufficientDBInstanceCapacity")
    ran, receipt = drill.run(cleanup=True, cleanup_on_failure=True)
    assert ran.code == 2
    assert (receipt["outcome"], receipt["failed_step"]) == ("failed", "restore")
    assert "InsufficientDBInstanceCapacity" in receipt["message"]
    assert [step["outcome"] for step in receipt["steps"]][:2] == ["succeeded", "failed"]
    assert receipt["recovery"]["restore_seconds"] is None
    assert receipt["cleanup"]["outcome"] == "nothing_to_delete"
    assert drill.names("instance") == ["orders"]
    assert drill.policies("app") == []


@pytest.mark.slow
def test_drill_unusable_access_fails_before_restore(drill):
    drill.simulator.calls_clear()
    users = [user("nobody"), user("app")]
    ran, receipt = drill.run(users=users)
    assert ran.code == 2
    assert receipt["failed_step"] == "checks"
    assert f"principal {role('nobody')}: " in receipt["message"]
    assert role("app") not in receipt["message"]
    assert changes(drill.simulator) == []


@pytest.mark.slow
def test_drill_failed_deletion_is_in_receipt(drill):
    drill.simulator.faults.add(operation="DeleteDBInstance", deny=True)
    ran, receipt = drill.run(users=[user("app")], cleanup=True)
    assert ran.code == 2
    assert (receipt["failed_step"], receipt["cleanup"]["outcome"]) == ("cleanup", "failed")
    assert "instance/drill" not in receipt["cleanup"]["deleted"]
    assert len(receipt["cleanup"]["deleted"]) == 1
    assert receipt["recovery"]["login_seconds"] > 0


@pytest.mark.slow
def test_drill_of_aurora_cluster_deletes_members(drill):
    restore = {
        "db_instance_identifier": None,
        "source_db_instance_identifier": None,
        "db_cluster_identifier": "ledger-drill",
        "source_db_cluster_identifier": "ledger",
        "inherit_settings_from_source": True,
    }
    ran, receipt = drill.run(restore=restore, users=[user("app")], cleanup=True)
    assert ran.code == 0, ran.output
    assert receipt["target"]["kind"] == "cluster"
    assert receipt["cleanup"]["deleted"][1:] == ["instance/ledger-drill-1", "cluster/ledger-drill"]
    assert (drill.names("cluster"), drill.names("instance")) == (["ledger"], ["orders"])


@pytest.mark.slow
def test_drill_of_mariadb_snapshot(drill):
    if shutil.which("mariadbd") is None:
        pytest.skip("MariaDB is not installed")
    drill.simulator.seed(
        {
            "db_instances": [{"identifier": "shop", "engine": "mariadb", **DATABASE}],
            "snapshots": [{"identifier": "shop-monday", "source": "shop"}],
        }
    )
    restore = {
        "source_db_instance_identifier": None,
        "use_latest_restorable_time": False,
        "db_snapshot_identifier": "shop-monday",
    }
    ran, receipt = drill.run(restore=restore, users=[user("app")])
    assert ran.code == 0, ran.output
    assert [one["session_user"] for one in receipt["users"]] == ["app"]
    assert receipt["recovery"]["point"] == receipt["source"]["snapshot_time"]


@pytest.mark.slow
def test_drill_maps_users_of_mariadb(drill):
    if shutil.which("mariadbd") is None:
        pytest.skip("MariaDB is not installed")
    drill.simulator.seed(
        {
            "db_instances": [{"identifier": "shop", "engine": "mariadb", **DATABASE}],
            "snapshots": [{"identifier": "shop-monday", "source": "shop"}],
        }
    )
    restore = {
        "source_db_instance_identifier": None,
        "use_latest_restorable_time": False,
        "db_snapshot_identifier": "shop-monday",
    }
    new = user("legacy_iam", role_name="app", replaces="legacy")
    options = {"restore": restore, "users": [new, user("reports", strategy="in_place")], **ADMIN}
    ran, receipt = drill.run(**{**options, "admin_username": "admin"})
    assert ran.code == 0, ran.output
    assert [(one["name"], one["host"], one["outcome"], one["verified_by"]) for one in receipt["mappings"]] == [
        ("legacy_iam", "%", "created", "login"),
        ("reports", "%", "updated", "login"),
    ]
    assert [(one["session_user"], one["verified_by"]) for one in receipt["users"]] == [
        ("legacy_iam", "login"),
        ("reports", "login"),
    ]
    for text in (ran.output, json.dumps(receipt), drill.page()):
        assert [secret for secret in (MASTER_PASSWORD, "X-Amz-Signature") if secret in text] == []

    # without a mapping, the host only selects the account that the login has to use
    other = user("legacy_iam", role_name="app", host="10.%")
    ran, receipt = drill.run(restore=restore, users=[other])
    assert ran.code == 2
    assert receipt["failed_step"] == "logins"
    assert "the server used the account legacy_iam@%, not legacy_iam@10.%" in receipt["message"]


@pytest.mark.slow
def test_drill_maps_users_of_cluster(drill):
    restore = {
        "db_instance_identifier": None,
        "source_db_instance_identifier": None,
        "db_cluster_identifier": "ledger-drill",
        "source_db_cluster_identifier": "ledger",
        "inherit_settings_from_source": True,
    }
    users = [user("legacy_iam", role_name="app", replaces="legacy", database="sales")]
    ran, receipt = drill.run(restore=restore, users=users, cleanup=True, **ADMIN)
    assert ran.code == 0, ran.output
    assert receipt["target"]["kind"] == "cluster"
    assert [(one["name"], one["outcome"], one["verified_by"]) for one in receipt["mappings"]] == [
        ("legacy_iam", "created", "login")
    ]
    assert [(one["session_user"], one["verified_by"]) for one in receipt["users"]] == [("legacy_iam", "login")]
    (policy,) = receipt["policies"]
    assert policy["policy_name"] == f"passwordless-rds-{receipt['target']['resource_id']}"
    assert (drill.names("cluster"), drill.policies("app")) == (["ledger"], [])


@pytest.mark.slow
def test_drill_role_no_longer_assumable_fails_logins(drill):
    """The login must not use the credentials of the task instead."""
    drill.simulator.seed(TASK_WITH_LOGINS)
    drill.simulator.faults.add(operation="sts:AssumeRole", deny=True, after=1, times=None)
    ran, receipt = drill.run(users=[user("app")])
    assert ran.code == 2
    assert (receipt["outcome"], receipt["failed_step"]) == ("failed", "logins")
    assert f"verify_role_arn {role('app')}: the role could not be assumed" in receipt["message"]
    assert [one["logged_in"] for one in receipt["users"]] == [False]
    assert receipt["recovery"]["login_seconds"] is None


INVALID = [
    ({"reciept_path": "x"}, "restore_drill_reciept_path: the variable does not exist."),
    ({"users": []}, "restore_drill_users: it contains no user"),
    ({"users": [{"name": "app", "role": "x"}]}, "role. Supported parameters include"),
    (
        {"users": [user("app", replaces="x")]},
        "restore_drill_users[0].replaces: it requires restore_drill_admin_username",
    ),
    ({"old_policies": "delete"}, "value of restore_drill_old_policies must be one of: ignore, report, repair, remove"),
    ({"old_policies": "repair", "cleanup": True}, "restore_drill_old_policies: repair moves the users of the source"),
    ({"admin_password": "x"}, "restore_drill_admin_password: it requires restore_drill_admin_username"),
    ({"restore": {"db_snapshot": "x"}}, "db_snapshot. Supported parameters include"),
    ({"restore": {"db_cluster_identifier": "x"}}, "db_cluster_identifier"),
    ({"previous": "/missing/drill.json"}, "/missing/drill.json"),
    ({"ca_cert": "/missing.pem"}, "restore_drill_ca_cert: /missing.pem: the file does not exist"),
    ({"receipt_path": "/missing/drill.json"}, "the folder does not exist on the controller"),
]


@pytest.mark.parametrize(("options", "error"), quick_first(INVALID))
def test_drill_invalid_input_fails_before_api_calls(drill, options, error):
    ran, _receipt = drill.run(**options)
    assert ran.code == 2
    assert error in " ".join(ran.output.split())
    assert drill.simulator.calls == []


@pytest.mark.slow
def test_drill_playbook_accepts_survey_answers(drill):
    answers = {
        "target_name": "drill",
        "target_kind": "instance",
        "source_name": "orders-monday",
        "source_kind": "snapshot",
        "users": yaml.safe_dump([user("app")]),
        "ca_cert": drill.simulator.ca_file,
        "policy_timeout": "0",
        "timeout": "60",
        "cleanup": "true",
        "cleanup_on_failure": "false",
        "wait_delay": "0.2",
        "wait_timeout": "1800",
        "inherit_settings_from_source": "true",
        "restore_time": "",
        "db_instance_class": "",
        "receipt_path": str(drill.path),
    }
    ran = drill.ansible.job("passwordless.rds.drill", {f"rds_drill_{name}": value for name, value in answers.items()})
    assert ran.code == 0, ran.output
    receipt = json.loads(drill.path.read_text())
    assert (receipt["outcome"], receipt["cleanup"]["outcome"]) == ("succeeded", "deleted")
    ran = drill.ansible.job("passwordless.rds.drill", {"rds_drill_target": "drill"})
    assert "rds_drill_target: the variable does not exist. Did you mean rds_drill_target_" in ran.output
