# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Run the workflows that create databases on a state, and compare each result with what RDS has then."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from functools import partial

from ansible_collections.passwordless.rds.plugins.module_utils._gateway.provisioning import EngineOffer
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ChangeOptions, ModifyRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Database, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import RdsError
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Request
from ansible_collections.passwordless.rds.plugins.module_utils._run.create import create
from ansible_collections.passwordless.rds.plugins.module_utils._run.provision_result import ProvisionResult
from ansible_collections.passwordless.rds.plugins.module_utils._run.restore import restore
from ansible_collections.passwordless.rds.tests.unit.exhaustive import provision_states as states
from ansible_collections.passwordless.rds.tests.unit.exhaustive import reference_rules as aws
from ansible_collections.passwordless.rds.tests.unit.exhaustive.provision_states import ProvisionState
from ansible_collections.passwordless.rds.tests.unit.exhaustive.reference_rds import ReferenceRds
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import context_of, task_params

_CREATION_SECONDS, _WAIT_SECONDS = 20.0, 120.0
_OFFERS = {
    "postgres": EngineOffer("16.4", "postgres16"),
    "aurora-postgresql": EngineOffer("16.4", "aurora-postgresql16"),
}


class Interrupted(BaseException):
    """The process of the task was killed."""


@dataclass
class ProvisioningRds(ReferenceRds):
    """Creates databases, too. ``setting``: what RDS makes of the setting in a request (6.2).

    ``interrupted``: the number of the request at which the task is killed, and whether RDS has received it.
    """

    setting: str = states.HONOURED
    source_iam: bool = False
    interrupted: tuple[int, bool] | None = None
    made: list[str] = field(default_factory=list)
    requests: int = 0

    def make(self, request: Request) -> str:
        return self._interruptible(partial(self._make, request))

    def modify(self, change: ModifyRequest) -> str:
        resource_id: str = self._interruptible(partial(super().modify, change))
        return resource_id

    def _make(self, request: Request) -> str:
        resource_id = super().make(request)
        created = next(d for d in self.databases.values() if d.resource_id == resource_id)
        self.made.append(created.id.identifier)
        self.facts[created.id], self.rules[created.id] = aws.Facts(), aws.UncertainRules()
        if self.setting != states.HONOURED and created.cluster_identifier is None:
            value = self.setting == states.AS_SOURCE and self.source_iam
            self.change(created.id, current=value)
        return resource_id

    def _interruptible(self, call: t.Callable[[], t.Any]) -> t.Any:
        number, self.requests = self.requests, self.requests + 1
        if self.interrupted is None or self.interrupted[0] != number:
            return call()
        if self.interrupted[1]:
            call()
        raise Interrupted


def rds_with(state: ProvisionState, interrupted: tuple[int, bool] | None = None) -> ProvisioningRds:
    """Return an RDS in this state."""
    source = states.source_of(state)
    rds = ProvisioningRds(
        creation_seconds=_CREATION_SECONDS,
        offers=_OFFERS,
        sources={"source": source} if source else {},
        setting=state.setting,
        source_iam=bool(state.source_iam),
        interrupted=interrupted,
    )
    for database in states.databases_of(state):
        rds.databases[database.id] = database
        rds.facts[database.id], rds.rules[database.id] = aws.Facts(), aws.UncertainRules()
        if database.status == "creating":
            rds.clock.at(_CREATION_SECONDS, partial(rds._finish, database.id))
    return rds


def run(rds: ProvisioningRds, state: ProvisionState, *, check_mode: bool = False) -> tuple[ProvisionResult, bool]:
    """Run the task. Return its result, and whether it succeeded."""
    task = state.task
    params = task_params(
        **{f"db_{task.kind}_identifier": states.NAME, **task.options},
        enable_iam_database_authentication=state.desired,
        if_exists=state.if_exists,
    )
    options = ChangeOptions(
        desired=bool(state.desired),
        apply_immediately=state.apply_immediately,
        apply_other_pending_changes=state.apply_other_pending_changes,
        wait=state.wait,
        wait_timeout=_WAIT_SECONDS,
    )
    try:
        workflow = restore if task.is_restore else create
        return workflow(params, options, context_of(rds, check_mode=check_mode)), True
    except RdsError as error:
        return t.cast("ProvisionResult", error.result), False


def faults(state: ProvisionState) -> list[str]:
    """Return what is wrong with the task in this state, run in check mode, for real, and again."""
    rds = rds_with(state)
    before = dict(rds.databases)
    predicted, would_succeed = run(rds, state, check_mode=True)
    found = ["the prediction sends a request"] if rds.requests else []
    result, succeeded = run(rds, state)
    expected, codes = states.blocking_problems(state), _codes(result)
    if expected:
        return [*found, *_faults_of_blocked(expected, codes, rds, before)]
    if not succeeded:
        # the setting of a database in use has the rules of rds_iam_auth, which have their own tests
        allowed = {"not_modifiable", "other_pending_changes", "engine_unsupported"}
        unexpected = codes - allowed or (set() if not rds.requests else {f"{rds.requests} requests"})
        same = _codes(predicted) == codes and not would_succeed
        return [*found, *([] if same and not unexpected else [f"fails with {codes}, predicted {_codes(predicted)}"])]
    found += _faults_of_prediction(predicted, result) if would_succeed else ["check mode fails, and the run succeeds"]
    found += _faults_of_success(state, rds, before, result)
    return [*found, *_faults_again(state, rds)]


