# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The checks of one user of PostgreSQL."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.database_users import read_user_requests
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_checks import PostgresqlChecks
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_roles import read_server
from ansible_collections.passwordless.rds.tests.unit.user_migrations import member, pg_facts, pg_role


def checks(user, *roles, **facts):
    (request,), errors = read_user_requests([user], protocol="postgresql", engine="postgres", account="")
    assert errors == []
    return PostgresqlChecks(request, read_server(pg_facts(*roles, **facts)))


@pytest.mark.parametrize(
    ("version", "grantor", "refused"),
    [(180000, "postgres", False), (180000, "rdsadmin", True), (150000, "rdsadmin", False)],
)
def test_only_grantor_can_revoke_since_version_16(version, grantor, refused):
    members = [member("app", "rds_iam", grantor=grantor)]
    found = checks({"name": "app"}, pg_role("app"), members=members, version=version)
    found.check_grantor()
    assert bool(found.problems) is refused


def test_replaced_user_without_attributes_has_no_problem():
    found = checks({"name": "app", "replaces": "legacy"}, pg_role("legacy"))
    found.check_replaced()
    found.check_directory("legacy")
    found.refuse_administrator("legacy")
    assert found.problems == []
