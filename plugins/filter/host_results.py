# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: host_results
short_description: Combine the results of all hosts of a play
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Combines the results that M(passwordless.rds.rds_iam_auth) returned on each host into one. Use it to pass the result
    to the next node of an AWX workflow.
positional: hosts, variable, preview
options:
  _input:
    description:
      - C(hostvars).
    type: dict
    required: true
  hosts:
    description:
      - The hosts of the play, in order.
    type: list
    elements: str
    required: true
  variable:
    description:
      - The name of the variable that each host registered.
    type: str
    required: true
  preview:
    description:
      - Whether the results are from a run in check mode.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Pass the result to the next node of a workflow
  ansible.builtin.set_stats:
    aggregate: false
    data:
      switched: "{{ hostvars | passwordless.rds.host_results(ansible_play_hosts_all, 'result', ansible_check_mode) }}"
"""

RETURN = r"""
_value:
  description:
    - A dictionary with C(changed), C(plan_id), C(summary), C(outcomes), C(changes) and C(expect_plan_ids).
    - C(changes) contains one line for each database that was or would be changed.
    - In check mode, C(expect_plan_ids) contains the plan ID of each host, which is blank if the check failed.
      Otherwise, it is empty.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.host_results import combined


def host_results(
    hostvars: t.Mapping[str, t.Mapping[str, t.Any]], hosts: t.Iterable[str], variable: str, preview: bool = False
) -> dict[str, t.Any]:
    results = {host: hostvars[host].get(variable, {}) for host in hosts}
    return combined(results, preview=preview)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"host_results": host_results}
