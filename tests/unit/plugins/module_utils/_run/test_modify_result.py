# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ChangeOptions, State
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE, Database, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.outcome import APPLIED, FAILED, UNCHANGED
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import TIMEOUT, Problem
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.plan import Plan
from ansible_collections.passwordless.rds.plugins.module_utils._run.modify_result import ModifyFailed, ModifyResult
from ansible_collections.passwordless.rds.plugins.module_utils._run.result import DatabaseResult

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
NOTHING = "Nothing was modified."


def database(name):
    return Database(
        id=DatabaseId(INSTANCE, name),
        arn=f"arn:aws:rds:eu-west-1:123456789012:db:{name}",
        resource_id=f"db-{name.upper()}",
        engine="mysql",
        engine_version="8.0.36",
        status="available",
        current=False,
    )


def result_of(name, outcome, *, changed=False, problems=()):
    before = database(name)
    plan = Plan(before, decide(before, ChangeOptions(desired=True)))
    after = State(changed, None)
    return DatabaseResult(before.id, plan, before, after, outcome, tuple(problems), changed)


def modify_result(*databases, **more):
    return ModifyResult(tuple(one.plan for one in databases), databases, (), {}, NOW, **more)


FAILURE = result_of("orders", FAILED, problems=[Problem(TIMEOUT, "it took too long")])
DONE = result_of("legacy", APPLIED, changed=True)


def test_modify_result_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        modify_result().blocked = True


@pytest.mark.parametrize(
    ("result", "says_nothing"),
    [(modify_result(FAILURE), True), (modify_result(FAILURE, DONE), False), (modify_result(objection="why"), True)],
)
def test_message_of_failure_says_nothing_was_modified_if_so(result, says_nothing):
    assert (NOTHING in result.message()) is says_nothing
    assert NOTHING not in result.message(changed=True)
    assert NOTHING in result.message(changed=False)


def test_message_of_success_is_that_of_the_counts():
    assert modify_result(DONE, result_of("old", UNCHANGED)).message() == "1 applied, 1 unchanged."
    assert modify_result().message() == "No databases."


def test_failure_renders_its_result_without_message():
    result = modify_result(FAILURE)
    failure = ModifyFailed(result)
    assert failure.message == result.message()
    assert failure.result is result
    assert failure.render() == {key: value for key, value in result.render().items() if key != "msg"}


def test_call_error_replaces_plan_id_and_the_summary_of_no_databases():
    error = CallError(operation="DescribeDBInstances", code="AccessDenied", message="no", request_id="1")
    rendered = modify_result(objection=error.message, call_error=error).render()
    assert rendered["error"] == {
        "operation": "DescribeDBInstances",
        "code": "AccessDenied",
        "message": "no",
        "request_id": "1",
    }
    assert not {"plan_id", "summary"} & rendered.keys()
    assert "summary" in modify_result(FAILURE, objection=error.message, call_error=error).render()


def test_databases_that_need_nothing_are_left_out_if_asked_for():
    result = modify_result(DONE, result_of("old", UNCHANGED), return_unchanged=False)
    rendered = result.render()
    assert [one["identifier"] for one in rendered["databases"]] == ["legacy"]
    assert rendered["summary"]["total"] == 2
    assert rendered["diff"] == {
        "before": {"instance/legacy": {"iam_database_authentication": "disabled", "pending": None}},
        "after": {"instance/legacy": {"iam_database_authentication": "enabled", "pending": None}},
    }
