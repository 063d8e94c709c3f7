# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_target
short_description: Find the database of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the database that the options of the role name, and the errors in these options.
  - Without databases, it only checks the options.
positional: options
options:
  _input:
    description:
      - Databases as RV(passwordless.rds.rds_iam_auth_info#module:databases).
    type: list
    elements: dict
    required: true
  options:
    description:
      - The variables of the role, without their prefix.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the errors in the options
  ansible.builtin.debug:
    msg: "{{ ([] | passwordless.rds.database_users_target({'timeout': 10})).errors }}"
"""

RETURN = r"""
_value:
  description:
    - The database, with C(protocol), C(account), C(region), C(login) and C(errors). C(login) contains the options of a
      login without the password.
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._database.installed import is_installed
from ansible_collections.passwordless.rds.plugins.module_utils._rules import user_migration_target as rules


def database_users_target(
    databases: t.Sequence[t.Mapping[str, t.Any]], options: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    errors = rules.option_errors(options)
    if errors or not databases:
        return {"errors": errors}
    target = rules.find_target(databases, options)
    target["errors"] = [*target["errors"], *rules.missing_collections(target.get("protocol", ""), is_installed)]
    return target if target["errors"] else {**target, "login": rules.login_options(target, options)}


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_target": database_users_target}
