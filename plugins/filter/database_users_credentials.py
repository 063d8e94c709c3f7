# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_credentials
short_description: Select the credentials that verify a user of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the session credentials of the role that a user names in C(verify_role_arn), or an empty dictionary if the
    user names no role. Fails if the role was not assumed, because the credentials of the task must not replace those of
    the role.
positional: user
options:
  _input:
    description:
      - The results of a loop of M(amazon.aws.sts_assume_role) over the role of the user, if it names one.
    type: list
    elements: dict
    required: true
  user:
    description:
      - The plan of the user, as P(passwordless.rds.database_users_plan#filter) returns it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which access key verifies the user
  ansible.builtin.debug:
    msg: "{{ (roles.results | passwordless.rds.database_users_credentials(plan.users[0])).access_key }}"
"""

RETURN = r"""
_value:
  description:
    - The options C(access_key), C(secret_key), C(session_token) and a blank C(profile), or an empty dictionary.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.session_options import session_options


def database_users_credentials(
    results: t.Sequence[t.Mapping[str, t.Any]], user: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    role = user["verify_role_arn"]
    if not role:
        return {}
    found = next((result for result in results if result.get("item") == role), {})
    options = session_options(found)
    if not options:
        reason = str(found.get("msg") or "it could not be assumed").rstrip(".")
        raise AnsibleFilterError(f"verify_role_arn: {role}: {reason}. Allow the task to assume the role.")
    return options


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_credentials": database_users_credentials}
