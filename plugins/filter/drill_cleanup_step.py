# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_cleanup_step
short_description: Record the clean-up in the receipt of a restore drill
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the receipt with the deleted resources, or with the reason why nothing was deleted.
positional: plan, step, end, results
options:
  _input:
    description:
      - The receipt of the drill.
    type: dict
    required: true
  plan:
    description:
      - The resources to delete, as P(passwordless.rds.drill_cleanup#filter) returns it.
    type: dict
    required: true
  step:
    description:
      - The step, with C(name) and C(start), its time in UTC and ISO 8601 format with microseconds.
    type: dict
    required: true
  end:
    description:
      - The end of the step, in the format of its start.
    type: str
    required: true
  results:
    description:
      - The results of the tasks, under C(policies), C(instances) and C(clusters), and that of a task that
        failed, under C(failed).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the receipt with the clean-up
  ansible.builtin.debug:
    msg: "{{ receipt | passwordless.rds.drill_cleanup_step(plan, {'name': 'cleanup', 'start': start}, end, {}) }}"
"""

RETURN = r"""
_value:
  description:
    - The receipt.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_cleanup import record_cleanup


def drill_cleanup_step(
    receipt: dict[str, t.Any],
    plan: t.Mapping[str, t.Any],
    step: t.Mapping[str, t.Any],
    end: str,
    results: t.Mapping[str, t.Any],
) -> dict[str, t.Any]:
    return record_cleanup(receipt, plan, step, end, results)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_cleanup_step": drill_cleanup_step}
