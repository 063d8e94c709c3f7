# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_access_problems
short_description: Find principals and roles of a restore drill that cannot be used
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns a message for each IAM principal that does not exist, and for each role that the task cannot assume.
positional: principals, sessions
options:
  _input:
    description:
      - The plan, as P(passwordless.rds.drill_plan#filter) returns it.
    type: dict
    required: true
  principals:
    description:
      - The results of a loop of M(amazon.aws.iam_policy_info) over the principals of the plan.
    type: list
    elements: dict
    required: true
  sessions:
    description:
      - The results of a loop of M(amazon.aws.sts_assume_role) over the roles of the plan.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show why users could not log in
  ansible.builtin.debug:
    msg: "{{ plan | passwordless.rds.drill_access_problems(policies.results, sessions.results) }}"
"""

RETURN = r"""
_value:
  description:
    - The messages.
  type: list
  elements: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_plan import access_problems


def drill_access_problems(
    plan: t.Mapping[str, t.Any],
    principals: t.Sequence[t.Mapping[str, t.Any]],
    sessions: t.Sequence[t.Mapping[str, t.Any]],
) -> list[str]:
    return access_problems(plan, principals, sessions)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_access_problems": drill_access_problems}
