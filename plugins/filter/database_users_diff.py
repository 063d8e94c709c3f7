# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_diff
short_description: Describe a user before and after the changes of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the state of a user before and after the changes, as texts in YAML format. In check mode, these are the
    changes that the role would make.
  - The texts contain neither passwords nor password hashes.
positional: user
options:
  _input:
    description:
      - The entries of C(database_users_result). The last one is that of the user.
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
- name: Show the changes
  passwordless.rds.show_diff:
    name: app
    before: "{{ (database_users_result | passwordless.rds.database_users_diff(plan.users[0])).before }}"
    after: "{{ (database_users_result | passwordless.rds.database_users_diff(plan.users[0])).after }}"
"""

RETURN = r"""
_value:
  description:
    - A dictionary with C(before) and C(after). Both are equal if the user has failed.
  type: dict
"""

import typing as t

import yaml
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_diff import user_diff


def database_users_diff(results: t.Sequence[t.Mapping[str, t.Any]], user: t.Mapping[str, t.Any]) -> dict[str, str]:
    states = user_diff(user, results[-1])
    return {
        key: yaml.safe_dump(_plain(state), sort_keys=False, default_flow_style=False) for key, state in states.items()
    }


def _plain(value: t.Any) -> t.Any:
    """Return a value without the classes of Ansible, which PyYAML cannot represent."""
    if isinstance(value, t.Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return "".join(value)
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_diff": database_users_diff}
