# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""RDS and the clock in memory, for tests of the workflows. Nothing here makes a call or waits."""

from __future__ import annotations

import collections
import datetime as dt
import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.provisioning import (
    EngineOffer,
    ProvisioningApi,
)
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.rds import Page, Query
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.retrying_provisioning import (
    RetryingProvisioningGateway,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ModifyRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    Database,
    DatabaseId,
    Endpoint,
    Member,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Operation, Request
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import (
    S3_OPTIONS,
    SOURCE_OPTIONS,
    RestoreSource,
    RestoreSourceOption,
    SourceDatabase,
)
from ansible_collections.passwordless.rds.plugins.module_utils._options.settings import (
    COMMON_SPEC,
    CREATE_SPEC,
    api_name,
)
from ansible_collections.passwordless.rds.plugins.module_utils._run.context import RunContext
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance

NOON = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.timezone.utc)
REGION = "eu-west-1"
_T = t.TypeVar("_T")

# the parameters that name the new database, in the order in which they decide what a request creates
_TARGETS = (
    ("DBInstanceIdentifier", INSTANCE),
    ("TargetDBInstanceIdentifier", INSTANCE),
    ("DBClusterIdentifier", CLUSTER),
)


# what every operation accepts besides the settings of the modules
_ALWAYS_ACCEPTED = ("EnableIAMDatabaseAuthentication", "Domain", "EngineMode", "MonitoringInterval")
_ACCEPTED_BY = {
    "CreateDBInstance": ("DBInstanceIdentifier", "DBClusterIdentifier", "PromotionTier"),
    "CreateDBCluster": (
        "DBClusterIdentifier",
        "GlobalClusterIdentifier",
        "ReplicationSourceIdentifier",
        "WithExpressConfiguration",
        "EnableInternetAccessGateway",
    ),
    "CreateDBInstanceReadReplica": ("DBInstanceIdentifier", "SourceDBInstanceIdentifier", "SourceRegion"),
    "RestoreDBInstanceFromDBSnapshot": (
        "DBInstanceIdentifier",
        "DBSnapshotIdentifier",
        "DBClusterSnapshotIdentifier",
    ),
    "RestoreDBInstanceToPointInTime": (
        "TargetDBInstanceIdentifier",
        "SourceDBInstanceIdentifier",
        "SourceDbiResourceId",
        "SourceDBInstanceAutomatedBackupsArn",
        "RestoreTime",
        "UseLatestRestorableTime",
    ),
    "RestoreDBInstanceFromS3": ("DBInstanceIdentifier", "S3BucketName", *S3_OPTIONS.values()),
    "RestoreDBClusterFromSnapshot": ("DBClusterIdentifier", "SnapshotIdentifier"),
    "RestoreDBClusterToPointInTime": (
        "DBClusterIdentifier",
        "SourceDBClusterIdentifier",
        "SourceDbClusterResourceId",
        "RestoreToTime",
        "UseLatestRestorableTime",
    ),
    "RestoreDBClusterFromS3": ("DBClusterIdentifier", "S3BucketName", *S3_OPTIONS.values()),
}
# a source brings these along; only a backup in S3 does not
_OF_THE_SOURCE = ("MasterUsername", "MasterUserPassword", "MasterUserAuthenticationType", "StorageEncrypted")
_OF_OTHER_KIND = {
    INSTANCE: ("DBClusterParameterGroupName", "ServerlessV2ScalingConfiguration"),
    CLUSTER: ("DBParameterGroupName", "MultiAZ"),
}
# besides the first parameter of ``_ACCEPTED_BY``, which names the new database
_REQUIRED = {
    "CreateDBInstance": ("Engine", "DBInstanceClass"),
    "CreateDBCluster": ("Engine",),
    "RestoreDBInstanceFromS3": ("Engine", "S3BucketName", "S3IngestionRoleArn"),
    "RestoreDBClusterFromSnapshot": ("Engine", "SnapshotIdentifier"),
    "RestoreDBClusterFromS3": ("Engine", "S3BucketName", "S3IngestionRoleArn"),
}


class FakeClock:
    """A clock that advances only by ``sleep``. The actions of ``at`` run in the order of their time."""

    def __init__(self) -> None:
        self.time = 0.0
        self._actions: list[tuple[float, t.Callable[[], None]]] = []

    def now(self) -> dt.datetime:
        return NOON + dt.timedelta(seconds=self.time)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        due = [action for when, action in sorted(self._actions, key=lambda timed: timed[0]) if when <= self.time]
        self._actions = [(when, action) for when, action in self._actions if when > self.time]
        for action in due:
            action()

    def at(self, when: float, action: t.Callable[[], None]) -> None:
        self._actions.append((when, action))


