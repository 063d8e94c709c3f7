# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Find the reasons why a user of PostgreSQL cannot be moved to IAM database authentication.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import replace

from .._model.errors import quoted
from .._options.database_users import UserRequest
from .postgresql_mapping import grantors
from .postgresql_roles import RDS_AD, RDS_IAM, PgServer

# rights that a member of a role does not inherit
_NOT_INHERITED = ("SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS")


class PostgresqlChecks:
    """The checks of one user. ``problems`` grows with each of them."""

    def __init__(self, request: UserRequest, server: PgServer) -> None:
        self.request = request
        self.server = server
        self.role = server.roles.get(request.name)
        self.old = server.roles.get(request.replaces) if request.replaces else None
        self.problems: list[str] = []

    def check_replaced(self) -> None:
        request, old = self.request, self.old
        if old is None:
            similar = self.similar(request.replaces)
            self.problems.append(f"replaces: there is no user {quoted(request.replaces)}.{similar}")
            return
        attributes = [name for name in _NOT_INHERITED if name in old.attributes]
        if attributes:
            self.problems.append(
                f"replaces: {quoted(old.name)} has {', '.join(attributes)}, which a member does not inherit. Use "
                "strategy in_place, or remove the attribute first."
            )
        self.check_directory(old.name)
        through = self.server.granted_through(old.name, RDS_IAM)
        if through and self.role is None:
            how = "" if through == old.name else f" through the role {through}"
            self.problems.append(
                f"replaces: {quoted(old.name)} is already mapped to IAM{how}. Set name to this user, and remove "
                "replaces."
            )

    def check_directory(self, name: str) -> None:
        if name in self.server.roles and RDS_AD in self.server.inherited(name):
            self.problems.append(
                f"{quoted(name)} has {RDS_AD}, and a user cannot have both Kerberos and IAM. Revoke {RDS_AD} first."
            )

    def check_in_place(self, is_mapped: bool) -> None:
        request = self.request
        if self.role is None:
            self.problems.append(f"there is no user {quoted(request.name)}.{self.similar(request.name)}")
        elif is_mapped:
            self.refuse_administrator(request.name)
            if self.server.members(request.name):
                self.refuse_members("would also lose their passwords")

    def refuse_members(self, effect: str) -> None:
        members = ", ".join(self.server.members(self.request.name))
        self.problems.append(
            f"the roles {members} are members of it and {effect}. Use strategy alongside with replaces."
        )

    def check_mapped_members(self) -> None:
        """Refuse to remove the mapping of a role through which other users are mapped."""
        server, name = self.server, self.request.name
        if not any((row.role, row.member) == (RDS_IAM, name) and row.inherits for row in server.memberships):
            return
        without = replace(
            server, memberships=tuple(row for row in server.memberships if (row.role, row.member) != (RDS_IAM, name))
        )
        cut_off = [member for member in server.members(name) if not without.is_iam(member)]
        if cut_off:
            self.problems.append(
                f"{', '.join(cut_off)} are mapped to IAM through it, and could not log in with a token any more. Map "
                "them themselves first, or remove them from it."
            )

    def refuse_administrator(self, name: str) -> None:
        if name == self.server.administrator:
            self.problems.append(
                f"{quoted(name)} is the administrator of this connection, who would be locked out. Connect as another "
                "administrator."
            )

    def similar(self, name: str) -> str:
        found = self.server.similar(name)
        return f" Similar: {', '.join(found)}." if found else " Correct the name."

    def check_inheritance(self) -> None:
        """Refuse a role for which AWS does not document the effect of ``rds_iam``."""
        role = self.role
        if role is None or role.inherits or self.request.replaces or self.server.has_membership_options:
            return
        self.problems.append(
            f"{quoted(role.name)} has NOINHERIT. Before PostgreSQL 16, it does not inherit {RDS_IAM}, and AWS does not "
            "document which authentication method then applies. Run ALTER ROLE ... INHERIT first, or use strategy "
            "alongside with replaces."
        )

    def check_grantor(self) -> None:
        """Refuse to remove a mapping that neither the administrator nor a role whose rights it inherits granted."""
        others = grantors(self.server, self.request.name) - self.server.inherited(self.server.administrator)
        if others:
            self.problems.append(
                f"{', '.join(sorted(others))} granted {RDS_IAM}, and only the grantor can revoke it. Connect as that "
                "administrator."
            )

    def check_closing(self, *, has_changes: bool) -> None:
        """Check that the replaced user can be closed. ``has_changes`` tells whether this run changes the new user."""
        replaced = self.request.replaces
        self.refuse_administrator(replaced)
        sessions = self.server.sessions.get(replaced, 0)
        if has_changes:
            self.problems.append(
                "close_replaced: this run creates or changes the user. Close the replaced user in a later run, when "
                "all clients use the new one."
            )
        elif sessions:
            self.problems.append(
                f"close_replaced: {quoted(replaced)} has {sessions} session(s) (source: pg_stat_activity; PostgreSQL "
                "does not store the time of the last login). Wait until its clients have moved to the new user."
            )
