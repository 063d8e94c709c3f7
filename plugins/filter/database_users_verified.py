# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_verified
short_description: Check whether a login verifies a user of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns V(true) if the user has logged in with the credentials of a principal. Also returns V(true) if the user has
    logged in with other credentials, and the simulation of IAM allows the login of all principals.
positional: user, identity
options:
  _input:
    description:
      - The result of M(passwordless.rds.rds_login_check).
    type: dict
    required: true
  user:
    description:
      - The plan of the user, as P(passwordless.rds.database_users_plan#filter) returns it.
    type: dict
    required: true
  identity:
    description:
      - The ARN of the identity whose credentials the task has.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Log in until the policy has taken effect
  passwordless.rds.rds_login_check:
    db_instance_identifier: orders
    username: app
    ca_cert: /etc/ssl/rds/global-bundle.pem
    fail_on: never
  register: check
  until: check | passwordless.rds.database_users_verified(plan.users[0], caller.arn)
"""

RETURN = r"""
_value:
  description:
    - Whether the login of the user is verified.
  type: bool
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_result import verify


def database_users_verified(check: t.Mapping[str, t.Any], user: t.Mapping[str, t.Any], identity: str) -> bool:
    return bool(verify(user, check, identity)["verified"])


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_verified": database_users_verified}
