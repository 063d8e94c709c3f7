# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Waiting for the value: uncertain behaviour of RDS both ways, the single resend, other clients, and the deadline."""

from __future__ import annotations

import pytest

NOW = {"apply_immediately": True}
IAM = "IAMDatabaseAuthenticationEnabled"


def seed(sim, kind="instance", **more):
    database = {"identifier": "orders", "engine": "mysql", **more}
    if kind == "cluster":
        database.update(engine="aurora-mysql", members=2)
    sim.seed({f"db_{kind}s": [database]})
    return {f"db_{kind}_identifier": "orders", **NOW}


def modifies(sim):
    return [call for call in sim.calls if call.operation.startswith("Modify")]


@pytest.mark.parametrize("kind", ["instance", "cluster"])
@pytest.mark.parametrize(
    "behaviour",
    [
        {},
        {"pending_lag": 12.0},
        {"status_lag": 40.0},
        {"cluster_iam_status": "update-iam-db-auth"},
        {"cluster_flushes_pending": True},
        {"apply_seconds": 0.0},
        {"apply_seconds": 900.0},
    ],
    ids=str,
)
def test_wait_applied_for_each_behaviour_of_rds(sim, run, kind, behaviour):
    sim.settings.update(**behaviour)
    options = seed(sim, kind)
    predicted, real = run.ok(check=True, **options), run.ok(**options)
    assert predicted.outcomes == real.outcomes == {f"{kind}/orders": "applied"}
    assert predicted["diff"] == real["diff"]
    assert sim.database(kind, "orders")[IAM] is True
    assert len(modifies(sim)) == 1


@pytest.mark.parametrize("wait_delay", [0.5, 5, 30])
def test_wait_returns_within_one_delay_of_the_change(sim, run, wait_delay):
    options = seed(sim)
    taken = []

    def note(simulator):
        if simulator.database("instance", "orders")[IAM]:
            taken.append(simulator.clock.monotonic())

    for step in range(1, 400):
        sim.at(step / 4, note)
    run.ok(wait_delay=wait_delay, **options)
    assert sim.clock.monotonic() - taken[0] <= wait_delay


@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_wait_value_still_pending_is_sent_again(sim, run, kind):
    sim.settings.update(**{f"{kind}_returns_pending": True})
    options = seed(sim, kind)
    assert run.ok(**options).outcomes == {f"{kind}/orders": "applied"}
    first, second = modifies(sim)
    assert first.parameters == second.parameters


def test_wait_no_effect_for_a_minute_is_sent_again(sim, run):
    sim.settings.update(modify_lost=True)
    options = seed(sim)
    result = run.fails(wait_timeout=300, **options)
    assert result.codes == ["timeout"]
    assert "pending enabled" in result["msg"]
    assert result["changed"] is True
    first, second = modifies(sim)
    assert 60 <= (second.at - first.at).total_seconds() <= 65


def test_wait_other_pending_changes_prevent_resend(sim, run):
    sim.settings.update(instance_returns_pending=True)
    options = seed(sim)
    sim.at(10, lambda s: s.database("instance", "orders")["PendingModifiedValues"].update(EngineVersion="8.0.40"))
    result = run.fails(**options)
    assert result.codes == ["other_pending_changes"]
    assert len(modifies(sim)) == 1
    assert result["changed"] is True


@pytest.mark.parametrize("kind", ["instance", "cluster"])
@pytest.mark.parametrize("when", [1, 12], ids=["before-it-shows-busy", "while-busy"])
def test_wait_cancelled_by_other_client_is_superseded(sim, run, kind, when):
    sim.settings.update(modify_lost=True, pending_lag=0.0)
    options = seed(sim, kind)

    def cancel(simulator):
        record = simulator.database(kind, "orders")
        record["PendingModifiedValues"] = {IAM: False}

    sim.at(when, cancel)
    began = sim.clock.monotonic()
    result = run.fails(**options)
    assert result.codes == ["superseded"]
    assert "somebody else" in result["msg"]
    assert sim.clock.monotonic() - began <= when + 5
    assert len(modifies(sim)) == 1


def test_wait_failed_after_change_is_not_skipped(sim, run):
    sim.settings.update(modify_lost=True)
    options = seed(sim)
    result = run.fails(on_problem="skip", wait_timeout=30, **options)
    assert result.outcomes == {"instance/orders": "failed"}
    assert result.codes == ["timeout"]
    assert result["diff"]["after"]["instance/orders"] == {
        "iam_database_authentication": "disabled",
        "pending": "enabled",
    }


def test_wait_value_seen_then_gone_is_superseded(sim, run):
    sim.settings.update(modify_lost=True)
    options = seed(sim)
    sim.at(12, lambda s: s.database("instance", "orders").update(PendingModifiedValues={}))
    assert run.fails(**options).codes == ["superseded"]


def test_wait_scheduled_with_opposite_is_superseded(sim, run):
    sim.settings.update(pending_lag=600.0)
    options = {**seed(sim), "apply_immediately": False}
    sim.at(12, lambda s: s.database("instance", "orders").update(PendingModifiedValues={IAM: False}))
    began = sim.clock.monotonic()
    assert run.fails(**options).codes == ["superseded"]
    assert sim.clock.monotonic() - began <= 17


def test_wait_earlier_pending_value_may_remain(sim, run):
    sim.settings.update(pending_lag=17.0)
    options = seed(sim, pending_modified_values={IAM: False})
    assert run.ok(**options).outcomes == {"instance/orders": "applied"}


def test_wait_database_deleted_fails(sim, run):
    sim.settings.update(apply_seconds=900.0)
    sim.seed({"db_instances": [{"identifier": "shop", "engine": "mysql"}]})
    options = seed(sim)
    options["db_instance_identifiers"] = ["orders", "shop"]
    del options["db_instance_identifier"]
    sim.at(30, lambda s: s.database("instance", "shop").update(DBInstanceStatus="deleting"))
    result = run.fails(**options)
    assert result.outcomes == {"instance/orders": "applied", "instance/shop": "failed"}
    assert result.codes == ["not_modifiable"]
    assert result["diff"]["after"]["instance/orders"]["iam_database_authentication"] == "enabled"


def test_wait_status_becomes_terminal_fails(sim, run):
    options = seed(sim)
    sim.settings.update(apply_seconds=900.0)
    sim.at(30, lambda s: s.database("instance", "orders").update(DBInstanceStatus="storage-full"))
    began = sim.clock.monotonic()
    result = run.fails(**options)
    assert result.codes == ["not_modifiable"]
    assert "'storage-full'" in result["msg"]
    assert sim.clock.monotonic() - began < 60


def test_wait_deadline_follows_the_clock(sim, run):
    sim.settings.update(apply_seconds=3600.0)
    options = seed(sim)
    began = sim.clock.monotonic()
    result = run.fails(wait_timeout=100, wait_delay=30, **options)
    assert sim.clock.monotonic() - began == pytest.approx(100)
    assert result.codes == ["timeout"]
    assert "100 seconds" in result["msg"]
    # the next run continues where this one stopped
    assert run.ok(wait_timeout=7200, **options)["databases"][0]["iam_database_authentication_enabled"] is True


def test_wait_scheduled_visible_later_is_verified(sim, run):
    sim.settings.update(pending_lag=20.0)
    options = {**seed(sim), "apply_immediately": False}
    result = run.ok(**options)
    assert result.outcomes == {"instance/orders": "scheduled"}
    assert result["databases"][0]["pending_iam_database_authentication"] is True
