# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Users of the engines and of RDS are distinguished from users of customers with similar names."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.system_users import (
    is_mysql_system_user,
    is_postgresql_system_role,
)


@pytest.mark.parametrize(
    ("name", "postgresql", "mysql"),
    [
        ("rdsadmin", True, True),
        ("rdstopmgr", True, True),
        ("rdsproxyadmin", True, True),
        ("rds_superuser", True, False),
        ("rds_iam", True, False),
        ("pg_monitor", True, False),
        ("mysql.sys", False, True),
        ("mariadb.sys", False, True),
        ("AWS_LAMBDA_ACCESS", False, True),
        ("rds_superuser_role", False, True),
        ("rds_reports", False, False),
        ("RDSADMIN", False, False),
        ("pgbouncer", False, False),
        ("postgres", False, False),
        ("admin", False, False),
        ("", False, False),
    ],
)
def test_system_users_by_name(name, postgresql, mysql):
    assert (is_postgresql_system_role(name), is_mysql_system_user(name)) == (postgresql, mysql)
