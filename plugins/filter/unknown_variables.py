# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: unknown_variables
short_description: Find misspelled variables of a playbook or role
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns an error message for each unknown variable, with the most similar valid name. Use it so that a misspelled
    variable is not ignored.
positional: known
options:
  _input:
    description:
      - The names of the variables that are set.
    type: list
    elements: str
    required: true
  known:
    description:
      - The names of the variables that are valid.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Refuse misspelled variables
  ansible.builtin.assert:
    that: errors | length == 0
    fail_msg: "{{ errors | join(' ') }}"
  vars:
    errors: "{{ query('ansible.builtin.varnames', '^shop_') | passwordless.rds.unknown_variables(['shop_region']) }}"
"""

RETURN = r"""
_value:
  description:
    - The error messages.
  type: list
  elements: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._options.variable_names import unknown


def unknown_variables(names: t.Iterable[str], known: t.Sequence[str]) -> list[str]:
    return unknown(names, known)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"unknown_variables": unknown_variables}
