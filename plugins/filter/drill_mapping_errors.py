# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_mapping_errors
short_description: Check the users that a restore drill maps to IAM
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the errors in the users for which the role C(database_users) would refuse them. The role C(restore_drill)
    checks them before the restore.
positional: preview
options:
  _input:
    description:
      - The plan, as P(passwordless.rds.drill_plan#filter) returns it.
    type: dict
    required: true
  preview:
    description:
      - The result of M(passwordless.rds.rds_restore_iam) in check mode.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the errors
  ansible.builtin.debug:
    msg: "{{ plan | passwordless.rds.drill_mapping_errors(preview) }}"
"""

RETURN = r"""
_value:
  description:
    - The errors. An empty list if there are none, and if the drill maps no user.
  type: list
  elements: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._database.installed import is_installed
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_mapping import mapping_errors


def drill_mapping_errors(plan: t.Mapping[str, t.Any], preview: t.Mapping[str, t.Any]) -> list[str]:
    return mapping_errors(plan, preview, is_installed)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_mapping_errors": drill_mapping_errors}
