# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""RestoreDBInstanceFromDBSnapshot and RestoreDBInstanceToPointInTime."""

from __future__ import annotations

from typing import Any

from ..api.registry import ApiRequest, operation
from ..engines.engines import Engine
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules.refusals import IAM
from ..state.backup_store import Snapshot
from ..state.login_service import DataImage
from ..state.lookup import find
from . import request_checks
from .backups import AutomatedBackup, automated_backups, find_backup
from .creation import NewDatabase, iam_setting, inherited_members, make_instance
from .creation_stages import start_creation
from .restore_times import refuse_restore_time
from .snapshots import find_snapshot, is_own

_SOURCES = {
    "snapshot": ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier"),
    "backup": ("SourceDBInstanceIdentifier", "SourceDbiResourceId", "SourceDBInstanceAutomatedBackupsArn"),
}
_OWN_TO_POINT = (*_SOURCES["backup"], "TargetDBInstanceIdentifier", "RestoreTime", "UseLatestRestorableTime")

# Other engines that a source can be restored as (model, Engine of the restores ✓).
_COMPATIBLE = {("mysql", "mariadb")}


def one_source(parameters: dict[str, Any], names: tuple[str, ...]) -> str:
    """Return the parameter that names the source; raise AwsError unless it is exactly one.

    Model ✓; codes and texts ?.
    """
    given = [name for name in names if parameters.get(name)]
    if len(given) != 1:
        raise AwsError("InvalidParameterCombination", f"Exactly one of {', '.join(names)} must be specified.")
    return given[0]


@operation("RestoreDBInstanceFromDBSnapshot")
def restore_db_instance_from_db_snapshot(request: ApiRequest) -> dict[str, Any]:
    """Restore a snapshot of an instance or of a Multi-AZ DB cluster (model ✓)."""
    parameters = request.parameters
    option = one_source(parameters, _SOURCES["snapshot"])
    kind = INSTANCE if option == "DBSnapshotIdentifier" else CLUSTER
    name = request_checks.unused_name(
        request.backend, INSTANCE, "DBInstanceIdentifier", parameters["DBInstanceIdentifier"]
    )
    snapshot = find_snapshot(request.backend, kind, parameters[option])
    refuse_snapshot(request, snapshot)
    if kind == CLUSTER and snapshot.record["Engine"].startswith("aurora"):
        # "Can't be the identifier of an Aurora DB cluster snapshot" (model ✓; code and text ?).
        raise AwsError("InvalidRestoreFault", "A DB instance can't be restored from an Aurora DB cluster snapshot.")
    own = ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier")
    return _restore(request, name, snapshot.source, own, snapshot.data)


def refuse_snapshot(request: ApiRequest, snapshot: Snapshot) -> None:
    """Refuse an unavailable snapshot (code ✓), and a shared encrypted instance snapshot (✓; code and text ?)."""
    if snapshot.status != "available":
        code = "InvalidDBSnapshotState"
        if snapshot.kind == CLUSTER and request.operation != "RestoreDBInstanceFromDBSnapshot":
            code = "InvalidDBClusterSnapshotStateFault"
        raise AwsError(code, f"The snapshot {snapshot.name} is not in available state.")
    foreign = not is_own(request.backend, snapshot)
    if foreign and snapshot.kind == INSTANCE and snapshot.encrypted:
        raise AwsError(
            "KMSKeyNotAccessibleFault",
            "You can't restore a DB instance from a DB snapshot that is both shared and encrypted. Copy the DB "
            "snapshot and restore the DB instance from the copy.",
        )


@operation("RestoreDBInstanceToPointInTime")
def restore_db_instance_to_point_in_time(request: ApiRequest) -> dict[str, Any]:
    """Restore an existing instance, or its retained or replicated backups (model ✓)."""
    parameters = request.parameters
    one_source(parameters, _SOURCES["backup"])
    name = request_checks.unused_name(
        request.backend, INSTANCE, "TargetDBInstanceIdentifier", parameters["TargetDBInstanceIdentifier"]
    )
    source = _backed_up(request)
    refuse_restore_time(parameters, source)
    # Data of earlier times do not exist, so the data are those of now.
    return _restore(request, name, source.source, _OWN_TO_POINT, source.data)


