# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Another client modifies, renames, deletes or replaces the database between any two calls of rds_iam_auth."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.tests.samples import quick_first
from ansible_collections.passwordless.rds.tests.unit.auth_tasks import NOTHING_MODIFIED, AuthTask, state_of
from ansible_collections.passwordless.rds.tests.unit.interference import OtherClient
from botocore.exceptions import ClientError

NOW = {"apply_immediately": True}
TASKS = {
    "instance": AuthTask(
        {"db_instances": [{"identifier": "orders", "engine": "mysql"}]},
        {"db_instance_identifier": "orders", **NOW},
        {"instance/orders": (True, None)},
    ),
    "cluster": AuthTask(
        {"db_clusters": [{"identifier": "orders", "engine": "aurora-mysql", "members": 0}]},
        {"db_cluster_identifier": "orders", **NOW},
        {"cluster/orders": (True, None)},
    ),
    "schedule": AuthTask(
        {"db_instances": [{"identifier": "orders", "engine": "mysql"}]},
        {"db_instance_identifier": "orders"},
        {"instance/orders": (False, True)},
    ),
}
KINDS = {"instance": "instance", "cluster": "cluster", "schedule": "instance"}
# Cache: the operations of an undisturbed run, by task.
POINTS = {}


class OtherChanges:
    """Changes of another client to the database ``orders``. Each method waits until the change has taken effect."""

    def __init__(self, sim, other_client, kind):
        self._sim, self._other, self._kind = sim, other_client, kind

    def disable(self):
        self._modify(EnableIAMDatabaseAuthentication=False)

    def enable(self):
        self._modify(EnableIAMDatabaseAuthentication=True)

    def rename(self):
        self._modify(**{f"NewDB{self._kind.capitalize()}Identifier": "moved"})
        self._sim.clock.advance(60)

    def delete(self):
        delete = getattr(self._other.client, f"delete_db_{self._kind}")
        self._retry(delete, **self._named("orders"), SkipFinalSnapshot=True)
        self._sim.clock.advance(120)

    def start_deletion(self):
        delete = getattr(self._other.client, f"delete_db_{self._kind}")
        self._retry(delete, **self._named("orders"), SkipFinalSnapshot=True)

    def replace(self):
        self.rename()
        self._other.create(self._kind, "orders")
        self._sim.clock.advance(300)

    def delete_and_replace(self):
        self.delete()
        self._other.create(self._kind, "orders")
        self._sim.clock.advance(300)

    def create_unrelated(self):
        self._other.create(self._kind, "unrelated")

    def _named(self, name):
        return {f"DB{self._kind.capitalize()}Identifier": name}

    def _modify(self, **more):
        modify = getattr(self._other.client, f"modify_db_{self._kind}")
        self._retry(modify, **self._named("orders"), ApplyImmediately=True, **more)

    def _retry(self, call, **parameters):
        """Repeat a call while the status of the database does not allow it."""
        while True:
            try:
                return call(**parameters)
            except ClientError as error:
                if not error.response["Error"]["Code"].startswith("InvalidDB"):
                    raise
                self._sim.clock.advance(10)


ACTIONS = [name for name in vars(OtherChanges) if not name.startswith("_")]


def points_of(sim, run, name):
    if name not in POINTS:
        TASKS[name].start(sim)
        run.ok(**TASKS[name].arguments)
        POINTS[name] = [call.operation for call in sim.calls]
    return POINTS[name]


def names(sim, kind):
    backend = sim.world.backend("123456789012", "eu-west-1")
    return {database.name for database in (backend.instances if kind == "instance" else backend.clusters)}


QUICK = [("instance", "disable"), ("cluster", "replace")]


