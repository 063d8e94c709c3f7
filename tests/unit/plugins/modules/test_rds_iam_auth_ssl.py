# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The ssl parameter of PostgreSQL: enforced before the change on request; the result names who shares the group."""

from __future__ import annotations

import pytest

NOW = {"apply_immediately": True}


def seed(sim, kind="instance", names=("orders",), **group):
    family = "postgres16" if kind == "instance" else "aurora-postgresql16"
    groups = "db_parameter_groups" if kind == "instance" else "db_cluster_parameter_groups"
    record = {"engine": "postgres" if kind == "instance" else "aurora-postgresql", "engine_version": "16.4"}
    record["db_parameter_group" if kind == "instance" else "db_cluster_parameter_group"] = "legacy"
    if kind == "cluster":
        record["members"] = 1
    sim.seed(
        {
            groups: [
                {"name": "legacy", "family": family, "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}, **group}
            ],
            f"db_{kind}s": [{**record, "identifier": name} for name in names],
        }
    )


def changes(sim):
    return [call.operation for call in sim.calls if call.operation.startswith("Modify")]


@pytest.mark.parametrize("enforced_by_rds", [True, False])
@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_enforce_sets_ssl_before_change(sim, run, kind, enforced_by_rds):
    sim.settings.update(ssl_enforced=enforced_by_rds)
    seed(sim, kind, ("orders", "shop"))
    options = {f"db_{kind}_identifier": "orders", "ssl_parameter": "enforce", **NOW}
    predicted = run.ok(check=True, **options)
    assert changes(sim) == []
    real = run.ok(**options)
    assert predicted["diff"] == real["diff"]
    assert predicted["parameter_groups"] == real["parameter_groups"]
    assert predicted.outcomes == real.outcomes == {f"{kind}/orders": "applied"}
    assert real["diff"]["before"]["parameter_group/legacy"] == {"ssl": "0"}
    assert real["diff"]["after"]["parameter_group/legacy"] == {"ssl": "1"}
    assert real["parameter_groups"] == [
        {
            "name": "legacy",
            "kind": kind,
            "parameter": "ssl",
            "before": "0",
            "after": "1",
            "databases": [f"{kind}/orders", f"{kind}/shop"],
        }
    ]
    if kind == "instance":
        assert changes(sim) == ["ModifyDBParameterGroup", "ModifyDBInstance"]
    else:
        assert changes(sim) == ["ModifyDBClusterParameterGroup", "ModifyDBCluster"]
    assert run.ok(**options)["changed"] is False


def test_enforce_shared_group_is_modified_once(sim, run):
    seed(sim, names=("orders", "shop", "crm"))
    result = run.ok(db_instance_identifiers=["orders", "shop", "crm"], ssl_parameter="enforce", **NOW)
    assert set(result.outcomes.values()) == {"applied"}
    assert changes(sim).count("ModifyDBParameterGroup") == 1
    assert len(result["parameter_groups"]) == 1


@pytest.mark.parametrize("wait", [True, False])
def test_enforce_shared_group_partly_applied_is_modified_once(sim, run, wait):
    seed(sim, names=("orders", "shop"))
    sim.database("instance", "shop")["DBParameterGroups"][0]["ParameterApplyStatus"] = "pending-reboot"
    options = {"db_instance_identifiers": ["orders", "shop"], "ssl_parameter": "enforce", "wait": wait, **NOW}
    predicted, real = run.ok(check=True, **options), run.ok(**options)
    assert predicted["parameter_groups"] == real["parameter_groups"]
    assert len(real["parameter_groups"]) == 1
    assert changes(sim).count("ModifyDBParameterGroup") == 1


def test_enforce_waits_for_group_in_modification(sim, run):
    seed(sim)
    sim.faults.add(operation="ModifyDBParameterGroup", code="InvalidDBParameterGroupState", times=3)
    options = {"db_instance_identifier": "orders", "ssl_parameter": "enforce", **NOW}
    assert run.fails(wait=False, **options).codes == ["not_modifiable"]
    assert run.ok(**options).outcomes == {"instance/orders": "applied"}


def test_enforce_group_still_applying_times_out(sim, run):
    sim.settings.update(parameter_apply_seconds=900.0)
    seed(sim)
    options = {"db_instance_identifier": "orders", "ssl_parameter": "enforce", **NOW}
    result = run.fails(wait_timeout=60, **options)
    assert result.codes == ["timeout"]
    assert "parameter group legacy is still 'applying' after 60 seconds" in result["msg"]
    assert changes(sim) == ["ModifyDBParameterGroup"]
    assert run.ok(**options).outcomes == {"instance/orders": "applied"}


def test_ssl_sharing_databases_are_required_only_to_enforce(sim, run):
    """A policy that is limited to one database allows it to be described, but not to list all databases."""
    seed(sim)
    sim.faults.add(operation="DescribeDBInstances", deny=True, after=1)
    result = run.fails(db_instance_identifier="orders", **NOW)
    assert result.codes == ["ssl_disabled"]
    sim.faults.clear()
    sim.faults.add(operation="DescribeDBInstances", deny=True, after=1)
    result = run.fails(db_instance_identifier="orders", ssl_parameter="enforce", **NOW)
    assert result["error"]["code"] == "AccessDenied"
    assert changes(sim) == []


@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_ssl_ignored_reports_refusal_of_rds(sim, run, kind):
    seed(sim, kind)
    options = {f"db_{kind}_identifier": "orders", "ssl_parameter": "ignore", **NOW}
    assert run.ok(check=True, **options).outcomes == {f"{kind}/orders": "applied"}
    result = run.fails(**options)
    assert result.codes == ["refused"]
    assert "InvalidParameterCombination" in result["msg"]
    assert "Parameters" not in " ".join(call.operation for call in sim.calls)
    sim.settings.update(ssl_enforced=False)
    assert run.ok(**options).outcomes == {f"{kind}/orders": "applied"}


def test_enforce_parameter_not_modifiable_is_a_problem(sim, run):
    seed(sim, modifiable={"ssl": False})
    assert run.fails(db_instance_identifier="orders", ssl_parameter="enforce", **NOW).codes == ["ssl_disabled"]
    assert changes(sim) == []


def test_enforce_without_permission_fails(sim, run):
    seed(sim)
    sim.faults.add(operation="ModifyDBParameterGroup", deny=True)
    result = run.fails(db_instance_identifier="orders", ssl_parameter="enforce", **NOW)
    assert result.codes == ["refused"]
    assert "rds:ModifyDBParameterGroup" in result["msg"]
    assert result["parameter_groups"] == []
    assert changes(sim) == ["ModifyDBParameterGroup"]


def test_enforce_reports_group_although_modify_was_refused(sim, run):
    seed(sim)
    sim.faults.add(operation="ModifyDBInstance", deny=True)
    result = run.fails(db_instance_identifier="orders", ssl_parameter="enforce", **NOW)
    assert result["changed"] is True
    assert [group["name"] for group in result["parameter_groups"]] == ["legacy"]
    assert "Nothing was modified" not in result["msg"]


def test_ssl_group_not_in_sync_warns(sim, run):
    sim.seed(
        {
            "db_parameter_groups": [{"name": "own", "family": "postgres16", "parameters": {"ssl": "1"}}],
            "db_instances": [
                {
                    "identifier": "orders",
                    "engine": "postgres",
                    "db_parameter_group": "own",
                    "parameter_apply_status": "pending-reboot",
                }
            ],
        }
    )
    result = run.ok(check=True, db_instance_identifier="orders", **NOW)
    assert any("pending-reboot" in warning for warning in result["warnings"])


@pytest.mark.parametrize("status", ["pending-reboot", "applying"])
def test_ssl_cluster_group_status_is_that_of_last_member(sim, run, status):
    sim.seed({"db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 2}]})
    sim.database("cluster", "ledger")["DBClusterMembers"][1]["DBClusterParameterGroupStatus"] = status
    result = run.ok(check=True, db_cluster_identifier="ledger", **NOW)
    assert any(f"is {status!r}" in warning for warning in result["warnings"])


def test_ssl_cluster_group_reports_status_of_each_member(sim, run):
    sim.seed({"db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 3}]})
    members = sim.database("cluster", "ledger")["DBClusterMembers"]
    for member, status in zip(members, ["pending-reboot", "failed-to-apply", "pending-database-upgrade"]):
        member["DBClusterParameterGroupStatus"] = status
    for check in (True, False):
        (warning,) = run.ok(check=check, db_cluster_identifier="ledger", **NOW)["warnings"]
        assert "is 'failed-to-apply', 'pending-reboot', 'pending-database-upgrade'" in warning


@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_enforce_sends_change_after_group_is_applied(sim, run, kind):
    sim.settings.update(parameter_apply_seconds=60.0)
    seed(sim, kind)
    run.ok(**{f"db_{kind}_identifier": "orders"}, ssl_parameter="enforce", **NOW)
    group, change = (call.at for call in sim.calls if call.operation.startswith("Modify"))
    assert (change - group).total_seconds() >= 60


def test_enforce_without_waiting(sim, run):
    seed(sim)
    result = run.ok(db_instance_identifier="orders", ssl_parameter="enforce", wait=False, **NOW)
    assert result.outcomes == {"instance/orders": "applying"}
    assert changes(sim) == ["ModifyDBParameterGroup", "ModifyDBInstance"]


def test_ssl_of_mysql_is_not_read(sim, run):
    sim.seed({"db_instances": [{"identifier": "shop", "engine": "mysql"}]})
    assert run.ok(db_instance_identifier="shop", **NOW)["databases"][0]["ssl"] is None
    assert not [call for call in sim.calls if "Parameters" in call.operation]


def test_enforce_throttled_is_retried(sim, run):
    seed(sim)
    sim.faults.add(operation="ModifyDBParameterGroup", code="Throttling", times=12)
    result = run.ok(db_instance_identifier="orders", ssl_parameter="enforce", **NOW)
    assert result.outcomes == {"instance/orders": "applied"}
