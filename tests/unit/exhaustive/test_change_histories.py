# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Random histories of one database: tasks, changes by others, windows, renames and deletions, in any order.

Others act between two tasks, and between any two calls of one. After each task, its report agrees with what RDS has.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial

from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ChangeOptions, ModifyRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.plugins.module_utils._run.modify import modify_databases
from ansible_collections.passwordless.rds.plugins.module_utils._run.modify_result import ModifyFailed
from ansible_collections.passwordless.rds.tests.samples import sample_size
from ansible_collections.passwordless.rds.tests.unit.exhaustive import change_states as states
from ansible_collections.passwordless.rds.tests.unit.exhaustive import reference_rules as aws
from ansible_collections.passwordless.rds.tests.unit.exhaustive.reference_rds import ReferenceRds
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import context_of
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

_FORMS = ("postgres", "mysql", "aurora-postgresql", "multi-az-mysql")
_FACT = states.FactState("on", "supported")
_FAILURES = ("failed", "skipped")
_RULES = st.builds(
    aws.UncertainRules,
    deferred_cancel=st.booleans(),
    cluster_flush=st.booleans(),
    documented_status=st.booleans(),
    backup_accepts=st.booleans(),
    progress=st.sampled_from(aws.PROGRESS),
)
_OPTIONS = st.builds(
    partial(ChangeOptions, wait_timeout=120.0),
    desired=st.booleans(),
    apply_immediately=st.booleans(),
    apply_other_pending_changes=st.booleans(),
    skip_problems=st.booleans(),
    wait=st.booleans(),
)
# what somebody else does, and when: seconds after the task has started
_CHANGES = ("enable", "disable", "queue enable", "queue disable")
_ACTIONS = (*_CHANGES, "queue others", "delete", "rename", "recreate", "backup")
_MOMENTS = (0.5, 4.0, 6.0, 11.0, 14.5, 22.0, 31.0)
_MEANWHILE = st.none() | st.tuples(st.sampled_from(_MOMENTS), st.sampled_from(_ACTIONS))


