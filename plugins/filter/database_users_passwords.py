# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_passwords
short_description: Select the accounts whose passwords the role database_users may have to restore
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the accounts of MySQL or MariaDB that the plan maps with the strategy C(in_place), with their password
    hashes. The result is empty for other users, so that the role keeps no other hash.
  - The result is a secret. Use it in tasks with C(no_log) only.
positional: users
options:
  _input:
    description:
      - The accounts, as the module C(community.mysql.mysql_info) returns them.
    type: list
    elements: dict
    required: true
  users:
    description:
      - The plans of the users, as P(passwordless.rds.database_users_plan#filter) returns them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Keep the password hashes of the users whose passwords become invalid
  ansible.builtin.set_fact:
    passwords: "{{ before.users_info | passwordless.rds.database_users_passwords(plan.users) }}"
  no_log: true
"""

RETURN = r"""
_value:
  description:
    - The accounts with C(name), C(host) and C(plugin_hash_string).
  type: list
  elements: dict
"""

import typing as t

Accounts = t.Sequence[t.Mapping[str, t.Any]]
_KEPT = ("name", "host", "plugin_hash_string")


def database_users_passwords(accounts: Accounts, users: Accounts) -> list[dict[str, t.Any]]:
    mapped = {(user["name"], user["host"].lower()) for user in users if user["invalidates_password"]}
    kept = [account for account in accounts if (account["name"], account["host"].lower()) in mapped]
    return [{key: account.get(key) or "" for key in _KEPT} for account in kept]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_passwords": database_users_passwords}
