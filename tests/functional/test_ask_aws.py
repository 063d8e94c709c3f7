# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""`make ask-aws` against the simulator: each answer names the position of the switch, and nothing is left."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime, timezone

import boto3
import pytest
from ansible_collections.passwordless.rds.scripts.ask_aws import aws, experiments, main
from ansible_collections.passwordless.rds.scripts.ask_aws.cassette import answer, cassette, save, scrubbed
from ansible_collections.passwordless.rds.scripts.ask_aws.model import Call
from ansible_collections.passwordless.rds.scripts.ask_aws.plan import (
    TAG,
    Limits,
    PlanError,
    estimate,
    request,
    select,
    windows,
)
from ansible_collections.passwordless.rds.scripts.ask_aws.runner import Runner, clean_up, tagged
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, KEYS, ROOT
from rds_simulator import Simulator
from rds_simulator.state.settings import CHOICES, Settings

EXPERIMENTS = {item.switch: item for item in experiments.EXPERIMENTS}
CASES = [(item.switch, position) for item in experiments.EXPERIMENTS for position in item.positions]
# the others run with make test-all
SAMPLE = [
    ("deferred_cancel", "stays"),
    ("windows_may_touch", False),
    ("restore_inherits", True),
    ("ssl_enforced", True),
]
CASSETTES = sorted((ROOT / "simulator" / "tests" / "cassettes").glob("*.json"))
FOREIGN = {
    "db_instances": [
        {"identifier": "orders", "engine": "mysql", "tags": {TAG: "ask-ffffffff"}},
        {"identifier": "shop", "engine": "mysql", "tags": {"team": "shop"}},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql", "members": 1}],
    "snapshots": [{"identifier": "kept", "source": "orders", "tags": {TAG: "ask-ffffffff"}}],
}
RUN = "ask-0123abcd"
RUN_ID = re.compile(r"ask-[0-9a-f]{8}")


class Clock(aws.Clock):
    """The simulated time."""

    def __init__(self, sim):
        self.sim, self.seconds = sim, 0.0

    def now(self):
        return self.seconds

    def utc(self):
        return datetime(2026, 11, 2, 12, tzinfo=timezone.utc)

    def sleep(self, seconds):
        self.seconds += seconds
        self.sim.clock.advance(seconds)


def connected(url):
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "eu-west-1"}
    return aws.Rds(boto3.client("rds", endpoint_url=url, **keys))


@pytest.fixture(scope="module")
def server():
    with Simulator() as sim:
        yield sim


@pytest.fixture
def sim(server):
    server.reset()
    server.settings.reset()
    return server


@pytest.fixture
def rds(sim):
    return connected(sim.url)


def asked(sim, rds, switch, *, limits=None, run=RUN):
    clock = Clock(sim)
    values = {
        "password": "A1-abcdefghijkl",  # pragma: allowlist secret
        **windows(clock.utc()),
    }
    experiment = EXPERIMENTS[switch]
    runner = Runner(rds, run, limits or Limits(), clock=clock, values=values)
    records, trace, reason = runner.run(experiment)
    return cassette(experiment, records, trace, date="2026-11-02"), reason


def call_main(sim, *arguments):
    return main.main(list(arguments), connect=lambda _options: connected(sim.url), clock=Clock(sim))


def names(rds):
    instances = rds.pages("DescribeDBInstances", "DBInstances")
    clusters = rds.pages("DescribeDBClusters", "DBClusters")
    snapshots = rds.pages("DescribeDBSnapshots", "DBSnapshots", SnapshotType="manual")
    return (
        sorted(row["DBInstanceIdentifier"] for row in instances),
        sorted(row["DBClusterIdentifier"] for row in clusters),
        sorted(row["DBSnapshotIdentifier"] for row in snapshots),
        [row for row in rds.pages("DescribeDBParameterGroups", "DBParameterGroups") if "ask-" in str(row)],
    )


@pytest.mark.parametrize(
    ("switch", "position"),
    [pytest.param(*case, marks=[] if case in SAMPLE else pytest.mark.slow) for case in CASES],
)
def test_answer_names_the_position_of_the_switch(sim, rds, switch, position):
    sim.seed(FOREIGN)
    before = names(rds)
    sim.settings.update(**{switch: position})
    content, reason = asked(sim, rds, switch)
    assert (content["position"], reason) == (position, "")
    assert clean_up(rds, RUN, clock=Clock(sim)) == []
    assert names(rds) == before


