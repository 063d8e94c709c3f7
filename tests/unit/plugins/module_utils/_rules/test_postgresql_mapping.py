# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The statements that remove the mapping of a user, or revert a new one."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_mapping import (
    removal_statements,
    revert_statement,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_roles import read_server
from ansible_collections.passwordless.rds.tests.unit.user_migrations import member, pg_facts, pg_role

REVOKE = 'REVOKE "rds_iam" FROM "app"'


def server(*members, **facts):
    return read_server(pg_facts(pg_role("app"), members=members, **facts))


@pytest.mark.parametrize(
    ("grantors", "version", "statements"),
    [
        ([], 160000, []),
        (["postgres"], 160000, [REVOKE]),
        (["rds_superuser"], 160000, [f'{REVOKE} GRANTED BY "rds_superuser"']),
        (["rds_superuser", "postgres"], 160000, [REVOKE, f'{REVOKE} GRANTED BY "rds_superuser"']),
        (["rds_superuser"], 150004, [REVOKE]),
        ([], 150004, []),
    ],
)
def test_removal_revokes_what_each_grantor_granted(grantors, version, statements):
    members = [member("app", "rds_iam", grantor=grantor) for grantor in grantors]
    assert removal_statements(server(*members, version=version), "app") == statements


def test_removal_ignores_membership_without_inherit():
    assert removal_statements(server(member("app", "rds_iam", inherits=False)), "app") == []


@pytest.mark.parametrize(
    ("members", "version", "statement"),
    [
        ([], 160000, REVOKE),
        ([member("app", "rds_iam", inherits=False, can_set=True)], 150004, REVOKE),
        (
            [member("app", "rds_iam", inherits=False, can_set=True)],
            160000,
            'GRANT "rds_iam" TO "app" WITH INHERIT FALSE, SET TRUE',
        ),
        (
            [member("app", "rds_iam", inherits=False, can_set=False)],
            160000,
            'GRANT "rds_iam" TO "app" WITH INHERIT FALSE, SET FALSE',
        ),
    ],
)
def test_revert_keeps_earlier_membership(members, version, statement):
    assert revert_statement(server(*members, version=version), "app") == statement
