# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Every state in which a database can be created or restored, and the task killed at each of its requests."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.samples import sample_size
from ansible_collections.passwordless.rds.tests.unit.exhaustive import provision_states as states
from ansible_collections.passwordless.rds.tests.unit.exhaustive.change_states import size
from ansible_collections.passwordless.rds.tests.unit.exhaustive.provision_runs import faults, faults_of_interruptions


def rank(state):
    """Return how far a state is from the ordinary: the number of values that are not the first ones."""
    return sum(states.AXES[name].index(value) > 0 for name, value in state._asdict().items())


def test_provision_for_every_state(capsys):
    found = list(states.provision_states())
    possible = [state for state, why in found if why is None]
    assert len(found) == size(states.AXES)
    assert {why for _state, why in found} - {None} == set(states.IMPOSSIBLE)
    # a prime stride, so that the sample follows none of the axes
    stride, kills, failures = sample_size(79, 1), 0, []
    for state in possible[::stride]:
        killed, more = faults_of_interruptions(state)
        kills += killed
        failures += [(rank(state), f"{state}:\n  {fault}") for fault in (*faults(state), *more)]
    count = len(possible[::stride])
    with capsys.disabled():
        print(f"{count} of {len(possible)} states of a task that creates a database tested, and {kills} kills")
    if failures:
        pytest.fail(f"{len(failures)} failures, the simplest of them:\n{min(failures)[1]}")
