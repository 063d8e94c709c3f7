# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The environment of a workflow."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._run.context import RunContext
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import FakeRds


def test_context_is_frozen():
    rds = FakeRds()
    with pytest.raises(dataclasses.FrozenInstanceError):
        RunContext(rds, rds.clock, print, check_mode=False).check_mode = True


def test_context_copy_for_a_preview_keeps_api_clock_and_warnings():
    rds, warnings = FakeRds(), []
    context = RunContext(rds, rds.clock, warnings.append, check_mode=False)
    preview = dataclasses.replace(context, check_mode=True)
    preview.warn("text")
    assert (preview.api, preview.clock, preview.check_mode, context.check_mode) == (rds, rds.clock, True, False)
    assert warnings == ["text"]
