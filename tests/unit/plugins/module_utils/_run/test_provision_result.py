# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.outcome import APPLIED, FAILED, UNCHANGED
from ansible_collections.passwordless.rds.plugins.module_utils._rules.new_database import ProvisionRequest
from ansible_collections.passwordless.rds.plugins.module_utils._run.provision_result import ProvisionResult

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
TARGET = DatabaseId(INSTANCE, "copy")
WANTED = ProvisionRequest("restored", TARGET, desired=True, settings={}, engine="mysql", engine_version="8.0.36")


def test_provision_result_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        ProvisionResult(WANTED, UNCHANGED, NOW).was_made = True


@pytest.mark.parametrize(
    ("done", "touched"),
    [
        ({}, False),
        ({"was_made": True}, True),
        ({"outcome_unknown": True}, True),
        ({"is_replaced": True}, True),
        ({"new_members": (TARGET,)}, True),
    ],
)
def test_whatever_was_done_or_may_have_been_counts_as_changed(done, touched):
    result = ProvisionResult(WANTED, FAILED, NOW, **done)
    assert (result.is_touched, result.changed, result.render()["changed"]) == (touched, touched, touched)


def test_prediction_of_a_new_database_leaves_out_what_rds_assigns():
    rendered = ProvisionResult(WANTED, APPLIED, NOW, was_made=True, preview=True).render()
    assert rendered["restored"] is True
    assert rendered["msg"] == "instance/copy: would be restored, would be applied."
    assert (rendered["database"]["arn"], rendered["database"]["endpoint"]) == (None, None)
    assert rendered["database"]["iam_database_authentication_enabled"] is True
    assert rendered["diff"] == {
        "before": {},
        "after": {"instance/copy": {"iam_database_authentication": "enabled", "pending": None}},
    }
