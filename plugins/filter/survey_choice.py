# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: survey_choice
short_description: Translate the word that was chosen in a survey
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the value of the chosen word. Upper and lower case are equivalent. A blank selects the default.
  - Any other word is an error that names the variable and the words that are valid.
positional: choices, default, variable
options:
  _input:
    description:
      - The answer.
    type: raw
    required: true
  choices:
    description:
      - The words, and what each stands for.
    type: dict
    required: true
  default:
    description:
      - The word that a blank stands for.
    type: str
    required: true
  variable:
    description:
      - The name of the variable, for the error.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show whether the setting is to be on
  ansible.builtin.debug:
    msg: "{{ 'Enabled' | passwordless.rds.survey_choice({'enabled': true, 'disabled': false}, 'enabled', 'setting') }}"
"""

RETURN = r"""
_value:
  description:
    - What the word stands for.
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
