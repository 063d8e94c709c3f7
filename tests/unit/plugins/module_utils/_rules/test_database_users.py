# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The summary of users, and the name of the master user on the server."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.database_users import (
    AUTHENTICATIONS,
    DatabaseUser,
    Grants,
    describe_summary,
    master_name,
    summarize_users,
)


def user(authentication, *, is_system=False):
    return DatabaseUser("app", None, authentication, False, is_system, True, Grants())


def test_summary_counts_password_users_without_system_users():
    users = [user(name) for name in AUTHENTICATIONS] + [user("password_possible"), user("iam")]
    users += [user("password", is_system=True), user("none", is_system=True)]
    summary = summarize_users(users)
    assert summary == {
        "iam": 2,
        "password": 1,
        "password_possible": 2,
        "kerberos": 1,
        "none": 1,
        "unknown": 1,
        "password_users": 3,
        "system": 2,
        "total": 10,
    }
    assert describe_summary(summary) == (
        "3 of 8 users can or may log in with a password; 2 iam, 1 password, 2 password_possible, 1 kerberos, 1 none, "
        "1 unknown."
    )


def test_summary_without_users_has_no_counts():
    summary = summarize_users([user("password", is_system=True)])
    assert (summary["password_users"], summary["system"], summary["total"]) == (0, 1, 1)
    assert describe_summary(summary) == "0 of 0 users can or may log in with a password."


@pytest.mark.parametrize(
    ("master", "names", "expected"),
    [
        ("admin", ["app", "admin"], "admin"),
        ("Admin", ["app", "admin"], "admin"),
        ("Admin", ["admin", "Admin"], "Admin"),
        ("gone", ["app"], None),
        (None, ["app"], None),
    ],
)
def test_master_name_prefers_exact_case(master, names, expected):
    assert master_name(master, names) == expected
