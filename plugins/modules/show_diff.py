#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: show_diff
short_description: Show the difference between two texts
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the difference between two texts as the diff of the task. With C(--diff), Ansible shows it.
  - The role P(passwordless.rds.database_users#role) uses it for changes by modules that return no diff.
  - It is an action plugin. It runs on the controller, and changes nothing.
options:
  name:
    description:
      - What the texts describe. Ansible shows it in the header of the diff.
    type: str
    required: true
  before:
    description:
      - The text before the change.
    type: str
    required: true
  after:
    description:
      - The text after the change. If it differs from O(before), the task is changed.
    type: str
    required: true
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the same result.
    support: full
  diff_mode:
    description: Returns the diff in C(diff) mode.
    support: full
  action:
    description: Has a corresponding action plugin, so some parts of the options can be executed on the controller.
    support: full
"""

EXAMPLES = r"""
- name: Show the changes of a user
  passwordless.rds.show_diff:
    name: app
    before: |
      login: true
    after: |
      login: false
"""

RETURN = r"""
"""