def test_each_switch_of_the_simulator_is_asked_or_explained():
    switches = {item.name for item in dataclasses.fields(Settings) if isinstance(item.default, bool)} | set(CHOICES)
    # a number, of which two values are in the documentation
    switches |= {"smallest_general_storage"}
    assert switches == {*EXPERIMENTS, *experiments.NOT_ASKED, *experiments.NOT_ABOUT_AWS}
    for switch, choices in CHOICES.items():
        if switch in EXPERIMENTS:
            assert set(EXPERIMENTS[switch].positions) == set(choices)


@pytest.mark.parametrize("switch", EXPERIMENTS)
def test_no_records_are_no_answer(switch):
    assert EXPERIMENTS[switch].read({}) is None


def test_estimate_counts_each_database_for_the_whole_experiment():
    chosen = select(experiments.EXPERIMENTS, ["deferred_cancel", "restore_inherits", "clone_needs_time"])
    found = estimate(chosen)
    assert (found.experiments, found.databases, found.instances) == (3, 1 + 2 + 2, 1 + 2)
    assert found.instance_hours == pytest.approx(0.75 + 2 * 1.5)
    assert found.minutes == 45 + 90 + 45


def test_usual_limits_allow_all_experiments():
    Limits().check(estimate(experiments.EXPERIMENTS))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--max-databases", "2"], "--max-databases: 2: the experiments need up to"),
        (["--max-instance-hours", "0.5"], "--max-instance-hours: 0.5: the experiments need up to"),
        (["no_such_switch"], "no_such_switch: unknown experiment. The experiments are: deferred_cancel"),
        (["--cleanup", "orders"], "run: orders: is not the ID of a run"),
        (["--cleanup", ""], "run: : is not the ID of a run"),
    ],
)
def test_invalid_input_makes_no_call(sim, capsys, options, text):
    sim.calls_clear()
    assert call_main(sim, "--yes", *options) == 2
    assert text in capsys.readouterr().err
    assert sim.calls == []


@pytest.mark.parametrize("typed", ["no", "", "y"])
def test_refused_confirmation_makes_no_call(sim, capsys, monkeypatch, typed):
    monkeypatch.setattr("builtins.input", lambda _question: typed)
    sim.calls_clear()
    assert call_main(sim, "deferred_cancel") == 2
    assert "1 experiments create at most 1 databases" in capsys.readouterr().out
    assert sim.calls == []


def test_confirmed_run_writes_the_answer_and_leaves_nothing(sim, rds, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("builtins.input", lambda _question: "yes")
    sim.seed(FOREIGN)
    before = names(rds)
    sim.settings.update(deferred_cancel="equal")
    assert call_main(sim, "deferred_cancel", "--cassettes", str(tmp_path)) == 0
    assert "deferred_cancel: equal" in capsys.readouterr().out
    assert json.loads((tmp_path / "deferred_cancel.json").read_text())["position"] == "equal"
    assert names(rds) == before


def test_list_makes_no_call(sim, capsys):
    sim.calls_clear()
    assert call_main(sim, "--list") == 0
    text = capsys.readouterr().out
    assert all(name in text for name in (*EXPERIMENTS, *experiments.NOT_ASKED))
    assert sim.calls == []


def test_everything_is_tagged_when_it_is_created():
    calls = [step for item in experiments.EXPERIMENTS for step in item.steps if isinstance(step, Call)]
    created = [call for call in calls if call.operation.startswith(("Create", "Restore"))]
    assert len(created) > 20
    for call in created:
        assert request(call, RUN, {})["Tags"] == [{"Key": TAG, "Value": RUN}]


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(databases=1), "The limit of 1 databases is reached."),
        (Limits(instance_hours=0.05), "The limit of 0.05 instance-hours is reached."),
        (Limits(minutes=3), "The time limit of 3 minutes is reached."),
    ],
)
def test_limit_stops_the_experiment_before_its_second_database(sim, rds, limits, text):
    content, reason = asked(sim, rds, "restore_inherits", limits=limits)
    assert (content["position"], reason) == (None, text)
    assert clean_up(rds, RUN, clock=Clock(sim)) == []
    assert names(rds)[:3] == ([], [], [])


