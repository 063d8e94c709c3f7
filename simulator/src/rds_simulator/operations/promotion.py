# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""PromoteReadReplica and PromoteReadReplicaDBCluster: a replica becomes an independent database."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..api.registry import ApiRequest, operation
from ..errors import AwsError, not_implemented
from ..kinds import CLUSTER, INSTANCE
from ..rules import windows
from ..state.backend import Backend, Database
from ..state.lookup import find
from . import request_checks
from .events import note_database
from .snapshots import take_automated

_DEFAULT_RETENTION = 1
_SOURCE = ("ReadReplicaSourceDBInstanceIdentifier", "ReadReplicaSourceDBClusterIdentifier")


@operation("PromoteReadReplica")
def promote_read_replica(request: ApiRequest) -> dict[str, Any]:
    """Modify, reboot, back up (user guide, promoting ✓); resource id, endpoint and IAM setting stay (✓)."""
    backend, parameters = request.backend, request.parameters
    if parameters.get("TagSpecifications"):
        raise not_implemented("the parameter TagSpecifications")
    database = find(backend, INSTANCE, parameters["DBInstanceIdentifier"])
    if not any(database.record.get(member) for member in _SOURCE):
        raise AwsError("InvalidDBInstanceState", f"DB Instance {database.name} is not a read replica.")
    if database.status not in ("available", "storage-optimization"):
        raise AwsError("InvalidDBInstanceState", f"DB Instance {database.name} is not in available state.")
    days = parameters.get("BackupRetentionPeriod", _DEFAULT_RETENTION)
    request_checks.refuse_retention(days, least=0)
    if not days and database.record["ReadReplicaDBInstanceIdentifiers"]:
        # "Can't be set to 0 if the DB instance is a source to read replicas" (model ✓; code and text ?).
        raise AwsError("InvalidParameterCombination", f"{database.name} has read replicas and needs backups.")
    may_touch = request.world.settings.windows_may_touch
    settings = {
        "BackupRetentionPeriod": days,
        **windows.requested_windows(database.record, parameters, may_touch=may_touch),
    }
    database.status = "modifying"
    request.world.clock.after(request.world.settings.apply_seconds, partial(_promoted, backend, database, settings))
    return {"DBInstance": database.record}


def _promoted(backend: Backend, database: Database, settings: dict[str, Any]) -> None:
    """End the replication, and reboot the instance (user guide ✓)."""
    if database.deleted or database.status != "modifying":
        return
    _detach(backend, database)
    database.record.update(settings)
    database.status = "rebooting"
    database.outages += 1
    backend.world.clock.after(backend.world.settings.reboot_seconds, partial(_rebooted, backend, database))


def _detach(backend: Backend, replica: Database) -> None:
    record = replica.record
    shown = {replica.name, str(record["DBInstanceArn"])}
    for home in backend.world.backends():
        lists = [one.record["ReadReplicaDBInstanceIdentifiers"] for one in home.instances]
        lists += [one.record["ReadReplicaIdentifiers"] for one in home.clusters]
        for replicas in lists if home.account == backend.account else []:
            names = shown if home is backend else {str(record["DBInstanceArn"])}
            replicas[:] = [name for name in replicas if name not in names]
    for member in (*_SOURCE, "StatusInfos", "ReplicaMode"):
        record.pop(member, None)


def _rebooted(backend: Backend, database: Database) -> None:
    if database.deleted or database.status != "rebooting":
        return
    note_database(backend, database, "restarted")
    if not database.record["BackupRetentionPeriod"]:
        database.backed_up_since, database.status = None, "available"
        return
    database.status = "backing-up"
    database.backed_up_since = backend.world.clock.now()
    note_database(backend, database, "backup started")
    take_automated(backend, database)
    backend.world.clock.after(backend.world.settings.backup_seconds, partial(_backed_up, backend, database))


def _backed_up(backend: Backend, database: Database) -> None:
    if not database.deleted and database.status == "backing-up":
        database.status = "available"
        note_database(backend, database, "backup finished")


@operation("PromoteReadReplicaDBCluster")
def promote_read_replica_db_cluster(request: ApiRequest) -> dict[str, Any]:
    """Promote an Aurora cluster that replicates a cluster or instance (model ✓; texts ?)."""
    database = find(request.backend, CLUSTER, request.parameters["DBClusterIdentifier"])
    if not database.record.get("ReplicationSourceIdentifier"):
        raise AwsError("InvalidDBClusterStateFault", f"DB cluster {database.name} is not a read replica.")
    if database.status != "available":
        text = f"DBCluster {database.name} is not currently in the available state."
        raise AwsError("InvalidDBClusterStateFault", text)
    # `promoting`: Aurora user guide, list of statuses ✓.
    database.status = "promoting"
    request.world.clock.after(request.world.settings.apply_seconds, partial(_cluster_promoted, database))
    return {"DBCluster": database.record}


def _cluster_promoted(database: Database) -> None:
    if database.deleted or database.status != "promoting":
        return
    database.record.pop("ReplicationSourceIdentifier")
    database.status = "available"
