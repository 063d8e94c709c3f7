# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""How roles of PostgreSQL authenticate, by their memberships in rds_iam and rds_ad."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.user_facts import (
    Membership,
    PostgresqlFacts,
    RoleFacts,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_users import report_roles

IAM, AD = RoleFacts("rds_iam", can_login=False), RoleFacts("rds_ad", can_login=False)


def report(role, *granted, master=None):
    """Return one role. ``granted``: (member, role), or (member, role, False) if the membership is not inherited."""
    memberships = tuple(Membership(member, other, not no_inherit) for member, other, *no_inherit in granted)
    found = report_roles(PostgresqlFacts("16.4", (role, IAM, AD), memberships), master)
    (user,) = [one for one in found.users if one.user == role.name]
    return user


@pytest.mark.parametrize(
    ("attributes", "expected", "note"),
    [
        ({}, "password_possible", None),
        ({"is_iam": True}, "iam", None),
        ({"is_kerberos": True}, "kerberos", None),
        ({"is_iam": True, "is_kerberos": True}, "unknown", "both rds_iam and rds_ad"),
        ({"can_login": False}, "none", None),
        ({"can_login": False, "is_iam": True}, "none", None),
        ({"is_expired": True}, "none", "has expired"),
        ({"is_expired": True, "is_iam": True}, "iam", "does not affect"),
        ({"is_expired": True, "is_kerberos": True}, "kerberos", "does not affect"),
        ({"is_expired": True, "can_login": False}, "none", None),
    ],
)
def test_role_authentication(attributes, expected, note):
    user = report(RoleFacts("app", **attributes))
    assert user.authentication == expected
    assert (note in user.notes[0]) if note else user.notes == ()
    assert user.can_login == attributes.get("can_login", True)
    assert user.password_expired == attributes.get("is_expired", False)


@pytest.mark.parametrize(
    ("granted", "through"),
    [
        ([("app", "rds_iam")], [()]),
        ([("app", "team"), ("team", "rds_iam")], [("team",)]),
        ([("app", "team"), ("team", "tokens"), ("tokens", "rds_iam")], [("team", "tokens")]),
        ([("app", "team"), ("team", "rds_iam"), ("app", "rds_iam")], [(), ("team",)]),
        ([("app", "b"), ("app", "a"), ("a", "rds_iam"), ("b", "rds_iam")], [("a",), ("b",)]),
        # the shortest path of each granted role
        ([("app", "a"), ("a", "b"), ("b", "rds_iam"), ("a", "rds_iam")], [("a",)]),
        # a membership that is not inherited is not a path
        ([("app", "a"), ("a", "rds_iam"), ("app", "b", False), ("b", "rds_iam")], [("a",)]),
        ([("app", "other"), ("app", "rds_iam")], [()]),
    ],
)
def test_role_granted_shows_paths_to_rds_iam(granted, through):
    user = report(RoleFacts("app", is_iam=True), *granted)
    assert [(one.role, one.through) for one in user.granted.roles] == [("rds_iam", path) for path in through]
    assert user.notes == ()


def test_role_with_both_shows_both_paths():
    both = [("app", "rds_iam"), ("app", "windows"), ("windows", "rds_ad")]
    user = report(RoleFacts("app", is_iam=True, is_kerberos=True), *both)
    assert user.granted.roles == (("rds_iam", ()), ("rds_ad", ("windows",)))


@pytest.mark.parametrize(
    "granted",
    [
        [("app", "rds_iam", False)],
        [("app", "team"), ("team", "rds_iam", False)],
        [("app", "team", False), ("team", "rds_iam")],
    ],
)
def test_role_membership_not_inherited_is_a_note(granted):
    user = report(RoleFacts("app"), *granted)
    assert (user.authentication, user.granted.roles) == ("password_possible", ())
    assert user.notes == ("is a member of rds_iam, but does not inherit it, so the membership does not count",)


def test_role_rds_iam_is_not_its_own_member():
    found = report_roles(PostgresqlFacts("16.4", (RoleFacts("rds_iam", can_login=False, is_iam=True),)), None)
    assert found.users[0].granted.roles == ()
    assert found.users[0].notes == ()


@pytest.mark.parametrize(("master", "expected"), [("app", True), ("App", True), ("postgres", False), (None, None)])
def test_role_master_is_known_from_rds_only(master, expected):
    assert report(RoleFacts("app"), master=master).is_master is expected


def test_roles_are_sorted_and_keep_their_facts():
    roles = (RoleFacts("b", sessions=3, valid_until="2030-01-01T00:00:00Z"), IAM, RoleFacts("a"))
    found = report_roles(PostgresqlFacts("16.4", roles), None)
    assert [(user.user, user.sessions, user.valid_until) for user in found.users] == [
        ("a", 0, None),
        ("b", 3, "2030-01-01T00:00:00Z"),
        ("rds_iam", 0, None),
    ]
    assert [user.is_system for user in found.users] == [False, False, True]
    assert {(user.host, user.locked, user.is_role, user.login_count) for user in found.users} == {(None,) * 4}


def test_roles_without_rds_iam_have_a_note():
    with_role = report_roles(PostgresqlFacts("16.4", (IAM,)), None)
    without = report_roles(PostgresqlFacts("16.4", (RoleFacts("app"),)), None)
    assert without.notes[0].startswith("The role rds_iam does not exist on this server")
    assert without.notes[1:] == with_role.notes
    assert "whether a role has a password" in with_role.notes[0]
