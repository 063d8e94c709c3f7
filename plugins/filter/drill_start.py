# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_start
short_description: Start the receipt of a restore drill
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns a receipt without steps.
positional: time, preview, cleanup
options:
  _input:
    description:
      - The host of the play.
    type: str
    required: true
  time:
    description:
      - The time, in UTC and ISO 8601 format with microseconds.
    type: str
    required: true
  preview:
    description:
      - Whether the play runs in check mode.
    type: bool
    required: true
  cleanup:
    description:
      - Whether the role deletes the target at the end.
    type: bool
    required: true
"""

EXAMPLES = r"""
- name: Show an empty receipt
  ansible.builtin.debug:
    msg: "{{ inventory_hostname | passwordless.rds.drill_start('2026-11-24T03:30:00.000000Z', false, false) }}"
"""

RETURN = r"""
_value:
  description:
    - The receipt.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import is_true
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import start_receipt


def drill_start(host: str, time: str, preview: t.Any, cleanup: t.Any) -> dict[str, t.Any]:
    return start_receipt(host, time, preview=is_true(preview), cleanup=is_true(cleanup))


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_start": drill_start}
