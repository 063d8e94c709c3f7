# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Every cause of a failed login is injected into a real server or its account, and must be named.

With the deciding witness denied, the cause must be unknown, and the real cause one of the candidates.
"""

from __future__ import annotations

import itertools
import os

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.login_faults import FAULTS, can_combine
from ansible_collections.passwordless.rds.tests.unit.login_fleet import SEED, LoginFleet
from rds_simulator import Simulator
from rds_simulator.requirements import missing_packages

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt")

PAIRS = [pair for pair in itertools.combinations(FAULTS, 2) if can_combine(*pair)]
# all pairs take several minutes
SAMPLE = 1 if os.environ.get("TEST_ALL_PAIRS") else 9


@pytest.fixture(scope="module")
def simulator():
    with Simulator(speed=1.0) as running:
        running.seed(SEED)
        yield running


@pytest.fixture(params=["instance", "cluster"])
def kind(request):
    return request.param


@pytest.fixture
def fleet(simulator, kind):
    fleet = LoginFleet(simulator, kind)
    with fleet.undo:
        yield fleet


@pytest.fixture
def check(fleet, capsys, caplog):
    """Return a function that checks the login, and makes sure that no secret is in the output."""
    runner = Runner("rds_login_check", fleet.simulator.url, capsys)

    def run(**options):
        found = runner(**{"session_token": None, **fleet.options, "fail_on": "never", **options})
        assert "X-Amz-Signature" not in runner.output
        assert fleet.caller["secret_key"] not in runner.output
        assert [record for record in caplog.records if "error" in record.getMessage()] == []
        assert "failed" not in found, found["msg"]
        assert not found["changed"]
        return found

    return run


def test_login_healthy_needs_one_call_and_returns_session(fleet, check):
    fleet.simulator.calls_clear()
    found = check()
    assert found["logged_in"]
    assert (found["user"], found["cause"], found["evidence"]) == ("app", None, [])
    assert found["server_version"].startswith("18.")
    assert found["engine_version"].startswith("16.") or fleet.kind == "cluster"
    assert [call.operation for call in fleet.simulator.calls] == [f"DescribeDB{fleet.kind.title()}s"]


def test_login_healthy_by_host_needs_no_call(fleet, check):
    fleet.use_host()
    fleet.simulator.calls_clear()
    assert check(check=True)["logged_in"]
    assert fleet.simulator.calls == []


@pytest.mark.parametrize("name", FAULTS)
def test_login_fault_is_named(fleet, check, tmp_path, name):
    prepare(fleet, name)
    fleet.use_administrator()
    FAULTS[name].inject(fleet, tmp_path)
    found = check()
    assert (found["logged_in"], found["cause"]) == (False, name), found["evidence"]
    assert found["remedy"]


DECIDED = [name for name, fault in FAULTS.items() if fault.decided_by]


@pytest.mark.parametrize("name", DECIDED)
def test_login_deciding_witness_denied_is_unknown(fleet, check, tmp_path, name):
    prepare(fleet, name)
    decided_by = FAULTS[name].decided_by
    if decided_by == "administrator":
        fleet.options.pop("admin_username", None)
    else:
        fleet.use_administrator()
    FAULTS[name].inject(fleet, tmp_path)
    if decided_by != "administrator":
        fleet.deny(*decided_by)
    fleet.options["timeout"] = 2
    found = check()
    assert found["cause"] == "unknown", found["evidence"]
    assert name in found["candidates"]


@pytest.mark.parametrize(("first", "second"), PAIRS[::SAMPLE])
@pytest.mark.parametrize("kind", ["instance"], indirect=True)
def test_login_two_faults_names_the_first(fleet, check, tmp_path, first, second):
    prepare(fleet, first, second)
    fleet.use_administrator()
    # what needs the database to run is injected first
    for name in sorted((first, second), key=list(FAULTS).index, reverse=True):
        FAULTS[name].inject(fleet, tmp_path)
    found = check()
    assert found["cause"] == first, found["evidence"]


def prepare(fleet, *names):
    if any(FAULTS[name].needs_host for name in names):
        fleet.use_host()


def test_matrix_size_is_printed(capsys):
    with capsys.disabled():
        print(f"{len(FAULTS)} causes and {len(PAIRS[::SAMPLE])} of {len(PAIRS)} pairs of a failed login are injected")
    assert len(FAULTS) >= 29
