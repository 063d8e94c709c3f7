# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_old_policies
short_description: Decide what a restore drill does with policies for deleted databases
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the policies of the principals for databases that no longer exist. Also returns the policies to attach and
    to delete, according to the option C(restore_drill_old_policies).
  - Only inline policies that the roles of this collection wrote are changed.
positional: receipt, findings, found
options:
  _input:
    description:
      - The plan, as P(passwordless.rds.drill_plan#filter) returns it.
    type: dict
    required: true
  receipt:
    description:
      - The receipt of the drill.
    type: dict
    required: true
  findings:
    description:
      - The findings that M(passwordless.rds.rds_connect_policies_info) returns.
    type: list
    elements: dict
    required: true
  found:
    description:
      - The results of a loop of M(amazon.aws.iam_policy_info) over the principals of the plan.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the policies to delete
  ansible.builtin.debug:
    msg: "{{ (plan | passwordless.rds.drill_old_policies(receipt, compared.findings, policies.results)).delete }}"
"""

RETURN = r"""
_value:
  description:
    - The lists C(entries) (all these policies), C(attach) and C(delete).
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_old_policies import old_policies


def drill_old_policies(
    plan: t.Mapping[str, t.Any],
    receipt: t.Mapping[str, t.Any],
    findings: t.Sequence[t.Mapping[str, t.Any]],
    found: t.Sequence[t.Mapping[str, t.Any]],
) -> t.Mapping[str, t.Any]:
    try:
        return old_policies(plan, receipt, findings, found)
    except InputError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_old_policies": drill_old_policies}
