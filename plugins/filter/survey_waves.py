# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: survey_waves
short_description: Read the waves of a rollout from a survey answer
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the list of waves. The answer is text in YAML or JSON, or a list.
  - Raises an error for any other answer. Also raises an error if a wave is not a valid selection, for example because
    of a misspelled key.
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
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.selection import SELECT_SPEC, read_selection
from yaml import YAMLError

_HINT = "It must be a list of selections in YAML or JSON, such as '[{tags: {env: test}}, {tags: {env: prod}}]'."


def survey_waves(answer: t.Any, variable: str) -> list[t.Any]:
    try:
        waves = yaml_load(str(answer)) if isinstance(answer, str) else answer
    except YAMLError as error:
        raise AnsibleFilterError(f"{variable}: the text is not valid YAML: {error}. {_HINT}") from error
    if waves is None or waves in ("", []):
        raise AnsibleFilterError(f"{variable}: no wave is set. {_HINT}")
    if not isinstance(waves, list):
        kind = "a single selection, not a list" if isinstance(waves, dict) else "not a list"
        raise AnsibleFilterError(f"{variable}: the value is {kind}. {_HINT}")
    for number, wave in enumerate(waves, start=1):
        reason = _refusal(wave)
        if reason:
            raise AnsibleFilterError(f"{variable}: wave {number}: {reason}")
    return waves


def _refusal(wave: t.Any) -> str:
    """Return why the module would refuse the wave, or a blank if it accepts the wave."""
    if not isinstance(wave, dict):
        return f"{wave!r} is not a selection. {_HINT}"
    checked = ArgumentSpecValidator(SELECT_SPEC).validate(wave)
    if checked.error_messages:
        return "; ".join(checked.error_messages)
    try:
        read_selection(checked.validated_parameters)
    except InputError as error:
        return str(error)
    return ""


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"survey_waves": survey_waves}
