# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_left
short_description: Return the changes that remain after a failed step of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Plans the users again, and returns what is left to do for one user. The difference to the earlier plan of this user
    is what the failed step has changed.
positional: state, user
options:
  _input:
    description:
      - The users, in the format of O(passwordless.rds.database_users#role:main:database_users_users).
    type: list
    elements: dict
    required: true
  state:
    description:
      - The state after the failure, in the format of P(passwordless.rds.database_users_plan#filter). C(principals) are
        those of the user.
    type: dict
    required: true
  user:
    description:
      - The earlier plan of the user, as P(passwordless.rds.database_users_plan#filter) returned it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Find out what is left to do
  ansible.builtin.set_fact:
    left: "{{ database_users_users | passwordless.rds.database_users_left(state, plan.users[0]) }}"
"""

RETURN = r"""
_value:
  description:
    - A dictionary with C(actions), C(close_actions), C(policies) and C(is_mapped). C(policies) is null if the policies
      could not be read.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_failure import left_to_do


def database_users_left(
    users: t.Sequence[t.Mapping[str, t.Any]], state: t.Mapping[str, t.Any], user: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    return left_to_do(users, state, user)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_left": database_users_left}
