# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the roles of a PostgreSQL server, without the superuser attribute and pg_authid, which RDS does not offer.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.login import LoginRequest
from .._model.user_facts import RDS_AD, RDS_IAM, Membership, PostgresqlFacts, RoleFacts
from .postgresql import SAFE_PATH, open_session

_SNAPSHOT = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_VERSION = """
SELECT pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_version_num')::int
"""

# A superuser inherits every role, and pg_has_role does not tell whether it is granted. The columns of another user's
# session are null, apart from the user, if the administrator is not a member of pg_monitor.
_ROLES = """
SELECT r.rolname::text, r.rolcanlogin,
    COALESCE((SELECT NOT r.rolsuper AND pg_catalog.pg_has_role(r.oid, g.oid, 'USAGE')
        FROM pg_catalog.pg_roles g WHERE g.rolname = %(iam)s), false),
    COALESCE((SELECT NOT r.rolsuper AND pg_catalog.pg_has_role(r.oid, g.oid, 'USAGE')
        FROM pg_catalog.pg_roles g WHERE g.rolname = %(kerberos)s), false),
    CASE WHEN r.rolvaliduntil = '-infinity' THEN '-infinity' WHEN pg_catalog.isfinite(r.rolvaliduntil)
        THEN pg_catalog.to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
    COALESCE(r.rolvaliduntil < pg_catalog.now(), false),
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity a
        WHERE a.usesysid = r.oid AND a.pid <> pg_catalog.pg_backend_pid()
        AND COALESCE(a.backend_type, 'client backend') IN ('client backend', 'walsender'))
FROM pg_catalog.pg_roles r
"""
_MEMBERSHIPS = """
SELECT m.rolname::text, r.rolname::text, pg_catalog.bool_or({inherits})
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles m ON m.oid = a.member JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
GROUP BY m.rolname, r.rolname
"""

# PostgreSQL 16 moved the option from the role to each membership
_OPTION_OF_MEMBERSHIP = 160000


class PostgresqlUserReader:
    """Implements the interface to the users of a server with psycopg."""

    def users(self, administrator: LoginRequest) -> PostgresqlFacts:
        """Log in as an administrator, and return the roles and their memberships. Raises LoginFailed."""
        with open_session(administrator) as connection:
            connection.execute(SAFE_PATH)
            connection.execute(_SNAPSHOT)
            version, number = connection.execute(_VERSION).fetchone()
            roles = connection.execute(_ROLES, {"iam": RDS_IAM, "kerberos": RDS_AD}).fetchall()
            memberships = connection.execute(_memberships(number)).fetchall()
            return PostgresqlFacts(
                server_version=version,
                roles=tuple(_role(row) for row in roles),
                memberships=tuple(Membership(*row) for row in memberships),
            )


def _memberships(version: int) -> str:
    return _MEMBERSHIPS.format(inherits="a.inherit_option" if version >= _OPTION_OF_MEMBERSHIP else "m.rolinherit")


def _role(row: t.Sequence[t.Any]) -> RoleFacts:
    name, can_login, is_iam, is_kerberos, valid_until, is_expired, sessions = row
    return RoleFacts(name, can_login, is_iam, is_kerberos, valid_until, is_expired, sessions)
