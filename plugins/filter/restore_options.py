# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: restore_options
short_description: Build the options of a restore from survey answers
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the options of M(passwordless.rds.rds_restore_iam) that specify the source and the target. Options that do
    not apply are null.
options:
  _input:
    description:
      - The answers under the keys C(target_kind), C(target_name), C(source_kind), C(source_name), C(restore_time),
        C(member_class) and C(vpc_security_group_ids).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the options of a restore
  ansible.builtin.debug:
    msg: "{{ {'target_name': 'drill', 'source_name': 'orders-monday'} | passwordless.rds.restore_options }}"
"""

RETURN = r"""
_value:
  description:
    - The options of the module.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.restore_answers import options


def restore_options(answers: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    try:
        return options(answers)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"restore_options": restore_options}
