# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decision table through the module: check mode, run and second run, on instances and clusters."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.unit.decision_table import DECISIONS

BOTH_KINDS = pytest.mark.parametrize("kind", ["instance", "cluster"])


def seed(sim, kind, current, pending, **extra):
    database = {
        "identifier": "orders",
        "engine": "postgres" if kind == "instance" else "aurora-postgresql",
        "iam_database_authentication_enabled": current,
        "pending_modified_values": {} if pending is None else {"IAMDatabaseAuthenticationEnabled": pending},
        **extra,
    }
    if kind == "cluster":
        database["members"] = 2
    sim.seed({f"db_{kind}s": [database]})


def modifies(sim):
    return [call for call in sim.calls if call.operation.startswith("Modify")]


@pytest.mark.sample(2)
@BOTH_KINDS
@pytest.mark.parametrize("desired", [True, False])
@pytest.mark.parametrize(("immediately", "is_current", "is_pending", "outcome", "sent"), DECISIONS)
def test_decision_table_row(sim, run, kind, desired, immediately, is_current, is_pending, outcome, sent):
    current = desired if is_current else not desired
    pending = None if is_pending is None else (desired if is_pending else not desired)
    seed(sim, kind, current, pending)
    options = {
        f"db_{kind}_identifier": "orders",
        "enabled": desired,
        "apply_immediately": immediately,
    }

    predicted = run.ok(check=True, **options)
    assert modifies(sim) == []
    real = run.ok(**options)

    assert predicted.outcomes == real.outcomes == {f"{kind}/orders": outcome}
    assert predicted["diff"] == real["diff"]
    assert predicted["changed"] is real["changed"] is (sent is not None)
    assert predicted["plan_id"] == real["plan_id"]
    for key in ("iam_database_authentication_enabled", "pending_iam_database_authentication", "resource_id"):
        assert predicted["databases"][0][key] == real["databases"][0][key]
    identifier = "DBInstanceIdentifier" if kind == "instance" else "DBClusterIdentifier"
    expected = {identifier: "orders", "EnableIAMDatabaseAuthentication": desired, "ApplyImmediately": sent}
    assert [call.parameters for call in modifies(sim)] == ([] if sent is None else [expected])

    sim.calls_clear()
    again = run.ok(**options)
    assert again.outcomes == {f"{kind}/orders": "unchanged"}
    assert again["changed"] is False
    assert again["diff"] == {"before": {}, "after": {}}
    assert len(sim.calls) == 1


@BOTH_KINDS
def test_apply_returns_after_change_took_effect(sim, run, kind):
    seed(sim, kind, False, None)
    result = run.ok(**{f"db_{kind}_identifier": "orders", "apply_immediately": True})
    record = sim.database(kind, "orders")
    assert record["IAMDatabaseAuthenticationEnabled"] is True
    assert record["DBInstanceStatus" if kind == "instance" else "Status"] == "available"
    assert "IAMDatabaseAuthenticationEnabled" not in (record.get("PendingModifiedValues") or {})
    assert result["diff"] == {
        "before": {f"{kind}/orders": {"iam_database_authentication": "disabled", "pending": None}},
        "after": {f"{kind}/orders": {"iam_database_authentication": "enabled", "pending": None}},
    }


@BOTH_KINDS
def test_schedule_is_applied_in_maintenance_window(sim, run, kind):
    seed(sim, kind, False, None)
    result = run.ok(**{f"db_{kind}_identifier": "orders"})
    (database,) = result["databases"]
    assert (database["iam_database_authentication_enabled"], database["pending_iam_database_authentication"]) == (
        False,
        True,
    )
    assert result["diff"]["after"][f"{kind}/orders"] == {
        "iam_database_authentication": "disabled",
        "pending": "enabled",
    }

    due = database["next_maintenance_window_start"]
    assert sim.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ") < due
    sim.clock.advance(8 * 24 * 3600)
    assert run.ok(**{f"db_{kind}_identifier": "orders"})["databases"][0]["iam_database_authentication_enabled"] is True


@BOTH_KINDS
@pytest.mark.parametrize("check", [True, False])
def test_apply_without_waiting_returns_applying(sim, run, kind, check):
    seed(sim, kind, False, None)
    result = run.ok(check=check, wait=False, apply_immediately=True, **{f"db_{kind}_identifier": "orders"})
    assert result.outcomes == {f"{kind}/orders": "applying"}
    assert result["changed"] is True
    assert result["summary"]["applying"] == result["summary"]["total"] == 1
    assert result["diff"]["after"][f"{kind}/orders"] == {
        "iam_database_authentication": "disabled",
        "pending": "enabled",
    }
    assert len(modifies(sim)) == (0 if check else 1)


@pytest.mark.parametrize("behaviour", ["drops", "equal"])
def test_cancel_keeps_other_pending_changes(sim, run, behaviour):
    sim.settings.update(deferred_cancel=behaviour)
    others = {"DBInstanceClass": "db.r6g.large", "IAMDatabaseAuthenticationEnabled": False}
    seed(sim, "instance", True, None, pending_modified_values=others)
    options = {"db_instance_identifier": "orders", "apply_immediately": True}
    predicted, real = run.ok(check=True, **options), run.ok(**options)
    assert predicted.outcomes == real.outcomes == {"instance/orders": "cancelled"}
    assert modifies(sim)[0].parameters["ApplyImmediately"] is False
    assert real["databases"][0]["other_pending_changes"] == {"DBInstanceClass": "db.r6g.large"}
    assert run.ok(**options)["changed"] is False


def test_cancel_without_effect_fails(sim, run):
    sim.settings.update(deferred_cancel="stays")
    others = {"DBInstanceClass": "db.r6g.large", "IAMDatabaseAuthenticationEnabled": False}
    seed(sim, "instance", True, None, pending_modified_values=others)
    result = run.fails(db_instance_identifier="orders", wait_timeout=60)
    assert result.codes == ["timeout"]
    assert "the cancellation" in result["msg"]
    assert "disabled is still pending" in result["msg"]


def test_result_has_documented_keys(sim, run):
    seed(sim, "instance", False, None, tags={"env": "prod"})
    (database,) = run.ok(db_instance_identifier="orders")["databases"]
    assert database == {
        "identifier": "orders",
        "kind": "instance",
        "arn": "arn:aws:rds:eu-west-1:123456789012:db:orders",
        "resource_id": sim.database("instance", "orders")["DbiResourceId"],
        "engine": "postgres",
        "engine_version": sim.database("instance", "orders")["EngineVersion"],
        "status": "available",
        "tags": {"env": "prod"},
        "iam_database_authentication_enabled": False,
        "pending_iam_database_authentication": True,
        "outcome": "scheduled",
        "planned_outcome": "scheduled",
        "changed": True,
        "problems": [],
        "other_pending_changes": {},
        "preferred_maintenance_window": sim.database("instance", "orders")["PreferredMaintenanceWindow"],
        "next_maintenance_window_start": database["next_maintenance_window_start"],
        "endpoint": {"address": sim.database("instance", "orders")["Endpoint"]["Address"], "port": 5432},
        "members": [],
        "read_replicas": [],
        "dbuser_arn_prefix": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:"
        + sim.database("instance", "orders")["DbiResourceId"]
        + "/",
        "ssl": {"parameter_group": database["ssl"]["parameter_group"], "value": database["ssl"]["value"]},
    }
