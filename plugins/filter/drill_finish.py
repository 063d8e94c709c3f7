# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_finish
short_description: Complete the receipt of a restore drill
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the receipt with the outcome and the duration of the drill.
positional: end, previous
options:
  _input:
    description:
      - The receipt of the drill.
    type: dict
    required: true
  end:
    description:
      - The time, in UTC and ISO 8601 format with microseconds.
    type: str
    required: true
  previous:
    description:
      - The receipt of an earlier drill to compare with, or an empty dictionary.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the complete receipt
  ansible.builtin.debug:
    msg: "{{ receipt | passwordless.rds.drill_finish('2026-11-24T04:30:00.000000Z') }}"
"""

RETURN = r"""
_value:
  description:
    - The receipt.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import finish_receipt


def drill_finish(
    receipt: dict[str, t.Any], end: str, previous: t.Mapping[str, t.Any] | None = None
) -> dict[str, t.Any]:
    return finish_receipt(receipt, end, previous)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_finish": drill_finish}
