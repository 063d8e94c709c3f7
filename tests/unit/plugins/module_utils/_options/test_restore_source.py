# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The source of a restore, and the time to restore to."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import RESTORE_METHODS
from ansible_collections.passwordless.rds.plugins.module_utils._options.restore_source import (
    parse_time,
    read_restore_source,
)

TIME = dt.datetime(2026, 11, 24, 3, 30, tzinfo=dt.timezone.utc)
LATEST = {"use_latest_restorable_time": True}
METHODS = [(kind, option) for kind, methods in RESTORE_METHODS.items() for option in methods]


@pytest.mark.parametrize(("kind", "option"), METHODS)
def test_read_every_source(kind, option):
    method = RESTORE_METHODS[kind][option]
    latest = method.operation.endswith("ToPointInTime")
    found = read_restore_source({option: " kept ", **(LATEST if latest else {})}, kind)
    assert (found.kind, found.option, found.name, found.method) == (kind, option, "kept", method)
    assert (found.time, found.latest) == (None, latest)


def test_read_point_in_time():
    params = {"source_db_cluster_identifier": "ledger", "restore_time": "2026-11-24T04:30:00+01:00"}
    found = read_restore_source(params, CLUSTER)
    assert (found.time, found.latest) == (TIME, False)


@pytest.mark.parametrize(
    ("params", "kind", "names"),
    [
        ({}, INSTANCE, "db_snapshot_identifier"),
        ({"db_snapshot_identifier": " "}, INSTANCE, "db_snapshot_identifier"),
        ({"db_snapshot_identifier": "a", "s3_bucket_name": "b"}, INSTANCE, "s3_bucket_name"),
        ({"source_db_cluster_identifier": "a", **LATEST}, INSTANCE, "source_db_cluster_identifier"),
        ({"source_db_instance_identifier": "a", **LATEST}, CLUSTER, "source_db_instance_identifier"),
        ({"db_snapshot_identifier": "a", **LATEST}, INSTANCE, "use_latest_restorable_time"),
        ({"db_snapshot_identifier": "a", "restore_time": "2026-11-24T03:30:00Z"}, INSTANCE, "restore_time"),
        ({"source_db_instance_identifier": "a"}, INSTANCE, "restore_time"),
        ({"source_db_instance_identifier": "a", "restore_time": " "}, INSTANCE, "restore_time"),
        (
            {"source_db_instance_identifier": "a", "restore_time": "2026-11-24T03:30:00Z", **LATEST},
            INSTANCE,
            "use_latest_restorable_time",
        ),
    ],
    ids=[
        "none",
        "blank",
        "two",
        "cluster-into-instance",
        "instance-into-cluster",
        "snapshot-to-latest",
        "snapshot-to-time",
        "no-time",
        "blank-time",
        "both-times",
    ],
)
def test_read_invalid_raises(params, kind, names):
    with pytest.raises(InputError, match=names):
        read_restore_source(params, kind)


@pytest.mark.parametrize(
    "text", ["2026-11-24T03:30:00Z", "2026-11-24T03:30:00z", "2026-11-24T04:30:00+01:00", "2026-11-24 03:30+00:00"]
)
def test_parse_time_valid(text):
    assert parse_time(text) == TIME


@pytest.mark.parametrize("text", ["2026-11-24T03:30:00", "yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00+01:00"])
def test_parse_time_invalid_raises(text):
    with pytest.raises(InputError, match="restore_time"):
        parse_time(text)
