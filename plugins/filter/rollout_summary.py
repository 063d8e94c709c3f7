# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_summary
short_description: Describe how a rollout ended
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the summary that a rollout shows at its end.
  - The summary contains the coverage, the number of changed databases in each wave, a line for each blocked or failed
    database, and the reason if the rollout was stopped. It lists at most 10 blocked databases.
positional: waves
options:
  _input:
    description:
      - The report of the rollout, as P(passwordless.rds.rollout_record#filter) returns it.
    type: dict
    required: true
  waves:
    description:
      - The number of waves in the plan, including those that did not start.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Show how the rollout ended
  ansible.builtin.debug:
    msg: "{{ rollout_report | passwordless.rds.rollout_summary(2) }}"
"""

RETURN = r"""
_value:
  description:
    - The lines of the summary.
  type: list
  elements: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._model.printable import printable
from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_summary import summary


def rollout_summary(report: t.Mapping[str, t.Any], waves: int) -> list[str]:
    return [printable(line) for line in summary(report, waves=int(waves))]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"rollout_summary": rollout_summary}
