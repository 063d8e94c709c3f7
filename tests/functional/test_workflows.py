# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Each workflow of the AWS page, as a playbook, as an ad hoc command, and as a job template.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Enabling.html
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.samples import quick_diagonal, quick_first

MODULE = "passwordless.rds.rds_iam_auth"
NOW = {"apply_immediately": True}
FLEET = {
    "db_parameter_groups": [
        {"name": "legacy-pg13", "family": "postgres13", "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}}
    ],
    "db_instances": [
        {"identifier": "orders", "engine": "postgres"},
        {"identifier": "payments", "engine": "mysql", "iam_database_authentication_enabled": True},
        {"identifier": "legacy", "engine": "postgres", "engine_version": "13.20", "db_parameter_group": "legacy-pg13"},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "members": 2},
        {
            "identifier": "old",
            "engine": "aurora-mysql",
            "members": [{"identifier": "old-1", "db_instance_class": "db.t3.small"}],
        },
    ],
}


class Workflow(t.NamedTuple):
    """A workflow of the page: the options that request it, and the expected state of the database."""

    name: str
    identifier: str
    options: dict[str, t.Any]
    outcome: str
    code: str | None = None
    kind: str = "instance"


WORKFLOWS = (
    Workflow("enable_in_the_maintenance_window", "orders", {}, "scheduled"),
    Workflow("enable_immediately", "orders", NOW, "applied"),
    Workflow("disable_in_the_maintenance_window", "payments", {"enabled": False}, "scheduled"),
    Workflow("disable_immediately", "payments", {"enabled": False, **NOW}, "applied"),
    Workflow("postgresql_with_ssl_0_is_refused", "legacy", NOW, "failed", "ssl_disabled"),
    Workflow("postgresql_with_ssl_0_is_enforced", "legacy", {"ssl_parameter": "enforce", **NOW}, "applied"),
    Workflow("aurora_if_all_members_are_compatible", "ledger", NOW, "applied", kind="cluster"),
    Workflow("aurora_with_an_incompatible_member", "old", NOW, "failed", "class_unsupported", kind="cluster"),
)


def by_playbook(ansible, workflow):
    options = {f"db_{workflow.kind}_identifier": workflow.identifier, "wait_delay": 0.2, **workflow.options}
    return ansible.play([{"name": "Switch", MODULE: options}])


def by_adhoc_command(ansible, workflow):
    options = {f"db_{workflow.kind}_identifier": workflow.identifier, "wait_delay": 0.2, **workflow.options}
    return ansible.adhoc(MODULE, " ".join(f"{name}={value}" for name, value in options.items()))


def by_job_template(ansible, workflow):
    answers = {f"rds_iam_auth_{name}": str(value) for name, value in workflow.options.items() if name != "enabled"}
    answers["rds_iam_auth_setting"] = "enabled" if workflow.options.get("enabled", True) else "disabled"
    answers[f"rds_iam_auth_{workflow.kind}s"] = f"{workflow.identifier}\n"
    answers["rds_iam_auth_wait_delay"] = "0.2"
    return ansible.job("passwordless.rds.enable", answers)


@pytest.mark.parametrize(
    ("workflow", "interface"), quick_diagonal(WORKFLOWS, [by_adhoc_command, by_job_template, by_playbook])
)
def test_workflow_of_the_aws_page(sim, ansible, workflow, interface):
    sim.seed(FLEET)
    ran = interface(ansible, workflow)
    (database,) = next(task.result["databases"] for task in ran.tasks if "databases" in task.result)
    assert database["outcome"] == workflow.outcome
    assert [problem["code"] for problem in database["problems"]] == ([workflow.code] if workflow.code else [])
    assert ran.code == (2 if workflow.code else 0)
    desired = workflow.options.get("enabled", True)
    record = sim.database(workflow.kind, workflow.identifier)
    pending = (record.get("PendingModifiedValues") or {}).get("IAMDatabaseAuthenticationEnabled")
    if workflow.outcome == "applied":
        assert record["IAMDatabaseAuthenticationEnabled"] is desired
    elif workflow.outcome == "scheduled":
        assert pending is desired
    else:
        assert not [call for call in sim.calls if call.operation.startswith("Modify")]


