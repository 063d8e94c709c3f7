# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: survey_selection
short_description: Build a selection of databases from survey answers
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns a value for the option O(passwordless.rds.rds_iam_auth#module:select) with the answers that are not blank.
    Returns null if all answers are blank.
  - Raises an error if a tag occurs twice.
options:
  _input:
    description:
      - The answers, under the names of the suboptions. C(tags) is a dictionary, or text with one C(NAME=VALUE) on each
        line. C(NAME) alone matches any value.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Preview a selection
  passwordless.rds.rds_iam_auth:
    select: "{{ {'engines': 'postgres', 'tags': 'env=prod'} | passwordless.rds.survey_selection }}"
  check_mode: true
"""

RETURN = r"""
_value:
  description:
    - The selection, or null.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import selection


def survey_selection(answers: t.Mapping[str, t.Any]) -> t.Any:
    try:
        return selection(answers)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"survey_selection": survey_selection}
