# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide how each account of a MySQL or MariaDB server authenticates.

Sources: Amazon RDS User Guide, "Creating a database account using IAM authentication" (AWSAuthenticationPlugin) and
"Using Kerberos authentication for MySQL" (auth_pam); Amazon Aurora User Guide, "Using Kerberos authentication for
Aurora MySQL"; MySQL Reference Manual, "Authentication Plugins" and "Password Management"; MariaDB, "Authentication
Plugins" and "User Password Expiry".

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt

from .._model.user_facts import AccountEntry, AuthenticationMethod, MysqlFacts
from .database_users import IAM, KERBEROS, NONE, PASSWORD, UNKNOWN, DatabaseUser, Grants, UserReport, master_name
from .system_users import is_mysql_system_user

_AUTHENTICATION = {
    "awsauthenticationplugin": IAM,
    "": PASSWORD,  # the default plugin of the server
    "caching_sha2_password": PASSWORD,
    "ed25519": PASSWORD,
    "mysql_native_password": PASSWORD,
    "mysql_old_password": PASSWORD,
    "parsec": PASSWORD,
    "sha256_password": PASSWORD,
    "auth_pam": KERBEROS,
    "authentication_kerberos": KERBEROS,
    "gssapi": KERBEROS,
    # RDS does not allow logins on the host of a server, so its sockets cannot be used
    "auth_socket": NONE,
    "unix_socket": NONE,
    "mysql_no_login": NONE,
}

# the weakest of several methods determines the authentication
_WEAKEST_FIRST = (PASSWORD, UNKNOWN, KERBEROS, IAM, NONE)
_MASTER_HOST = "%"
_SECONDS_PER_DAY = 86400

_NO_PASSWORD = "has no password, so anyone can log in as this user. Set a password, or lock the account"
_ALSO_IAM = "can log in with a password as well as with a token"
_EXPIRED = "the password has expired. The user can log in with it, but must set a new password"
_ANONYMOUS = (
    "is an anonymous account. It matches every user name from its host, unless the user has an account with an equally "
    "specific host. Users of other accounts can therefore log in with the method of the anonymous account"
)
_NOTES = (
    "The server does not store the time of the last login.",
    "Sessions and logins are those of all accounts with the same user name.",
)
_NO_SESSIONS = "Sessions are not known, because the administrator does not have the privilege PROCESS."
_NO_LOGINS = (
    "Logins are not counted, because the Performance Schema is disabled, has lost accounts, or is not readable for the "
    "administrator."
)


def report_accounts(facts: MysqlFacts, master: str | None) -> UserReport:
    """Return every account, ordered by name. ``master``: the name of the master user; None if it is not known."""
    actual_master = master_name(master, (one.user for one in facts.accounts if one.host == _MASTER_HOST))
    users = [
        _user(one, facts, None if master is None else (one.user, one.host) == (actual_master, _MASTER_HOST))
        for one in facts.accounts
    ]
    unknown = (*([_NO_SESSIONS] if facts.sessions is None else []), *([_NO_LOGINS] if facts.logins is None else []))
    ordered = tuple(sorted(users, key=lambda user: (user.user, user.host or "")))
    return UserReport(facts.server_version, ordered, (*_NOTES, *unknown))


def _user(account: AccountEntry, facts: MysqlFacts, is_master: bool | None) -> DatabaseUser:
    can_login = not (account.is_locked or account.is_role)
    methods = [method_authentication(method) for method in account.methods]
    authentication = next((name for name in _WEAKEST_FIRST if name in methods), NONE) if can_login else NONE
    is_expired = PASSWORD in methods and _is_expired(account, facts)
    has_count = facts.logins is not None and not account.is_role
    return DatabaseUser(
        user=account.user,
        host=account.host,
        authentication=authentication,
        is_master=is_master,
        is_system=is_mysql_system_user(account.user),
        can_login=can_login,
        granted=Grants(plugins=tuple(method.plugin for method in account.methods), tls=account.tls),
        password_expired=is_expired,
        locked=account.is_locked,
        is_role=account.is_role,
        sessions=None if facts.sessions is None else 0 if account.is_role else facts.sessions.get(account.user, 0),
        login_count=(facts.logins or {}).get(account.user, 0) if has_count else None,
        login_count_since=_time(facts.started) if has_count else None,
        notes=_notes(account, authentication, methods, is_expired),
    )


def method_authentication(method: AuthenticationMethod) -> str:
    """Return the authentication of a plugin. Plugins for other services, such as LDAP, are unknown."""
    return _AUTHENTICATION.get(method.plugin.lower(), UNKNOWN)


def _notes(account: AccountEntry, authentication: str, methods: list[str], is_expired: bool) -> tuple[str, ...]:
    pairs = list(zip(account.methods, methods))
    found = []
    if not account.user and not account.is_role:
        found.append(_ANONYMOUS)
    if authentication == PASSWORD:
        if any(name == PASSWORD and not method.has_secret for method, name in pairs):
            found.append(_NO_PASSWORD)
        if IAM in methods:
            found.append(_ALSO_IAM)
        if is_expired:
            found.append(_EXPIRED)
    found.extend(
        f"uses the plugin {method.plugin}, which the module does not know" for method, name in pairs if name == UNKNOWN
    )
    return tuple(found)


def _is_expired(account: AccountEntry, facts: MysqlFacts) -> bool:
    if account.is_expired:
        return True
    lifetime = facts.default_lifetime if account.password_lifetime is None else account.password_lifetime
    if not lifetime or account.password_changed is None:
        return False
    return account.password_changed + lifetime * _SECONDS_PER_DAY < facts.now


def _time(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
