# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Concurrent clients: every response is complete, and no change is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

THREADS = 16
ROUNDS = 2


def test_requests_of_sixteen_threads_are_consistent(sim: Any, client: Any) -> None:
    """Threads read, change, delete and move the clock concurrently; moto alone fails here."""
    databases = {"identifier": "db-{n}", "engine": "postgres", "count": THREADS}
    doomed = {"identifier": "old-{n}", "engine": "mysql", "count": THREADS * ROUNDS}
    clusters = {"identifier": "c-{n}", "engine": "aurora-mysql", "count": THREADS, "members": 2}
    sim.seed({"db_instances": [databases, doomed], "db_clusters": [clusters]})
    sim.settings.update(delete_seconds=1)

    def work(number: int) -> None:
        for turn in range(ROUNDS):
            client.modify_db_instance(
                DBInstanceIdentifier=f"db-{number}",
                AllocatedStorage=200 + turn,
                ApplyImmediately=False,
            )
            client.modify_db_cluster(DBClusterIdentifier=f"c-{number}", BackupRetentionPeriod=10 + turn)
            client.delete_db_instance(
                DBInstanceIdentifier=f"old-{(number - 1) * ROUNDS + turn + 1}",
                SkipFinalSnapshot=True,
            )
            pages = client.get_paginator("describe_db_instances").paginate(
                Filters=[{"Name": "engine", "Values": ["mysql"]}], PaginationConfig={"PageSize": 20}
            )
            rows = [row["DBInstanceIdentifier"] for page in pages for row in page["DBInstances"]]
            assert len(set(rows)) == len(rows)
            assert len(client.describe_db_clusters()["DBClusters"]) == THREADS
            sim.clock.advance(1)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(1, THREADS + 1)))
    sim.clock.advance(1)
    assert [call.error for call in sim.calls if call.error] == []
    for number in range(1, THREADS + 1):
        pending = sim.database("instance", f"db-{number}")["PendingModifiedValues"]
        assert pending == {"AllocatedStorage": 200 + ROUNDS - 1}
        pending = sim.database("cluster", f"c-{number}")["PendingModifiedValues"]
        assert pending == {"BackupRetentionPeriod": 10 + ROUNDS - 1}
    rows = client.describe_db_instances()["DBInstances"]
    assert not [row for row in rows if row["DBInstanceIdentifier"].startswith("old-")]
