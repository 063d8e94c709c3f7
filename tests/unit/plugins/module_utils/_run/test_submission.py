# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The outcome of a request whose response was lost."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.provisioning import Submitted
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Request
from ansible_collections.passwordless.rds.plugins.module_utils._run.submission import Submission, SubmissionFailed
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import FakeClock

REF = DatabaseId(INSTANCE, "orders")
TAKEN = CallError(operation="CreateDBInstance", code="DBInstanceAlreadyExists", message="there is one", exists=True)
LOST = CallError(operation="CreateDBInstance", code="ReadTimeoutError", message="no answer", outcome_unknown=True)
# more polls than any of these tests needs, so that an endless loop fails
TOO_MANY = 50


class Gateway:
    """A fake RDS that does not answer the request, and lists the database from the poll with this number on."""

    region = "eu-west-1"
    delay = 5.0

    def __init__(self, error, shown_at):
        self.deadline = Deadline.after(60.0, FakeClock())
        self.looks = 0
        self._error, self._shown_at = error, shown_at

    def make(self, request):
        return Submitted(sent_at=dt.datetime(2026, 11, 2, tzinfo=dt.timezone.utc), error=self._error)

    def describe(self, database_ids):
        self.looks += 1
        assert self.looks < TOO_MANY
        return {REF: instance("orders")} if self._shown_at and self.looks >= self._shown_at else {}


def send(gateway, warnings):
    request = Request("CreateDBInstance", {"DBInstanceIdentifier": "orders"})
    return Submission(REF, request, "", "target_exists").send(gateway, warnings.append)


@pytest.mark.parametrize("shown_at", [1, 2, 7])
def test_send_name_taken_polls_until_database_is_visible(shown_at):
    gateway, warnings = Gateway(TAKEN, shown_at), []
    assert send(gateway, warnings).id == REF
    assert (gateway.looks, len(warnings)) == (shown_at, 1)
    assert gateway.deadline.left == 60.0 - 5.0 * (shown_at - 1)


def test_send_name_taken_never_visible_ends_at_deadline():
    gateway = Gateway(TAKEN, None)
    with pytest.raises(SubmissionFailed) as failure:
        send(gateway, [])
    assert (failure.value.problem.code, failure.value.outcome_unknown) == ("timeout", True)
    assert (gateway.looks, gateway.deadline.left) == (13, 0.0)


def test_send_no_answer_and_not_visible_describes_once():
    """RDS did not report that the name is taken, so the database may not exist."""
    gateway = Gateway(LOST, None)
    with pytest.raises(SubmissionFailed) as failure:
        send(gateway, [])
    assert (failure.value.outcome_unknown, gateway.looks) == (True, 1)
