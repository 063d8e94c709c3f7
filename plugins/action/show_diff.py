# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The action of ``show_diff``. ``plugins/modules/show_diff.py`` contains its documentation."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

_SPEC = {
    "name": {"type": "str", "required": True},
    "before": {"type": "str", "required": True},
    "after": {"type": "str", "required": True},
}


class ActionModule(ActionBase):
    """Returns the difference between two texts. It runs on the controller, and changes nothing."""

    TRANSFERS_FILES = False

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _validated, given = self.validate_argument_spec(argument_spec=_SPEC)
        before, after = given["before"], given["after"]
        result["changed"] = before != after
        if self._task.diff and before != after:
            name = given["name"]
            result["diff"] = {"before": before, "after": after, "before_header": name, "after_header": name}
        return result
