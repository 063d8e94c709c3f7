# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: shared_report_path
short_description: Find hosts that would write their report to the same path
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns an error message if another host of the play has the same path as this host. Otherwise, returns an empty
    string.
positional: hosts, host, fact, variable
options:
  _input:
    description:
      - The variable C(hostvars).
    type: dict
    required: true
  hosts:
    description:
      - The hosts of the play.
    type: list
    elements: str
    required: true
  host:
    description:
      - The name of this host.
    type: str
    required: true
  fact:
    description:
      - The name of the fact that contains the path on each host.
    type: str
    required: true
  variable:
    description:
      - The name of the variable that the user sets, for the error message.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Find hosts with the same path
  ansible.builtin.debug:
    msg: >-
      {{ hostvars | passwordless.rds.shared_report_path(
           ansible_play_hosts_all, inventory_hostname, '_path', 'report_path') }}
"""

RETURN = r"""
_value:
  description:
    - The error message, or an empty string.
  type: str
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_plan import (
    shared_report_path as _shared_report_path,
)


def shared_report_path(
    hostvars: t.Mapping[str, t.Mapping[str, t.Any]], hosts: t.Iterable[str], host: str, fact: str, variable: str
) -> str:
    paths = {name: hostvars[name][fact] for name in hosts if fact in hostvars[name]}
    return _shared_report_path(host, paths, variable=variable)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"shared_report_path": shared_report_path}
