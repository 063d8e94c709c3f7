# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""``unused_for``: a database that users log in to with IAM keeps the setting."""

from __future__ import annotations

import collections
import copy
import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.clock import SystemClock
from rds_simulator.login.metrics import LoginHistory

HOUR, DAY = 3600, 86400
OFF = {"enabled": False, "apply_immediately": True}
GET = "monitoring:GetMetricData"
IDLE = [{"age": 2 * HOUR, "number": 0}]
USED = [{"age": 2 * HOUR, "number": 3}]


def instance(name, logins, **more):
    item = {"identifier": name, "engine": "postgres", "iam_database_authentication_enabled": True, **more}
    return {**item, "iam_logins": logins}


def cluster(name, *members, engine="aurora-postgresql", **more):
    named = [{"identifier": f"{name}-{n}", **member} for n, member in enumerate(members, 1)]
    item = {"identifier": name, "engine": engine, "iam_database_authentication_enabled": True, "members": named}
    return {**item, **more}


def counts(sim):
    return collections.Counter(call.operation for call in sim.calls)


def test_unused_for_in_use_instance_refused_every_time(sim, run):
    sim.seed({"db_instances": [instance("orders", USED)]})
    for check in (True, False, False):
        result = run.fails(db_instance_identifier="orders", unused_for="24h", check=check, **OFF)
        assert result.codes == ["in_use"]
        assert (
            "CloudWatch counts 3 successful IAM logins in the last 24h. Configure another authentication method for "
            "these users first, or "
            "omit unused_for to disable the setting without this check"
        ) in result["msg"]
        assert result.outcomes == {"instance/orders": "failed"}
    assert "ModifyDBInstance" not in counts(sim)
    assert sim.database("instance", "orders")["IAMDatabaseAuthenticationEnabled"] is True


def test_unused_for_idle_instance_disabled(sim, run):
    sim.seed(
        {"db_instances": [instance("orders", [*IDLE, {"age": 3 * DAY}, {"age": HOUR, "outcome": "NotAuthorized"}])]}
    )
    options = {"db_instance_identifier": "orders", "unused_for": " 24h ", **OFF}
    preview = run.ok(check=True, **options)
    assert preview.outcomes == {"instance/orders": "applied"}
    assert counts(sim) == {"DescribeDBInstances": 1, GET: 1}
    result = run.ok(**options)
    assert result["plan_id"] == preview["plan_id"]
    assert result.outcomes == {"instance/orders": "applied"}
    sim.calls_clear()
    assert run.ok(**options).outcomes == {"instance/orders": "unchanged"}
    assert counts(sim) == {"DescribeDBInstances": 1}  # a database without the setting needs no metrics


@pytest.mark.parametrize("ahead", [10 * 60, -10 * 60])
def test_unused_for_wrong_clock_of_host_has_no_influence(sim, run, monkeypatch, ahead):
    """A clock that is ahead would shorten the time, and one that is slow would extend it."""
    monkeypatch.setattr(SystemClock, "now", lambda self: sim.clock.now() + dt.timedelta(seconds=ahead))
    logins = [*IDLE, {"age": DAY + 6 * 60}]
    sim.seed({"db_instances": [instance("before", logins), instance("within", [*IDLE, {"age": DAY - 60}])]})
    options = {"db_instance_identifiers": ["before", "within"], "unused_for": "24h", "on_problem": "skip", **OFF}
    result = run.ok(**options)
    assert result.outcomes == {"instance/before": "applied", "instance/within": "skipped"}
    assert any("if the DB instance was renamed in the last 24h" in text for text in result["warnings"])


def test_unused_for_longer_time_finds_older_logins(sim, run):
    sim.seed({"db_instances": [instance("orders", [*IDLE, {"age": 20 * DAY + 1000}])]})
    options = {"db_instance_identifier": "orders", "check": True, **OFF}
    assert run.ok(unused_for="20d", **options).outcomes == {"instance/orders": "applied"}
    assert "1 successful IAM login in the last 21d" in run.fails(unused_for="21d", **options)["msg"]


@pytest.mark.parametrize("name", ["ledger", "trio"])
def test_unused_for_one_member_in_use_refused(sim, run, name):
    engine = {"ledger": "aurora-postgresql", "trio": "mysql"}[name]
    members = [{"iam_logins": IDLE}, {"iam_logins": IDLE}, {"iam_logins": USED}]
    sim.seed({"db_clusters": [cluster(name, *members, engine=engine)]})
    result = run.fails(db_cluster_identifier=name, unused_for="1d", **OFF)
    assert result.codes == ["in_use"]
    assert f"counts 3 successful IAM logins in the last 1d ({name}-3: 3)" in result["msg"]
    assert counts(sim) == {"DescribeDBClusters": 1, "DescribeDBInstances": 1, GET: 1}


