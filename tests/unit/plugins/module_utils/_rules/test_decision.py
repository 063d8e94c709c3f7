# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decision table: each row, for both desired values and both kinds of database."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ModifyRequest, State
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.decision_table import DECISIONS


@pytest.mark.parametrize("make", [instance, cluster])
@pytest.mark.parametrize("desired", [True, False])
@pytest.mark.parametrize(("immediately", "is_current", "is_pending", "outcome", "sent"), DECISIONS)
def test_decide_table_row(make, desired, immediately, is_current, is_pending, outcome, sent):
    current = desired if is_current else not desired
    pending = None if is_pending is None else (desired if is_pending else not desired)
    database = make(current=current, pending=pending)

    decision = decide(database, options(desired, apply_immediately=immediately))

    assert decision.outcome == outcome
    assert decision.change == (None if sent is None else ModifyRequest(database.id, desired, sent))
    expected = {
        "unchanged": State(current, pending),
        "applied": State(desired, None),
        "cancelled": State(desired, None),
        "scheduled": State(not desired, desired),
    }
    assert decision.after == expected[outcome]


def test_decide_cancel_keeps_other_pending_changes():
    database = instance(current=True, pending=False, other_pending={"DBInstanceClass": "db.r6g.large"})
    decision = decide(database, options(True, apply_immediately=True))
    assert decision.outcome == "cancelled"
    assert decision.change is not None
    assert decision.change.apply_immediately is False


def test_decide_apply_without_waiting_is_applying():
    decision = decide(instance(), options(True, apply_immediately=True, wait=False))
    assert (decision.outcome, decision.after) == ("applying", State(False, True))


@pytest.mark.parametrize("engine", ["oracle-ee", "sqlserver-se", "db2-se", "custom-oracle-ee", "neptune", "docdb"])
@pytest.mark.parametrize("current", [True, False])
def test_decide_disable_unsupported_engine_is_unchanged(engine, current):
    database = instance(engine=engine, current=current)
    decision = decide(database, options(False, apply_immediately=True))
    assert (decision.outcome, decision.change) == ("unchanged", None)


@pytest.mark.parametrize("status", ["configuring-iam-database-auth", "update-iam-db-auth"])
@pytest.mark.parametrize("desired", [True, False])
def test_decide_switching_without_pending_is_unchanged(status, desired):
    """RDS returns a value as pending until it takes effect, so the status alone implies no other value.

    Source: AWS's CloudFormation provider for RDS waits for empty pending values after the status.
    """
    decision = decide(instance(current=desired, status=status), options(desired, apply_immediately=True))
    assert (decision.outcome, decision.change) == ("unchanged", None)
