# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_page
short_description: Format the receipt of a restore drill as a page
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the receipt in Markdown.
options:
  _input:
    description:
      - The receipt of the drill.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the page
  ansible.builtin.debug:
    msg: "{{ restore_drill_receipt | passwordless.rds.drill_page }}"
"""

RETURN = r"""
_value:
  description:
    - The page.
  type: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_page import page


def drill_page(receipt: dict[str, t.Any]) -> str:
    return page(receipt)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_page": drill_page}
