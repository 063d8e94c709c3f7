# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""AWS's page, workflow by workflow, each by playbook, from a prompt, and as a job template.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Enabling.html
"""

from __future__ import annotations

import typing as t

import pytest

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
    """What the page describes: the options that say it, and what becomes of the database."""

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


def from_a_prompt(ansible, workflow):
    options = {f"db_{workflow.kind}_identifier": workflow.identifier, "wait_delay": 0.2, **workflow.options}
    return ansible.adhoc(MODULE, " ".join(f"{name}={value}" for name, value in options.items()))


def as_a_job_template(ansible, workflow):
    answers = {f"rds_iam_auth_{name}": str(value) for name, value in workflow.options.items() if name != "enabled"}
    answers["rds_iam_auth_setting"] = "enabled" if workflow.options.get("enabled", True) else "disabled"
    answers[f"rds_iam_auth_{workflow.kind}s"] = f"{workflow.identifier}\n"
    answers["rds_iam_auth_wait_delay"] = "0.2"
    said = [argument for name, value in answers.items() for argument in ("-e", f"{name}='{value}'")]
    return ansible.run("ansible-playbook", "passwordless.rds.enable", *said)


@pytest.mark.parametrize("way", [by_playbook, from_a_prompt, as_a_job_template])
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=[workflow.name for workflow in WORKFLOWS])
def test_workflow(sim, ansible, workflow, way):
    sim.seed(FLEET)
    ran = way(ansible, workflow)
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
