# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide how a user of MySQL or MariaDB is moved to IAM database authentication.

Sources: MySQL Reference Manual, "CREATE USER" and "ALTER USER"; MariaDB, the same; Amazon RDS User Guide, "Creating a
database account using IAM authentication".

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.errors import quoted
from .._options.database_users import IN_PLACE, UserRequest
from .mysql_accounts import PLUGIN, MysqlServerFacts, literal
from .mysql_grants import MysqlGrants, parse_grant_option
from .mysql_state import state_after, state_before
from .mysql_tls import combined_tls, tls_text
from .user_migration import EnginePlan

PLUGIN_STRING = "RDS"
# The hash of this plugin can be restored with ALTER USER ... IDENTIFIED WITH ... AS. For ed25519, mysql_info may return
# the empty column Password of MariaDB instead of the hash.
_RESTORABLE = "mysql_native_password"
_READ_ONLY = "the server is read-only, for example because it is a reader. Use the writer endpoint."


class MysqlMigration:
    """The decisions for the users of one server."""

    def __init__(self, server: MysqlServerFacts) -> None:
        self._server = server

    def plan(self, request: UserRequest) -> tuple[EnginePlan, list[str]]:
        """Return the changes for a user, and the reasons why it cannot be changed."""
        user = _MysqlUser(request, self._server)
        plan = user.removal() if request.absent else user.presence()
        return plan, [*([_READ_ONLY] if self._server.is_read_only else []), *user.problems]


