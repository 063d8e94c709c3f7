# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Another client switches, renames, deletes or replaces the database between any two calls of rds_iam_auth."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.tests.samples import quick_first
from ansible_collections.passwordless.rds.tests.unit.auth_tasks import NOTHING, AuthTask, state_of
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


class Stranger:
    """What another client does with the database ``orders``. Each method waits until RDS has carried it out."""

    def __init__(self, sim, other_client, kind):
        self._sim, self._other, self._kind = sim, other_client, kind

    def switch_back(self):
        self._modify(EnableIAMDatabaseAuthentication=False)

    def switch_on(self):
        self._modify(EnableIAMDatabaseAuthentication=True)

    def rename(self):
        self._modify(**{f"NewDB{self._kind.capitalize()}Identifier": "moved"})
        self._sim.clock.advance(60)

    def delete(self):
        delete = getattr(self._other.client, f"delete_db_{self._kind}")
        self._retry(delete, **self._named("orders"), SkipFinalSnapshot=True)
        self._sim.clock.advance(120)

    def begin_to_delete(self):
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

    def make(self):
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


ACTS = [name for name in vars(Stranger) if not name.startswith("_")]


def points_of(sim, run, name):
    if name not in POINTS:
        TASKS[name].start(sim)
        run.ok(**TASKS[name].arguments)
        POINTS[name] = [call.operation for call in sim.calls]
    return POINTS[name]


def names(sim, kind):
    backend = sim.world.backend("123456789012", "eu-west-1")
    return {database.name for database in (backend.instances if kind == "instance" else backend.clusters)}


QUICK = [("instance", "switch_back"), ("cluster", "replace")]


@pytest.mark.parametrize(("name", "act"), quick_first(itertools.product(TASKS, ACTS), QUICK))
def test_stranger_between_any_two_calls(sim, run, monkeypatch, name, act):
    task, operations, kind = TASKS[name], points_of(sim, run, name), KINDS[name]
    modify = next(number for number, operation in enumerate(operations) if operation.startswith("Modify"))
    other_client = OtherClient(sim, monkeypatch)
    stranger = Stranger(sim, other_client, kind)
    tried = 0
    for number in range(len(operations)):
        task.start(sim)
        other_client.restart()
        other_client.before(number, getattr(stranger, act))
        result = run(**task.arguments)
        where = (number, operations[number], result["msg"])
        codes = [problem["code"] for problem in result["databases"][0]["problems"]]
        assert len(sim.calls) < 60, where
        globals()[f"check_{act}"](sim, name, result, codes, number - modify, where)
        tried += 1
    assert tried == len(operations) > 0


def ends_as_desired(sim, name, result, database="orders"):
    assert result["databases"][0]["outcome"] == ("scheduled" if name == "schedule" else "applied")
    assert state_of(sim, f"{KINDS[name]}/{database}") == TASKS[name].end[f"{KINDS[name]}/orders"]


def check_switch_back(sim, name, result, codes, after, where):
    """Before the request, the value of the stranger is the current one anyway."""
    if after <= 0:
        ends_as_desired(sim, name, result)
    else:
        assert codes == ["superseded"], where
        assert result["changed"] is True, where


def check_switch_on(sim, name, result, codes, after, where):
    assert codes == [], where
    assert True in state_of(sim, f"{KINDS[name]}/orders"), where


def check_rename(sim, name, result, codes, after, where):
    """A database whose change was requested is followed by its resource ID."""
    if after <= 0:
        assert (codes, NOTHING in result["msg"]) == (["not_found"], True), where
        assert state_of(sim, f"{KINDS[name]}/moved") == (False, None), where
    elif name == "schedule":
        # the rename applies everything that is pending
        assert (codes, True in state_of(sim, "instance/moved")) == ([], True), where
    else:
        ends_as_desired(sim, name, result, "moved")


def check_delete(sim, name, result, codes, after, where):
    assert codes == ["not_found"], where
    assert (result["changed"], NOTHING in result["msg"]) == (after > 0, after <= 0), where
    assert names(sim, KINDS[name]) == set(), where


def check_begin_to_delete(sim, name, result, codes, after, where):
    assert codes in (["not_found"], ["not_modifiable"]), where
    assert (result["changed"], NOTHING in result["msg"]) == (after > 0, after <= 0), where


def check_replace(sim, name, result, codes, after, where):
    check_replaced(sim, name, result, codes, after, where, follows=True)


def check_delete_and_replace(sim, name, result, codes, after, where):
    check_replaced(sim, name, result, codes, after, where, follows=False)


def check_replaced(sim, name, result, codes, after, where, *, follows):
    """The new database of that name belongs to the stranger, unless the task has only seen that one."""
    theirs = state_of(sim, f"{KINDS[name]}/orders")
    if where[0] == 0:
        ends_as_desired(sim, name, result)
    elif after > 0:
        assert theirs == (False, None), where
        if follows and name == "schedule":
            assert (codes, True in state_of(sim, "instance/moved")) == ([], True), where
        elif follows:
            ends_as_desired(sim, name, result, "moved")
        else:
            assert codes == ["not_found"], where
    else:
        # RDS changes databases by name only, so the task can but report the other database that it has changed
        assert codes == ["superseded"], where
        assert result["changed"] is True, where
        assert "resource ID" in result["msg"], where


def check_make(sim, name, result, codes, after, where):
    ends_as_desired(sim, name, result)
    assert state_of(sim, f"{KINDS[name]}/unrelated") == (False, None), where
