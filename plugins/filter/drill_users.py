# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_users
short_description: Read the users of a restore drill from a survey answer
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the list of users. The answer is text in YAML or JSON, or a list.
  - Raises an error for any other answer. The role C(restore_drill) checks the users themselves.
positional: variable
options:
  _input:
    description:
      - The answer.
    type: raw
    required: true
  variable:
    description:
      - The name of the variable, for the error message.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the users
  ansible.builtin.debug:
    msg: "{{ '- name: app' | passwordless.rds.drill_users('users') }}"
"""

RETURN = r"""
_value:
  description:
    - The users.
  type: list
  elements: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.yaml import yaml_load
from yaml import YAMLError

_HINT = "It must be a list of users in YAML or JSON, such as '[{name: app}]'."


def drill_users(answer: t.Any, variable: str) -> list[t.Any]:
    try:
        users = yaml_load(str(answer)) if isinstance(answer, str) else answer
    except YAMLError as error:
        raise AnsibleFilterError(f"{variable}: the text is not valid YAML: {error}. {_HINT}") from error
    if not isinstance(users, list) or not users:
        raise AnsibleFilterError(f"{variable}: the value is not a list of users. {_HINT}")
    if not all(isinstance(user, dict) for user in users):
        raise AnsibleFilterError(f"{variable}: an entry is not a dictionary. {_HINT}")
    return users


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_users": drill_users}