@pytest.mark.slow
def test_limit_of_the_run_ends_it_and_cleans_up(sim, rds, capsys, tmp_path):
    code = call_main(sim, "--yes", "--max-minutes", "5", "--cassettes", str(tmp_path))
    assert code == 1
    assert "The time limit of 5 minutes is reached." in capsys.readouterr().out
    assert names(rds)[:3] == ([], [], [])


@pytest.mark.slow
def test_time_limit_of_the_experiment_ends_a_wait(sim, rds):
    sim.settings.update(create_seconds=10**6)
    _content, reason = asked(sim, rds, "deferred_cancel")
    assert reason == "The time limit of the experiment is reached."


def test_refused_call_is_no_answer(sim, rds):
    sim.faults.add(operation="CreateDBInstance", code="InstanceQuotaExceeded")
    content, reason = asked(sim, rds, "deferred_cancel")
    assert content["position"] is None
    assert reason.startswith("InstanceQuotaExceeded: ")


class Killed(BaseException):
    """Ends the process as SIGKILL does: nothing of the program runs afterwards."""


class InterruptedRds(aws.Rds):
    """Is killed before or after a call."""

    def __init__(self, rds, number, *, after):
        super().__init__(rds._client)
        self.left, self.after = number, after

    def call(self, operation, params):
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Killed
        response = super().call(operation, params)
        if self.left < 0:
            raise Killed
        return response


def kills(switch):
    return [step for step in EXPERIMENTS[switch].steps if isinstance(step, Call)]


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("switch", ["ssl_enforced", "restore_inherits", "clone_needs_time", "cluster_iam_status"])
def test_killed_run_leaves_nothing_after_clean_up(sim, rds, switch, after):
    number = 0
    while True:
        sim.reset()
        sim.seed(FOREIGN)
        before = names(rds)
        try:
            asked(sim, InterruptedRds(rds, number, after=after), switch)
        except Killed:
            number += 1
        else:
            break
        assert call_main(sim, "--cleanup", RUN) == 0
        assert names(rds) == before
    assert number >= len(kills(switch))


def test_clean_up_between_creation_and_answer_finds_the_database(sim, rds):
    with pytest.raises(Killed):
        asked(sim, InterruptedRds(rds, 0, after=True), "deferred_cancel")
    assert [kind for kind, _name, _unique in tagged(rds, RUN)] == ["instance"]
    assert call_main(sim, "--cleanup", RUN) == 0
    assert tagged(rds, RUN) == []


def test_clean_up_spares_a_database_that_took_the_name(sim, rds):
    """The resource ID decides, not the name."""
    sim.seed({"db_instances": [{"identifier": f"{RUN}-db", "engine": "mysql", "tags": {"team": "shop"}}]})
    assert call_main(sim, "--cleanup", RUN) == 0
    assert names(rds)[0] == [f"{RUN}-db"]


def test_clean_up_spares_a_database_that_replaced_the_tagged_one(sim, rds):
    """The name and the tag are the same, and the resource ID is another one."""
    sim.seed({"db_instances": [{"identifier": f"{RUN}-db", "engine": "mysql", "tags": {TAG: RUN}}]})

    class Stale(aws.Rds):
        """Returns the list of a moment ago, with the resource ID of the deleted database."""

        def pages(self, operation, key, **params):
            rows = super().pages(operation, key, **params)
            return [{**row, "DbiResourceId": "db-DELETED"} if "DbiResourceId" in row else row for row in rows]

    left = clean_up(Stale(rds._client), RUN, clock=Clock(sim), minutes=1)
    assert [name for _kind, name, _unique in left] == [f"{RUN}-db"]
    assert sim.database("instance", f"{RUN}-db")["DBInstanceStatus"] == "available"


@pytest.mark.slow
def test_clean_up_that_is_not_finished_in_time_says_what_is_left(sim, rds, capsys):
    with pytest.raises(Killed):
        asked(sim, InterruptedRds(rds, 0, after=True), "deferred_cancel")
    sim.settings.update(delete_seconds=10**6)
    assert call_main(sim, "--cleanup", RUN) == 1
    assert f"Left: {RUN}-db" in capsys.readouterr().out


