# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Which users and roles belong to an engine or to Amazon RDS.

Sources: Amazon RDS User Guide, "Understanding the rds_superuser role", "Controlling user access to the PostgreSQL
database" (rds_password), "Using Kerberos authentication" (rds_ad), "Logical replication" (rds_replication), "Delegated
extension support" (rds_extension), "Amazon RDS Proxy" (rdsproxyadmin), "Role-based privilege model for RDS for MySQL"
(rds_superuser_role), "active-active clusters" (rdsgrprepladmin); Amazon Aurora User Guide, "Role-based privilege model"
(AWS_*_ACCESS, rdsrepladmin_priv_checks_user); PostgreSQL, "Predefined Roles"; MySQL Reference Manual, "Reserved
Accounts"; MariaDB, "mariadb.sys". rdsrepladmin, rdstopmgr and rdswriteforwarduser are not documented; customers see
them in pg_roles and mysql.user.

This is private to the collection.
"""

from __future__ import annotations

# PostgreSQL reserves this prefix
_POSTGRESQL_PREFIX = "pg_"
_RDS_USERS = frozenset(("rdsadmin", "rdsproxyadmin", "rdsrepladmin", "rdstopmgr", "rdswriteforwarduser"))
_POSTGRESQL_ROLES = _RDS_USERS | {
    "rds_ad",
    "rds_extension",
    "rds_iam",
    "rds_password",
    "rds_replication",
    "rds_reserved",
    "rds_superuser",
}
_MYSQL_USERS = _RDS_USERS | {
    "AWS_BEDROCK_ACCESS",
    "AWS_COMPREHEND_ACCESS",
    "AWS_LAMBDA_ACCESS",
    "AWS_LOAD_S3_ACCESS",
    "AWS_SAGEMAKER_ACCESS",
    "AWS_SELECT_S3_ACCESS",
    "mariadb.sys",
    "mysql.infoschema",
    "mysql.session",
    "mysql.sys",
    "rds_superuser_role",
    "rdsgrprepladmin",
    "rdsrepladmin_priv_checks_user",
}


def is_postgresql_system_role(name: str) -> bool:
    """Return whether a role of PostgreSQL belongs to the engine or to RDS."""
    return name.startswith(_POSTGRESQL_PREFIX) or name in _POSTGRESQL_ROLES


def is_mysql_system_user(name: str) -> bool:
    """Return whether a user of MySQL or MariaDB belongs to the engine or to RDS."""
    return name in _MYSQL_USERS
