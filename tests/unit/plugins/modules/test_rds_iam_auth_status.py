# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Statuses: the module waits for transitional ones and refuses terminal ones; no database waits for another."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.unit.statuses import OF_INSTANCES

NOW = {"apply_immediately": True}
PASSING = ["backing-up", "modifying", "configuring-iam-database-auth", "storage-initialization", "never-heard-of"]
TERMINAL = OF_INSTANCES["terminal"]


def modifies(sim):
    return [call.parameters for call in sim.calls if call.operation.startswith("Modify")]


def seed(sim, kind, status, **more):
    database = {"identifier": "orders", "engine": "mysql", "status": status, **more}
    if kind == "cluster":
        database.update(engine="aurora-mysql", members=2)
    sim.seed({f"db_{kind}s": [database]})
    return {f"db_{kind}_identifier": "orders", **NOW}


@pytest.mark.sample(2)
@pytest.mark.parametrize("kind", ["instance", "cluster"])
@pytest.mark.parametrize("status", [*PASSING, "update-iam-db-auth", "creating", "rebooting"])
def test_modify_transitional_status_is_waited_for(sim, run, kind, status):
    options = seed(sim, kind, status, status_after={"seconds": 42, "status": "available"})
    predicted = run.ok(check=True, **options)
    assert any(status in warning for warning in predicted["warnings"])
    began = sim.clock.monotonic()
    real = run.ok(**options)
    assert sim.clock.monotonic() - began >= 42
    assert predicted.outcomes == real.outcomes == {f"{kind}/orders": "applied"}
    assert predicted["diff"] == real["diff"]
    assert len(modifies(sim)) == 1


@pytest.mark.sample(2)
@pytest.mark.parametrize("kind", ["instance", "cluster"])
@pytest.mark.parametrize("status", TERMINAL)
def test_modify_terminal_status_is_refused_at_once(sim, run, kind, status):
    options = seed(sim, kind, status)
    predicted, real = run.fails(check=True, **options), run.fails(**options)
    assert predicted.codes == real.codes == ["not_modifiable"]
    assert repr(status) in real["msg"]
    assert modifies(sim) == []


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_enable_in_storage_optimization_does_not_wait(sim, run, kind, wait):
    """The status can last for days, and RDS refuses only changes of the storage during that time."""
    options = {**seed(sim, kind, "storage-optimization"), "wait": wait}
    predicted = run.ok(check=True, **options)
    assert predicted["warnings"] == []
    real = run.ok(**options)
    assert predicted.outcomes == real.outcomes == {f"{kind}/orders": "applied" if wait else "applying"}
    assert predicted["diff"] == real["diff"]
    sim.clock.advance(60)
    assert sim.database(kind, "orders")["IAMDatabaseAuthenticationEnabled"] is True
    second = run.ok(**options)
    assert second.outcomes == {f"{kind}/orders": "unchanged"}
    assert len(modifies(sim)) == 1


@pytest.mark.parametrize("status", [*PASSING, *TERMINAL])
def test_modify_unchanged_database_ignores_status(sim, run, status):
    options = seed(sim, "instance", status, iam_database_authentication_enabled=True)
    assert run.ok(**options).outcomes == {"instance/orders": "unchanged"}
    assert len(sim.calls) == 1


def test_modify_check_mode_never_waits(sim, run):
    options = seed(sim, "instance", "backing-up")
    began = sim.clock.monotonic()
    assert run.ok(check=True, **options).outcomes == {"instance/orders": "applied"}
    assert sim.clock.monotonic() == began


def test_modify_transitional_status_times_out(sim, run):
    options = seed(sim, "instance", "backing-up")
    result = run.fails(wait_timeout=60, **options)
    assert result.codes == ["not_modifiable"]
    assert "60 seconds" in result["msg"]
    assert "Nothing was modified" in result["msg"]
    assert modifies(sim) == []


def test_modify_status_becomes_terminal_is_refused(sim, run):
    options = seed(sim, "instance", "stopping", status_after={"seconds": 20, "status": "stopped"})
    result = run.fails(**options)
    assert result.codes == ["not_modifiable"]
    assert "Start it first" in result["msg"]