def _codes(result: ProvisionResult) -> set[str]:
    switched = result.modify_result.databases if result.modify_result else ()
    return {problem.code for problem in (*result.problems, *(p for one in switched for p in one.problems))}


def _faults_of_blocked(
    expected: set[str], codes: set[str], rds: ProvisioningRds, before: t.Mapping[DatabaseId, Database]
) -> t.Iterator[str]:
    if codes != expected:
        yield f"has the problems {codes}, not {expected}"
    if rds.requests or rds.databases != before:
        yield f"sends {rds.requests} requests although it has the problems {codes}"


def _faults_of_prediction(predicted: ProvisionResult, result: ProvisionResult) -> t.Iterator[str]:
    one, other = ((r.outcome, r.was_made, r.new_members, r.changed, r.render()["diff"]) for r in (predicted, result))
    # without waiting, a new database is not finished
    if one != other and not (result.outcome == "applying" and one[1:] == other[1:]):
        yield f"check mode is {one}, and the run {other}"


def _faults_of_success(
    state: ProvisionState, rds: ProvisioningRds, before: t.Mapping[DatabaseId, Database], result: ProvisionResult
) -> t.Iterator[str]:
    name, value = states.target_id(state), states.goal(state)
    if result.was_made is not (state.target == states.ABSENT) or len(set(rds.made)) != len(rds.made):
        yield f"makes {rds.made}, and reports {result.was_made}"
    if state.wait:
        yield from _faults_of_target(state, rds.databases[name])
    rds.clock.sleep(_WAIT_SECONDS)
    after = rds.databases[name]
    if state.is_cluster and {member.identifier for member in after.members} != set(states.MEMBER_NAMES):
        yield f"leaves the members {after.members}"
    old = before.get(name)
    if old and old.other_pending != after.other_pending and not state.apply_other_pending_changes:
        yield f"applies {old.other_pending} unasked"
    if value is None:
        assert old is not None
        if (old.current, old.pending) != (after.current, after.pending):
            yield "changes the setting of a target that it has to leave alone"
        return
    is_corrected = state.wait or state.setting == states.HONOURED or state.target != states.ABSENT
    if is_corrected and (aws.effective(after) is not value or aws.after_window(after).current is not value):
        yield f"ends with {after.current}, pending {after.pending}"


def _faults_of_target(state: ProvisionState, after: Database) -> t.Iterator[str]:
    """A target that nobody uses yet has the value at once. Otherwise the options decide."""
    value = states.goal(state)
    if after.status != "available":
        yield f"leaves the status {after.status}"
    if value is None:
        return
    at_once = states.is_unused(state) or state.apply_immediately
    if aws.effective(after) is not value or (at_once and after.current is not value):
        yield f"leaves {after.current}, pending {after.pending}"


def _faults_again(state: ProvisionState, rds: ProvisioningRds) -> t.Iterator[str]:
    if not state.wait and state.setting != states.HONOURED:
        return  # nobody has waited for the database to correct what RDS ignored
    requests = rds.requests
    again, succeeded = run(rds, state._replace(if_exists="check"))
    if (again.outcome, again.changed, succeeded) != ("unchanged", False, True) or rds.requests != requests:
        yield f"the second run is {again.outcome} with {_codes(again)}, and sends {rds.requests - requests} requests"


def faults_of_interruptions(state: ProvisionState) -> tuple[int, list[str]]:
    """Kill the task before and after each request, and run it again. Return the number of kills, and the faults."""
    whole = rds_with(state)
    _result, succeeded = run(whole, state)
    if not (succeeded and state.wait and whole.requests):
        return 0, []
    points = [(number, arrived) for number in range(whole.requests) for arrived in (False, True)]
    found = [fault for point in points for later in (0.0, 60.0) for fault in _faults_after_kill(state, point, later)]
    return 2 * len(points), found


def _faults_after_kill(state: ProvisionState, point: tuple[int, bool], later: float) -> t.Iterator[str]:
    rds = rds_with(state, point)
    try:
        run(rds, state)
    except Interrupted:
        rds.interrupted = None
    rds.clock.sleep(later)
    found = rds.databases.get(states.target_id(state))
    is_finished = found is not None and found.status == "available" and not state.is_cluster
    again = state._replace(if_exists="check")
    result, succeeded = run(rds, again)
    where = f"killed at {point}, run again {later:g} seconds later:"
    if len(set(rds.made)) != len(rds.made):
        yield f"{where} makes {rds.made}"
    if not succeeded:
        yield f"{where} {_codes(result)}"
        return
    after, value = aws.after_window(rds.databases[states.target_id(state)]), states.goal(state)
    if state.desired is None and is_finished:
        return  # without a value, an instance that was finished meanwhile is one in use, and is left alone
    if value is not None and after.current is not value:
        yield f"{where} ends with {after.current}"
    if state.is_cluster and {member.identifier for member in after.members} != set(states.MEMBER_NAMES):
        yield f"{where} leaves the members {after.members}"
