# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_targets
short_description: List the databases of a wave to verify
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns the ARNs of the databases that the wave was planned to change. If the change renamed a database, returns its
    new ARN.
positional: applied
options:
  _input:
    description:
      - The result of the preview of the wave.
    type: dict
    required: true
  applied:
    description:
      - The result of the change.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Verify the databases of a wave
  passwordless.rds.rds_iam_auth_info:
    db_instance_identifiers: "{{ (preview | passwordless.rds.rollout_targets(applied)).instance }}"
"""

RETURN = r"""
_value:
  description:
    - The ARNs, under the keys C(instance) and C(cluster).
  type: dict
"""

import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_record import verification_targets


def rollout_targets(preview: t.Mapping[str, t.Any], applied: t.Mapping[str, t.Any]) -> dict[str, list[str]]:
    return verification_targets(preview, applied)


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"rollout_targets": rollout_targets}
