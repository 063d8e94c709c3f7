# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_cleanup
short_description: Decide what a restore drill deletes at the end
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the DB instances, the DB clusters and the inline policies to delete. They include
    only what the same run created, according to the receipt.
  - If the target now has another resource ID, or if the run did not create it, nothing is deleted. C(refused) is
    then the reason.
positional: described, on_failure
options:
  _input:
    description:
      - The receipt of the drill.
    type: dict
    required: true
  described:
    description:
      - The result of M(passwordless.rds.rds_iam_auth_info) for the target.
    type: dict
    required: true
  on_failure:
    description:
      - Whether to delete the target if the drill failed.
    type: bool
    required: true
"""

EXAMPLES = r"""
- name: Show what would be deleted
  ansible.builtin.debug:
    msg: "{{ receipt | passwordless.rds.drill_cleanup(described, false) }}"
"""

RETURN = r"""
_value:
  description:
    - The lists C(instances), C(clusters) and C(policies), and the texts C(refused) and C(skipped).
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._options.survey_values import is_true
from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_cleanup import drill_cleanup as plan_cleanup


def drill_cleanup(receipt: dict[str, t.Any], described: t.Mapping[str, t.Any], on_failure: t.Any) -> dict[str, t.Any]:
    return plan_cleanup(receipt, described, on_failure=is_true(on_failure))


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drill_cleanup": drill_cleanup}