def _backed_up(request: ApiRequest) -> AutomatedBackup:
    backend, parameters = request.backend, request.parameters
    given = parameters.get("SourceDBInstanceIdentifier")
    if not given:
        arn, resource_id = parameters.get("SourceDBInstanceAutomatedBackupsArn"), parameters.get("SourceDbiResourceId")
        return find_backup(backend, INSTANCE, arn=arn, resource_id=resource_id)
    database = find(backend, INSTANCE, given)
    if database.record.get("DBClusterIdentifier"):
        # "This operation doesn't apply to Aurora" (model ✓; code and text ?).
        raise AwsError("InvalidParameterCombination", f"{database.name} is a member of a cluster: restore the cluster.")
    for one in automated_backups(backend, INSTANCE):
        if one.database is database:
            return one
    return AutomatedBackup(INSTANCE, database.record, None, "active", backend.region, "", database)


def _restore(
    request: ApiRequest, name: str, source: dict[str, Any], own: tuple[str, ...], data: DataImage | None
) -> dict[str, Any]:
    """Create the instance. source: the record of the database whose data is restored."""
    parameters = request.parameters
    engine, version = _engine(request, source), str(source["EngineVersion"])
    _refuse_storage(parameters, source)
    _refuse_secret(parameters, engine)
    new_database = NewDatabase(
        name=name,
        engine=engine,
        version=version if engine.name == source["Engine"] else engine.default,
        own=own,
        inherited=inherited_members(INSTANCE, source, but=() if engine.name == source["Engine"] else ("LicenseModel",)),
        port=source["Port"] if "Port" in source else source.get("Endpoint", {}).get("Port"),
        tags=source["TagList"],
        option_group=request_checks.inherited_option_group(request.backend, source),
        iam=iam_setting(request, bool(source.get(IAM)), inherits=request.world.settings.restore_inherits),
        data=data,
    )
    db_class = parameters.get("DBInstanceClass") or source.get("DBInstanceClass") or source["DBClusterInstanceClass"]
    database = make_instance(request, new_database, db_class)
    start_creation(request.backend, database, restored=True)
    return {"DBInstance": database.record}


def _engine(request: ApiRequest, source: dict[str, Any]) -> Engine:
    """Return the engine: that of the source or a compatible one (model ✓; code InvalidRestoreFault and text ?)."""
    engine = request_checks.find_engine(
        request.backend, request.parameters.get("Engine", source["Engine"]), clustered=False
    )
    pair = (source["Engine"], engine.name)
    editions = (
        pair[0].startswith(("oracle", "sqlserver", "db2")) and pair[0].partition("-")[0] == pair[1].partition("-")[0]
    )
    if pair[0] != pair[1] and pair not in _COMPATIBLE and not editions:
        raise AwsError("InvalidRestoreFault", f"A backup of {pair[0]} can't be restored as {pair[1]}.")
    return engine


def _refuse_storage(parameters: dict[str, Any], source: dict[str, Any]) -> None:
    """Refuse less storage, growth below a tenth, and magnetic storage (user guide ✓; code of the last ?).

    Code and text for less storage: pull request 1911 of ministryofjustice/cloud-platform-user-guide (△); the same for
    a smaller growth (?).
    """
    wanted, has = parameters.get("AllocatedStorage"), int(source["AllocatedStorage"])
    if wanted is not None and wanted != has and wanted < has * 1.1:
        storage = parameters.get("StorageType", source.get("StorageType"))
        raise AwsError(
            "InvalidParameterCombination",
            f"Invalid storage size for engine name {source['Engine']} and storage type {storage}: {wanted}",
        )
    if parameters.get("StorageType") == "standard":
        raise AwsError("StorageTypeNotSupported", "Restoring to magnetic storage isn't supported.")


def _refuse_secret(parameters: dict[str, Any], engine: Engine) -> None:
    """Refuse a managed password, which "applies to RDS for Oracle only" on restores (model ✓; code and text ?)."""
    if parameters.get("ManageMasterUserPassword") and not engine.name.startswith("oracle"):
        raise AwsError(
            "InvalidParameterCombination",
            f"ManageMasterUserPassword isn't supported when a DB instance of {engine.name} is restored.",
        )
