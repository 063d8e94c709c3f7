# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_hash
short_description: Find the password hash of a user of MySQL or MariaDB
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the hash of the password that a user had before the role database_users mapped it, so that the role can
    restore it. Returns an empty string if the user had no password.
  - The result is a secret. Use it in tasks with C(no_log) only.
positional: user
options:
  _input:
    description:
      - The accounts, as P(passwordless.rds.database_users_passwords#filter) returned them before the change.
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
- name: Restore the password
  community.mysql.mysql_user:
    name: app
    plugin: mysql_native_password
    plugin_hash_string: "{{ passwords | passwordless.rds.database_users_hash(plan.users[0]) }}"
  no_log: true
"""

RETURN = r"""
_value:
  description:
    - The hash, or an empty string.
  type: str
"""

import typing as t


def database_users_hash(accounts: t.Sequence[t.Mapping[str, t.Any]], user: t.Mapping[str, t.Any]) -> str:
    if not user["invalidates_password"]:
        return ""
    key = (user["name"], user["host"].lower())
    found = (account for account in accounts if (account["name"], account["host"].lower()) == key)
    return str(next(found, {}).get("plugin_hash_string") or "")


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_hash": database_users_hash}
