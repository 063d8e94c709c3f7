# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Runs experiments within the limits, and removes what a run has created."""

from __future__ import annotations

import typing as t

from .aws import Clock, Rds, Refused
from .model import CREATES_CLUSTER, CREATES_INSTANCE, Call, Experiment, Pause, Wait, Watch
from .plan import TAG, Limits, request

POLL = 15
IAM = "IAMDatabaseAuthenticationEnabled"
# kind -> describe operation, key of the list, request parameter, key of the identifier, of the status, of the unique ID
KINDS = {
    "instance": (
        *("DescribeDBInstances", "DBInstances", "DBInstanceIdentifier", "DBInstanceIdentifier"),
        *("DBInstanceStatus", "DbiResourceId"),
    ),
    "cluster": (
        *("DescribeDBClusters", "DBClusters", "DBClusterIdentifier", "DBClusterIdentifier"),
        *("Status", "DbClusterResourceId"),
    ),
    "snapshot": (
        *("DescribeDBSnapshots", "DBSnapshots", "DBSnapshotIdentifier", "DBSnapshotIdentifier"),
        *("Status", "DBSnapshotArn"),
    ),
    "cluster_snapshot": (
        *("DescribeDBClusterSnapshots", "DBClusterSnapshots", "DBClusterSnapshotIdentifier"),
        *("DBClusterSnapshotIdentifier", "Status", "DBClusterSnapshotArn"),
    ),
}
DELETE: dict[str, tuple[str, dict[str, t.Any]]] = {
    "instance": ("DeleteDBInstance", {"SkipFinalSnapshot": True, "DeleteAutomatedBackups": True}),
    "cluster": ("DeleteDBCluster", {"SkipFinalSnapshot": True}),
    "snapshot": ("DeleteDBSnapshot", {}),
    "cluster_snapshot": ("DeleteDBClusterSnapshot", {}),
}
# DBInstanceNotFound, DBClusterNotFoundFault and so on, and "is being deleted already", which a later round sees
GONE_OR_BUSY = ("NotFound", "InvalidDB")


class Stopped(Exception):
    """A limit is reached, or a step cannot be carried out."""


