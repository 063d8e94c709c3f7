# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_record
short_description: Record the result of the role database_users for a user
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the result of the role with the entry of one more user.
  - Without O(done), the entry is that of a user that was not changed.
positional: user, done
options:
  _input:
    description:
      - The entries of the earlier users.
    type: list
    elements: dict
    required: true
  user:
    description:
      - The plan of the user, as P(passwordless.rds.database_users_plan#filter) returns it.
    type: dict
    required: true
  done:
    description:
      - The results of the tasks for the user.
    type: dict
"""

EXAMPLES = r"""
- name: Record that the user was not changed
  ansible.builtin.set_fact:
    results: "{{ results | passwordless.rds.database_users_record(plan.users[0]) }}"
"""

RETURN = r"""
_value:
  description:
    - The entries, in the format of C(database_users_result).
  type: list
  elements: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules import user_migration_result as rules


def database_users_record(
    results: t.Sequence[t.Mapping[str, t.Any]],
    user: t.Mapping[str, t.Any],
    done: t.Mapping[str, t.Any] | None = None,
) -> list[t.Mapping[str, t.Any]]:
    entry = rules.record(user, done) if done else rules.not_started(user)
    return [*results, entry]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_record": database_users_record}
