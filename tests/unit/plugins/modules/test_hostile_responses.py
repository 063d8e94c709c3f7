# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A module never crashes on a response of AWS, never waits without end, and never prints control characters."""

from __future__ import annotations

import random

import botocore.httpsession
import pytest
from ansible_collections.passwordless.rds.tests.samples import sample_size
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.hostile_responses import HostileEndpoint
from ansible_collections.passwordless.rds.tests.unit.hostile_values import is_safe, time_limit
from ansible_collections.passwordless.rds.tests.unit.permission_modes import INSTANCE, MODES, fleet
from ansible_collections.passwordless.rds.tests.unit.plugins.modules.test_canaries import MODULES

_WAITS = ("rds_iam_auth", "rds_create_iam", "rds_restore_iam")
# nothing listens there, so that the login fails and the module looks for the cause
_LOGIN = {
    **INSTANCE,
    "username": "app",
    "ca_cert": botocore.httpsession.where(),
    "connect_host": "127.0.0.1",
    "connect_port": 1,
    "timeout": 2,
}
ROLE = "arn:aws:iam::123456789012:role/app"
CASES = {
    "rds_login_check": [
        (fleet(enabled=True), {**_LOGIN, "simulate_principals": ["arn:aws:iam::123456789012:role/app"]})
    ],
    "rds_users_info": [(fleet(enabled=True), _LOGIN)],
    **{
        module: [(mode.seed, task) for mode in modes if not mode.prepare for task in mode.tasks]
        for module, modes in MODES.items()
    },
}


@pytest.fixture
def endpoint(sim, monkeypatch):
    return HostileEndpoint(monkeypatch)


def check(runner, result):
    """Check that the module failed or succeeded with a message that is safe to print."""
    assert "Traceback" not in runner.output
    texts = [
        result["msg"],
        *result["warnings"],
        *(p["message"] for d in result.get("databases", ()) for p in d.get("problems", ())),
    ]
    assert [text for text in texts if not is_safe(text)] == []


def run_case(sim, module, runner, seed, task):
    sim.reset()
    sim.seed(seed)
    patience = {"wait_timeout": 60} if module in _WAITS else {}
    result = runner(aws_config={"retries": {"max_attempts": 1}}, **patience, **task)
    check(runner, result)
    return result


def test_each_module_has_a_case():
    assert sorted(CASES) == sorted(MODULES)


@pytest.mark.parametrize("module", sorted(CASES))
def test_altered_response_never_crashes(sim, endpoint, capsys, module):
    runner = Runner(module, sim.url, capsys)
    chosen = random.Random(module)
    cases = CASES[module]
    points, faults = [], []
    for seed, task in chosen.sample(cases, min(len(cases), sample_size(1, 99))):
        endpoint.alter = None
        run_case(sim, module, runner, seed, task)
        points += [(seed, task, point) for point in endpoint.points()]
    assert points
    for seed, task, point in chosen.sample(points, min(len(points), sample_size(2, 150))):
        endpoint.alter = point
        endpoint.bodies.clear()
        try:
            with time_limit(30):
                run_case(sim, module, runner, seed, task)
        except BaseException as error:
            faults.append(f"{point}: {error!r}"[:700])
    assert faults == []
