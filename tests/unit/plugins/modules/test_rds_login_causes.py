# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Every cause of a failed login is injected into a real server or its account, and must be named.

With the deciding witness denied, the cause must be unknown, and the real cause one of the candidates.
"""

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.clock import SystemClock
from ansible_collections.passwordless.rds.tests.samples import quick_first
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.login_faults import FAULTS_OF, inject, pairs_of
from ansible_collections.passwordless.rds.tests.unit.login_fleet import MYSQL_SEED, SEED, LoginFleet
from rds_simulator import Simulator
from rds_simulator.requirements import missing_for_mariadb, missing_packages

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt")

SEEDS = {"postgresql": SEED, "mysql": MYSQL_SEED}
_MISSING = missing_for_mariadb()
POSTGRESQL = ("postgresql", "instance")
_NEEDS_MARIADB = pytest.mark.skipif(bool(_MISSING), reason=f"MariaDB logins are not installed: {', '.join(_MISSING)}")
MYSQL = pytest.param(("mysql", "instance"), marks=_NEEDS_MARIADB)
EVERY_PLACE = [(protocol, kind) for protocol in FAULTS_OF for kind in ("instance", "cluster")]
PLACES = [place if place[0] == "postgresql" else pytest.param(place, marks=_NEEDS_MARIADB) for place in EVERY_PLACE]


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
    """Return a function that checks the login."""
    return checker(fleet, capsys, caplog)


def checker(fleet, capsys, caplog):
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


@pytest.fixture(autouse=True)
def _no_time_passes_between_calls(monkeypatch):
    """The module waits for entries in the log export. The simulator writes them at once."""
    slept = []
    monotonic = SystemClock.monotonic
    monkeypatch.setattr(SystemClock, "monotonic", lambda self: monotonic(self) + sum(slept))
    monkeypatch.setattr(SystemClock, "sleep", lambda self, seconds: slept.append(seconds))


def test_login_healthy_needs_one_call_and_returns_session(fleet, check):
    fleet.simulator.calls_clear()
    found = check()
    assert found["logged_in"]
    assert (found["user"], found["cause"], found["evidence"]) == ("app", None, [])
    assert found["host"] == {"postgresql": None, "mysql": "%"}[fleet.protocol]
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


ADMINISTRATOR_SQL = {
    "postgresql": ("CREATE ROLE auditor LOGIN PASSWORD '{password}'", "DROP ROLE auditor"),
    "mysql": ("GRANT SELECT ON mysql.* TO auditor IDENTIFIED BY '{password}'", "DROP USER auditor"),
}


@pytest.mark.parametrize("place", [POSTGRESQL, MYSQL], ids=["postgresql", "mysql"], indirect=True)
def test_login_administrator_password_can_have_any_character(fleet, check):
    password = "pässwörd-€-パス"
    create, drop = ADMINISTRATOR_SQL[fleet.protocol]
    fleet.run_sql(create.format(password=password), drop)
    inject(fleet, None, "user_not_iam")
    found = check(admin_username="auditor", admin_password=password)
    assert found["cause"] == "user_not_iam", found["evidence"]
    assert password not in str(found)


def cases(*, decided_only=False):
    """Return each fault in each kind of database; decided_only: those that one witness decides.

    All but one kind of database of each fault are slow. The kind rotates from fault to fault.
    """
    found = []
    for number, name in enumerate(FAULTS_OF["mysql"]):
        places = [
            (protocol, kind)
            for protocol, kind in EVERY_PLACE
            if name in FAULTS_OF[protocol] and (FAULTS_OF[protocol][name].decided_by or not decided_only)
        ]
        for at, place in enumerate(places):
            slow = () if at == number % len(places) else (pytest.mark.slow,)
            needs = () if place[0] == "postgresql" else (_NEEDS_MARIADB,)
            found.append(pytest.param(place, name, marks=(*slow, *needs), id="-".join((*place, name))))
    return found


@pytest.mark.parametrize(("place", "name"), cases(), indirect=["place"])
def test_login_fault_is_named(fleet, check, tmp_path, name):
    fleet.use_administrator()
    inject(fleet, tmp_path, name)
    found = check()
    assert (found["logged_in"], found["cause"]) == (False, name), found["evidence"]
    assert found["remedy"]


@pytest.mark.parametrize(("place", "name"), cases(decided_only=True), indirect=["place"])
def test_login_deciding_witness_denied_is_unknown(fleet, check, tmp_path, name):
    witness = FAULTS_OF[fleet.protocol][name].decided_by
    if witness != "administrator":
        fleet.use_administrator()
    inject(fleet, tmp_path, name)
    if witness != "administrator":
        fleet.deny(*witness)
    found = check()
    assert found["cause"] == "unknown", found["evidence"]
    assert name in found["candidates"]


@pytest.mark.parametrize("sample", quick_first([23, 1]), ids=["sample", "all"])
@pytest.mark.parametrize("place", [POSTGRESQL, MYSQL], ids=["postgresql", "mysql"], indirect=True)
def test_login_two_faults_names_the_first(simulators, place, capsys, caplog, tmp_path, sample):
    """No cause outside the pair is named. In 95 percent of the pairs, the first fault is named."""
    protocol, kind = place
    pairs = pairs_of(protocol)[::sample]
    named = {}
    for first, second in pairs:
        fleet = LoginFleet(simulators(protocol), kind, protocol)
        with fleet.undo:
            fleet.use_administrator()
            inject(fleet, tmp_path, first, second)
            named[first, second] = checker(fleet, capsys, caplog)()["cause"]
    wrong = {pair: cause for pair, cause in named.items() if cause not in pair}
    assert wrong == {}
    later = {pair: cause for pair, cause in named.items() if cause != pair[0]}
    assert len(later) <= 0.05 * len(pairs), later


def test_matrix_size_is_printed(capsys):
    pairs = {protocol: len(pairs_of(protocol)) for protocol in FAULTS_OF}
    with capsys.disabled():
        print(
            f"{len(cases())} faults of a login, {len(cases(decided_only=True))} without their witness, and "
            f"{pairs['postgresql']} pairs of faults in PostgreSQL and {pairs['mysql']} in MariaDB are injected by "
            "make test-all"
        )
    assert min(pairs.values()) >= 290
