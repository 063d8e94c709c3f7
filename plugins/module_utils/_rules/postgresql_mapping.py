# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The statements that revoke ``rds_iam`` from a PostgreSQL user.

Since PostgreSQL 16, each membership belongs to its grantor. An administrator that has ADMIN OPTION through another role
grants as that role, for example as ``rds_superuser``, and may also revoke what that role granted.

This is private to the collection.
"""

from __future__ import annotations

from .postgresql_names import identifier
from .postgresql_roles import RDS_IAM, Membership, PgServer


def grantors(server: PgServer, name: str) -> set[str]:
    """Return the roles that mapped a user. Before PostgreSQL 16, any administrator can revoke the mapping."""
    rows = [row for row in _own(server, name) if row.inherits]
    return {row.grantor if server.has_membership_options else server.administrator for row in rows}


def removal_statements(server: PgServer, name: str) -> list[str]:
    """Return the statements that remove the mapping of a user, one for each role that granted it."""
    return [
        _revoke(name) + ("" if grantor == server.administrator else f" GRANTED BY {identifier(grantor)}")
        for grantor in sorted(grantors(server, name))
    ]


def revert_statement(server: PgServer, name: str) -> str:
    """Return the statement that reverts a new mapping, and keeps a membership that existed before."""
    own = _own(server, name)
    if not own or not server.has_membership_options:
        return _revoke(name)
    can_set = "TRUE" if any(row.can_set for row in own) else "FALSE"
    return f"GRANT {identifier(RDS_IAM)} TO {identifier(name)} WITH INHERIT FALSE, SET {can_set}"


def _revoke(name: str) -> str:
    return f"REVOKE {identifier(RDS_IAM)} FROM {identifier(name)}"


def _own(server: PgServer, name: str) -> list[Membership]:
    return [row for row in server.memberships if (row.role, row.member) == (RDS_IAM, name)]
