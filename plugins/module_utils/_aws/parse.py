# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Convert the databases in RDS responses to the types of the collection.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.arns import parse
from .._model.database import CLUSTER, INSTANCE, Database, DatabaseId, DomainMembership, Endpoint, Member
from .._model.parameter_group import Parameter, ParameterGroup

Described = t.Mapping[str, t.Any]
_IAM = "IAMDatabaseAuthenticationEnabled"

# from the furthest from ``in-sync`` to the nearest; an unknown status precedes all of them
_APPLY_STATUS_ORDER = ("failed-to-apply", "applying", "pending-reboot", "pending-database-upgrade")


def parse_instance(raw: Described, *, region: str) -> Database:
    """Translate a ``DBInstance``."""
    name = raw["DBInstanceIdentifier"]
    groups = raw.get("DBParameterGroups") or []
    replicas = [*_replicas(INSTANCE, raw.get("ReadReplicaDBInstanceIdentifiers"), region)]
    replicas += _replicas(CLUSTER, raw.get("ReadReplicaDBClusterIdentifiers"), region)
    return Database(
        id=DatabaseId(INSTANCE, name.lower()),
        arn=raw.get("DBInstanceArn", ""),
        resource_id=raw.get("DbiResourceId", ""),
        status=raw.get("DBInstanceStatus", "unknown"),
        endpoint=_instance_endpoint(raw.get("Endpoint")),
        instance_class=raw.get("DBInstanceClass"),
        parameter_group=_instance_group(groups[0]) if groups else None,
        cluster_identifier=raw.get("DBClusterIdentifier"),
        replica_of=raw.get("ReadReplicaSourceDBInstanceIdentifier"),
        created_at=raw.get("InstanceCreateTime"),
        on_outpost=_on_outpost(raw),
        created_with=_creation_settings(
            raw,
            DBName=raw.get("DBName"),
            Port=(raw.get("Endpoint") or {}).get("Port"),
            DBSubnetGroupName=(raw.get("DBSubnetGroup") or {}).get("DBSubnetGroupName"),
        ),
        replicas=_local(replicas),
        replicas_elsewhere=_elsewhere(replicas),
        **_common(raw),
    )


def parse_cluster(raw: Described, *, region: str) -> Database:
    """Translate a ``DBCluster``, which does not contain the classes of its members."""
    # the read replicas of a Multi-AZ DB cluster are DB instances, those of an Aurora cluster are DB clusters
    multi_az = raw.get("Engine") in ("mysql", "postgres")
    replicas = _replicas(INSTANCE if multi_az else CLUSTER, raw.get("ReadReplicaIdentifiers"), region)
    members = raw.get("DBClusterMembers") or []
    return Database(
        id=DatabaseId(CLUSTER, raw["DBClusterIdentifier"].lower()),
        arn=raw.get("DBClusterArn", ""),
        resource_id=raw.get("DbClusterResourceId", ""),
        status=raw.get("Status", "unknown"),
        endpoint=_cluster_endpoint(raw, "Endpoint"),
        reader_endpoint=_cluster_endpoint(raw, "ReaderEndpoint"),
        parameter_group=_cluster_group(raw.get("DBClusterParameterGroup"), members),
        members=tuple(Member(m["DBInstanceIdentifier"], bool(m.get("IsClusterWriter"))) for m in members),
        created_at=raw.get("ClusterCreateTime"),
        serverless_v1=raw.get("EngineMode") == "serverless",
        express=bool(raw.get("InternetAccessGatewayEnabled")),
        created_with=_creation_settings(
            raw,
            DatabaseName=raw.get("DatabaseName"),
            Port=raw.get("Port"),
            DBSubnetGroupName=raw.get("DBSubnetGroup"),
            DBClusterInstanceClass=raw.get("DBClusterInstanceClass"),
        ),
        replicas=_local(replicas),
        replicas_elsewhere=_elsewhere(replicas),
        **_common(raw),
    )


def parse_parameter(raw: Described) -> Parameter:
    """Translate a ``Parameter``. Without a value, the engine default applies."""
    return Parameter(
        name=raw["ParameterName"],
        value=raw.get("ParameterValue"),
        modifiable=bool(raw.get("IsModifiable")),
        dynamic=raw.get("ApplyType") == "dynamic",
    )


def _common(raw: Described) -> dict[str, t.Any]:
    pending = dict(raw.get("PendingModifiedValues") or {})
    value = pending.pop(_IAM, None)
    return {
        "engine": raw.get("Engine", ""),
        "engine_version": raw.get("EngineVersion", ""),
        "current": bool(raw.get(_IAM)),
        "pending": value,
        "other_pending": {name: change for name, change in pending.items() if change not in (None, {}, [])},
        "tags": {tag["Key"]: tag.get("Value", "") for tag in raw.get("TagList") or []},
        "maintenance_window": raw.get("PreferredMaintenanceWindow", ""),
        "directories": tuple(
            DomainMembership(d.get("Domain") or d.get("FQDN") or "", (d.get("Status") or "").lower())
            for d in raw.get("DomainMemberships") or []
        ),
    }


def _creation_settings(raw: Described, **more: t.Any) -> dict[str, str]:
    # "For Aurora [...] AllocatedStorage always returns 1" (API reference of DBCluster)
    storage = raw.get("AllocatedStorage") if raw.get("AllocatedStorage") != 1 else None
    values = {"MasterUsername": raw.get("MasterUsername"), "AllocatedStorage": storage, **more}
    return {name: str(value) for name, value in values.items() if value}


def _instance_endpoint(raw: Described | None) -> Endpoint | None:
    # absent while the instance is being created
    return Endpoint(raw["Address"], raw.get("Port", 0)) if raw and raw.get("Address") else None


def _cluster_endpoint(raw: Described, name: str) -> Endpoint | None:
    return Endpoint(raw[name], raw.get("Port") or 0) if raw.get(name) else None


def _instance_group(raw: Described) -> ParameterGroup:
    return ParameterGroup(INSTANCE, raw["DBParameterGroupName"], raw.get("ParameterApplyStatus", ""))


def _cluster_group(name: str | None, members: t.Sequence[Described]) -> ParameterGroup | None:
    if not name:
        return None
    statuses = {member.get("DBClusterParameterGroupStatus") or "in-sync" for member in members} - {"in-sync"}
    first, *more = sorted(statuses, key=_unsettled_first) or ["in-sync"]
    return ParameterGroup(CLUSTER, name, first, tuple(more))


def _unsettled_first(status: str) -> tuple[int, str]:
    known = _APPLY_STATUS_ORDER
    return (known.index(status) if status in known else -1, status)


def _on_outpost(raw: Described) -> bool:
    subnets = (raw.get("DBSubnetGroup") or {}).get("Subnets") or []
    return any((subnet.get("SubnetOutpost") or {}).get("Arn") for subnet in subnets)


def _replicas(kind: str, names: t.Sequence[str] | None, region: str) -> list[DatabaseId | str]:
    """Return the id of each read replica, or its ARN as text if it is in another Region."""
    found: list[DatabaseId | str] = []
    for name in names or ():
        arn = parse(name)
        is_local = arn is None or arn.region == region.lower()
        found.append(DatabaseId(kind, (arn.name if arn else name).lower()) if is_local else name)
    return found


def _local(replicas: t.Sequence[DatabaseId | str]) -> tuple[DatabaseId, ...]:
    return tuple(replica for replica in replicas if isinstance(replica, DatabaseId))


def _elsewhere(replicas: t.Sequence[DatabaseId | str]) -> tuple[str, ...]:
    return tuple(replica for replica in replicas if isinstance(replica, str))
