# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each module works with exactly the permissions that the guide documents, and names each one that is missing."""

from __future__ import annotations

import json

import pytest
from ansible_collections.passwordless.rds.scripts import policy_docs
from ansible_collections.passwordless.rds.tests.unit import permission_records
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.permission_modes import CASES, MODES

CHANGES = ("Create", "Modify", "Restore")
IDS = [f"{module}-{mode.sid}" for module, mode in CASES]


@pytest.fixture
def start(sim, capsys):
    """Return a function that seeds the databases of a mode, and returns a function that runs its module."""

    def start(module, mode, permissions=None):
        sim.seed(dict(mode.seed))
        if mode.prepare:
            mode.prepare(sim)
        if permissions is not None:
            permission_records.seed_caller(sim, permissions)
        sim.calls_clear()
        return Runner(module, sim.url, capsys)

    return start


@pytest.fixture(scope="module")
def recording():
    """Collect the permissions of each mode, and write them at the end."""
    found = {}
    yield found
    for module, modes in found.items():
        permission_records.record(module, MODES[module], modes)


if permission_records.RECORDS:

    @pytest.mark.parametrize(("module", "mode"), CASES, ids=IDS)
    def test_permissions_are_recorded(sim, start, recording, module, mode):
        run = start(module, mode)
        for task in mode.tasks:
            run.ok(**task)
        recording.setdefault(module, {})[mode.sid] = permission_records.required(sim)


@pytest.mark.sample(2)
@pytest.mark.parametrize(("module", "mode"), CASES, ids=IDS)
def test_permissions_documented_are_sufficient_and_used(sim, start, module, mode):
    documented = permission_records.recorded(module, mode.sid)
    run = start(module, mode, documented)
    for task in mode.tasks:
        result = run.ok(**task)
        assert "is not authorized" not in json.dumps(result)
    assert permission_records.required(sim) == documented
    assert not [call for call in sim.calls if call.error == "AccessDenied"]


MISSING = [
    (module, mode, action, resource)
    for module, mode in CASES
    for action, resource in policy_docs.pairs_of(permission_records.recorded(module, mode.sid))
]


@pytest.mark.sample(20)
@pytest.mark.parametrize(
    ("module", "mode", "action", "resource"), MISSING, ids=[f"{m}-{o.sid}-{a}-{r}" for m, o, a, r in MISSING]
)
def test_permission_missing_is_named(sim, start, module, mode, action, resource):
    run = start(
        module, mode, permission_records.without(permission_records.recorded(module, mode.sid), action, resource)
    )
    results = [run(**task) for task in mode.tasks]
    failed = [result for result in results if result.get("failed")]
    if action in mode.optional:
        assert not failed
        assert any(action in warning for result in results for warning in result["warnings"])
    else:
        assert failed
        assert [result["msg"] for result in failed if f"{action} on resource: " not in result["msg"]] == []
    changed = [call for call in sim.calls if call.error is None and call.operation.startswith(CHANGES)]
    reported = [result for task, result in zip(mode.tasks, results) if result.get("changed") and not task.get("check")]
    assert bool(reported) is bool(changed)
