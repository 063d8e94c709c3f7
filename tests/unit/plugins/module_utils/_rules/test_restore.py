# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Whether a source can be restored, as which engine, to which time, and whether a target can be the result."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import (
    SOURCE_NOT_AVAILABLE,
    SOURCE_NOT_RESTORABLE,
    TARGET_EXISTS,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import (
    CLUSTER_SNAPSHOT,
    LIVE_CLUSTER,
    LIVE_INSTANCE,
    RESTORE_METHODS,
    SNAPSHOT,
    RestoreSource,
    RestoreSourceOption,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.restore import (
    engine_problems,
    mismatch,
    restored_to,
    source_problems,
    target_engine,
)
from ansible_collections.passwordless.rds.tests.unit.builders import instance

FIRST, NOON, LAST = (dt.datetime(2026, 11, day, 12, 0, tzinfo=dt.timezone.utc) for day in (1, 2, 3))
SECOND = dt.timedelta(seconds=1)
OPTIONS = {
    SNAPSHOT: "db_snapshot_identifier",
    CLUSTER_SNAPSHOT: "db_cluster_snapshot_identifier",
    LIVE_INSTANCE: "source_db_instance_identifier",
}


def source(kind=SNAPSHOT, **changes):
    plain = RestoreSource(kind, "shop", "arn", "db-SHOP", True, "mysql", "8.0.40", "available")
    return replace(plain, **{"moment": NOON, **changes})


def live(**changes):
    return source(LIVE_INSTANCE, **{"moment": None, "earliest": FIRST, "latest": LAST, **changes})


def choice(kind=SNAPSHOT, target=INSTANCE, **more):
    option = OPTIONS[kind]
    return RestoreSourceOption(target, option, "shop", RESTORE_METHODS[target].get(option), **more)


@pytest.mark.parametrize(
    ("kind", "source_kind", "source_engine", "engine", "expected"),
    [
        (INSTANCE, SNAPSHOT, "mysql", None, "mysql"),
        (INSTANCE, SNAPSHOT, "mysql", "MariaDB", "mariadb"),
        (CLUSTER, SNAPSHOT, "mysql", None, "aurora-mysql"),
        (CLUSTER, SNAPSHOT, "postgres", None, "aurora-postgresql"),
        (CLUSTER, SNAPSHOT, "postgres", "postgres", "postgres"),
        (CLUSTER, SNAPSHOT, "oracle-ee", None, "oracle-ee"),
        # a Multi-AZ DB cluster stays one
        (CLUSTER, CLUSTER_SNAPSHOT, "mysql", None, "mysql"),
        (CLUSTER, LIVE_CLUSTER, "aurora-mysql", "", "aurora-mysql"),
    ],
)
def test_target_engine(kind, source_kind, source_engine, engine, expected):
    assert target_engine(source(source_kind, engine=source_engine), kind, engine) == expected


def test_engine_problems_name_both_engines():
    assert engine_problems(choice(), source(), "mariadb") == []
    (problem,) = engine_problems(choice(), source(), "postgres")
    assert (problem.code, problem.message) == (
        SOURCE_NOT_RESTORABLE,
        "db_snapshot_identifier: shop has engine mysql, which cannot be restored as postgres",
    )


@pytest.mark.parametrize(
    ("chosen", "found", "code", "words"),
    [
        (choice(), source(), None, ""),
        (
            choice(),
            source(status="creating"),
            SOURCE_NOT_AVAILABLE,
            "db_snapshot_identifier: shop has status 'creating'. Wait until it is 'available'",
        ),
        (
            choice(CLUSTER_SNAPSHOT),
            source(CLUSTER_SNAPSHOT, status="copying"),
            SOURCE_NOT_AVAILABLE,
            "db_cluster_snapshot_identifier: shop has status 'copying'",
        ),
        # RDS also restores a stopped database to a point in time
        (choice(LIVE_INSTANCE, latest=True), live(status="stopped"), None, ""),
        (
            choice(LIVE_INSTANCE),
            live(member_of="ledger"),
            SOURCE_NOT_RESTORABLE,
            "a member of DB cluster ledger, which owns the data. Restore the cluster instead",
        ),
        (
            choice(CLUSTER_SNAPSHOT),
            source(CLUSTER_SNAPSHOT, engine="aurora-mysql"),
            SOURCE_NOT_RESTORABLE,
            "Set db_cluster_identifier instead of db_instance_identifier",
        ),
        # a snapshot of a Multi-AZ DB cluster can become an instance, and one of Aurora a cluster
        (choice(CLUSTER_SNAPSHOT), source(CLUSTER_SNAPSHOT), None, ""),
        (choice(CLUSTER_SNAPSHOT, CLUSTER), source(CLUSTER_SNAPSHOT, engine="aurora-mysql"), None, ""),
        (
            choice(),
            source(is_shared=True, is_encrypted=True),
            SOURCE_NOT_RESTORABLE,
            "Copy it with a KMS key of this account, and restore the copy",
        ),
        (choice(), source(is_shared=True), None, ""),
        (choice(), source(is_encrypted=True), None, ""),
        (choice(CLUSTER_SNAPSHOT), source(CLUSTER_SNAPSHOT, is_shared=True, is_encrypted=True), None, ""),
    ],
)
def test_source_problems(chosen, found, code, words):
    problems = source_problems(chosen, found)
    assert [problem.code for problem in problems] == ([code] if code else [])
    assert all(words in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("more", "found", "words"),
    [
        ({}, live(keeps_backups=False, latest=None), None),
        ({"latest": True}, live(), None),
        ({"latest": True}, live(keeps_backups=False), "has no automated backups. Restore a snapshot instead"),
        ({"latest": True}, live(latest=None), "has no automated backups"),
        ({"time": NOON}, live(), None),
        ({"time": FIRST}, live(), None),
        ({"time": LAST}, live(), None),
        ({"time": NOON}, live(earliest=None), None),
        (
            {"time": FIRST - SECOND},
            live(),
            "restore_time: 2026-11-01T11:59:59Z is outside the restorable time of shop. Use a time from "
            "2026-11-01T12:00:00Z to 2026-11-03T12:00:00Z",
        ),
        ({"time": LAST + SECOND}, live(), "restore_time: 2026-11-03T12:00:01Z is outside"),
        ({"time": LAST + SECOND}, live(earliest=None), "Use a time from its first backup to 2026-11-03T12:00:00Z"),
        # the message is in UTC
        (
            {"time": dt.datetime(2026, 11, 4, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))},
            live(),
            "restore_time: 2026-11-03T23:00:00Z is outside",
        ),
    ],
)
def test_source_problems_by_restorable_time(more, found, words):
    problems = source_problems(choice(LIVE_INSTANCE, **more), found)
    assert [problem.code for problem in problems] == ([SOURCE_NOT_RESTORABLE] if words else [])
    assert all(words in problem.message for problem in problems)


