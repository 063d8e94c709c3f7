# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The problem of a restore source that does not exist, with similar names."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import (
    CLUSTER_SNAPSHOT,
    RESTORE_METHODS,
    SNAPSHOT,
    RestoreSourceOption,
)
from ansible_collections.passwordless.rds.plugins.module_utils._run.near_sources import source_not_found_problem
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    call_error,
    gateway_to,
)

LIVE, LIVE_CLUSTER = "source_db_instance_identifier", "source_db_cluster_identifier"
SNAPSHOT_OPTION, CLUSTER_SNAPSHOT_OPTION = "db_snapshot_identifier", "db_cluster_snapshot_identifier"
ABSENT = "does not exist in this Region and account"


def rds():
    snapshots = {SNAPSHOT: ["monday", "tuesday"], CLUSTER_SNAPSHOT: ["weekly"]}
    return FakeRds(snapshots=snapshots).add(instance(), cluster())


def problem(option, name, found=None):
    kind = INSTANCE if option in RESTORE_METHODS[INSTANCE] else CLUSTER
    choice = RestoreSourceOption(kind, option, name, RESTORE_METHODS[kind][option])
    return source_not_found_problem(choice, gateway_to(found or rds()))


@pytest.mark.parametrize(
    ("option", "name", "message"),
    [
        (SNAPSHOT_OPTION, "monda", f"'monda' {ABSENT}. Similar: monday"),
        (SNAPSHOT_OPTION, "MONDA", f"'MONDA' {ABSENT}. Similar: monday"),
        (SNAPSHOT_OPTION, "xyz", f"'xyz' {ABSENT}. Check the identifier and the Region"),
        (
            SNAPSHOT_OPTION,
            "Weekly",
            f"'Weekly' {ABSENT}, but there is a DB cluster snapshot with this identifier. "
            "Set db_cluster_snapshot_identifier instead",
        ),
        (
            CLUSTER_SNAPSHOT_OPTION,
            "monday",
            f"'monday' {ABSENT}, but there is a DB snapshot with this identifier. Set db_snapshot_identifier instead",
        ),
        (
            SNAPSHOT_OPTION,
            "arn:aws:rds:eu-west-1:123456789012:snapshot:mondy",
            f"'arn:aws:rds:eu-west-1:123456789012:snapshot:mondy' {ABSENT}. Similar: monday",
        ),
        (
            SNAPSHOT_OPTION,
            "arn:aws:rds:us-east-1:123456789012:snapshot:monday",
            f"'arn:aws:rds:us-east-1:123456789012:snapshot:monday' {ABSENT}: its ARN is in Region us-east-1, but the "
            "task uses eu-west-1. Set region to us-east-1",
        ),
        (
            LIVE,
            "ordres",
            "'ordres': there is no DB instance with this identifier in Region eu-west-1. Similar: orders",
        ),
        (
            LIVE,
            "ledger",
            "'ledger': there is no DB instance with this identifier in Region eu-west-1, but there is a DB cluster. "
            "Name it in source_db_cluster_identifier instead",
        ),
        (
            LIVE_CLUSTER,
            "Orders",
            "'Orders': there is no DB cluster with this identifier in Region eu-west-1, but there is a DB instance. "
            "Name it in source_db_instance_identifier instead",
        ),
        # it did not exist when the task asked for it
        (LIVE, "orders", "'orders': it was created in the meantime. Run the task again"),
        ("source_dbi_resource_id", "db-ABC", f"'db-ABC' {ABSENT}"),
    ],
)
def test_source_not_found_message(option, name, message):
    found = problem(option, name)
    assert (found.code, found.message) == ("source_not_found", f"{option}: {message}")


def test_source_not_found_without_permission_to_list():
    found = FakeRds(errors={"snapshot_names": [call_error()] * 2})
    assert problem(SNAPSHOT_OPTION, "monday", found).message.endswith(f"{ABSENT}. Check the identifier and the Region")


def test_source_not_found_in_other_region_asks_nothing():
    found = rds()
    problem(SNAPSHOT_OPTION, "arn:aws:rds:us-east-1:123456789012:snapshot:monday", found)
    assert found.calls == []
