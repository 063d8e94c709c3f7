# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_previous
short_description: Read the receipt of an earlier restore drill
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the receipt in the text of a file. Raises an error for any other text.
positional: path
options:
  _input:
    description:
      - The text of the file.
    type: str
    required: true
  path:
    description:
      - The path of the file, for the error message.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the outcome of the last drill
  ansible.builtin.debug:
    msg: "{{ (lookup('ansible.builtin.file', 'drill.json') | passwordless.rds.drill_previous('drill.json')).outcome }}"
"""

RETURN = r"""
_value:
  description:
    - The receipt.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_comparison import read_previous


def drill_previous(text: str, path: str) -> dict[str, t.Any]:
    try:
        return read_previous(text, path)
    except InputError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_previous": drill_previous}
