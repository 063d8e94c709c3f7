# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: blank_as
short_description: Replace a blank survey answer
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the replacement if the answer is null, an empty string, or white space only. Otherwise, returns the answer.
    Leading and trailing white space is removed from strings.
  - Use it with C(omit) for options that are a boolean, a number or a dictionary. Ansible refuses a blank for these
    options before a module starts.
  - The values V(false) and V(0) are not blank. The filter P(ansible.builtin.default#filter) with its second argument
    would replace them.
positional: replacement
options:
  _input:
    description:
      - The answer.
    type: raw
    required: true
  replacement:
    description:
      - The value to return for a blank, for example C(omit).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Pass the answers of a survey to a module
  passwordless.rds.rds_iam_auth:
    db_instance_identifiers: "{{ names }}"
    apply_immediately: "{{ now | default('') | passwordless.rds.blank_as(omit) }}"
    wait_timeout: "{{ seconds | default('') | passwordless.rds.blank_as(omit) }}"
"""

RETURN = r"""
_value:
  description:
    - The answer, or the replacement.
  type: raw
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import blank_as as _blank_as


def blank_as(answer: t.Any, replacement: t.Any) -> t.Any:
    return _blank_as(answer, replacement)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"blank_as": blank_as}
