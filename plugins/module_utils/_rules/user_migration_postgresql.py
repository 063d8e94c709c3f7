# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide how a user of PostgreSQL is moved to IAM database authentication.

Sources: PostgreSQL documentation, "Role Membership", "GRANT" and "ALTER ROLE"; Amazon RDS User Guide, "Creating a
database account using IAM authentication".

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._model.errors import quoted
from .._options.database_users import IN_PLACE, UserRequest
from .postgresql_checks import PostgresqlChecks
from .postgresql_mapping import removal_statements, revert_statement
from .postgresql_names import identifier, literal, setting_value
from .postgresql_roles import PUBLIC, RDS_IAM, PgRole, PgServer
from .postgresql_state import RoleState
from .user_migration import EnginePlan

_READER = "the administrator is connected to a reader, which accepts no change. Use the writer endpoint."


class PostgresqlMigration:
    """The decisions for the users of one server.

    scans: database -> what depends on ``session_user`` in it, or None if it has not been searched.
    """

    def __init__(self, server: PgServer, scans: t.Mapping[str, t.Sequence[str]]) -> None:
        self._server = server
        self._scans = scans

    def plan(self, request: UserRequest) -> tuple[EnginePlan, list[str]]:
        """Return the changes for a user, and the reasons why it cannot be changed."""
        user = _PostgresqlUser(request, self._server)
        problems = [_READER] if self._server.is_reader else []
        if request.absent:
            plan = user.removal()
        else:
            plan = user.presence()
            problems += self._session_users(request, plan)
        return plan, [*problems, *user.problems]

    def scannable(self, request: UserRequest, plan: EnginePlan) -> list[str]:
        """Return the databases to search that the administrator may connect to."""
        return [name for name in self.databases_to_scan(request, plan) if self._server.databases[name].readable]

    def databases_to_scan(self, request: UserRequest, plan: EnginePlan) -> list[str]:
        """Return the databases in which to search for ``session_user`` before a user is replaced."""
        if not request.replaces or not plan.statements:
            return []
        known = self._server.databases
        return sorted(set(request.databases) & set(known)) if request.databases else sorted(known)

    def _session_users(self, request: UserRequest, plan: EnginePlan) -> t.Iterator[str]:
        for database in self.databases_to_scan(request, plan):
            if not self._server.databases[database].readable:
                yield (
                    f"the administrator may not connect to database {database}, so its row policies cannot be "
                    "checked. Grant CONNECT, or list the databases that the user needs in databases."
                )
            found = self._scans.get(database) or ()
            if found:
                yield (
                    f"database {database} uses session_user, which differs between the two users: "
                    f"{', '.join(found)}. Use current_user there."
                )