class ProvisionCase(t.NamedTuple):
    """A creation or restore of the page: the module, its options, and the expected setting."""

    name: str
    module: str
    options: dict[str, t.Any]
    expected: bool


# the example of the page, except for the password, which RDS manages, and the class, which is no longer offered
CREATE = {
    "db_instance_identifier": "mydbinstance",
    "db_instance_class": "db.m6g.large",
    "engine": "MySQL",
    "allocated_storage": 20,
    "master_username": "masterawsuser",
}
SNAPSHOT = {"db_instance_identifier": "drill", "db_snapshot_identifier": "payments-monday"}
TO_TIME = {
    "db_instance_identifier": "drill",
    "source_db_instance_identifier": "payments",
    "use_latest_restorable_time": True,
}
PROVISION_CASES = (
    ProvisionCase("create_with_the_setting", "rds_create_iam", CREATE, True),
    ProvisionCase("restore_a_snapshot_as_it_was", "rds_restore_iam", SNAPSHOT, True),
    ProvisionCase("restore_a_snapshot_enabled", "rds_restore_iam", {**SNAPSHOT, "enabled": True}, True),
    ProvisionCase("restore_a_snapshot_disabled", "rds_restore_iam", {**SNAPSHOT, "enabled": False}, False),
    ProvisionCase("restore_to_a_time_as_it_was", "rds_restore_iam", TO_TIME, True),
    ProvisionCase("restore_to_a_time_disabled", "rds_restore_iam", {**TO_TIME, "enabled": False}, False),
)
SURVEY = {
    "db_instance_identifier": "target_name",
    "db_snapshot_identifier": "source_name",
    "source_db_instance_identifier": "source_name",
}


def provision_by_playbook(ansible, case):
    return ansible.play([{"name": "Make", f"passwordless.rds.{case.module}": {"wait_delay": 0.2, **case.options}}])


def provision_by_adhoc_command(ansible, case):
    said = " ".join(f"{name}={value}" for name, value in {"wait_delay": 0.2, **case.options}.items())
    return ansible.adhoc(f"passwordless.rds.{case.module}", said)


def restore_by_job_template(ansible, case):
    words = {True: "enabled", False: "disabled", None: ""}
    answers = {SURVEY[name]: value for name, value in case.options.items() if name in SURVEY}
    answers["source_kind"] = "snapshot" if "db_snapshot_identifier" in case.options else "database"
    answers.update(setting=words[case.options.get("enabled")], wait_delay="0.2", restore_time=" ", region="")
    return ansible.job("passwordless.rds.restore", {f"rds_restore_iam_{name}": v for name, v in answers.items()})


def interfaces_of(case):
    yield provision_by_playbook
    yield provision_by_adhoc_command
    if case.module == "rds_restore_iam":
        yield restore_by_job_template


@pytest.mark.parametrize(("case", "interface"), quick_diagonal(PROVISION_CASES, interfaces_of))
def test_create_or_restore_of_the_aws_page(sim, ansible, case, interface):
    sim.seed({**FLEET, "snapshots": [{"identifier": "payments-monday", "source": "payments"}]})
    ran = interface(ansible, case)
    assert ran.code == 0, ran.output
    result = next(task.result for task in ran.tasks if "database" in task.result)
    assert result["changed"] is True
    assert result["database"]["iam_database_authentication_enabled"] is case.expected
    made = sim.database("instance", case.options["db_instance_identifier"])
    assert made["IAMDatabaseAuthenticationEnabled"] is case.expected
    assert made["DBInstanceStatus"] == "available"


@pytest.mark.slow
def test_restore_drill_of_the_guide(sim, ansible):
    sim.seed(FLEET)
    path = ansible.folder / "drill.yml"
    text = documents.captioned("guide_restoring")["drill.yml"]
    # the clock of the simulator runs faster than real time
    path.write_text(text.replace("if_exists: fail", "if_exists: fail\n            wait_delay: 0.2"))
    preview = ansible.run("ansible-playbook", str(path), "--check", "--diff")
    assert preview.code == 0, preview.output
    assert "known once it is restored" in preview.output
    for number in (1, 2):  # each run restores and cleans up
        ran = ansible.run("ansible-playbook", str(path))
        assert ran.code == 0, ran.output
        assert ":dbuser:cluster-" in ran.output
        assert [call.operation for call in sim.calls].count("RestoreDBClusterToPointInTime") == number
        sim.clock.advance(600)


