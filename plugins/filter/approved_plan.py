# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: approved_plan
short_description: Return the approved plan ID of a host
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the given plan ID. If it is blank, returns the plan ID that a check job passed on for this host. If there is
    neither, returns an empty string.
  - Raises an error if a check job passed on plans but none for this host, unless O(required=false). A blank plan ID,
    for example of a host whose check failed, does not count as a plan.
positional: plans, host, required
options:
  _input:
    description:
      - The given plan ID. It may be blank.
    type: raw
    required: true
  plans:
    description:
      - The plan ID of each host, as passed on by a check job.
    type: raw
    required: true
  host:
    description:
      - The name of the host.
    type: str
    required: true
  required:
    description:
      - Whether this host requires a plan if a check job passed on plans.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Show the plan of this host
  ansible.builtin.debug:
    msg: "{{ '' | passwordless.rds.approved_plan({'localhost': '3f6d1c0a9b8e7d65'}, inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description:
    - The plan ID, or an empty string.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import (
    approved_plan as _approved_plan,
)


def approved_plan(plan: t.Any, plans: t.Any, host: str, required: bool = True) -> str:
    try:
        return _approved_plan(plan, plans, host, required=required)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"approved_plan": approved_plan}
