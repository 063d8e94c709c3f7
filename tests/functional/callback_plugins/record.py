# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Writes the result of each task to a file, one JSON document per line, in addition to the output."""

from __future__ import annotations

import json
import os
import pathlib

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Write the result of every task to a file
description: Appends task name, state and result to the file that the environment variable RECORD_FILE names.
"""


class CallbackModule(CallbackBase):
    """Records the results of tasks, for tests."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"

    def _record(self, state, result):
        returned = json.loads(self._dump_results(result._result))
        # the text of the results does not contain it
        if result._task.get_name().endswith("Show the changes of the user"):
            returned["diff"] = result._result.get("diff")
        line = {"task": result._task.get_name(), "state": state, "result": returned}
        with pathlib.Path(os.environ["RECORD_FILE"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def v2_runner_on_ok(self, result):
        """Record a task that succeeded."""
        self._record("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        """Record a task that failed."""
        self._record("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_skipped(self, result):
        """Record a task that was skipped."""
        self._record("skipped", result)
