# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The results of all hosts, combined into one."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.host_results import combined

APPLIED = {"identifier": "a", "kind": "instance", "outcome": "applied", "changed": True, "problems": []}
RESULT = {
    "changed": True,
    "plan_id": "abc",
    "summary": {"applied": 1, "total": 1},
    "databases": [APPLIED],
}


@pytest.mark.parametrize(("preview", "plans"), [(True, {"localhost": "abc"}), (False, {})])
def test_combine_one_host(preview, plans):
    found = combined({"localhost": RESULT}, preview=preview)
    assert found["outcomes"] == {"instance/a": "applied"}
    assert found["expect_plan_ids"] == plans
    assert found["changes"] == [f"instance/a: {'would be applied' if preview else 'applied'}"]
    assert (found["changed"], found["plan_id"], found["summary"]) == (True, "abc", {"applied": 1, "total": 1})


def test_combine_several_hosts():
    second = {**RESULT, "changed": False, "plan_id": None, "summary": {"failed": 2, "total": 2}}
    found = combined({"eu": RESULT, "us": second, "died": {}}, preview=True)
    assert found["outcomes"] == {"eu/instance/a": "applied", "us/instance/a": "applied"}
    assert found["summary"] == {"applied": 1, "total": 3, "failed": 2}
    assert found["expect_plan_ids"] == {"eu": "abc", "us": "", "died": ""}
    assert found["plan_id"] == "abc"


def test_combine_without_result():
    found = combined({"localhost": {}}, preview=False)
    assert (found["changed"], found["plan_id"], found["summary"], found["outcomes"]) == (False, "", {}, {})


def test_combine_any_changed_host_counts_as_changed():
    results = {"eu": {"changed": False}, "us": {"changed": True}}
    assert combined(results, preview=False)["changed"] is True
    assert combined({"eu": {"changed": False}, "us": {}}, preview=False)["changed"] is False


def test_combine_several_plan_ids_are_joined():
    results = {"eu": {"plan_id": "abc"}, "us": {"plan_id": "def"}}
    assert combined(results, preview=True)["plan_id"] == "abc,def"


def test_combine_lines_name_host_and_database():
    blocked = {**APPLIED, "outcome": "failed", "changed": False, "problems": [{"code": "refused", "message": "why"}]}
    unchanged = {**APPLIED, "identifier": "b", "outcome": "unchanged", "changed": False}
    results = {"eu": {"databases": [unchanged, blocked]}, "us": {"databases": None}}
    assert combined(results, preview=False)["changes"] == ["eu/instance/a: failed: refused: why"]
    assert combined(results, preview=False)["outcomes"] == {"eu/instance/b": "unchanged", "eu/instance/a": "failed"}
