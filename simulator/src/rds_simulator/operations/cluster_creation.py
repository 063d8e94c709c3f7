# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""CreateDBCluster: Aurora clusters start without members, Multi-AZ DB clusters with members."""

from __future__ import annotations

from typing import Any

from ..api.registry import ApiRequest, operation
from ..engines import catalogue
from ..errors import AwsError, not_implemented
from ..kinds import CLUSTER, INSTANCE
from ..state.backend import Database
from ..state.records import add_member, is_multi_az_cluster
from . import request_checks
from .creation import NewDatabase, iam_setting, make_cluster
from .creation_stages import start_creation
from .instance_creation import member_record
from .login_data import image_of
from .master_user import refuse_iam_master
from .parameter_groups import default_group

_STANDBYS = 2
_MASTER = ("MasterUsername", "MasterUserPassword", "ManageMasterUserPassword", "MasterUserAuthenticationType")

# the members that show the source of the data (model ✓); the data is not simulated
_SHOWN = ("GlobalClusterIdentifier", "ReplicationSourceIdentifier")


@operation("CreateDBCluster")
def create_db_cluster(request: ApiRequest) -> dict[str, Any]:
    """Start to create a DB cluster; raise AwsError if the request is invalid (model ✓)."""
    parameters = request.parameters
    engine = request_checks.find_engine(request.backend, parameters["Engine"], clustered=True)
    name = request_checks.unused_name(
        request.backend, CLUSTER, "DBClusterIdentifier", parameters["DBClusterIdentifier"]
    )
    if parameters.get("WithExpressConfiguration"):
        raise not_implemented("WithExpressConfiguration of CreateDBCluster")
    _refuse_master(request, engine.name)
    if engine.name in catalogue.MULTI_AZ_ENGINES and "AllocatedStorage" not in parameters:
        # "Required to create a Multi-AZ DB cluster" (model ✓; text △).
        text = "The parameter AllocatedStorage must be provided and must not be null."
        raise AwsError("InvalidParameterValue", text)
    new_database = NewDatabase(
        name=name,
        engine=engine,
        version=request_checks.choose_version(engine, parameters.get("EngineVersion")),
        own=("GlobalClusterIdentifier", "ReplicationSourceIdentifier", "WithExpressConfiguration"),
        iam=iam_setting(request, source=False, inherits=False),
        data=image_of(_replication_source(request)),
    )
    cluster = make_cluster(request, new_database)
    cluster.record.update({name: parameters[name] for name in _SHOWN if name in parameters})
    start_cluster_creation(request, cluster)
    return {"DBCluster": cluster.record}


def _replication_source(request: ApiRequest) -> Database | None:
    """Return the database that the cluster replicates, if it exists; its ARN can name another Region (model ✓)."""
    arn = request.parameters.get("ReplicationSourceIdentifier", "").lower()
    for home in request.world.backends():
        for kind, member in ((CLUSTER, "DBClusterArn"), (INSTANCE, "DBInstanceArn")):
            for database in home.database_store(kind):
                if database.record[member].lower() == arn:
                    return database
    return None


def _refuse_master(request: ApiRequest, engine: str) -> None:
    """Refuse a master user for a secondary cluster or a replica (user guide ✓; code and text ?).

    A secondary cluster and a replica have the master user of their source.
    """
    parameters = request.parameters
    is_secondary = "GlobalClusterIdentifier" in parameters and "MasterUsername" not in parameters
    if not is_secondary and "ReplicationSourceIdentifier" not in parameters:
        request_checks.refuse_master(request, CLUSTER, engine)
        refuse_iam_master(parameters, engine, iam=bool(parameters.get("EnableIAMDatabaseAuthentication")))
        return
    given = [name for name in _MASTER if name in parameters]
    if given:
        raise AwsError("InvalidParameterCombination", f"{given[0]} can't be specified for a replica of a DB cluster.")


def start_cluster_creation(request: ApiRequest, cluster: Database) -> None:
    """Start to create a cluster, and the members that a Multi-AZ DB cluster creates itself (✓)."""
    backend = request.backend
    names = [f"{cluster.name}-instance-{number}" for number in range(1, _STANDBYS + 2)]
    if is_multi_az_cluster(cluster.record) and any(name in backend.instances for name in names):
        raise AwsError("DBInstanceAlreadyExists", "DB instance already exists")
    start_creation(backend, cluster)
    if not is_multi_az_cluster(cluster.record):
        return
    version = str(cluster.record["EngineVersion"])
    group = default_group(backend, INSTANCE, cluster.engine, version)
    for name in names:
        db_class = str(cluster.record["DBClusterInstanceClass"])
        record = member_record(request, name, cluster, db_class=db_class, group=group)
        add_member(cluster, record)
        start_creation(backend, Database(kind=INSTANCE, record=record))
