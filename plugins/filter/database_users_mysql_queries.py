# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_mysql_queries
short_description: Build the queries for the rights of users of MySQL and MariaDB
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns C(SHOW GRANTS) and C(SHOW CREATE USER) for each existing account that the role database_users creates,
    changes or replaces.
positional: target, users_info
options:
  _input:
    description:
      - The users, in the format of O(passwordless.rds.database_users#role:main:database_users_users).
    type: list
    elements: dict
    required: true
  target:
    description:
      - The database, as P(passwordless.rds.database_users_target#filter) returns it.
    type: dict
    required: true
  users_info:
    description:
      - The accounts, as the module C(community.mysql.mysql_info) returns them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Read the rights of the accounts
  community.mysql.mysql_query:
    query: "{{ users | passwordless.rds.database_users_mysql_queries(target, read.users_info) }}"
  no_log: true
"""

RETURN = r"""
_value:
  description:
    - The queries.
  type: list
  elements: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_plan import mysql_queries


def database_users_mysql_queries(
    users: t.Sequence[t.Mapping[str, t.Any]],
    target: t.Mapping[str, t.Any],
    users_info: t.Sequence[t.Mapping[str, t.Any]],
) -> list[str]:
    return mysql_queries(users, target, users_info)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_mysql_queries": database_users_mysql_queries}
