# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_requests
short_description: Check the users of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the errors in the users, and the IAM principals and roles that they name.
positional: target
options:
  _input:
    description:
      - The users, in the format of O(passwordless.rds.database_users#role:main:database_users_users).
    type: list
    elements: dict
    required: true
  target:
    description:
      - The database, as P(passwordless.rds.database_users_target#filter) returns it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the errors in the users
  ansible.builtin.debug:
    msg: "{{ ([{'name': 'app'}] | passwordless.rds.database_users_requests(target)).errors }}"
  vars:
    target: {protocol: postgresql, engine: postgres}
"""

RETURN = r"""
_value:
  description:
    - A dictionary with C(errors), C(principals), C(roles) and C(accounts).
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_plan import read_requests


def database_users_requests(
    users: t.Sequence[t.Mapping[str, t.Any]], target: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    requests, errors = read_requests(users, target)
    principals = {principal.arn: principal for request in requests for principal in request.principals}
    return {
        "errors": errors,
        "principals": [
            {"arn": principal.arn, "iam_type": principal.kind, "iam_name": principal.name}
            for principal in principals.values()
        ],
        "roles": list(dict.fromkeys(request.verify_role_arn for request in requests if request.verify_role_arn)),
    }


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_requests": database_users_requests}
