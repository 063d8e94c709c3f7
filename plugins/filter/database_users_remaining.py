# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_remaining
short_description: List the actions or problems that remain for a user of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the actions of one user in a plan that was made after the user was changed. An empty list means that the
    user has all required rights.
  - With O(kind=problems), returns the problems of the user instead. The role checks them again immediately before it
    closes the replaced user.
positional: user, kind
options:
  _input:
    description:
      - The users of the new plan, as P(passwordless.rds.database_users_plan#filter) returns them.
    type: list
    elements: dict
    required: true
  user:
    description:
      - The user in the earlier plan.
    type: dict
    required: true
  kind:
    description:
      - Whether to return the actions or the problems.
    type: str
    choices: [actions, problems]
    default: actions
"""

EXAMPLES = r"""
- name: Show the remaining actions
  ansible.builtin.debug:
    msg: "{{ new_plan.users | passwordless.rds.database_users_remaining(plan.users[0]) }}"
"""

RETURN = r"""
_value:
  description:
    - The actions or problems.
  type: list
  elements: str
"""

import typing as t


def database_users_remaining(
    plans: t.Sequence[t.Mapping[str, t.Any]], user: t.Mapping[str, t.Any], kind: str = "actions"
) -> list[str]:
    return [entry for plan in plans if plan["label"] == user["label"] for entry in plan[kind]]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_remaining": database_users_remaining}
