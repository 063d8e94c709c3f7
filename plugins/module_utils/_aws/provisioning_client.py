# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The boto3 client for the modules that create databases: sources, engine versions, and the operations themselves.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import typing as t
from itertools import islice

from .._gateway.provisioning import EngineOffer
from .._gateway.rds import PAGE
from .._model.arns import parse
from .._model.database import CLUSTER
from .._model.operation import Operation, Request
from .._model.restore_source import (
    CLUSTER_BACKUP,
    CLUSTER_SNAPSHOT,
    INSTANCE_BACKUP,
    LIVE_CLUSTER,
    LIVE_INSTANCE,
    SNAPSHOT,
    RestoreSource,
    RestoreSourceOption,
    SourceDatabase,
)
from .._model.secrets import hide_secrets, mask_secrets, secrets_in
from .call import none_if_missing
from .parse_sources import (
    parse_cluster_backup,
    parse_cluster_snapshot,
    parse_cluster_source,
    parse_instance_backup,
    parse_instance_source,
    parse_snapshot,
    source_cluster,
    source_instance,
)
from .rds_client import RdsClient
from .responses import reads_responses

try:
    from botocore.validate import ParamValidator
except ImportError:
    pass  # AnsibleAWSModule reports the missing library

# the number of pages of snapshots that are read to suggest a name
_NAME_PAGES = 10
_OF_CLUSTERS = (CLUSTER_SNAPSHOT, LIVE_CLUSTER, CLUSTER_BACKUP)
_MISSING = "Missing required parameter in input"


class ModelledOperation:
    """An operation as the API model of botocore describes it."""

    def __init__(self, shape: t.Any, name: str) -> None:
        self._shape = shape
        self.name = name
        self.accepts: t.Collection[str] = tuple(shape.members)
        self.required: t.Sequence[str] = tuple(shape.required_members)
        # an older model marks a secret only by its name
        self.secrets: t.Collection[str] = tuple(
            member
            for member, inner in shape.members.items()
            if inner.metadata.get("sensitive") or (member.endswith("Password") and inner.type_name == "string")
        )

    def faults(self, parameters: t.Mapping[str, t.Any]) -> list[str]:
        """Return what botocore reports about the values, except missing required parameters."""
        faults = self._report(parameters)
        # the report contains the invalid values
        shown = (self._report(mask_secrets(parameters)) or faults) if faults else []
        return [hide_secrets(line, secrets_in(parameters)) for line in shown]

    def _report(self, parameters: t.Mapping[str, t.Any]) -> list[str]:
        report = ParamValidator().validate(dict(parameters), self._shape)
        lines = str(report.generate_report()).splitlines() if report.has_errors() else []
        return [line for line in lines if not line.startswith(f"{_MISSING}:")]


