# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Tasks of rds_iam_auth with their databases, for tests of faults, kills and other clients between any two calls."""

from __future__ import annotations

import typing as t
from collections import Counter

IAM = "IAMDatabaseAuthenticationEnabled"
NOTHING_MODIFIED = "Nothing was modified"
OUTCOME_UNKNOWN = "may have carried it out"
_POSTGRES = {"identifier": "orders", "engine": "postgres"}
_IDLE = [{"age": 7200, "number": 0}]
_NOW = {"apply_immediately": True}
_OFF = {**_NOW, "enabled": False}

State = t.Tuple[bool, t.Optional[bool]]


class AuthTask(t.NamedTuple):
    """``end``: the current and pending values afterwards, also of databases that the task must not change."""

    seed: dict[str, t.Any]
    options: dict[str, t.Any]
    end: dict[str, State]
    sets_ssl: bool = False

    @property
    def arguments(self) -> dict[str, t.Any]:
        return {"wait_delay": 10, **self.options}

    @property
    def desired(self) -> bool:
        return bool(self.options.get("enabled", True))

    def start(self, sim: t.Any) -> None:
        """Seed the databases. Short waits keep the number of calls of a run low."""
        sim.reset()
        sim.seed(self.seed)
        sim.settings.update(apply_seconds=15.0, parameter_apply_seconds=5.0)


def _instance(**more: t.Any) -> dict[str, t.Any]:
    return {"db_instances": [{**_POSTGRES, **more}]}


def _cluster(**more: t.Any) -> dict[str, t.Any]:
    return {"db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 2, **more}]}


_ON = {"iam_database_authentication_enabled": True}
_ONE = {"db_instance_identifier": "orders"}
_LEDGER = {"db_cluster_identifier": "ledger"}
AUTH_TASKS = {
    "instance": AuthTask(_instance(), {**_ONE, **_NOW}, {"instance/orders": (True, None)}),
    "cluster": AuthTask(_cluster(), {**_LEDGER, **_NOW}, {"cluster/ledger": (True, None)}),
    "several": AuthTask(
        {
            "db_instances": [
                {"identifier": "shop-{n}", "count": 3, "engine": "mysql"},
                {"identifier": "enabled", "engine": "mysql", **_ON},
                {"identifier": "unrelated", "engine": "mysql"},
            ],
            **_cluster(engine="aurora-mysql"),
        },
        {"db_instance_identifiers": ["shop-1", "shop-2", "shop-3", "enabled"], **_LEDGER, **_NOW},
        {
            **{f"instance/shop-{n}": (True, None) for n in (1, 2, 3)},
            "instance/enabled": (True, None),
            "cluster/ledger": (True, None),
            "instance/unrelated": (False, None),
        },
    ),
    "enforce_ssl": AuthTask(
        {
            "db_parameter_groups": [
                {"name": "own", "family": "postgres16", "parameters": {"ssl": "0"}, "modifiable": {"ssl": True}}
            ],
            **_instance(db_parameter_group="own"),
        },
        {**_ONE, "ssl_parameter": "enforce", **_NOW},
        {"instance/orders": (True, None)},
        sets_ssl=True,
    ),
    "unused_instance": AuthTask(
        _instance(iam_logins=_IDLE, **_ON),
        {**_ONE, "unused_for": "24h", **_OFF},
        {"instance/orders": (False, None)},
    ),
    "unused_cluster": AuthTask(
        _cluster(members=[{"identifier": f"ledger-{n}", "iam_logins": _IDLE} for n in (1, 2)], **_ON),
        {**_LEDGER, "unused_for": "24h", **_OFF},
        {"cluster/ledger": (False, None)},
    ),
    "cancel": AuthTask(
        _instance(pending_modified_values={IAM: True}),
        {**_ONE, "enabled": False},
        {"instance/orders": (False, None)},
    ),
    "cancel_cluster": AuthTask(
        _cluster(pending_modified_values={IAM: True}),
        {**_LEDGER, **_OFF},
        {"cluster/ledger": (False, None)},
    ),
    "schedule": AuthTask(_instance(), _ONE, {"instance/orders": (False, True)}),
    "schedule_cluster": AuthTask(_cluster(), _LEDGER, {"cluster/ledger": (False, True)}),
}


def state_of(sim: t.Any, database: str) -> State:
    """Return the current and the pending value of ``kind/name``."""
    record = sim.database(*database.split("/"))
    return record.get(IAM, False), record.get("PendingModifiedValues", {}).get(IAM)


def states(sim: t.Any, task: AuthTask) -> dict[str, State]:
    return {database: state_of(sim, database) for database in task.end}


def effective(state: State) -> bool:
    current, pending = state
    return current if pending is None else pending


def ssl_value(sim: t.Any) -> str:
    return str(sim.parameter_group("instance", "own")["Parameters"]["ssl"]["ParameterValue"])


def modifications(sim: t.Any) -> Counter[str]:
    """Return how many requests to change a database, or the parameter group, have been accepted."""
    accepted = [call for call in sim.calls if call.operation.startswith("Modify") and call.error is None]
    return Counter(_target(call.parameters) for call in accepted)


def _target(parameters: dict[str, t.Any]) -> str:
    for kind, name in (("instance", "DBInstanceIdentifier"), ("cluster", "DBClusterIdentifier")):
        if name in parameters:
            return f"{kind}/{parameters[name]}"
    return f"parameter_group/{parameters['DBParameterGroupName']}"


def assert_next_run_completes(sim: t.Any, run: t.Any, task: AuthTask, taken: t.Set[str], where: object) -> None:
    """Run the task again. Requests that took effect (``taken``) are not repeated, and a third run changes nothing."""
    # the status shows a change after two seconds
    sim.clock.advance(5)
    sim.calls_clear()
    run.ok(**task.arguments)
    assert states(sim, task) == task.end, where
    assert set(modifications(sim)) & taken == set(), where
    sim.calls_clear()
    assert run.ok(**task.arguments)["changed"] is False, where
    assert modifications(sim) == {}, where


def changes_since(sim: t.Any, task: AuthTask, before: dict[str, State]) -> set[str]:
    """Return the databases, and the parameter group, on which a request has taken effect."""
    taken = {database for database, state in states(sim, task).items() if state != before[database]}
    return taken | ({"parameter_group/own"} if task.sets_ssl and ssl_value(sim) == "1" else set())