class Runner:
    """Carries out the steps of experiments. Counts databases and instance-hours before each call."""

    def __init__(self, rds: Rds, run: str, limits: Limits, *, clock: Clock, values: t.Mapping[str, str]) -> None:
        self._rds, self._run, self._limits, self._clock = rds, run, limits, clock
        self._values = values
        self._start = clock.now()
        self._databases = 0
        self._instances: list[float] = []
        self._hours = 0.0

    def run(self, experiment: Experiment) -> tuple[dict[str, t.Any], list[dict[str, t.Any]], str]:
        """Return the records, the trace of all calls, and why the experiment ended early, if it did."""
        records: dict[str, t.Any] = {}
        trace: list[dict[str, t.Any]] = []
        deadline = self._clock.now() + experiment.minutes * 60
        try:
            for step in experiment.steps:
                self._check(deadline)
                if isinstance(step, Call):
                    self._call(step, records, trace)
                elif isinstance(step, Wait):
                    self._wait(step, deadline)
                elif isinstance(step, Pause):
                    self._clock.sleep(step.seconds)
                else:
                    self._watch(step, records, deadline)
        except (Stopped, Refused) as exc:
            return records, trace, str(exc)
        return records, trace, ""

    def instances_deleted(self) -> None:
        """Stop counting hours: the instances of the experiment are deleted."""
        self._hours = self._used_hours()
        self._instances = []

    def check_total(self) -> None:
        """Raise Stopped if a limit of the whole run is reached."""
        if self._clock.now() - self._start > self._limits.minutes * 60:
            raise Stopped(f"The time limit of {self._limits.minutes} minutes is reached.")
        if self._used_hours() > self._limits.instance_hours:
            raise Stopped(f"The limit of {self._limits.instance_hours:g} instance-hours is reached.")

    def _used_hours(self) -> float:
        return self._hours + sum(self._clock.now() - start for start in self._instances) / 3600

    def _check(self, deadline: float) -> None:
        self.check_total()
        if self._clock.now() > deadline:
            raise Stopped("The time limit of the experiment is reached.")

    def _call(self, step: Call, records: dict[str, t.Any], trace: list[dict[str, t.Any]]) -> None:
        if step.operation in CREATES_INSTANCE | CREATES_CLUSTER:
            if self._databases >= self._limits.databases:
                raise Stopped(f"The limit of {self._limits.databases} databases is reached.")
            self._databases += 1
        if step.operation in CREATES_INSTANCE:
            self._instances.append(self._clock.now())
        params = request(step, self._run, self._values)
        entry: dict[str, t.Any] = {"operation": step.operation, "params": params}
        trace.append(entry)
        try:
            entry["response"] = self._rds.call(step.operation, params)
        except Refused as exc:
            entry["error"], entry["message"] = exc.code, str(exc)
            if not step.record:
                raise
        if step.record:
            records[step.record] = {key: entry[key] for key in ("response", "error") if key in entry}

    def _describe(self, kind: str, name: str) -> dict[str, t.Any]:
        operation, key, parameter = KINDS[kind][:3]
        found: dict[str, t.Any] = self._rds.call(operation, {parameter: name.replace("{run}", self._run)})[key][0]
        return found

    def _wait(self, step: Wait, deadline: float) -> None:
        while self._describe(step.kind, step.name)[KINDS[step.kind][4]] != "available":
            self._check(deadline)
            self._clock.sleep(POLL)

    def _watch(self, step: Watch, records: dict[str, t.Any], deadline: float) -> None:
        seen: list[dict[str, t.Any]] = []
        records[step.record] = {"seen": seen}
        for _poll in range(step.seconds // step.every):
            self._check(deadline)
            row = self._describe(step.kind, step.name)
            item = {
                "status": row[KINDS[step.kind][4]],
                "current": row.get(IAM, False),
                "pending": row.get("PendingModifiedValues", {}).get(IAM),
            }
            # the same state is recorded once
            if not seen or seen[-1] != item:
                seen.append(item)
            if item == {"status": "available", "current": True, "pending": None}:
                return
            self._clock.sleep(step.every)


def tagged(rds: Rds, run: str) -> list[tuple[str, str, str]]:
    """Return kind, name and unique ID of all resources that carry the tag of the run."""
    wanted = {"Key": TAG, "Value": run}
    found = []
    for kind, (operation, key, _parameter, name, _status, unique) in KINDS.items():
        more = {"SnapshotType": "manual"} if kind.endswith("snapshot") else {}
        rows = rds.pages(operation, key, **more)
        found += [(kind, row[name], row[unique]) for row in rows if wanted in row.get("TagList", [])]
    for row in rds.pages("DescribeDBParameterGroups", "DBParameterGroups"):
        name = row["DBParameterGroupName"]
        # the list has no tags; a run names its groups after itself, and the tag decides
        if name.startswith(f"{run}-"):
            tags = rds.call("ListTagsForResource", {"ResourceName": row["DBParameterGroupArn"]})["TagList"]
            found += [("group", name, row["DBParameterGroupArn"])] if wanted in tags else []
    return found


def clean_up(rds: Rds, run: str, *, clock: Clock, minutes: int = 60) -> list[tuple[str, str, str]]:
    """Delete everything that carries the tag of the run, and nothing else. Return what is left after the time."""
    deadline = clock.now() + minutes * 60
    while left := tagged(rds, run):
        if clock.now() > deadline:
            return left
        for kind, name, unique in left:
            _delete(rds, run, kind, name, unique)
        clock.sleep(POLL)
    return []


def _delete(rds: Rds, run: str, kind: str, name: str, unique: str) -> None:
    """Delete one resource, if it is still the one that carries the tag."""
    try:
        if kind == "group":
            rds.call("DeleteDBParameterGroup", {"DBParameterGroupName": name})
            return
        describe, key, parameter, _name, _status, identity = KINDS[kind]
        row = rds.call(describe, {parameter: name})[key][0]
        if row[identity] != unique or {"Key": TAG, "Value": run} not in row.get("TagList", []):
            return
        operation, more = DELETE[kind]
        rds.call(operation, {parameter: name, **more})
    except Refused as exc:
        if not any(text in exc.code for text in GONE_OR_BUSY):
            raise
