# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: result_table
short_description: Describe the result of each database in one line
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns one line for each database that did not already have the desired setting. The changed databases come first.
    The databases that failed or were skipped follow, with the reasons.
  - In a preview, the lines describe what would change.
positional: preview
options:
  _input:
    description:
      - RV(passwordless.rds.rds_iam_auth#module:databases).
    type: list
    elements: dict
    required: true
  preview:
    description:
      - Whether the result is from a run in check mode.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Enable IAM database authentication
  passwordless.rds.rds_iam_auth:
    db_instance_identifiers: [orders, shop]
  register: result

- name: Show the result for each database
  ansible.builtin.debug:
    msg: "{{ result.databases | passwordless.rds.result_table(ansible_check_mode) }}"
"""

RETURN = r"""
_value:
  description:
    - The lines. Each line contains the kind, the identifier and the result of one database, and the reasons for a
      problem.
  type: list
  elements: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._model.printable import printable
from ansible_collections.passwordless.rds.plugins.module_utils._rules.result_lines import result_lines


def result_table(databases: t.Iterable[t.Mapping[str, t.Any]], preview: bool = False) -> list[str]:
    return [printable(line) for line in result_lines(databases, preview=preview)]


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"result_table": result_table}
