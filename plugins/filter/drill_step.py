# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_step
short_description: Record a step in the receipt of a restore drill
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the receipt with the time and the outcome of the step, and with its results.
positional: step, end, result
options:
  _input:
    description:
      - The receipt of the drill.
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
  result:
    description:
      - The result of the task, or of the task that failed.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the receipt with the restore
  ansible.builtin.debug:
    msg: "{{ receipt | passwordless.rds.drill_step({'name': 'restore', 'start': start}, end, restored) }}"
"""

RETURN = r"""
_value:
  description:
    - The receipt.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import record_step


def drill_step(
    receipt: dict[str, t.Any], step: t.Mapping[str, t.Any], end: str, result: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    return record_step(receipt, step, end, result)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_step": drill_step}
