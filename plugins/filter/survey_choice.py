# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: survey_choice
short_description: Translate a survey choice to a value
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the value of the chosen word. The words are case-insensitive. A blank answer selects the default.
  - Raises an error for any other word. The error names the variable and the valid words.
positional: choices, default, variable
options:
  _input:
    description:
      - The answer.
    type: raw
    required: true
  choices:
    description:
      - The valid words and their values.
    type: dict
    required: true
  default:
    description:
      - The word that a blank answer selects.
    type: str
    required: true
  variable:
    description:
      - The name of the variable, for the error message.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show whether to enable the setting
  ansible.builtin.debug:
    msg: "{{ 'Enabled' | passwordless.rds.survey_choice({'enabled': true, 'disabled': false}, 'enabled', 'setting') }}"
"""

RETURN = r"""
_value:
  description:
    - The value of the word.
  type: raw
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import choice


def survey_choice(answer: t.Any, choices: t.Mapping[str, t.Any], default: str, variable: str) -> t.Any:
    try:
        return choice(answer, choices, default=default, variable=variable)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"survey_choice": survey_choice}
