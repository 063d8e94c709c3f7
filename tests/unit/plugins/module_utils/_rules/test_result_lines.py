# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The results of databases as text, in check mode worded as a preview."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.result_lines import count, result_lines

SSL = [{"code": "ssl_disabled", "message": "ssl is 0"}]


def database(name, outcome, *, kind="instance", problems=()):
    changed = outcome in ("applied", "applying", "scheduled", "cancelled")
    return {"identifier": name, "kind": kind, "outcome": outcome, "changed": changed, "problems": list(problems)}


@pytest.mark.parametrize(
    ("outcome", "problems", "done", "preview"),
    [
        ("applied", (), "applied", "would be applied"),
        ("applying", (), "accepted, being applied", "would be applied"),
        ("scheduled", (), "scheduled", "would be scheduled"),
        ("cancelled", (), "queued change cancelled", "queued change would be cancelled"),
        ("skipped", SSL, "skipped: ssl_disabled: ssl is 0", "would be skipped: ssl_disabled: ssl is 0"),
        (
            "skipped",
            (),
            "not changed: the task stopped",
            "would not be changed: the task would stop",
        ),
        ("failed", SSL, "failed: ssl_disabled: ssl is 0", "blocked: ssl_disabled: ssl is 0"),
    ],
)
def test_lines_by_outcome(outcome, problems, done, preview):
    databases = [database("orders", outcome, problems=problems)]
    assert result_lines(databases, preview=False) == [f"instance/orders: {done}"]
    assert result_lines(databases, preview=True) == [f"instance/orders: {preview}"]


def test_lines_order_is_changes_failures_without_unchanged():
    found = [
        database("a", "skipped", problems=SSL),
        database("b", "unchanged"),
        database("c", "failed", problems=SSL),
        database("d", "scheduled", kind="cluster"),
        database("e", "applied"),
    ]
    told = result_lines(found, preview=False)
    assert [text.split(":")[0] for text in told] == ["cluster/d", "instance/e", "instance/c", "instance/a"]


@pytest.mark.parametrize(("number", "text"), [(0, "0 databases"), (1, "1 database"), (2, "2 databases")])
def test_count(number, text):
    assert count(number, "database") == text


def test_count_irregular_plural():
    assert count(2, "retry", "retries") == "2 retries"