SECRETS = {
    "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:ask-0123abcd-db",
    "Endpoint": {
        "Address": "ask-0123abcd-db.c9akciq32rgh.eu-west-1.rds.amazonaws.com",
        "HostedZoneId": "Z29XKXDKYMONMX",
    },
    "ReaderEndpoint": "ask-0123abcd-cluster.cluster-ro-c9akciq32rgh.eu-west-1.rds.amazonaws.com",
    "DbiResourceId": "db-698BNY5PXF4AIFIMN1S10QZOGI",
    "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666",
    "MasterUserPassword": "A1-very-private",  # pragma: allowlist secret
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-0a1b2c3d4e5f"}],
    "ResponseMetadata": {"RequestId": "5f1b9f7e-1111-2222-3333-444455556666"},
    "Message": "user 111122223333 may not use vpc-0a1b2c3d",
}


def test_cassette_identifies_nobody():
    text = json.dumps(scrubbed({"calls": [{"response": SECRETS}]}))
    for part in ("111122223333", "c9akciq32rgh", "Z29XK", "698BNY", "0a1b2c3d", "5f1b9f7e", "private", "0123abcd"):
        assert part not in text
    assert "arn:aws:rds:eu-west-1:123456789012:db:ask-00000000-db" in text


@pytest.mark.parametrize("switch", ["ssl_enforced", "clone_needs_time"])
def test_recorded_answer_contains_no_password_and_no_run(sim, rds, tmp_path, switch):
    content, _reason = asked(sim, rds, switch)
    text = save(tmp_path, content).read_text()
    assert content["calls"]
    for part in ("abcdefghijkl", RUN, "ResponseMetadata"):
        assert part not in text


@pytest.mark.slow
@pytest.mark.parametrize("switch", ["windows_may_touch", "clone_needs_time"])
def test_replayed_cassette_gives_the_same_answer(sim, rds, tmp_path, switch):
    for position in EXPERIMENTS[switch].positions:
        sim.reset()
        sim.settings.update(**{switch: position})
        recorded = json.loads(save(tmp_path, asked(sim, rds, switch)[0]).read_text())
        assert replayed(sim, rds, recorded) == answer(recorded)
        other = next(item for item in EXPERIMENTS[switch].positions if item != position)
        assert replayed(sim, rds, {**recorded, "position": other}) != answer(recorded)


def replayed(sim, rds, recorded):
    """Put the simulator in the position of a cassette, and return its answer to the same experiment."""
    sim.reset()
    sim.settings.reset()
    sim.settings.update(**{recorded["switch"]: recorded["position"]})
    return answer(asked(sim, rds, recorded["switch"])[0])


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_simulator_answers_as_aws(sim, rds, path):
    """Cassettes that users have recorded with an account. There are none yet."""
    recorded = json.loads(path.read_text())
    assert replayed(sim, rds, recorded) == answer(recorded)


def test_process_killed_and_cleaned_up(tmp_path):
    """The real command, killed by the system while a database is being created."""
    with Simulator(speed=200) as own:
        rds = connected(own.url)
        command = [sys.executable, "-m", main.__name__, "--endpoint-url", own.url, "--region", "eu-west-1"]
        own.settings.update(create_seconds=10**6)
        run = [*command, "--yes", "--cassettes", str(tmp_path), "deferred_cancel"]
        with subprocess.Popen(run, env={**os.environ, **KEYS}, stdout=subprocess.PIPE, text=True) as process:
            lines = iter(process.stdout.readline, "")
            text = next(line for line in lines if line.startswith("The ID of this run is "))
            deadline = time.monotonic() + HANG
            while not rds.pages("DescribeDBInstances", "DBInstances") and time.monotonic() < deadline:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
        name = RUN_ID.search(text)[0]
        assert [kind for kind, _name, _unique in tagged(rds, name)] == ["instance"]
        own.settings.update(create_seconds=1)
        assert clean_up(rds, name, clock=Clock(own)) == []


def test_plan_error_of_limits_names_the_option():
    with pytest.raises(PlanError, match="max-databases"):
        Limits(databases=1).check(estimate(experiments.EXPERIMENTS))


def test_ask_aws_is_never_run_by_checks_or_workflows():
    paths = [ROOT / name for name in ("noxfile.py", "scripts/test", "scripts/check", ".ci/run")]
    for path in [*paths, *(ROOT / ".github" / "workflows").glob("*.yml")]:
        text = path.read_text()
        assert "ask-aws" not in text
        assert "ask_aws" not in text