def test_unused_for_idle_cluster_disabled_with_warning(sim, run):
    sim.seed({"db_clusters": [cluster("ledger", {"iam_logins": IDLE}, {"iam_logins": IDLE})]})
    result = run.ok(db_cluster_identifier="ledger", unused_for="24h", **OFF)
    assert result.outcomes == {"cluster/ledger": "applied"}
    assert any(
        "IAM logins to members that were deleted or renamed in the last 24h do not count" in w
        for w in result["warnings"]
    )


UNKNOWN = {
    "no datapoint": (
        {"db_instances": [instance("orders", [{"age": 2 * DAY}])]},
        "no datapoint of IamDbAuthConnectionRequests for orders in the last 24h",
    ),
    "young instance": (
        {"db_instances": [instance("orders", IDLE, age=23 * HOUR)]},
        "orders did not exist for all of the last 24h. Use a shorter time, wait, or",
    ),
    "one member without datapoint": (
        {"db_clusters": [cluster("ledger", {"iam_logins": IDLE}, {})]},
        "no datapoint of IamDbAuthConnectionRequests for ledger-2 in the last 24h",
    ),
    "young member": (
        {"db_clusters": [cluster("ledger", {"iam_logins": IDLE}, {"iam_logins": IDLE, "age": HOUR})]},
        "ledger-2 did not exist for all of the last 24h",
    ),
    "no member": (
        {"db_clusters": [{**cluster("ledger"), "members": 0}]},
        "the cluster has no DB instance, and the metrics of deleted ones do not count",
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_unused_for_unknown_refused_unless_omitted(sim, run, case):
    seed, reason = UNKNOWN[case]
    sim.seed(copy.deepcopy(seed))
    kind = "instance" if "db_instances" in seed else "cluster"
    options = {f"db_{kind}_identifier": "orders" if kind == "instance" else "ledger", **OFF}
    for check in (True, False):
        result = run.fails(unused_for="24h", check=check, **options)
        assert result.codes == ["usage_unknown"]
        assert reason in result["msg"]
        assert "or omit unused_for to disable the setting without this check" in result["msg"]
    sim.calls_clear()
    assert set(run.ok(**options).outcomes.values()) == {"applied"}
    assert GET not in counts(sim)


def test_unused_for_missing_permission_names_action(sim, run):
    sim.seed({"db_instances": [instance("orders", IDLE)]})
    sim.faults.add(operation="cloudwatch:GetMetricData", deny=True)
    result = run.fails(db_instance_identifier="orders", unused_for="24h", **OFF)
    assert result.codes == ["usage_unknown"]
    assert "(AccessDenied). Allow the action cloudwatch:GetMetricData, or omit unused_for" in result["msg"]
    skipped = run.ok(db_instance_identifier="orders", unused_for="24h", on_problem="skip", **OFF)
    assert skipped.outcomes == {"instance/orders": "skipped"}
    assert "ModifyDBInstance" not in counts(sim)


def test_unused_for_throttled_call_is_retried(sim, run):
    sim.seed({"db_instances": [instance("orders", IDLE)]})
    sim.faults.add(operation="cloudwatch:GetMetricData", code="ThrottlingException", times=9)
    assert run.ok(db_instance_identifier="orders", unused_for="24h", **OFF).outcomes == {"instance/orders": "applied"}
    assert counts(sim)[GET] == 10


def test_unused_for_other_error_changes_nothing(sim, run):
    sim.seed({"db_instances": [instance("orders", IDLE)]})
    sim.faults.add(operation="cloudwatch:GetMetricData", code="InvalidClientTokenId")
    result = run.fails(db_instance_identifier="orders", unused_for="24h", on_problem="skip", **OFF)
    assert (result["error"]["operation"], result["error"]["code"]) == ("GetMetricData", "InvalidClientTokenId")
    assert "ModifyDBInstance" not in counts(sim)


@pytest.mark.parametrize("idle", [True, False])
def test_unused_for_published_zeros_decide(sim, run, idle):
    """AWS does not document whether RDS publishes zeros while no user logs in."""
    sim.settings.update(idle_login_metrics=idle, metric_page=500)
    sim.seed({"db_instances": [instance("orders", [])], "db_clusters": [cluster("ledger", {}, {"iam_logins": USED})]})
    options = {"db_instance_identifier": "orders", "db_cluster_identifier": "ledger", "unused_for": "24h", **OFF}
    result = run.ok(on_problem="skip", **options)
    assert result.outcomes == {"instance/orders": "applied" if idle else "skipped", "cluster/ledger": "skipped"}
    assert result.codes == ([] if idle else ["usage_unknown"]) + ["in_use"]
    assert (counts(sim)[GET] > 3) is idle  # pages of 500 datapoints


def test_unused_for_mixed_fleet_disables_only_idle_databases(sim, run):
    sim.seed(
        {
            "db_instances": [
                instance("idle", IDLE),
                instance("used", USED),
                instance("silent", []),
                instance("young", IDLE, age=HOUR),
                {**instance("off", USED), "iam_database_authentication_enabled": False},
                {**instance("queued", USED), "pending_modified_values": {"IAMDatabaseAuthenticationEnabled": False}},
            ],
            "db_clusters": [
                cluster("busy", {"iam_logins": USED}, {"iam_logins": IDLE}),
                cluster("calm", {"iam_logins": IDLE}, {"iam_logins": IDLE}),
            ],
        }
    )
    options = {"select": {"all": True}, "unused_for": "24h", "enabled": False, "on_problem": "skip"}
    preview = run.ok(check=True, **options)
    # the selection lists the members of clusters, so they are not described again
    assert counts(sim) == {"DescribeDBInstances": 1, "DescribeDBClusters": 1, GET: 1}
    result = run.ok(**options)
    assert (
        result.outcomes
        == preview.outcomes
        == {
            "instance/idle": "scheduled",
            "instance/off": "unchanged",
            "instance/queued": "unchanged",
            "instance/silent": "skipped",
            "instance/used": "skipped",
            "instance/young": "skipped",
            "cluster/busy": "skipped",
            "cluster/calm": "scheduled",
        }
    )
    assert collections.Counter(result.codes) == {"in_use": 2, "usage_unknown": 2}
    assert result["plan_id"] == preview["plan_id"]
    failed = run.fails(**{**options, "on_problem": "fail"})
    assert failed["summary"]["scheduled"] == 0


def test_unused_for_one_call_for_250_instances(sim, run):
    sim.seed({"db_instances": [{**instance("web-{n}", IDLE), "count": 251}]})
    result = run.ok(select={"all": True}, unused_for="24h", enabled=False, check=True)
    assert result["summary"]["scheduled"] == 251
    assert counts(sim) == {"DescribeDBInstances": 3, "DescribeDBClusters": 1, GET: 2}


def test_unused_for_login_while_waiting_refused(sim, run):
    """The check runs again before the request is sent to a database that the task has waited for."""
    busy = {"status": "backing-up", "status_after": {"seconds": 20, "status": "available"}}
    sim.seed({"db_instances": [instance("orders", IDLE, **busy)]})
    dimensions = [[{"Name": "DBInstanceIdentifier", "Value": "orders"}]]
    history = LoginHistory("123456789012", "eu-west-1")
    sim.clock.after(10, lambda: history.add(dimensions, sim.clock.now(), 1, None))
    result = run.fails(db_instance_identifier="orders", unused_for="24h", **OFF)
    assert result.codes == ["in_use"]
    assert counts(sim)[GET] == 2
    assert "ModifyDBInstance" not in counts(sim)


def test_unused_for_enabling_makes_no_call(sim, run):
    sim.seed({"db_instances": [{**instance("orders", USED), "iam_database_authentication_enabled": False}]})
    result = run.ok(db_instance_identifier="orders", unused_for="24h", apply_immediately=True)
    assert result.outcomes == {"instance/orders": "applied"}
    assert GET not in counts(sim)
    assert any(text.startswith("unused_for: the option has no effect") for text in result["warnings"])


def test_unused_for_cancelling_queued_enabling_makes_no_call(sim, run):
    pending = {"pending_modified_values": {"IAMDatabaseAuthenticationEnabled": True}}
    sim.seed({"db_instances": [{**instance("orders", USED), "iam_database_authentication_enabled": False, **pending}]})
    result = run.ok(db_instance_identifier="orders", unused_for="24h", enabled=False)
    assert result.outcomes == {"instance/orders": "cancelled"}
    assert GET not in counts(sim)


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_unused_for_blank_is_omitted(sim, run, blank):
    sim.seed({"db_instances": [instance("orders", USED)]})
    assert run.ok(db_instance_identifier="orders", unused_for=blank, **OFF).outcomes == {"instance/orders": "applied"}
    assert GET not in counts(sim)


@pytest.mark.parametrize("enabled", [True, False])
def test_unused_for_invalid_time_changes_nothing(sim, run, enabled):
    result = run.fails(db_instance_identifier="orders", unused_for="30m", enabled=enabled)
    assert result["msg"] == "unused_for: 30m: the time is out of range. Use 1h to 63d."
    assert not sim.calls
