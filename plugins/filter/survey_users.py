# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: survey_users
short_description: Read the users of the role database_users from a survey answer
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the list of users. The answer is YAML or JSON text, because AWX has no question for a list of dictionaries.
  - Text that is not a list of users is an error. The role checks the users themselves.
positional: variable
options:
  _input:
    description:
      - The answer, or the list of users itself.
    type: raw
    required: true
  variable:
    description:
      - The variable that contains the answer, for error messages.
    type: str
    default: rds_users_users
"""

EXAMPLES = r"""
- name: Read the users
  ansible.builtin.set_fact:
    users: "{{ '[{name: app, replaces: legacy}]' | passwordless.rds.survey_users }}"
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

_HINT = "It must be a list of users in YAML or JSON, such as '[{name: app, replaces: legacy}]'."


def survey_users(answer: t.Any, variable: str = "rds_users_users") -> list[t.Any]:
    try:
        users = yaml_load(str(answer)) if isinstance(answer, str) else answer
    except YAMLError as error:
        raise AnsibleFilterError(f"{variable}: the text is not valid YAML: {error}. {_HINT}") from error
    if users is None or users in ("", []):
        raise AnsibleFilterError(f"{variable}: no user is set. {_HINT}")
    if not isinstance(users, list) or not all(isinstance(user, dict) for user in users):
        raise AnsibleFilterError(f"{variable}: the value is not a list of dictionaries. {_HINT}")
    return users


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"survey_users": survey_users}
