# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_record
short_description: Record the result of a wave in the report of a rollout
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the report with the result of the wave. If the rollout must stop, the report also contains the reason.
positional: wave, results, options
options:
  _input:
    description:
      - The report before the wave.
    type: dict
    required: true
  wave:
    description:
      - The wave, as P(passwordless.rds.rollout_plan#filter) returns it.
    type: dict
    required: true
  results:
    description:
      - The results that the tasks registered, under the keys C(preview), C(applied) and C(verified).
    type: dict
    required: true
  options:
    description:
      - The options C(apply_immediately) and C(max_failures) of the rollout.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Record the result of the wave
  ansible.builtin.set_fact:
    report: "{{ report | passwordless.rds.rollout_record(wave, results, {'max_failures': 2}) }}"
"""

RETURN = r"""
_value:
  description:
    - The report with the wave.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_record import record


def rollout_record(
    report: t.Mapping[str, t.Any],
    wave: t.Mapping[str, t.Any],
    results: t.Mapping[str, t.Any],
    options: t.Mapping[str, t.Any],
) -> dict[str, t.Any]:
    return record(report, wave, results, options)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"rollout_record": rollout_record}
