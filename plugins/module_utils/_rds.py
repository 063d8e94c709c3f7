# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Talks to RDS through boto3: pages, batches, and translates both ways. The only file that knows the API's names.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from . import _call_errors, _translate
from ._errors import CallError
from ._model import CLUSTER, INSTANCE, Database, Modify, Parameter, Ref

# The largest page of DescribeDBInstances and DescribeDBClusters, and how many names one filter is given.
PAGE = 100


class RdsGateway:
    """The Gateway of a boto3 RDS client."""

    def __init__(self, client: t.Any, region: str) -> None:
        self._client = client
        self.region = region

    def describe(self, refs: t.Sequence[Ref]) -> dict[Ref, Database]:
        """Describe these databases; one that does not exist is left out."""
        found: dict[Ref, Database] = {}
        for kind in (INSTANCE, CLUSTER):
            names = [ref.identifier for ref in refs if ref.kind == kind]
            found.update((database.ref, database) for database in self._named(kind, names))
        return {ref: found[ref] for ref in refs if ref in found}

    def describe_all(self, kind: str) -> list[Database]:
        """Describe every instance, or every cluster, of the region."""
        return [self._translated(kind, raw) for raw in self._pages(kind)]

    def member_classes(self, clusters: t.Sequence[str]) -> dict[str, str]:
        """Return member identifier -> instance class, for all members of these clusters."""
        members = [
            raw
            for names in _batches(clusters)
            for raw in self._pages(INSTANCE, Filters=[{"Name": "db-cluster-id", "Values": names}])
        ]
        return {raw["DBInstanceIdentifier"]: raw["DBInstanceClass"] for raw in members if raw.get("DBInstanceClass")}

    def supports_iam(self, engine: str, engine_version: str, instance_class: str) -> bool | None:
        """Whether RDS offers IAM authentication for the combination; None where it offers no such combination."""
        rows: list[dict[str, t.Any]] = []
        marker: dict[str, str] = {}
        while True:
            answer = self._call(
                "DescribeOrderableDBInstanceOptions",
                Engine=engine,
                EngineVersion=engine_version,
                DBInstanceClass=instance_class,
                **marker,
            )
            rows += answer["OrderableDBInstanceOptions"]
            if not answer.get("Marker"):
                break
            marker = {"Marker": answer["Marker"]}
        return any(row.get("SupportsIAMDatabaseAuthentication") for row in rows) if rows else None

    def parameter(self, kind: str, group: str, name: str) -> Parameter | None:
        """Read one parameter of a group; None where the group has none such."""
        cluster = "Cluster" if kind == CLUSTER else ""
        operation = f"DescribeDB{cluster}Parameters"
        named = {f"DB{cluster}ParameterGroupName": group}
        filters = [{"Name": "parameter-name", "Values": [name]}]
        marker: dict[str, str] = {}
        while True:
            answer = self._call(operation, **named, Filters=filters, **marker)
            for raw in answer.get("Parameters") or []:
                if raw.get("ParameterName") == name:
                    return _translate.parameter(raw)
            if not answer.get("Marker"):
                return None
            marker = {"Marker": answer["Marker"]}

    def set_parameter(self, kind: str, group: str, name: str, value: str) -> None:
        """Set a dynamic parameter of a group, with immediate effect."""
        cluster = "Cluster" if kind == CLUSTER else ""
        change = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "immediate"}
        named = {f"DB{cluster}ParameterGroupName": group}
        self._call(f"ModifyDB{cluster}ParameterGroup", **named, Parameters=[change])

    def modify(self, change: Modify) -> None:
        """Ask for the change: identifier, value and timing, nothing else ever."""
        kind = "Cluster" if change.ref.kind == CLUSTER else "Instance"
        named = {f"DB{kind}Identifier": change.ref.identifier}
        self._call(
            f"ModifyDB{kind}",
            **named,
            EnableIAMDatabaseAuthentication=change.enable,
            ApplyImmediately=change.apply_immediately,
        )

    def _named(self, kind: str, names: t.Sequence[str]) -> list[Database]:
        if len(names) == 1:
            # by identifier, which also a policy that is limited to this one resource allows
            return [self._translated(kind, raw) for raw in self._one(kind, names[0])]
        option = "db-cluster-id" if kind == CLUSTER else "db-instance-id"
        return [
            self._translated(kind, raw)
            for batch in _batches(names)
            for raw in self._pages(kind, Filters=[{"Name": option, "Values": batch}])
        ]

    def _one(self, kind: str, name: str) -> list[dict[str, t.Any]]:
        named = {"DBClusterIdentifier" if kind == CLUSTER else "DBInstanceIdentifier": name}
        try:
            return list(self._pages(kind, **named))
        except CallError as error:
            if error.missing:
                return []
            raise

    def _pages(self, kind: str, **parameters: t.Any) -> t.Iterator[dict[str, t.Any]]:
        plural = "DBClusters" if kind == CLUSTER else "DBInstances"
        marker: dict[str, str] = {}
        while True:
            answer = self._call(f"Describe{plural}", MaxRecords=PAGE, **parameters, **marker)
            yield from answer[plural]
            if not answer.get("Marker"):
                return
            marker = {"Marker": answer["Marker"]}

    def _translated(self, kind: str, raw: dict[str, t.Any]) -> Database:
        translate = _translate.cluster if kind == CLUSTER else _translate.instance
        return translate(raw, region=self.region)

    def _call(self, operation: str, **parameters: t.Any) -> dict[str, t.Any]:
        return _call_errors.translated(self._client, operation, parameters)


def _batches(names: t.Sequence[str]) -> t.Iterator[list[str]]:
    for start in range(0, len(names), PAGE):
        yield list(names[start : start + PAGE])
