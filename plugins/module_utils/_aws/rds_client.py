# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The boto3 client for RDS: make the calls, and translate requests and responses.

This is private to the collection.
"""

from __future__ import annotations

import concurrent.futures
import typing as t

from .._gateway.paging import read_pages
from .._gateway.rds import PAGE, Page, Query
from .._model.change import ModifyRequest
from .._model.database import CLUSTER, Database
from .._model.errors import CallError
from .._model.parameter_group import Parameter
from .call import call_operation, none_if_missing, register_retry_hooks
from .parse import parse_cluster, parse_instance, parse_parameter
from .responses import reads_responses

# The number of parallel calls, which is below the ten connections that a boto3 client keeps open.
MAX_WORKERS = 8
_T = t.TypeVar("_T")


@reads_responses
class RdsClient:
    """Implements the API with a boto3 RDS client. Each method raises CallError if a call fails."""

    def __init__(self, client: t.Any, region: str) -> None:
        register_retry_hooks(client)
        self._client = client
        self.region = region

    def call_parallel(self, calls: t.Sequence[t.Callable[[], _T]]) -> list[_T | CallError]:
        """Make calls in threads, and return the result of each or its CallError. A boto3 client is thread-safe."""
        if len(calls) < 2:
            return [_result(call) for call in calls]
        with concurrent.futures.ThreadPoolExecutor(max_workers=min(MAX_WORKERS, len(calls))) as pool:
            return list(pool.map(_result, calls))

    def page(self, query: Query, marker: str | None) -> Page:
        """Return one page of instances or clusters. It is empty if the named database does not exist."""
        plural = "DBClusters" if query.kind == CLUSTER else "DBInstances"
        more = {"Marker": marker} if marker else {}
        answer = none_if_missing(
            lambda: self._call(f"Describe{plural}", MaxRecords=PAGE, **_parameters(query), **more),
        )
        if answer is None:
            return Page(())
        return Page(tuple(self._translated(query.kind, raw) for raw in answer[plural]), answer.get("Marker") or None)

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        """Return whether the combination supports IAM authentication, or None if RDS does not offer it."""
        pages = self._pages(
            "DescribeOrderableDBInstanceOptions",
            Engine=engine,
            EngineVersion=engine_version,
            DBInstanceClass=instance_class,
        )
        rows = [row for answer in pages for row in answer["OrderableDBInstanceOptions"]]
        return any(row.get("SupportsIAMDatabaseAuthentication") for row in rows) if rows else None

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        """Return one parameter of a parameter group, or None if the group does not have it."""
        cluster = "Cluster" if kind == CLUSTER else ""
        operation = f"DescribeDB{cluster}Parameters"
        named = {f"DB{cluster}ParameterGroupName": group}
        filters = [{"Name": "parameter-name", "Values": [name]}]
        for answer in self._pages(operation, **named, Filters=filters):
            for raw in answer.get("Parameters") or []:
                if raw.get("ParameterName") == name:
                    return parse_parameter(raw)
        return None

    def set_parameter(self, kind: str, group: str, name: str, value: str) -> None:
        """Set a dynamic parameter of a parameter group with immediate effect."""
        cluster = "Cluster" if kind == CLUSTER else ""
        change = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "immediate"}
        named = {f"DB{cluster}ParameterGroupName": group}
        self._call(f"ModifyDB{cluster}ParameterGroup", **named, Parameters=[change])

    def modify(self, change: ModifyRequest) -> str:
        """Request the change, and return the resource ID of the database that RDS changes.

        The request contains only the identifier, the value and the timing.
        """
        kind, resource_id = (
            ("Cluster", "DbClusterResourceId") if change.id.kind == CLUSTER else ("Instance", "DbiResourceId")
        )
        named = {f"DB{kind}Identifier": change.id.identifier}
        answer = self._call(
            f"ModifyDB{kind}",
            **named,
            EnableIAMDatabaseAuthentication=change.enable,
            ApplyImmediately=change.apply_immediately,
        )
        return str(answer.get(f"DB{kind}", {}).get(resource_id, ""))

    def _translated(self, kind: str, raw: dict[str, t.Any]) -> Database:
        translate = parse_cluster if kind == CLUSTER else parse_instance
        return translate(raw, region=self.region)

    def _pages(self, operation: str, **parameters: t.Any) -> t.Iterator[dict[str, t.Any]]:
        """Return the pages of a list; each is requested when the caller needs it."""
        return read_pages(
            operation,
            lambda marker: self._call(operation, **parameters, **({"Marker": marker} if marker else {})),
            lambda answer: answer.get("Marker"),
        )

    def _call(self, operation: str, **parameters: t.Any) -> dict[str, t.Any]:
        return call_operation(self._client, operation, parameters)


def _result(call: t.Callable[[], _T]) -> _T | CallError:
    try:
        return call()
    except CallError as error:
        return error


def _parameters(query: Query) -> dict[str, t.Any]:
    kind = "Cluster" if query.kind == CLUSTER else "Instance"
    if query.clusters:
        return _filter("db-cluster-id", query.clusters)
    if query.resource_ids:
        return _filter("dbi-resource-id" if kind == "Instance" else "db-cluster-resource-id", query.resource_ids)
    if len(query.names) == 1:
        # a policy that is limited to one resource allows the identifier, but not a filter
        return {f"DB{kind}Identifier": query.names[0]}
    return _filter(f"db-{kind.lower()}-id", query.names) if query.names else {}


def _filter(name: str, values: t.Sequence[str]) -> dict[str, t.Any]:
    return {"Filters": [{"Name": name, "Values": list(values)}]}
