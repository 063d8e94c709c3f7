# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_plan
short_description: Plan the changes of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the changes for each user, and the problems. If there is a problem, the role changes no user.
positional: state
options:
  _input:
    description:
      - The users, in the format of O(passwordless.rds.database_users#role:main:database_users_users).
    type: list
    elements: dict
    required: true
  state:
    description:
      - The database C(target), the C(facts) of its server, the results of the tasks C(principals) and C(roles),
        C(policy_timeout) and C(check_mode). A later plan also has the results C(scans) and C(trials).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Plan the changes
  ansible.builtin.set_fact:
    plan: "{{ database_users_users | passwordless.rds.database_users_plan(state) }}"
"""

RETURN = r"""
_value:
  description:
    - A dictionary with C(users), C(problems), and C(scan), the databases to search for C(session_user).
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_plan import plan_users


def database_users_plan(users: t.Sequence[t.Mapping[str, t.Any]], state: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return plan_users(users, state)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_plan": database_users_plan}
