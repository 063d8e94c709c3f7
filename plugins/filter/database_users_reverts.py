# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_reverts
short_description: Decide whether the role database_users reverts a mapping after an error
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns whether a failed step may have made the password of a user invalid, so that the role restores it.
positional: step, check_mode
options:
  _input:
    description:
      - The plan of the user, as P(passwordless.rds.database_users_plan#filter) returns it.
    type: dict
    required: true
  step:
    description:
      - The step that has started and not ended, for example V(map). Blank for none.
    type: str
    required: true
  check_mode:
    description:
      - Whether the role runs in check mode.
    type: bool
    required: true
"""

EXAMPLES = r"""
- name: Show whether the mapping is reverted
  ansible.builtin.debug:
    msg: "{{ plan.users[0] | passwordless.rds.database_users_reverts('map', ansible_check_mode) }}"
"""

RETURN = r"""
_value:
  description:
    - Whether the role reverts the mapping.
  type: bool
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import is_true
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_failure import reverts


def database_users_reverts(user: t.Mapping[str, t.Any], step: str, check_mode: t.Any) -> bool:
    return reverts(user, step, check_mode=is_true(check_mode))


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_reverts": database_users_reverts}
