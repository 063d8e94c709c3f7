# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_credentials
short_description: Select the credentials that verify the login of a user in a restore drill
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the credentials of the role in C(verify_role_arn), or an empty dictionary if the login uses the
    credentials of the task.
positional: sessions, user
options:
  _input:
    description:
      - The plan, as P(passwordless.rds.drill_plan#filter) returns it.
    type: dict
    required: true
  sessions:
    description:
      - The results of a loop of M(amazon.aws.sts_assume_role) over the roles of the plan.
    type: list
    elements: dict
    required: true
  user:
    description:
      - A user of the plan.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the access key that verifies the first user
  ansible.builtin.debug:
    msg: "{{ (plan | passwordless.rds.drill_credentials(sessions.results, plan.users[0])).access_key }}"
"""

RETURN = r"""
_value:
  description:
    - The options C(access_key), C(secret_key), C(session_token) and a blank C(profile), or an empty dictionary.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_plan import session_credentials


def drill_credentials(
    plan: t.Mapping[str, t.Any], sessions: t.Sequence[t.Mapping[str, t.Any]], user: t.Mapping[str, t.Any]
) -> dict[str, str]:
    try:
        return session_credentials(plan, sessions, user)
    except InputError as error:
        raise AnsibleFilterError(error.message) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_credentials": drill_credentials}
