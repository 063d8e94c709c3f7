# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_failure
short_description: Describe why a rollout was stopped
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the error message of a rollout that was stopped. The message states where and why the rollout was stopped,
    how many waves are complete, and how to continue.
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
- name: Fail if the rollout was stopped
  ansible.builtin.fail:
    msg: "{{ rollout_report | passwordless.rds.rollout_failure(2) }}"
  when: rollout_report.stopped != ''
"""

RETURN = r"""
_value:
  description:
    - The error message, in one line.
  type: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._model.printable import printable
from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_summary import failure


def rollout_failure(report: t.Mapping[str, t.Any], waves: int) -> str:
    return printable(failure(report, waves=int(waves)))


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"rollout_failure": rollout_failure}