@reads_responses
class ProvisioningClient(RdsClient):
    """Implements the API with the additional calls that create databases."""

    def __init__(self, client: t.Any, region: str) -> None:
        super().__init__(client, region)
        self._answered_at: dt.datetime | None = None

    def answered_at(self) -> dt.datetime | None:
        """Return the Date header of the latest response, because the clock of this host may be wrong."""
        return self._answered_at

    def operation(self, name: str) -> Operation:
        """Return the description of an operation from the installed API model."""
        return ModelledOperation(self._client.meta.service_model.operation_model(name).input_shape, name)

    def source(self, choice: RestoreSourceOption) -> RestoreSource | None:
        """Describe the source of a restore. Return None if it does not exist."""
        describe = {
            SNAPSHOT: self._snapshot,
            CLUSTER_SNAPSHOT: self._cluster_snapshot,
            LIVE_INSTANCE: self._live_instance,
            LIVE_CLUSTER: self._live_cluster,
            INSTANCE_BACKUP: self._instance_backup,
            CLUSTER_BACKUP: self._cluster_backup,
        }[choice.method.kind]
        return none_if_missing(lambda: describe(choice))

    def snapshot_names(self, kind: str) -> list[str]:
        """Return the names of snapshots from a limited number of pages."""
        noun, operation = "DBSnapshot", "DescribeDBSnapshots"
        if kind == CLUSTER_SNAPSHOT:
            noun, operation = "DBClusterSnapshot", "DescribeDBClusterSnapshots"
        pages = islice(self._pages(operation, MaxRecords=PAGE), _NAME_PAGES)
        return [raw[f"{noun}Identifier"] for answer in pages for raw in answer[f"{noun}s"]]

    def source_database(self, source: RestoreSource) -> SourceDatabase | None:
        """Describe the database that a source comes from, by its resource id, which RDS never reuses."""
        if not source.resource_id:
            return None
        if source.kind in _OF_CLUSTERS:
            asked = _filter("db-cluster-resource-id", source.resource_id)
            for raw in self._call("DescribeDBClusters", **asked)["DBClusters"]:
                members = self._call("DescribeDBInstances", **_filter("db-cluster-id", raw["DBClusterIdentifier"]))
                return source_cluster(raw, members["DBInstances"])
            return None
        asked = _filter("dbi-resource-id", source.resource_id)
        for raw in self._call("DescribeDBInstances", **asked)["DBInstances"]:
            return source_instance(raw)
        return None

    def engine_offer(self, engine: str, version: str | None) -> EngineOffer | None:
        """Return the version that RDS uses, or None if RDS does not offer it."""
        asked: dict[str, t.Any] = {"EngineVersion": version} if version else {"DefaultOnly": True}
        rows = self._call("DescribeDBEngineVersions", Engine=engine, **asked)["DBEngineVersions"]
        if not rows:
            return None
        # for 16, RDS lists every 16.x in an undocumented order
        newest = max(rows, key=lambda row: _version_key(row["EngineVersion"]))
        return EngineOffer(newest["EngineVersion"], newest["DBParameterGroupFamily"])

    def group_family(self, kind: str, name: str) -> str | None:
        """Return the family of a parameter group, or None if the group does not exist."""
        prefix = "DBCluster" if kind == CLUSTER else "DB"
        named = {f"{prefix}ParameterGroupName": name}
        answer = none_if_missing(lambda: self._call(f"Describe{prefix}ParameterGroups", **named))
        groups = answer[f"{prefix}ParameterGroups"] if answer else []
        return str(groups[0]["DBParameterGroupFamily"]) if groups else None

    def subnet_group_vpc(self, name: str) -> str | None:
        """Return the VPC of a DB subnet group, or None if the group does not exist."""
        answer = none_if_missing(lambda: self._call("DescribeDBSubnetGroups", DBSubnetGroupName=name))
        groups = answer["DBSubnetGroups"] if answer else []
        return str(groups[0].get("VpcId", "")) if groups else None

    def has_option_group(self, name: str) -> bool:
        """Whether an option group exists."""
        answer = none_if_missing(lambda: self._call("DescribeOptionGroups", OptionGroupName=name))
        return bool(answer and answer["OptionGroupsList"])

    def make(self, request: Request) -> str:
        """Request a database and return its resource id."""
        answer = self._call(request.operation, **request.parameters)
        instance, cluster = answer.get("DBInstance") or {}, answer.get("DBCluster") or {}
        return str(instance.get("DbiResourceId") or cluster.get("DbClusterResourceId") or "")

    def _call(self, operation: str, **parameters: t.Any) -> dict[str, t.Any]:
        answer = super()._call(operation, **parameters)
        headers = (answer.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
        self._answered_at = _date(headers.get("date")) or self._answered_at
        return answer

    def _snapshot(self, choice: RestoreSourceOption) -> RestoreSource | None:
        rows = self._call("DescribeDBSnapshots", DBSnapshotIdentifier=choice.name, **_kind_of_snapshot(choice.name))
        return _first(rows["DBSnapshots"], parse_snapshot)

    def _cluster_snapshot(self, choice: RestoreSourceOption) -> RestoreSource | None:
        named = {"DBClusterSnapshotIdentifier": choice.name, **_kind_of_snapshot(choice.name)}
        return _first(self._call("DescribeDBClusterSnapshots", **named)["DBClusterSnapshots"], parse_cluster_snapshot)

    def _live_instance(self, choice: RestoreSourceOption) -> RestoreSource | None:
        rows = self._call("DescribeDBInstances", DBInstanceIdentifier=choice.name)["DBInstances"]
        answer = none_if_missing(
            lambda: self._call("DescribeDBInstanceAutomatedBackups", DBInstanceIdentifier=choice.name)
        )
        backups = answer["DBInstanceAutomatedBackups"] if answer else []
        # RDS also lists the retained backups of a deleted instance with the same name
        windows = {raw.get("DbiResourceId"): raw.get("RestoreWindow") for raw in backups}
        return _first(rows, lambda raw: parse_instance_source(raw, windows.get(raw.get("DbiResourceId")) or {}))

    def _live_cluster(self, choice: RestoreSourceOption) -> RestoreSource | None:
        rows = self._call("DescribeDBClusters", DBClusterIdentifier=choice.name)["DBClusters"]
        return _first(rows, parse_cluster_source)

    def _instance_backup(self, choice: RestoreSourceOption) -> RestoreSource | None:
        by = "DbiResourceId" if choice.option == "source_dbi_resource_id" else "DBInstanceAutomatedBackupsArn"
        rows = self._call("DescribeDBInstanceAutomatedBackups", **{by: choice.name})["DBInstanceAutomatedBackups"]
        return _first(rows, parse_instance_backup)

    def _cluster_backup(self, choice: RestoreSourceOption) -> RestoreSource | None:
        found = self._kept_cluster_backup(choice.name)
        if found is not None:
            return found
        # only the backups of deleted clusters are certain to be in that list
        asked = _filter("db-cluster-resource-id", choice.name)
        return _first(self._call("DescribeDBClusters", **asked)["DBClusters"], parse_cluster_source)

    def _kept_cluster_backup(self, resource_id: str) -> RestoreSource | None:
        asked = {"DbClusterResourceId": resource_id}
        answer = none_if_missing(lambda: self._call("DescribeDBClusterAutomatedBackups", **asked))
        return _first(answer["DBClusterAutomatedBackups"], parse_cluster_backup) if answer else None


def _date(header: str | None) -> dt.datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(header or "")
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.timezone.utc)


def _kind_of_snapshot(name: str) -> dict[str, t.Any]:
    """Return the parameters that RDS needs to find an automated snapshot, or one of another account."""
    arn = parse(name)
    if (arn.name if arn else name.lower()).startswith("rds:"):
        return {"SnapshotType": "automated"}
    return {"IncludeShared": True, "IncludePublic": True} if arn else {}


def _filter(name: str, value: str) -> dict[str, t.Any]:
    return {"Filters": [{"Name": name, "Values": [value]}]}


def _version_key(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _first(rows: t.Sequence[t.Mapping[str, t.Any]], translate: t.Callable[..., RestoreSource]) -> RestoreSource | None:
    return translate(rows[0]) if rows else None