class History(RuleBasedStateMachine):
    """``resource_id`` is the database that the history is about. It may be renamed, deleted or replaced."""

    @initialize(form=st.sampled_from(_FORMS), current=st.booleans(), rules=_RULES)
    def start(self, form, current, rules):
        self.rds = ReferenceRds()
        state = states.DatabaseState(form, current, None, "none", "available")
        self.plain = states.build(state, _FACT, "orders")
        self.rules = rules
        self._create(self.plain)
        self.renames = self.created = self.tasks = 0
        self.interference = False

    def _create(self, database):
        self.rds.add_database(database, aws.Facts("1"), self.rules, states.ssl_parameter(_FACT))

    @property
    def database(self):
        return next(iter(self.rds.databases.values()), None)

    # tasks

    @precondition(lambda self: self.database is not None)
    @rule(options=_OPTIONS, meanwhile=_MEANWHILE)
    def task(self, options, meanwhile):
        before = self.database
        predicted = self._run(before.id, options, check_mode=True)
        requests = self.rds.count_requests()
        self.interference = False
        others, seconds = before.other_pending, self.rds.clock.time
        if meanwhile is not None:
            self.rds.clock.at(seconds + meanwhile[0], partial(self._act_meanwhile, meanwhile[1], self.tasks))
        self.rds.accepted.clear()
        self.rds.refused.clear()
        one = self._run(before.id, options)
        self.tasks += 1
        after = next((d for d in self.rds.databases.values() if d.resource_id == before.resource_id), None)
        accepted = [request for sent in self.rds.accepted.values() for request in sent]
        assert one.changed is bool(accepted), f"{one} after {accepted}"
        assert bool(one.problems) is (one.outcome in _FAILURES)
        if predicted.problems and not self.interference and before.status in aws.MODIFIABLE:
            assert self.rds.count_requests() == requests
            assert [p.code for p in one.problems] == [p.code for p in predicted.problems]
        if one.outcome not in _FAILURES:
            self._check_success(one, options, after)
        elif {p.code for p in one.problems} & {"superseded", "timeout"}:
            # what the task reports is what it has observed, and not what it wanted
            assert (one.after.current, one.after.pending) == (one.database.current, one.database.pending)
        if not self.interference:
            self._check_alone(before, predicted, one, options, others, accepted)

    def _run(self, database_id, options, *, check_mode=False):
        try:
            result = modify_databases((database_id,), options, context_of(self.rds, check_mode=check_mode))
        except ModifyFailed as failure:
            result = failure.result
        (one,) = result.databases
        return one

    def _check_success(self, one, options, after):
        """A success with waiting is what RDS showed at the last observation, which others cannot have changed since."""
        if not options.wait or (one.outcome == "unchanged" and self.interference):
            return
        assert after is not None, f"{one.outcome} for a deleted database"
        assert aws.effective(after) is options.desired, f"{one.outcome} leaves {after.current}, pending {after.pending}"
        if options.apply_immediately or one.outcome in ("applied", "cancelled"):
            assert after.current is options.desired
        assert (one.after.current, one.after.pending) == (after.current, after.pending)

    def _check_alone(self, before, predicted, one, options, others, accepted):
        """Nobody else acted: check mode agrees, other pending changes stay, and a failure has a reason in AWS."""
        ignored = not self.rules.deferred_cancel and any(not sent.apply_immediately for sent in accepted)
        settled = before.status in aws.MODIFIABLE
        is_late = self.rules.progress == aws.NOT_BEFORE_WINDOW and one.outcome in _FAILURES
        if settled and not (self.rds.refused or ignored or is_late):
            assert one.outcome == predicted.outcome, f"{one} after the prediction {predicted}"
        after = self.database
        if settled and after.other_pending != others and aws.documents_flush(before):
            assert options.apply_other_pending_changes
            assert accepted

    @precondition(lambda self: self.database is not None)
    @rule(options=_OPTIONS)
    def task_twice(self, options):
        options = replace(options, wait=True)
        self.pass_time()
        first = self._run(self.database.id, options)
        if first.outcome not in _FAILURES:
            sent = self.rds.count_requests()
            again = self._run(self.database.id, options)
            assert (again.outcome, again.changed, self.rds.count_requests()) == ("unchanged", False, sent)
            self.open_window()
            assert self.database.current is options.desired

    # the others

    @precondition(lambda self: self.database is not None)
    @rule(action=st.sampled_from(_ACTIONS))
    def somebody_acts(self, action):
        self._act(action)

    def _act_meanwhile(self, action, task):
        if task != self.tasks:
            return  # the task has ended before
        self.interference = True
        # the requests of others are not those of the task
        accepted = {name: list(sent) for name, sent in self.rds.accepted.items()}
        self._act(action)
        self.rds.accepted = accepted

    def _act(self, action):
        database = self.database
        if database is None:
            return
        if action.split()[-1] in ("enable", "disable"):
            request = ModifyRequest(database.id, action.endswith("enable"), not action.startswith("queue"))
            try:
                self.rds.modify(request)
            except CallError:
                self.rds.refused.clear()
        elif action == "queue others":
            self.rds.change(database.id, other_pending={"MasterUserPassword": "****"})
        elif action == "backup":
            if database.status == "available":
                self.rds.change(database.id, status="backing-up")
                self.rds.clock.at(self.rds.clock.time + 9.0, partial(self.rds._pass_status, database.id))
        else:
            self._replace(database, action)

    def _replace(self, database, action):
        """Delete or rename the database, or create another one in its place."""
        del self.rds.databases[database.id]
        if action == "rename":
            self.renames += 1
            renamed = DatabaseId(database.id.kind, f"renamed{self.renames}")
            self._create(replace(database, id=renamed))
        elif action == "recreate":
            self.created += 1
            self._create(replace(self.plain, resource_id=f"db-NEW{self.created}"))

    @rule()
    def pass_time(self):
        self.rds.clock.sleep(60.0)

    @precondition(lambda self: self.database is not None)
    @rule()
    def open_window(self):
        self.pass_time()
        self.rds.open_windows()

    @precondition(lambda self: self.database is not None and self.database.status == "available")
    @rule()
    def reboot(self):
        self.rds.change(self.database.id, status="rebooting")
        self.rds.clock.at(self.rds.clock.time + 8.0, partial(self.rds._pass_status, self.database.id))

    @precondition(lambda self: self.database is None)
    @rule()
    def create_again(self):
        self.created += 1
        self._create(replace(self.plain, resource_id=f"db-NEW{self.created}"))

    @invariant()
    def there_is_at_most_one_database(self):
        assert len(self.rds.databases) <= 1


_INTERFERENCE = {
    "form": _FORMS,
    "current": (False, True),
    "pending": (None, False, True),
    "status": ("available", "configuring-iam-database-auth"),
    "progress": aws.PROGRESS,
    "desired": (True, False),
    "apply_immediately": (True, False),
    "moment": _MOMENTS,
    "action": _ACTIONS,
}


def interfere(form, current, pending, status, progress, desired, apply_immediately, moment, action):
    """Run one task while somebody else acts once."""
    history = History()
    history.start(form, current, aws.UncertainRules(progress=progress))
    state = states.DatabaseState(form, current, pending, "none", status)
    history._create(states.build(state, _FACT, "orders"))
    options = ChangeOptions(desired, apply_immediately=apply_immediately, wait_timeout=120.0)
    history.task(options, (moment, action))


def test_task_while_somebody_else_acts(capsys):
    every = list(itertools.product(*_INTERFERENCE.values()))
    stride, failures = sample_size(31, 1), []
    for values in every[::stride]:
        try:
            interfere(*values)
        except AssertionError as error:
            failures.append(f"{dict(zip(_INTERFERENCE, values))}: {str(error).splitlines()[0]}")
    with capsys.disabled():
        print(f"{len(every[::stride])} of {len(every)} tasks during which somebody else acts")
    assert failures[:1] == [], f"{len(failures)} failures"


TestHistory = History.TestCase
TestHistory.settings = settings(
    max_examples=sample_size(60, 1500),
    stateful_step_count=sample_size(12, 30),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
