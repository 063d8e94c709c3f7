# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The compared cases: the databases, the tasks of each collection, and the values to read afterwards."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from rds_simulator.server import server

Fleet = t.Dict[str, t.Any]
IAM = "IAMDatabaseAuthenticationEnabled"


class Task(t.NamedTuple):
    """One module call."""

    module: str
    arguments: dict[str, t.Any]
    check: bool = False


@dataclass(frozen=True)
class Case:
    """A case, of which the last task is reported. ``speed``: simulated seconds for each real second.

    ``simulated``: the behavior that the simulator assumes and that AWS does not document.
    """

    name: str
    fleet: Fleet
    theirs: tuple[Task, ...]
    ours: tuple[Task, ...]
    observe: t.Callable[[server.Simulator], list[str]] = lambda simulator: []
    settings: dict[str, t.Any] = field(default_factory=dict)
    speed: float = 1.0
    simulated: str = ""

    @property
    def title(self) -> str:
        """Return the name for the table, with the assumption of the simulator."""
        return f"{self.name} ({self.simulated})" if self.simulated else self.name


def theirs(enabled: bool = True, *, name: str = "orders", check: bool = False, **more: t.Any) -> Task:
    arguments = {"db_instance_identifier": name, "enable_iam_database_authentication": enabled, **more}
    return Task("amazon.aws.rds_instance", arguments, check)


def theirs_cluster(enabled: bool = True, *, engine: str = "aurora-postgresql") -> Task:
    arguments = {"db_cluster_identifier": "ledger", "engine": engine, "enable_iam_database_authentication": enabled}
    return Task("amazon.aws.rds_cluster", arguments)


def ours(enabled: bool = True, *, name: str = "orders", check: bool = False, **more: t.Any) -> Task:
    arguments = {"db_instance_identifier": name, "enabled": enabled, **more}
    return Task("passwordless.rds.rds_iam_auth", arguments, check)


def ours_cluster(enabled: bool = True) -> Task:
    return Task("passwordless.rds.rds_iam_auth", {"db_cluster_identifier": "ledger", "enabled": enabled})


def instance(**more: t.Any) -> Fleet:
    return {"db_instances": [{"identifier": "orders", "engine": "mysql", **more}]}


def cluster(**more: t.Any) -> Fleet:
    return {"db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 1, **more}]}


def setting(kind: str, name: str) -> t.Callable[[server.Simulator], list[str]]:
    """Return a function that reads the setting after the task."""

    def observe(simulator: server.Simulator) -> list[str]:
        record = simulator.database(kind, name)
        pending = (record.get("PendingModifiedValues") or {}).get(IAM)
        word = {True: "on", False: "off", None: "none"}
        return [f"setting afterwards: {word[bool(record.get(IAM))]}, pending value: {word[pending]}"]

    return observe


def outages(simulator: server.Simulator) -> list[str]:
    simulator.clock.advance(3600)
    count = simulator.outages("orders")
    pending = "DBInstanceClass" in simulator.database("instance", "orders")["PendingModifiedValues"]
    return [f"outages of the database: {count}", f"the other change is {'still queued' if pending else 'applied'}"]


def modified(simulator: server.Simulator) -> list[str]:
    changed = sorted(
        call.parameters["DBInstanceIdentifier"] for call in simulator.calls if call.operation == "ModifyDBInstance"
    )
    return [f"Modify requests for: {', '.join(changed) or 'none'}"]


NOW: dict[str, t.Any] = {"apply_immediately": True}
OTHER = {"DBInstanceClass": "db.r6g.2xlarge"}
LEGACY = {
    "db_parameter_groups": [{"name": "legacy", "family": "postgres13", "parameters": {"ssl": "0"}}],
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "engine_version": "13.20", "db_parameter_group": "legacy"}
    ],
}

CASES = (
    Case(
        "a DB instance that already has the setting",
        instance(iam_database_authentication_enabled=True),
        (theirs(),),
        (ours(),),
    ),
    Case(
        "a DB cluster that already has the setting",
        cluster(iam_database_authentication_enabled=True),
        (theirs_cluster(),),
        (ours_cluster(),),
    ),
    Case(
        "enable on an existing Aurora cluster",
        cluster(),
        (theirs_cluster(),),
        (ours_cluster(),),
        setting("cluster", "ledger"),
    ),
    Case(
        "the second run, while the change is queued for the maintenance window",
        instance(),
        (theirs(), theirs()),
        (ours(), ours()),
    ),
    Case(
        "enable, while the setting is on and a change to off is queued",
        instance(iam_database_authentication_enabled=True, pending_modified_values={IAM: False}),
        (theirs(),),
        (ours(),),
        setting("instance", "orders"),
    ),
    Case(
        "disable, while the setting is off and a change to on is queued",
        instance(pending_modified_values={IAM: True}),
        (theirs(False),),
        (ours(False),),
        setting("instance", "orders"),
    ),
    Case(
        "enable immediately, while RDS still reports available after the request",
        instance(),
        (theirs(**NOW),),
        (ours(**NOW),),
        setting("instance", "orders"),
        settings={"status_lag": 30.0, "apply_seconds": 30.0},
        speed=5.0,
    ),
    Case(
        "enable immediately, while a larger instance class is queued",
        instance(pending_modified_values=OTHER),
        (theirs(wait=False, **NOW),),
        (ours(wait=False, **NOW),),
        outages,
    ),
    Case(
        "check mode on a member of an Aurora cluster",
        cluster(),
        (theirs(name="ledger-1", check=True),),
        (ours(name="ledger-1", check=True),),
    ),
    Case("check mode on Oracle", instance(engine="oracle-ee"), (theirs(check=True),), (ours(check=True),)),
    Case("check mode on PostgreSQL with ssl=0", LEGACY, (theirs(check=True, **NOW),), (ours(check=True, **NOW),)),
    Case(
        "check mode on a name that does not exist",
        instance(),
        (theirs(name="ordres", check=True),),
        (ours(name="ordres", check=True),),
    ),
    Case(
        "enable immediately on PostgreSQL with ssl=0",
        LEGACY,
        (theirs(**NOW),),
        (ours(**NOW),),
        modified,
        simulated="the error and its message are those of the simulator; AWS documented the rule until 2023",
    ),
)