@pytest.mark.parametrize(("name", "action"), quick_first(itertools.product(TASKS, ACTIONS), QUICK))
def test_other_client_between_any_two_calls(sim, run, monkeypatch, name, action):
    task, operations, kind = TASKS[name], points_of(sim, run, name), KINDS[name]
    modify = next(number for number, operation in enumerate(operations) if operation.startswith("Modify"))
    other_client = OtherClient(sim, monkeypatch)
    changes = OtherChanges(sim, other_client, kind)
    tried = 0
    for number in range(len(operations)):
        task.start(sim)
        other_client.restart()
        other_client.before(number, getattr(changes, action))
        result = run(**task.arguments)
        where = (number, operations[number], result["msg"])
        codes = [problem["code"] for problem in result["databases"][0]["problems"]]
        assert len(sim.calls) < 60, where
        CHECKS[action](sim, name, result, codes, number - modify, where)
        tried += 1
    assert tried == len(operations) > 0


def ends_as_desired(sim, name, result, database="orders"):
    assert result["databases"][0]["outcome"] == ("scheduled" if name == "schedule" else "applied")
    assert state_of(sim, f"{KINDS[name]}/{database}") == TASKS[name].end[f"{KINDS[name]}/orders"]


def check_disable(sim, name, result, codes, after, where):
    """Before the request, the change of the other client has no effect, because the setting is already disabled."""
    if after <= 0:
        ends_as_desired(sim, name, result)
    else:
        assert codes == ["superseded"], where
        assert result["changed"] is True, where


def check_enable(sim, name, result, codes, after, where):
    assert codes == [], where
    assert True in state_of(sim, f"{KINDS[name]}/orders"), where


def check_rename(sim, name, result, codes, after, where):
    """After the request, the module finds the renamed database by its resource ID."""
    if after <= 0:
        assert (codes, NOTHING_MODIFIED in result["msg"]) == (["not_found"], True), where
        assert state_of(sim, f"{KINDS[name]}/moved") == (False, None), where
    elif name == "schedule":
        # the rename applies everything that is pending
        assert (codes, True in state_of(sim, "instance/moved")) == ([], True), where
    else:
        ends_as_desired(sim, name, result, "moved")


def check_delete(sim, name, result, codes, after, where):
    assert codes == ["not_found"], where
    assert (result["changed"], NOTHING_MODIFIED in result["msg"]) == (after > 0, after <= 0), where
    assert names(sim, KINDS[name]) == set(), where


def check_start_deletion(sim, name, result, codes, after, where):
    assert codes in (["not_found"], ["not_modifiable"]), where
    assert (result["changed"], NOTHING_MODIFIED in result["msg"]) == (after > 0, after <= 0), where


def check_replace(sim, name, result, codes, after, where):
    check_replaced(sim, name, result, codes, after, where, keeps_original=True)


def check_delete_and_replace(sim, name, result, codes, after, where):
    check_replaced(sim, name, result, codes, after, where, keeps_original=False)


def check_replaced(sim, name, result, codes, after, where, *, keeps_original):
    """The task must not change the new database, unless it has found only this one."""
    replacement = state_of(sim, f"{KINDS[name]}/orders")
    if where[0] == 0:
        ends_as_desired(sim, name, result)
    elif after > 0:
        assert replacement == (False, None), where
        if keeps_original and name == "schedule":
            assert (codes, True in state_of(sim, "instance/moved")) == ([], True), where
        elif keeps_original:
            ends_as_desired(sim, name, result, "moved")
        else:
            assert codes == ["not_found"], where
    else:
        # RDS selects the database by its identifier only, so the task can only report that it changed another one
        assert codes == ["superseded"], where
        assert result["changed"] is True, where
        assert "resource ID" in result["msg"], where


def check_create_unrelated(sim, name, result, codes, after, where):
    ends_as_desired(sim, name, result)
    assert state_of(sim, f"{KINDS[name]}/unrelated") == (False, None), where


CHECKS = {
    "disable": check_disable,
    "enable": check_enable,
    "rename": check_rename,
    "delete": check_delete,
    "start_deletion": check_start_deletion,
    "replace": check_replace,
    "delete_and_replace": check_delete_and_replace,
    "create_unrelated": check_create_unrelated,
}