def test_source_problems_reports_each():
    found = source(status="creating", is_shared=True, is_encrypted=True)
    assert [problem.code for problem in source_problems(choice(), found)] == [
        SOURCE_NOT_AVAILABLE,
        SOURCE_NOT_RESTORABLE,
    ]


def existing(**changes):
    return instance("drill", **{"engine": "mysql", "created_at": LAST, **changes})


@pytest.mark.parametrize(
    ("chosen", "found", "target", "reason"),
    [
        (choice(), source(), existing(), None),
        (choice(), source(), existing(resource_id="db-SHOP"), "it is the source database itself"),
        # a database that is being created has no resource id yet
        (choice(), source(resource_id=""), existing(resource_id=""), None),
        (choice(), source(), existing(engine="mariadb"), None),
        (
            choice(),
            source(),
            existing(engine="postgres"),
            "its engine is postgres, and the engine of the source is mysql",
        ),
        (choice(), source(), existing(created_at=NOON), None),
        (
            choice(),
            source(),
            existing(created_at=NOON - SECOND),
            "it was created at 2026-11-02T11:59:59Z, before 2026-11-02T12:00:00Z",
        ),
        (choice(), source(moment=None), existing(created_at=FIRST), None),
        (choice(), source(), existing(created_at=None), None),
        # without the source, only the time of the option is compared
        (choice(), None, existing(created_at=FIRST, engine="postgres"), None),
        (choice(LIVE_INSTANCE, time=NOON), None, existing(created_at=FIRST), "before 2026-11-02T12:00:00Z"),
        (choice(LIVE_INSTANCE, time=FIRST), live(), existing(created_at=FIRST), None),
    ],
)
def test_mismatch_of_existing_target(chosen, found, target, reason):
    problem = mismatch(chosen, found, target)
    if reason is None:
        assert problem is None
    else:
        assert problem.code == TARGET_EXISTS
        assert "it already exists and cannot be the result of this restore: " in problem.message
        assert reason in problem.message


@pytest.mark.parametrize(
    ("chosen", "found", "exists", "expected"),
    [
        (choice(), source(latest=LAST), False, None),
        (choice(LIVE_INSTANCE, time=NOON), live(), False, NOON),
        (choice(LIVE_INSTANCE, time=NOON), None, True, NOON),
        (choice(LIVE_INSTANCE, latest=True), live(), False, LAST),
        (choice(LIVE_INSTANCE, latest=True), live(), True, None),
        (choice(LIVE_INSTANCE, latest=True), None, False, None),
    ],
)
def test_restored_to(chosen, found, exists, expected):
    assert restored_to(chosen, found, exists=exists) == expected
