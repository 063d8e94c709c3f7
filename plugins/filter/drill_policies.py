# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_policies
short_description: Build the inline policies for the database that a restore drill has restored
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns one policy for each IAM principal, which allows its users to log in to the database. The policy
    keeps the users that it already contains.
  - The list is empty if the resource ID is not known, because check mode does not create the database.
  - Raises an error if an existing policy with this name contains other statements.
positional: database, found
options:
  _input:
    description:
      - The plan, as P(passwordless.rds.drill_plan#filter) returns it.
    type: dict
    required: true
  database:
    description:
      - The database, as RV(passwordless.rds.rds_restore_iam#module:database) returns it.
    type: dict
    required: true
  found:
    description:
      - The results of a loop of M(amazon.aws.iam_policy_info) over the principals of the plan.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the policies
  ansible.builtin.debug:
    msg: "{{ plan | passwordless.rds.drill_policies(restored.database, policies.results) }}"
"""

RETURN = r"""
_value:
  description:
    - The policies, with the options of M(amazon.aws.iam_policy) and with C(document).
  type: list
  elements: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_policies import (
    drill_policies as policies_of,
)


def drill_policies(
    plan: t.Mapping[str, t.Any], database: t.Mapping[str, t.Any], found: t.Sequence[t.Mapping[str, t.Any]]
) -> list[dict[str, t.Any]]:
    try:
        return policies_of(plan, database, found)
    except InputError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_policies": drill_policies}