@pytest.mark.slow
def test_restore_drill_existing_target_is_not_deleted(sim, ansible):
    there = {"identifier": "ledger-drill", "engine": "aurora-postgresql", "members": 1}
    sim.seed({**FLEET, "db_clusters": [*FLEET["db_clusters"], there]})
    path = ansible.folder / "drill.yml"
    path.write_text(documents.captioned("guide_restoring")["drill.yml"])
    ran = ansible.run("ansible-playbook", str(path))
    assert ran.code == 2
    assert "if_exists: fail: " in ran.output
    assert not [call for call in sim.calls if call.operation.startswith(("Delete", "Restore"))]


@pytest.mark.slow
def test_guide_commands_create_and_restore(sim, ansible):
    sim.seed({**FLEET, "snapshots": [{"identifier": "orders-monday", "source": "orders"}]})
    for command in documents.commands(documents.guide("guide_restoring"), "ansible"):
        ran = ansible.run("sh", "-c", command)
        assert ran.code == 0, ran.output
        assert ran.tasks[0].result["changed"] is True


@pytest.mark.slow
@pytest.mark.parametrize("source", ["cluster_snapshot", "database", "resource_id"])
def test_restore_job_template_cluster_with_instance(sim, ansible, source):
    sim.seed({**FLEET, "cluster_snapshots": [{"identifier": "ledger-monday", "source": "ledger"}]})
    names = {"cluster_snapshot": "ledger-monday", "database": "ledger"}
    answers = {
        "target_kind": "cluster",
        "target_name": "ledger-drill",
        "source_kind": source,
        "source_name": names.get(source) or sim.database("cluster", "ledger")["DbClusterResourceId"],
        "setting": "enabled",
        "member_class": "db.r6g.large",
        "vpc_security_group_ids": "sg-0a1b2c3d4e5f60001,\n",
        "wait_delay": "0.2",
    }
    said = [argument for name, value in answers.items() for argument in ("-e", f"rds_restore_iam_{name}='{value}'")]
    preview = ansible.run("ansible-playbook", "passwordless.rds.restore", *said, "--check", "--diff")
    assert preview.code == 0, preview.output
    assert not [call for call in sim.calls if call.operation.startswith(("Restore", "Create"))]
    ran = ansible.run("ansible-playbook", "passwordless.rds.restore", *said, "--diff")
    assert ran.code == 0, ran.output
    predicted, real = (next(task.result for task in run.tasks if "database" in task.result) for run in (preview, ran))
    assert predicted["msg"] == "cluster/ledger-drill: would be restored, would be applied."
    assert real["msg"] == "cluster/ledger-drill: restored, applied."
    made = sim.database("cluster", "ledger-drill")
    assert made["IAMDatabaseAuthenticationEnabled"] is True
    assert [member["DBInstanceIdentifier"] for member in made["DBClusterMembers"]] == ["ledger-drill-1"]
    again = ansible.run("ansible-playbook", "passwordless.rds.restore", *said)
    assert "changed=0" in again.output


@pytest.mark.parametrize(
    ("answers", "said"),
    quick_first(
        [
            ({"target_name": "", "source_name": "x"}, "rds_restore_iam_target_name: the name is blank"),
            (
                {"target_name": "a", "source_name": "b", "setting": "perhaps"},
                "rds_restore_iam_setting: 'perhaps' is not valid",
            ),
            (
                {"target_name": "a", "source_name": "b", "setting": False},
                "rds_restore_iam_setting: 'false' is not valid",
            ),
        ],
        1,
    ),
)
def test_restore_job_template_invalid_answers_are_refused(sim, ansible, answers, said):
    ran = ansible.job("passwordless.rds.restore", {f"rds_restore_iam_{name}": v for name, v in answers.items()})
    assert ran.code == 2
    assert said in ran.output
    assert sim.calls == []
