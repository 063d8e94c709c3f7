# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_restore_options
short_description: Build the restore options of a drill from survey answers
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the option C(restore_drill_restore) of the role C(restore_drill). Blank answers are omitted.
options:
  _input:
    description:
      - The answers that P(passwordless.rds.restore_options#filter) reads, and answers that have the name of an option
        of M(passwordless.rds.rds_restore_iam).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the options of a restore
  ansible.builtin.debug:
    msg: "{{ {'target_name': 'drill', 'source_name': 'orders-monday'} | passwordless.rds.drill_restore_options }}"
"""

RETURN = r"""
_value:
  description:
    - The options.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.drill_answers import restore_of_drill


def drill_restore_options(answers: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    try:
        return restore_of_drill(answers)
    except InputError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_restore_options": drill_restore_options}
