# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_policy
short_description: Compare an inline policy with the planned change
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the change that is still required to make the current inline policy match the plan of the role
    database_users. IAM has no conditional write for policies, so another run can have replaced the policy.
positional: database, found, written
options:
  _input:
    description:
      - An entry of C(attach) or C(detach) of the plan of a user.
    type: dict
    required: true
  database:
    description:
      - The database, as M(passwordless.rds.rds_iam_auth_info) returns it.
    type: dict
    required: true
  found:
    description:
      - A new result of M(amazon.aws.iam_policy_info) for the principal.
    type: dict
    required: true
  written:
    description:
      - The changes that this run has made for the user. The filter fails if there are too many for one principal.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Compare the policy with the plan
  ansible.builtin.set_fact:
    change: "{{ plan.users[0].attach[0] | passwordless.rds.database_users_policy(database, found, []) }}"
"""

RETURN = r"""
_value:
  description:
    - The change, in the format of the plan. An empty dictionary if the policy already matches the plan.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_policies import remaining_change

Values = t.Mapping[str, t.Any]


def database_users_policy(
    planned: Values, database: Values, found: Values, written: t.Sequence[Values]
) -> dict[str, t.Any]:
    try:
        return remaining_change(planned, database, found, written)
    except InputError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_policy": database_users_policy}
