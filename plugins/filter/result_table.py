# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: result_table
short_description: Describe the result of each database in a line
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns a line for each database that did not have the desired setting already. Databases that change come first,
    then those that failed or were skipped, with the reasons.
  - In a preview the lines say what would be done.
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
      - Whether the result is that of a run in check mode.
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
    - The lines. Each holds the kind, the identifier and the result of one database, and the reasons for a problem.
  type: list
  elements: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.result_lines import result_lines


def result_table(databases: t.Iterable[t.Mapping[str, t.Any]], preview: bool = False) -> list[str]:
    return result_lines(databases, preview=preview)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"result_table": result_table}
