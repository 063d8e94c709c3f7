# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_plan
short_description: Assign databases to the waves of a rollout
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Assigns each database to the first wave that selects it, and returns the waves.
  - If a wave is invalid, also returns the reason why no wave can start.
positional: previews, empty_waves, on_problem
options:
  _input:
    description:
      - The waves, in the format of O(passwordless.rds.rollout#role:main:rollout_waves).
    type: list
    elements: dict
    required: true
  previews:
    description:
      - The result of the preview of each wave.
    type: list
    elements: dict
    required: true
  empty_waves:
    description:
      - What to do if a wave selects no database. V(skip) accepts such a wave.
    type: str
    required: true
  on_problem:
    description:
      - What to do if a wave contains a blocked database. V(skip) accepts such a wave.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Assign the databases to the waves
  ansible.builtin.set_fact:
    plan: "{{ waves | passwordless.rds.rollout_plan(previews.results, 'fail', 'skip') }}"
"""

RETURN = r"""
_value:
  description:
    - A dictionary with C(waves) and C(stopped). C(stopped) is empty if all waves are valid.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_plan import plan


def rollout_plan(
    waves: t.Sequence[t.Any], previews: t.Sequence[t.Mapping[str, t.Any]], empty_waves: str, on_problem: str
) -> dict[str, t.Any]:
    return plan(waves, previews, empty_waves=empty_waves, on_problem=on_problem)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"rollout_plan": rollout_plan}
