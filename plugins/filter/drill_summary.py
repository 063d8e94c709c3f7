# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_summary
short_description: Summarize a restore drill
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns human-readable lines about the outcome, the recovery, the logins, and what was deleted.
options:
  _input:
    description:
      - The receipt of the drill.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the result of the drill
  ansible.builtin.debug:
    msg: "{{ restore_drill_receipt | passwordless.rds.drill_summary }}"
"""

RETURN = r"""
_value:
  description:
    - The lines.
  type: list
  elements: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._model.printable import printable
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import summary


def drill_summary(receipt: dict[str, t.Any]) -> list[str]:
    return [printable(line) for line in summary(receipt)]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_summary": drill_summary}