@dataclass(frozen=True)
class FakeOperation:
    """An operation of the API. ``accepts`` holds every parameter that these tests send."""

    name: str
    accepts: t.Collection[str] = ()
    required: t.Sequence[str] = ()
    secrets: t.Collection[str] = ("MasterUserPassword",)

    def faults(self, parameters: t.Mapping[str, t.Any]) -> list[str]:
        return [f"{name} is not a valid value" for name, value in parameters.items() if value == "invalid"]


@dataclass
class FakeRds:
    """The RDS of one Region. ``calls`` lists every call: the name of the method and its most telling argument.

    - ``errors``: method -> the errors that its next calls raise, one each. None lets a call pass.
    - ``change_seconds``: how long a Modify takes. The status is ``modifying`` meanwhile.
    - ``creation_seconds``: how long a new database has the status ``creating``.
    - ``support``: class -> whether it supports IAM, or None if RDS does not offer it. Other classes support it.
    - ``unknown_parameters``: what the installed API model does not know.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    databases: dict[DatabaseId, Database] = field(default_factory=dict)
    region: str = REGION
    change_seconds: float = 0.0
    creation_seconds: float = 0.0
    support: dict[str, bool | None] = field(default_factory=dict)
    parameters: dict[tuple[str, str], Parameter] = field(default_factory=dict)
    families: dict[tuple[str, str], str] = field(default_factory=dict)
    offers: dict[str, EngineOffer] = field(default_factory=dict)
    sources: dict[str, RestoreSource] = field(default_factory=dict)
    source_databases: dict[str, SourceDatabase] = field(default_factory=dict)
    snapshots: dict[str, list[str]] = field(default_factory=dict)
    vpcs: dict[str, str] = field(default_factory=dict)
    unknown_parameters: t.Collection[str] = ()
    errors: dict[str, list[CallError | None]] = field(default_factory=dict)
    calls: list[tuple[str, t.Any]] = field(default_factory=list)

    def add(self, *databases: Database) -> FakeRds:
        self.databases.update((database.id, database) for database in databases)
        return self

    def change(self, database_id: DatabaseId, **changes: t.Any) -> None:
        self.databases[database_id] = replace(self.databases[database_id], **changes)

    def count(self, method: str) -> int:
        return collections.Counter(name for name, _argument in self.calls)[method]

    def sent(self, method: str) -> list[t.Any]:
        return [argument for name, argument in self.calls if name == method]

    def call_parallel(self, calls: t.Sequence[t.Callable[[], _T]]) -> list[_T | CallError]:
        return [_result_of(call) for call in calls]

    def page(self, query: Query, marker: str | None) -> Page:
        self._call("page", query)
        return Page(tuple(database for database in self.databases.values() if _is_asked_for(query, database)))

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        self._call("supports_iam", instance_class)
        return self.support.get(instance_class, True)

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        self._call("parameter", group)
        return self.parameters.get((kind, group))

    def set_parameter(self, kind: str, group: str, name: str, value: str) -> None:
        self._call("set_parameter", (group, name, value))
        self.parameters[kind, group] = Parameter(name, value, modifiable=True, dynamic=True)

    def modify(self, change: ModifyRequest) -> str:
        self._call("modify", change)
        if not change.apply_immediately:
            current = self.databases[change.id].current
            self.change(change.id, pending=None if current == change.enable else change.enable)
        elif self.change_seconds:
            self.change(change.id, status="modifying", pending=change.enable)
            self.clock.at(self.clock.time + self.change_seconds, lambda: self._apply(change))
        else:
            self._apply(change)
        return self.databases[change.id].resource_id

    def operation(self, name: str) -> Operation:
        required = (_ACCEPTED_BY[name][0], *_REQUIRED.get(name, ()))
        return FakeOperation(name, _accepted(name) - set(self.unknown_parameters), required)

    def source(self, choice: RestoreSourceOption) -> RestoreSource | None:
        self._call("source", choice.name)
        return self.sources.get(choice.name)

    def snapshot_names(self, kind: str) -> list[str]:
        self._call("snapshot_names", kind)
        return self.snapshots.get(kind, [])

    def source_database(self, source: RestoreSource) -> SourceDatabase | None:
        self._call("source_database", source.name)
        return self.source_databases.get(source.name)

    def engine_offer(self, engine: str, version: str | None) -> EngineOffer | None:
        self._call("engine_offer", (engine, version))
        offer = self.offers.get(engine)
        return offer if offer is not None and version in (None, offer.version) else None

    def group_family(self, kind: str, name: str) -> str | None:
        self._call("group_family", name)
        return self.families.get((kind, name))

    def subnet_group_vpc(self, name: str) -> str | None:
        self._call("subnet_group_vpc", name)
        return self.vpcs.get(name)

    def make(self, request: Request) -> str:
        self._call("make", request)
        created = _created(request, self.clock.now())
        self.databases[created.id] = created
        self.clock.at(self.clock.time + self.creation_seconds, lambda: self._finish(created.id))
        return created.resource_id

    def answered_at(self) -> dt.datetime | None:
        return self.clock.now()

    def _call(self, method: str, argument: t.Any) -> None:
        self.calls.append((method, argument))
        errors = self.errors.get(method)
        error = errors.pop(0) if errors else None
        if error is not None:
            raise error

    def _apply(self, change: ModifyRequest) -> None:
        self.change(change.id, status="available", current=change.enable, pending=None)

    def _finish(self, database_id: DatabaseId) -> None:
        self.change(database_id, status="available", endpoint=Endpoint(f"{database_id.identifier}.example", 5432))
        owner = DatabaseId(CLUSTER, self.databases[database_id].cluster_identifier or "")
        if owner in self.databases:
            members = self.databases[owner].members
            self.change(owner, members=(*members, Member(database_id.identifier, is_writer=not members)))


def _result_of(call: t.Callable[[], _T]) -> _T | CallError:
    try:
        return call()
    except CallError as error:
        return error


def _accepted(operation: str) -> set[str]:
    kind = CLUSTER if "DBCluster" in operation else INSTANCE
    settings = {api_name(option, kind) for option in (*COMMON_SPEC, *CREATE_SPEC)}.difference(_OF_OTHER_KIND[kind])
    if not (operation.endswith("FromS3") or operation in ("CreateDBInstance", "CreateDBCluster")):
        settings.difference_update(_OF_THE_SOURCE)
    return {*settings, *_ALWAYS_ACCEPTED, *_ACCEPTED_BY[operation]}


def _is_asked_for(query: Query, database: Database) -> bool:
    return (
        database.id.kind == query.kind
        and (not query.names or database.id.identifier in query.names)
        and (not query.clusters or database.cluster_identifier in query.clusters)
        and (not query.resource_ids or database.resource_id in query.resource_ids)
    )


def _created(request: Request, now: dt.datetime) -> Database:
    asked = request.parameters
    name, kind = next((asked[parameter], kind) for parameter, kind in _TARGETS if parameter in asked)
    build = instance if kind == INSTANCE else cluster
    plain = build(
        name,
        status="creating",
        current=bool(asked.get("EnableIAMDatabaseAuthentication")),
        created_at=now,
        tags={tag["Key"]: tag["Value"] for tag in asked.get("Tags", ())},
        cluster_identifier=asked.get("DBClusterIdentifier") if kind == INSTANCE else None,
        members=(),
    )
    return replace(
        plain,
        engine=asked.get("Engine", plain.engine),
        instance_class=asked.get("DBInstanceClass", plain.instance_class),
        replica_of=asked.get("SourceDBInstanceIdentifier") if "ReadReplica" in request.operation else None,
    )


def call_error(operation: str = "DescribeDBInstances", code: str = "AccessDenied", **kind: t.Any) -> CallError:
    """Return an error of AWS. By default it is final."""
    return CallError(operation=operation, code=code, message="the reason", **kind)


def gateway_to(rds: FakeRds, *, seconds: float = 60.0) -> RetryingProvisioningGateway:
    """Return the gateway of the workflows, with this deadline and a delay of 5 seconds."""
    return RetryingProvisioningGateway(rds, Deadline.after(seconds, rds.clock), 5.0)


def context_of(
    rds: FakeRds, warnings: list[str] | None = None, *, check_mode: bool = False
) -> RunContext[ProvisioningApi]:
    """Return the environment of a workflow. It adds each warning to ``warnings``."""
    return RunContext(rds, rds.clock, ([] if warnings is None else warnings).append, check_mode)


def task_params(**given: t.Any) -> dict[str, t.Any]:
    """Return the parameters of a task of ``rds_create_iam`` or ``rds_restore_iam``, as ansible-core passes them."""
    more = ("db_instance_identifier", "db_cluster_identifier", "cluster_instances", "extra_parameters", "restore_time")
    names = (*COMMON_SPEC, *CREATE_SPEC, *SOURCE_OPTIONS, *S3_OPTIONS, *more)
    defaults = {
        "enable_iam_database_authentication": True,
        "use_latest_restorable_time": False,
        "if_exists": "check",
        "inherit_settings_from_source": False,
    }
    return {**dict.fromkeys(names), **defaults, **given}
