# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_plan
short_description: Check the options of a restore drill and plan it
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns what the tasks of the role C(restore_drill) loop over, such as the users, their IAM principals and the
    roles to assume.
  - Raises an error for an invalid user or principal, and for options that contradict each other.
positional: options
options:
  _input:
    description:
      - The option C(restore_drill_users) of the role.
    type: list
    elements: dict
    required: true
  options:
    description:
      - The options C(restore), C(admin_username), C(database), C(policy_timeout), C(old_policies), C(cleanup),
        C(cleanup_on_failure) and C(receipt_path) of the role. C(admin_password) is V(true) if a password is set.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the plan of a drill
  ansible.builtin.debug:
    msg: "{{ [{'name': 'app'}] | passwordless.rds.drill_plan({'restore': {}, 'policy_timeout': 60}) }}"
"""

RETURN = r"""
_value:
  description:
    - The plan.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_plan import drill_plan as plan_drill


def drill_plan(users: t.Any, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    try:
        return plan_drill(users, options)
    except InputError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_plan": drill_plan}
