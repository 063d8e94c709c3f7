# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The authentication of MySQL and MariaDB accounts by their plugins, and the reported sessions and logins."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.user_facts import (
    AccountEntry,
    AuthenticationMethod,
    MysqlFacts,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.mysql_users import (
    method_authentication,
    report_accounts,
)

NOW, DAY = 1_800_000_000.0, 86400
NATIVE, TOKEN = AuthenticationMethod("mysql_native_password"), AuthenticationMethod("AWSAuthenticationPlugin")
EMPTY = AuthenticationMethod("mysql_native_password", has_secret=False)
SOCKET, LDAP = AuthenticationMethod("unix_socket", has_secret=False), AuthenticationMethod("authentication_ldap_sasl")
KERBEROS = AuthenticationMethod("auth_pam")


def report(*methods, user="app", host="%", facts=None, master=None, **attributes):
    """Return one account."""
    account = AccountEntry(user, host, methods, **attributes)
    found = report_accounts(MysqlFacts("8.0.36", (account,), NOW, NOW - 60, **(facts or {})), master)
    return found.users[0]


@pytest.mark.parametrize(
    ("plugin", "expected"),
    [
        ("AWSAuthenticationPlugin", "iam"),
        ("awsauthenticationplugin", "iam"),
        ("mysql_native_password", "password"),
        ("caching_sha2_password", "password"),
        ("sha256_password", "password"),
        ("ed25519", "password"),
        ("", "password"),
        ("auth_pam", "kerberos"),
        ("authentication_kerberos", "kerberos"),
        ("gssapi", "kerberos"),
        ("unix_socket", "none"),
        ("mysql_no_login", "none"),
        ("authentication_ldap_simple", "unknown"),
        ("pam", "unknown"),
    ],
)
def test_method_authentication(plugin, expected):
    assert method_authentication(AuthenticationMethod(plugin)) == expected


@pytest.mark.parametrize(
    ("methods", "expected", "notes"),
    [
        ([NATIVE], "password", []),
        ([TOKEN], "iam", []),
        ([EMPTY], "password", ["has no password"]),
        ([TOKEN, NATIVE], "password", ["as well as with a token"]),
        ([TOKEN, EMPTY], "password", ["has no password", "as well as with a token"]),
        ([TOKEN, SOCKET], "iam", []),
        ([SOCKET], "none", []),
        ([SOCKET, NATIVE], "password", []),
        ([LDAP], "unknown", ["uses the plugin authentication_ldap_sasl, which the module does not know"]),
        ([TOKEN, LDAP], "unknown", ["authentication_ldap_sasl"]),
        ([NATIVE, LDAP], "password", ["authentication_ldap_sasl"]),
        ([TOKEN, KERBEROS], "kerberos", []),
        ([], "none", []),
    ],
)
def test_account_with_several_methods_uses_weakest(methods, expected, notes):
    user = report(*methods)
    assert user.authentication == expected
    assert len(user.notes) == len(notes)
    assert all(part in note for part, note in zip(notes, user.notes))
    assert user.granted.plugins == tuple(method.plugin for method in methods)


def test_account_locked_cannot_log_in():
    user = report(EMPTY, is_locked=True)
    assert (user.authentication, user.can_login, user.locked, user.notes) == ("none", False, True, ())


def test_account_role_cannot_log_in_and_has_no_sessions():
    user = report(host="", is_role=True, facts={"sessions": {"app": 2}, "logins": {"app": 5}})
    assert (user.authentication, user.can_login, user.is_role, user.sessions) == ("none", False, True, 0)
    assert (user.login_count, user.login_count_since) == (None, None)


@pytest.mark.parametrize(
    ("attributes", "default", "expected"),
    [
        ({}, 0, False),
        ({"is_expired": True}, 0, True),
        ({"password_changed": NOW - 4 * DAY, "password_lifetime": 3}, 0, True),
        ({"password_changed": NOW - 2 * DAY, "password_lifetime": 3}, 0, False),
        ({"password_changed": NOW - 4 * DAY}, 3, True),
        ({"password_changed": NOW - 4 * DAY, "password_lifetime": 0}, 3, False),
        ({"password_lifetime": 3}, 0, False),
    ],
)
def test_account_expired_password_is_still_a_password(attributes, default, expected):
    user = report(NATIVE, facts={"default_lifetime": default}, **attributes)
    assert (user.authentication, user.can_login, user.password_expired) == ("password", True, expected)
    assert any("has expired" in note for note in user.notes) == expected
    assert not report(TOKEN, facts={"default_lifetime": default}, **attributes).password_expired


def test_account_anonymous_is_named():
    assert "anonymous" in report(TOKEN, user="").notes[0]


@pytest.mark.parametrize(
    ("user", "host", "master", "expected"),
    [
        ("admin", "%", "admin", True),
        ("admin", "10.%", "admin", False),
        ("admin", "%", "Admin", True),
        ("app", "%", "admin", False),
        ("admin", "%", None, None),
    ],
)
def test_account_master_is_the_one_for_every_host(user, host, master, expected):
    assert report(NATIVE, user=user, host=host, master=master).is_master is expected


def test_account_use_is_that_of_its_user_name():
    user = report(NATIVE, facts={"sessions": {"app": 2, "other": 7}, "logins": {"app": 5}})
    assert (user.sessions, user.login_count, user.login_count_since) == (2, 5, "2027-01-15T07:59:00Z")


def test_account_without_use_has_zero():
    user = report(NATIVE, facts={"sessions": {}, "logins": {}})
    assert (user.sessions, user.login_count) == (0, 0)


def test_accounts_use_that_is_not_known_is_null_with_a_note():
    known = report_accounts(MysqlFacts("8.0.36", (), NOW, NOW, sessions={}, logins={}), None)
    unknown = report_accounts(MysqlFacts("8.0.36", (), NOW, NOW), None)
    assert len(known.notes) == 2
    assert unknown.notes[:2] == known.notes
    assert "PROCESS" in unknown.notes[2]
    assert "Performance Schema" in unknown.notes[3]
    assert (report(NATIVE).sessions, report(NATIVE).login_count) == (None, None)


def test_accounts_are_sorted_by_user_and_host():
    accounts = tuple(AccountEntry(user, host) for user, host in [("b", "%"), ("a", "10.%"), ("a", "%"), ("", "x")])
    found = report_accounts(MysqlFacts("8.0.36", accounts, NOW, NOW), None)
    assert [(user.user, user.host) for user in found.users] == [("", "x"), ("a", "%"), ("a", "10.%"), ("b", "%")]