def test_modify_change_in_progress_needs_no_modify(sim, run):
    options = seed(sim, "instance", "available")
    assert run.ok(wait=False, **options).outcomes == {"instance/orders": "applying"}
    sim.clock.advance(5)
    sim.calls_clear()
    for more in ({"check": True}, {"wait": False}, {"wait": False, "check": True}):
        assert run.ok(**more, **options).outcomes == {"instance/orders": "unchanged"}
    result = run.ok(**options)
    assert result.outcomes == {"instance/orders": "unchanged"}
    assert result["databases"][0]["iam_database_authentication_enabled"] is True
    assert len(sim.calls) > 5  # it was waited for
    assert modifies(sim) == []


def test_modify_change_in_progress_without_effect_is_made(sim, run):
    sim.settings.update(instance_returns_pending=True)
    options = seed(sim, "instance", "available")
    run.ok(wait=False, **options)
    sim.clock.advance(5)
    assert run.ok(**options).outcomes == {"instance/orders": "applied"}
    assert len(modifies(sim)) == 2


def test_modify_ready_databases_do_not_wait_for_others(sim, run):
    sim.seed(
        {
            "db_instances": [
                {
                    "identifier": "busy",
                    "engine": "mysql",
                    "status": "backing-up",
                    "status_after": {"seconds": 600, "status": "available"},
                },
                {"identifier": "ready", "engine": "mysql"},
            ]
        }
    )
    result = run.ok(db_instance_identifiers=["busy", "ready"], **NOW)
    assert set(result.outcomes.values()) == {"applied"}
    first, second = modifies(sim)
    assert (first["DBInstanceIdentifier"], second["DBInstanceIdentifier"]) == ("ready", "busy")
    times = [call.at for call in sim.calls if call.operation.startswith("Modify")]
    assert (times[1] - times[0]).total_seconds() >= 590


def test_modify_after_waiting_plans_again(sim, run):
    options = seed(sim, "instance", "backing-up", status_after={"seconds": 60, "status": "available"})

    def somebody_queues_an_upgrade(simulator):
        simulator.database("instance", "orders")["PendingModifiedValues"]["EngineVersion"] = "8.0.40"

    sim.at(30, somebody_queues_an_upgrade)
    result = run.fails(**options)
    assert result.codes == ["other_pending_changes"]
    assert modifies(sim) == []


@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_modify_invalid_state_for_a_while_is_retried(sim, run, kind):
    options = seed(sim, kind, "available")
    code = "InvalidDBInstanceState" if kind == "instance" else "InvalidDBClusterStateFault"
    sim.faults.add(operation=f"ModifyDB{kind.capitalize()}", code=code, times=3)
    assert run.ok(**options).outcomes == {f"{kind}/orders": "applied"}
    assert len(modifies(sim)) == 4


def test_modify_invalid_state_until_deadline_fails(sim, run):
    options = seed(sim, "instance", "available")
    reason = "there is a pending orderable config change"
    sim.faults.add(operation="ModifyDBInstance", code="InvalidDBInstanceState", message=reason, times=None)
    for more in ({"wait_timeout": 60}, {"wait": False}):
        result = run.fails(**more, **options)
        assert result.codes == ["not_modifiable"]
        assert f"{reason} (InvalidDBInstanceState)" in result["msg"]


def test_modify_deleted_while_waiting_for_status_fails(sim, run):
    options = seed(sim, "instance", "backing-up")
    sim.at(30, lambda s: s.faults.add(operation="DescribeDBInstances", code="DBInstanceNotFound", times=None))
    result = run.fails(on_problem="skip", **options)
    assert result.codes == ["not_found"]
    assert (
        "while the task waited for its status, the database was no longer found under this identifier" in result["msg"]
    )


def test_modify_permission_lost_while_waiting_for_status(sim, run):
    options = seed(sim, "instance", "backing-up", status_after={"seconds": 30, "status": "available"})
    sim.seed({"db_instances": [{"identifier": "shop", "engine": "mysql", "db_instance_class": "db.r6g.large"}]})
    sim.at(20, lambda s: s.database("instance", "orders").update(DBInstanceClass="db.r6g.2xlarge"))
    sim.at(20, lambda s: s.faults.add(operation="DescribeOrderableDBInstanceOptions", deny=True))
    result = run.fails(**options)
    assert result.codes == ["refused"]
    assert "rds:DescribeOrderableDBInstanceOptions" in result["msg"]
    assert modifies(sim) == []
