# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_mapping_users
short_description: Select the users that a restore drill maps to IAM
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the users in the format of C(database_users_users) of the role C(database_users).
positional: database, check_mode
options:
  _input:
    description:
      - The plan, as P(passwordless.rds.drill_plan#filter) returns it.
    type: dict
    required: true
  database:
    description:
      - The restored database, as M(passwordless.rds.rds_restore_iam) returns it.
    type: dict
    required: true
  check_mode:
    description:
      - Whether the play runs in check mode.
    type: bool
    required: true
"""

EXAMPLES = r"""
- name: Show the users
  ansible.builtin.debug:
    msg: "{{ plan | passwordless.rds.drill_mapping_users(restored.database, ansible_check_mode) }}"
"""

RETURN = r"""
_value:
  description:
    - The users. An empty list if the drill maps no user. Also empty in check mode if the database does not exist yet,
      or does not accept tokens yet.
  type: list
  elements: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import is_true
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_mapping import mapping_requests


def drill_mapping_users(
    plan: t.Mapping[str, t.Any], database: t.Mapping[str, t.Any], check_mode: t.Any
) -> list[dict[str, t.Any]]:
    return mapping_requests(plan, database, check_mode=is_true(check_mode))


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_mapping_users": drill_mapping_users}
