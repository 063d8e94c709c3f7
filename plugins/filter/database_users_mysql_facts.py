# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_mysql_facts
short_description: Read the facts about the accounts of a MySQL or MariaDB server
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the facts that P(passwordless.rds.database_users_plan#filter) needs. Unlike the results of the tasks, they
    do not contain password hashes.
positional: target, results
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
  results:
    description:
      - The results C(users_info) of M(community.mysql.mysql_info), and C(server) and C(rights) of the queries.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Keep the facts without the password hashes
  ansible.builtin.set_fact:
    facts: "{{ database_users_users | passwordless.rds.database_users_mysql_facts(target, results) }}"
"""

RETURN = r"""
_value:
  description:
    - The facts.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_plan import mysql_facts


def database_users_mysql_facts(
    users: t.Sequence[t.Mapping[str, t.Any]], target: t.Mapping[str, t.Any], results: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    return mysql_facts(users, target, results)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_mysql_facts": database_users_mysql_facts}
