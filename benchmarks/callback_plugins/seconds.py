# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Write the duration of each task to a file, in addition to the output of Ansible."""

from __future__ import annotations

import json
import os
import pathlib
import time

from ansible.executor.stats import AggregateStats
from ansible.playbook.task import Task
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: seconds
type: notification
short_description: Write how long each task took to a file
description: Writes a dictionary as JSON, task name to seconds, to the file that the variable SECONDS_FILE names.
"""


class CallbackModule(CallbackBase):
    """Measures tasks for the benchmarks. A task lasts until the next one starts."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "seconds"

    def __init__(self) -> None:
        super().__init__()
        self._seconds: dict[str, float] = {}
        self._running: tuple[str, float] | None = None

    def _end(self) -> None:
        if self._running is not None:
            name, began = self._running
            self._seconds[name] = self._seconds.get(name, 0.0) + time.monotonic() - began

    def v2_playbook_on_task_start(self, task: Task, is_conditional: bool) -> None:
        """Record the start of a task."""
        self._end()
        self._running = (task.get_name(), time.monotonic())

    def v2_playbook_on_stats(self, stats: AggregateStats) -> None:
        """Write the durations at the end of the run."""
        self._end()
        pathlib.Path(os.environ["SECONDS_FILE"]).write_text(json.dumps(self._seconds), encoding="utf-8")
