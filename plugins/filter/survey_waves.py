# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: survey_waves
short_description: Read the waves of a rollout from the answer of a survey
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the list of waves from text in YAML or JSON, or a list as it is. Anything else is an error.
positional: variable
options:
  _input:
    description:
      - The answer.
    type: raw
    required: true
  variable:
    description:
      - The name of the variable, for the error.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the waves
  ansible.builtin.debug:
    msg: "{{ '- tags: {env: test}' | passwordless.rds.survey_waves('waves') }}"
"""

RETURN = r"""
_value:
  description:
    - The waves.
  type: list
  elements: raw
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.yaml import yaml_load
from yaml import YAMLError

_HINT = "It must be a list of selections in YAML or JSON, such as '[{tags: {env: test}}, {tags: {env: prod}}]'."


def survey_waves(answer: t.Any, variable: str) -> list[t.Any]:
    try:
        waves = yaml_load(str(answer)) if isinstance(answer, str) else answer
    except YAMLError as error:
        raise AnsibleFilterError(f"{variable}: the text is not valid YAML: {error}. {_HINT}") from error
    if not isinstance(waves, list) or not waves:
        raise AnsibleFilterError(f"{variable}: no wave is given. {_HINT}")
    return waves


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"survey_waves": survey_waves}
