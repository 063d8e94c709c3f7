# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: database_users_summary
short_description: Summarize the result of the role database_users
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns one line for each user, and the failures.
positional: check_mode
options:
  _input:
    description:
      - The result of the role, in the format of C(database_users_result).
    type: list
    elements: dict
    required: true
  check_mode:
    description:
      - Whether the result is a prediction.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show the result
  ansible.builtin.debug:
    msg: "{{ (database_users_result | passwordless.rds.database_users_summary).lines }}"
"""

RETURN = r"""
_value:
  description:
    - A dictionary with C(lines) and C(failures).
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._model.printable import printable
from ansible_collections.passwordless.rds.plugins.module_utils._rules import user_migration_result as rules


def database_users_summary(
    results: t.Sequence[t.Mapping[str, t.Any]], check_mode: bool = False
) -> dict[str, list[str]]:
    found = {"lines": rules.lines(results, check_mode=check_mode), "failures": rules.failures(results)}
    return {name: [printable(text) for text in texts] for name, texts in found.items()}


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"database_users_summary": database_users_summary}