class _MysqlUser:
    """The decisions for one user. ``problems`` grows with each method."""

    def __init__(self, request: UserRequest, server: MysqlServerFacts) -> None:
        self._request = request
        self._server = server
        self._account = server.account(request.name, request.host)
        self._old = server.account(request.replaces, request.host) if request.replaces else None
        self.problems: list[str] = []

    # state: present

    def presence(self) -> EnginePlan:
        request, account = self._request, self._account
        has_password = account is not None and not account.is_iam
        # a locked account of IAM is the result of an earlier run that was reverted, or of a removal
        is_new = account is None or (account.is_iam and account.locked)
        in_place = request.strategy == IN_PLACE
        if request.replaces:
            self._check_replaced()
        if in_place:
            self._check_in_place()
        elif has_password:
            self.problems.append(
                "the user exists and logs in with a password, which the mapping would replace. Set strategy to "
                "in_place, or set name to a new user and replaces to this one."
            )
        changes, actions = self._changes()
        rights, more = self._rights()
        close, close_actions = self._closing(bool(actions or more))
        undo = self._restored() if has_password else self._options(locked=True) if is_new else {}
        return EnginePlan(
            actions=(*actions, *more),
            statements=tuple(rights),
            close_actions=close_actions,
            account={"change": changes, "undo": undo, "close": close},
            before=state_before(account),
            after=state_after(account, changes, self._wanted()),
            is_new=is_new,
            is_mapped=is_new or has_password,
            invalidates_password=has_password and in_place,
            may_have_lost_password=in_place and not has_password,
        )

    def _options(self, **more: t.Any) -> dict[str, t.Any]:
        """Return options of ``mysql_user``. They include the TLS requirement, which it would otherwise remove."""
        return {"name": self._request.name, "host": self._request.host, "tls_requires": self._tls(), **more}

    def _tls(self) -> dict[str, t.Any]:
        """Return the TLS requirement: at least TLS, and as strong as those of the account and of the replaced one."""
        account = self._account.tls if self._account else {}
        return combined_tls(account, self._old.tls if self._old else {}) or dict(account)

    def _changes(self) -> tuple[dict[str, t.Any], list[str]]:
        """Return the options of ``mysql_user`` that create or change the account, and what they do."""
        request, account, old = self._request, self._account, self._old
        options: dict[str, t.Any] = {}
        actions: list[str] = []
        if account is None or not account.is_iam:
            what = "map it to IAM" if account else f"create user {request.label} with {PLUGIN}"
            options.update(plugin=PLUGIN, plugin_hash_string=PLUGIN_STRING)
            actions.append(what)
        elif dict(account.tls) != self._tls():
            actions.append(f"require {tls_text(self._tls())}")
        missing = self._missing()
        if missing.privileges:
            privileges = {name: ",".join(sorted(granted)) for name, granted in sorted(missing.privileges.items())}
            options.update(priv=privileges, append_privs=True)
            actions += [f"grant it {granted} on {name}" for name, granted in privileges.items()]
        if old is not None and old.limits and dict(old.limits) != dict(account.limits if account else {}):
            options["resource_limits"] = dict(old.limits)
            actions.append("copy the resource limits")
        if account is not None and account.locked:
            options["locked"] = False
            actions.append("unlock it")
        return (self._options(**options) if actions else {}), actions

    def _rights(self) -> tuple[list[str], list[str]]:
        """Return the statements for roles. ``mysql_role`` cannot set default roles, and splits names at the first @."""
        name = f"{literal(self._request.name)}@{literal(self._request.host)}"
        wanted, missing = self._wanted(), self._missing()
        statements = [f"GRANT {role} TO {name}" for role in sorted(missing.roles)]
        actions = [f"grant it the role {role}" for role in sorted(missing.roles)]
        if missing.default_roles:
            roles = ", ".join(sorted(wanted.default_roles))
            # MariaDB has one default role, and writes FOR instead of TO before the account
            statements.append(f"SET DEFAULT ROLE {roles} {'TO' if '@' in roles else 'FOR'} {name}")
            actions.append(f"set its default role to {roles}")
        return statements, actions

    def _missing(self) -> MysqlGrants:
        """Return the rights that the account lacks."""
        return self._wanted().missing_from(self._account.grants if self._account else MysqlGrants())

    def _wanted(self) -> MysqlGrants:
        if self._old is not None:
            return self._old.grants
        privileges: dict[str, frozenset[str]] = {}
        for text in self._request.grants:
            parsed = parse_grant_option(text)
            if parsed is not None:
                privileges[parsed[0]] = privileges.get(parsed[0], frozenset()) | parsed[1]
        return MysqlGrants(privileges)

    def _restored(self) -> dict[str, t.Any]:
        """Return the options that restore the password. The task adds its hash, which the plan does not contain."""
        account = self._account
        if account is None:
            return {}
        tls = dict(account.tls) or None
        options = {"name": account.name, "host": account.host, "tls_requires": tls, "plugin": account.plugin}
        return {**options, "locked": True} if account.locked else options

    def _closing(self, changes: bool) -> tuple[dict[str, t.Any], tuple[str, ...]]:
        request, old = self._request, self._old
        if not request.close_replaced or old is None or old.locked:
            return {}, ()
        self._refuse_administrator(request.replaces)
        sessions = self._server.sessions.get(request.replaces, 0)
        if changes:
            self.problems.append(
                "close_replaced: this run creates or changes the user. Close the replaced user in a later run, when "
                "all clients use the new one."
            )
        elif not self._server.sees_sessions:
            self.problems.append(
                "close_replaced: the administrator lacks PROCESS, so that the server does not show whether the "
                "replaced user has sessions. Grant it PROCESS."
            )
        elif sessions:
            self.problems.append(
                f"close_replaced: {quoted(request.replaces)} has {sessions} session(s) (source: "
                "information_schema.processlist; the server does not store the time of the last login). Wait until "
                "its clients have moved to the new user."
            )
        options = {"name": old.name, "host": old.host, "tls_requires": dict(old.tls) or None, "locked": True}
        return options, (f"lock {request.replaced_label}",)

    # state: absent

    def removal(self) -> EnginePlan:
        account = self._account
        if account is None or account.locked:
            return EnginePlan(before=state_before(account), after=state_before(account))
        self._refuse_administrator(account.name)
        options = self._options(locked=True, tls_requires=dict(account.tls) or None)
        account_options = {"change": options, "undo": {}, "close": {}}
        return EnginePlan(
            actions=(f"lock {self._request.label}",),
            account=account_options,
            before=state_before(account),
            after=state_after(account, options, MysqlGrants()),
        )

    # checks

    def _check_replaced(self) -> None:
        request, old = self._request, self._old
        if old is None:
            similar = self._similar(request.replaces)
            self.problems.append(f"replaces: there is no account {quoted(request.replaced_label)}.{similar}")
            return
        if old.grants.refused:
            self.problems.append(
                f"replaces: {quoted(request.replaced_label)} has rights that community.mysql cannot copy: "
                f"{'; '.join(old.grants.refused)}. Revoke them, or use strategy in_place."
            )
        if self._account is not None and combined_tls(self._account.tls, old.tls) is None:
            self.problems.append(
                f"replaces: {quoted(request.replaced_label)} requires {tls_text(old.tls)}, and the account requires "
                f"{tls_text(self._account.tls)}. No account can require both. Change one of them with ALTER USER."
            )
        if old.is_iam and self._account is None:
            self.problems.append(
                f"replaces: {quoted(request.replaced_label)} already uses {PLUGIN}. Set name to this user, and "
                "remove replaces."
            )

    def _check_in_place(self) -> None:
        request, account = self._request, self._account
        if account is None:
            self.problems.append(f"there is no account {quoted(request.label)}.{self._similar(request.name)}")
            return
        if account.is_iam:
            return
        self._refuse_administrator(account.name)
        if account.plugin != _RESTORABLE or account.several_methods:
            what = "several authentication methods" if account.several_methods else f"the plugin {account.plugin}"
            self.problems.append(
                f"the account has {what}, and its password could not be restored. Use strategy alongside with replaces."
            )

    def _refuse_administrator(self, name: str) -> None:
        if name == self._server.administrator:
            self.problems.append(
                f"{quoted(name)} is the administrator of this connection, who would be locked out. Connect as another "
                "administrator."
            )

    def _similar(self, name: str) -> str:
        found = sorted(other for other in self._server.names if other.lower() == name.lower())
        return f" Similar: {', '.join(found)}." if found else " Correct the name or the host."
