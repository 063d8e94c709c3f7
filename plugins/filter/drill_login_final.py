# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_login_final
short_description: Decide whether a restore drill repeats a login
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns V(true) if the login is verified, or if it failed for a reason that another attempt cannot change. A new
    policy and the name of a new endpoint take effect only after some time.
positional: user, identity
options:
  _input:
    description:
      - The result of M(passwordless.rds.rds_login_check).
    type: dict
    required: true
  user:
    description:
      - The user in the plan that P(passwordless.rds.drill_plan#filter) returns.
    type: dict
    required: true
  identity:
    description:
      - The ARN of the identity whose credentials the task has.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show that the login of a missing user is not repeated
  ansible.builtin.debug:
    msg: "{{ {'cause': 'user_missing'} | passwordless.rds.drill_login_final(plan.users[0], caller.arn) }}"
"""

RETURN = r"""
_value:
  description:
    - Whether the result is final.
  type: bool
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_logins import is_final


def drill_login_final(result: t.Mapping[str, t.Any], user: t.Mapping[str, t.Any], identity: str) -> bool:
    return is_final(result, user, identity)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_login_final": drill_login_final}