class _PostgresqlUser(PostgresqlChecks):
    """The decisions for one user."""

    def __init__(self, request: UserRequest, server: PgServer) -> None:
        super().__init__(request, server)
        self._actions: list[str] = []
        self._statements: list[str] = []
        self._state = RoleState(server, request.name)

    # state: present

    def presence(self) -> EnginePlan:
        request, role = self.request, self.role
        self.check_directory(request.name)
        if request.replaces:
            self.check_replaced()
        is_new = role is None or not (role.can_login or self.server.is_iam(request.name))
        is_mapped = not self.server.is_iam(request.name)
        if request.strategy == IN_PLACE:
            self.check_in_place(is_mapped)
        elif role is not None and is_mapped and role.can_login:
            self.problems.append(
                "the user exists and may log in with a password, which the mapping would make invalid. Set strategy "
                "to in_place, or set name to a new user and replaces to this one."
            )
        elif role is not None and is_mapped and self.server.members(request.name):
            self.refuse_members("would be able to log in")
        if is_mapped:
            self.check_inheritance()
        self._create_or_open(role)
        self._grant_roles()
        self._grant_databases()
        self._copy_settings()
        if is_mapped:
            self._grant(RDS_IAM, "map it to IAM")
        undo = [revert_statement(self.server, request.name)] if is_mapped else []
        # a password must not open a role that had no login before
        if is_mapped and (is_new or (role is not None and not role.can_login)):
            undo.append(f"ALTER ROLE {identifier(request.name)} NOLOGIN")
        close, close_actions = self._closing()
        return EnginePlan(
            actions=tuple(self._actions),
            statements=tuple(self._statements),
            undo=tuple(undo),
            close=close,
            close_actions=close_actions,
            before=self._state.before,
            after=self._state.after,
            is_new=is_new and request.strategy != IN_PLACE,
            is_mapped=is_mapped,
            invalidates_password=is_mapped and request.strategy == IN_PLACE,
            restore_password="; ".join(removal_statements(self.server, request.name))
            if request.strategy == IN_PLACE
            else "",
        )

    def _create_or_open(self, role: PgRole | None) -> None:
        request, name = self.request, identifier(self.request.name)
        limits = self._limits(role)
        if role is None and request.strategy != IN_PLACE:
            if self.server.has_membership_options:
                # otherwise, the administrator could inherit rds_iam from the new role, and lose its own password
                self._statements.append("SET LOCAL createrole_self_grant TO ''")
            self._state.opened(inherits=True, source=self.old)
            self._do(f"CREATE ROLE {name} LOGIN{limits}", f"create user {request.label}")
        elif role is not None:
            login = "" if role.can_login else " LOGIN"
            inherit = "" if role.inherits or not request.replaces else " INHERIT"
            if login or inherit or limits:
                self._state.opened(inherits=bool(inherit), source=self.old)
                self._do(f"ALTER ROLE {name}{login}{inherit}{limits}", f"change the attributes of {request.label}")

    def _limits(self, role: PgRole | None) -> str:
        """Return the connection limit and the validity of the replaced user, where they differ."""
        old = self.old
        if old is None:
            return ""
        text = ""
        if old.connection_limit != (role.connection_limit if role else -1):
            text += f" CONNECTION LIMIT {old.connection_limit}"
        if old.valid_until != (role.valid_until if role else ""):
            text += f" VALID UNTIL {literal(old.valid_until or 'infinity')}"
        return text

    def _grant_roles(self) -> None:
        request, server = self.request, self.server
        if request.replaces:
            own = [row for row in server.memberships if (row.role, row.member) == (request.replaces, request.name)]
            if not (any(row.inherits for row in own) and any(row.can_set for row in own)):
                self._grant(request.replaces, f"grant it the rights of {request.replaces}")
        for group in request.grants:
            if group not in server.roles:
                self.problems.append(f"grants: there is no role {quoted(group)}.{self.similar(group)}")
            elif group not in server.inherited(request.name):
                self._grant(group, f"make it a member of {group}")

    def _grant_databases(self) -> None:
        request, server = self.request, self.server
        roots = [request.name, request.replaces, *request.grants]
        roles = frozenset().union(*(server.inherited(name) for name in roots if name)) | {PUBLIC}
        for name in request.databases:
            database = server.databases.get(name)
            if database is None:
                self.problems.append(f"databases: there is no database {quoted(name)}. Correct the name.")
            elif not database.grantees & roles:
                self._state.may_connect(name)
                self._do(
                    f"GRANT CONNECT ON DATABASE {identifier(name)} TO {identifier(request.name)}",
                    f"grant it CONNECT on database {name}",
                )

    def _copy_settings(self) -> None:
        """Copy the settings of the replaced role. A session of the new user then acts as the replaced role."""
        request, settings = self.request, self.server.settings
        if not request.replaces:
            return
        wanted = {key[1]: dict(values) for key, values in settings.items() if key[0] == request.replaces}
        wanted.setdefault("", {}).setdefault("role", request.replaces)
        for database in sorted(wanted):
            present = settings.get((request.name, database), {})
            for setting, value in sorted(wanted[database].items()):
                if present.get(setting) != value:
                    self._state.configured(database, setting, value)
                    where = f" IN DATABASE {identifier(database)}" if database else ""
                    self._do(
                        f"ALTER ROLE {identifier(request.name)}{where} SET {identifier(setting)} TO "
                        f"{setting_value(setting, value)}",
                        f"set {setting}{f' in database {database}' if database else ''}",
                    )

    def _closing(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        request, old = self.request, self.old
        if not request.close_replaced or old is None or not old.can_login:
            return (), ()
        self.check_closing(has_changes=bool(self._statements))
        close = f"ALTER ROLE {identifier(request.replaces)} NOLOGIN"
        return (close,), (f"close the login of {request.replaced_label}",)

    # state: absent

    def removal(self) -> EnginePlan:
        request, server = self.request, self.server
        plan = EnginePlan(before=self._state.before, after=self._state.after)
        if self.role is None:
            return plan
        self.refuse_administrator(request.name)
        self.check_mapped_members()
        through = server.granted_through(request.name, RDS_IAM)
        if through == request.name:
            self.check_grantor()
            for statement in removal_statements(server, request.name):
                self._do(statement, "remove its mapping")
            self._state.unmapped()
        elif through:
            self.problems.append(
                f"it is mapped to IAM through the role {through}. Remove it from that role, or name that role."
            )
        if self.role.can_login:
            self._do(f"ALTER ROLE {identifier(request.name)} NOLOGIN", f"close the login of {request.label}")
            self._state.closed()
        return replace(plan, actions=tuple(self._actions), statements=tuple(self._statements))

    # statements

    def _grant(self, role: str, action: str) -> None:
        options = " WITH INHERIT TRUE, SET TRUE" if self.server.has_membership_options else ""
        self._state.granted(role)
        self._do(f"GRANT {identifier(role)} TO {identifier(self.request.name)}{options}", action)

    def _do(self, statement: str, action: str) -> None:
        self._statements.append(statement)
        self._actions.append(action)
