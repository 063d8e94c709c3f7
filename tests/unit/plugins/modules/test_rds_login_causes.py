# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Every cause of a failed login is injected into a real server or its account, and must be named.

With the deciding witness denied, the cause must be unknown, and the real cause one of the candidates.
"""

from __future__ import annotations

import contextlib
import itertools
import os

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.login_faults import FAULTS, FAULTS_OF, can_combine
from ansible_collections.passwordless.rds.tests.unit.login_fleet import MYSQL_SEED, SEED, LoginFleet
from rds_simulator import Simulator
from rds_simulator.requirements import missing_for_mariadb, missing_packages

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt")

PAIRS = [pair for pair in itertools.combinations(FAULTS, 2) if can_combine(*pair)]
# all pairs take several minutes
SAMPLE = 1 if os.environ.get("TEST_ALL_PAIRS") else 9


SEEDS = {"postgresql": SEED, "mysql": MYSQL_SEED}
_MISSING = missing_for_mariadb()
POSTGRESQL = ("postgresql", "instance")
MYSQL = pytest.param(
    ("mysql", "instance"),
    marks=pytest.mark.skipif(bool(_MISSING), reason=f"MariaDB logins are not installed: {', '.join(_MISSING)}"),
)
PLACES = [POSTGRESQL, ("postgresql", "cluster"), MYSQL, pytest.param(("mysql", "cluster"), marks=MYSQL.marks)]


@pytest.fixture(scope="module")
def simulators():
    """Simulators by protocol, each of which is started when a test needs it."""
    with contextlib.ExitStack() as stack:
        running = {}

        def start(protocol):
            if protocol not in running:
                running[protocol] = stack.enter_context(Simulator(speed=1.0))
                running[protocol].seed(SEEDS[protocol])
            return running[protocol]

        yield start


@pytest.fixture(params=PLACES, ids="-".join)
def place(request):
    return request.param


@pytest.fixture
def fleet(simulators, place):
    protocol, kind = place
    fleet = LoginFleet(simulators(protocol), kind, protocol)
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
    if fleet.protocol == "postgresql":
        assert found["server_version"].startswith("18.")
        assert found["engine_version"].startswith("16.") or fleet.kind == "cluster"
    else:
        assert "MariaDB" in found["server_version"]
    assert [call.operation for call in fleet.simulator.calls] == [f"DescribeDB{fleet.kind.title()}s"]


def test_login_healthy_by_host_needs_no_call(fleet, check):
    fleet.use_host()
    fleet.simulator.calls_clear()
    assert check(check=True)["logged_in"]
    assert fleet.simulator.calls == []


EVERY_PLACE = [(protocol, kind) for protocol in FAULTS_OF for kind in ("instance", "cluster")]


def cases(*, decided_only=False):
    """Return every fault in every kind of database; decided_only: those that one witness decides."""
    return [
        pytest.param(place, name, marks=MYSQL.marks if place[0] == "mysql" else (), id="-".join((*place, name)))
        for place in EVERY_PLACE
        for name, fault in FAULTS_OF[place[0]].items()
        if fault.decided_by or not decided_only
    ]


@pytest.mark.parametrize(("place", "name"), cases(), indirect=["place"])
def test_login_fault_is_named(fleet, check, tmp_path, name):
    fault = FAULTS_OF[fleet.protocol][name]
    prepare(fleet, name)
    fleet.use_administrator()
    fault.inject(fleet, tmp_path)
    found = check()
    assert (found["logged_in"], found["cause"]) == (False, name), found["evidence"]
    assert found["remedy"]


@pytest.mark.parametrize(("place", "name"), cases(decided_only=True), indirect=["place"])
def test_login_deciding_witness_denied_is_unknown(fleet, check, tmp_path, name):
    fault = FAULTS_OF[fleet.protocol][name]
    prepare(fleet, name)
    if fault.decided_by != "administrator":
        fleet.use_administrator()
    fault.inject(fleet, tmp_path)
    if fault.decided_by != "administrator":
        fleet.deny(*fault.decided_by)
    fleet.options["timeout"] = 5
    found = check()
    assert found["cause"] == "unknown", found["evidence"]
    assert name in found["candidates"]


@pytest.mark.parametrize(("first", "second"), PAIRS[::SAMPLE])
@pytest.mark.parametrize("place", [POSTGRESQL, MYSQL], ids=["postgresql", "mysql"], indirect=True)
def test_login_two_faults_names_the_first(fleet, check, tmp_path, first, second):
    prepare(fleet, first, second)
    fleet.use_administrator()
    # what needs the database to run is injected first
    for name in sorted((first, second), key=list(FAULTS).index, reverse=True):
        FAULTS_OF[fleet.protocol][name].inject(fleet, tmp_path)
    found = check()
    assert found["cause"] == first, found["evidence"]


def prepare(fleet, *names):
    if any(FAULTS_OF[fleet.protocol][name].needs_host for name in names):
        fleet.use_host()


def test_matrix_size_is_printed(capsys):
    with capsys.disabled():
        print(
            f"{len(cases())} faults of a login, {len(cases(decided_only=True))} without their witness, and "
            f"{len(PAIRS[::SAMPLE])} of {len(PAIRS)} pairs are injected, each in PostgreSQL and MariaDB databases"
        )
    assert len(FAULTS) >= 29
