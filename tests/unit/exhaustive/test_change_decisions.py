# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decision for every state of a database and every task, against the reference rules of AWS."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ModifyRequest, State
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Database
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.facts import (
    ClassSupport,
    ReadinessFacts,
    SslParameter,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.problems import (
    problems_from_description,
    problems_from_facts,
)
from ansible_collections.passwordless.rds.tests.unit.exhaustive import change_states as states
from ansible_collections.passwordless.rds.tests.unit.exhaustive import reference_rules as aws

# the cautious position of each rule, and the other one
CAUTIOUS = aws.UncertainRules(deferred_cancel=False, cluster_flush=True, ssl_enforced=True, backup_accepts=False)
LENIENT = aws.UncertainRules(deferred_cancel=True, cluster_flush=False, ssl_enforced=False, backup_accepts=True)
FAST_PATH = states.FactState("unset", "supported")


def satisfied(database, options):
    """Whether RDS needs no request: the value is set, queued where the window may apply it, or being set."""
    if not options.desired and "engine_unsupported" in reasons(database, aws.Facts(), enable=True):
        return True
    if aws.effective(database) is not options.desired:
        return False
    running = database.status in aws.SWITCHING and database.pending is options.desired
    return database.current is options.desired or running or not options.apply_immediately


def reasons(database, facts, *, enable, rules=CAUTIOUS):
    return {refused.reason for refused in aws.refusals(database, facts, enable, rules)}


def blocking_status(database, options):
    """Whether the task cannot get past the status: it lasts, or the task does not wait for its end."""
    if database.status in aws.MODIFIABLE:
        return False
    return database.status in aws.LASTING or not options.wait


def disturbs_others(database, options):
    """Whether bringing the value about now makes RDS apply changes of others (certain, or documented somewhere)."""
    if not (options.apply_immediately and database.other_pending and database.current is not options.desired):
        return False
    return aws.documents_flush(database)


def described_reasons(database, options):
    """Return the problems that the description has to show, from the rules of AWS."""
    if database.cluster_identifier:
        return {"cluster_member"}
    found = reasons(database, aws.Facts(), enable=options.desired)
    if satisfied(database, options):
        return found & {"engine_unsupported"}
    if blocking_status(database, options):
        found.add("not_modifiable")
    if disturbs_others(database, options) and not options.apply_other_pending_changes:
        found.add("other_pending_changes")
    return found


def faults_of_decision(database, options):
    """Return what is wrong with the decision, by the rules of AWS."""
    decision = decide(database, options)
    change = decision.change
    if change is None:
        return _faults_of_none(database, options, decision)
    faults = []
    if satisfied(database, options):
        faults.append(f"requests {change} although nothing is to be done")
    if (change.id, change.enable) != (database.id, options.desired):
        faults.append(f"requests {change}")
    for rules in (CAUTIOUS, LENIENT):
        faults += _faults_after(database, options, decision, rules)
    return faults


def _faults_of_none(database, options, decision):
    expected = ("unchanged", State(database.current, database.pending))
    faults = [] if (decision.outcome, decision.after) == expected else [f"has no request and is {decision}"]
    return faults if satisfied(database, options) else [*faults, "makes no request although the value is another"]


def _faults_after(database, options, decision, rules):
    """Return what is wrong once RDS has carried out the request and the window has opened."""
    after = aws.after_request(database, decision.change, rules)
    faults = _faults_of_others(database, after, options, decision)
    if decision.outcome == "cancelled" and not (decision.change.apply_immediately or rules.deferred_cancel):
        return faults  # RDS ignores the request: the run observes it and fails
    expected = State(after.current, after.pending)
    if decision.outcome == "applying":
        expected = State(database.current, options.desired)  # right after the request
    if decision.after != expected:
        faults.append(f"predicts {decision.after}, but RDS has {expected} with {rules}")
    values = {aws.effective(after), aws.after_window(after).current}
    if decision.outcome != "scheduled":
        values.add(after.current)
    if values != {options.desired}:
        faults.append(f"leaves {after.current}, pending {after.pending} with {rules}")
    if decide(after, options).change is not None:
        faults.append(f"is followed by {decide(after, options).change}")
    return faults


def _faults_of_others(database, after, options, decision):
    """Other pending changes are applied only where the problem ``other_pending_changes`` can stop it, or on Aurora."""
    if after.other_pending == database.other_pending or disturbs_others(database, options):
        return []
    is_reported = not aws.documents_flush(database) and decision.outcome in ("applied", "applying")
    return [] if is_reported else [f"applies {database.other_pending}"]


def faults_of_problems(database, options):
    expected = described_reasons(database, options)
    found = {problem.code for problem in problems_from_description(database, decide(database, options), options)}
    return [] if found == expected else [f"has the problems {sorted(found)}, not {sorted(expected)}"]


class FactCase(t.NamedTuple):
    """The facts of one state in the terms of the collection, and the problems by the rules of AWS."""

    fact: states.FactState
    database: Database
    support: tuple[ClassSupport, ...]
    ssl: SslParameter
    reasons: frozenset[str]


def fact_case(state, fact):
    database = states.build(state, fact, "orders")
    parameter = states.ssl_parameter(fact) if "postgres" in database.engine else None
    found = reasons(database, states.facts_of(fact), enable=True) & {"class_unsupported", "ssl_disabled"}
    support = ClassSupport(None, states.class_name(fact), states.CLASSES[fact.classes])
    return FactCase(fact, database, (support,), SslParameter(database.parameter_group, parameter), frozenset(found))


def faults_of_facts(case, options):
    """Return what is wrong with the problems of a change that enables the setting."""
    is_read = options.ssl_parameter != "ignore"
    expected = set(case.reasons)
    if not is_read or (case.fact.ssl == "off" and options.ssl_parameter == "enforce"):
        expected.discard("ssl_disabled")
    facts = ReadinessFacts(case.support, case.ssl if is_read else None)
    found = {problem.code for problem in problems_from_facts(case.database, facts, options)}
    return [] if found == expected else [f"has the problems {sorted(found)} of {case.fact}, not {sorted(expected)}"]


def differing_options(options, default):
    return {name: value for name, value in vars(options).items() if value != getattr(default, name)}


def report(state, options, faults):
    default = type(options)(desired=options.desired)
    given = {"desired": options.desired, **differing_options(options, default)}
    return f"{state._asdict()}\n{given}:\n  " + "\n  ".join(faults)


def fail_with_first(failures):
    """Fail with the state that differs least from an ordinary one, and the number of all."""
    if failures:
        _rank, text = min(failures)
        pytest.fail(f"{len(failures)} states, the simplest of them:\n{text}")


def rank(state, options):
    """Return how far a state and a task are from the ordinary: the number of values that are not the first ones."""
    axes = {**states.DATABASE_AXES, **states.OPTION_AXES}
    values = {**state._asdict(), **{name: getattr(options, name) for name in states.OPTION_AXES}}
    return sum(axes[name].index(value) > 0 for name, value in values.items())


def test_decision_for_every_state(capsys):
    every_option, failures = states.every_option(), []
    impossible, tested, with_facts, impossible_facts = 0, 0, 0, 0
    for state, why in states.database_states():
        facts = list(states.fact_states(state))
        if why is not None:
            impossible += 1
            continue
        possible = [fact for fact, reason in facts if reason is None]
        database = states.build(state, possible[0], "orders")
        cases = [fact_case(state, fact) for fact in possible]
        for options in every_option:
            faults = faults_of_decision(database, options) + faults_of_problems(database, options)
            if options.desired and not satisfied(database, options):
                for case in cases:
                    faults += faults_of_facts(case, options)
            if faults:
                failures.append((rank(state, options), report(state, options, faults)))
            tested += 1
            with_facts += len(possible)
            impossible_facts += len(facts) - len(possible)
    total = states.size(states.DATABASE_AXES, states.OPTION_AXES)
    assert tested + impossible * len(every_option) == total
    assert with_facts + impossible_facts == tested * states.size(states.FACT_AXES)
    with capsys.disabled():
        print(
            f"{tested} decisions about the setting, {with_facts} with ssl and class, are all compared with AWS's rules"
        )
    fail_with_first(failures)


def test_impossible_states_are_few_and_each_reason_applies():
    found = [why for _state, why in states.database_states()]
    assert set(found) - {None} == set(states.IMPOSSIBLE_DATABASES)
    assert found.count(None) > len(found) / 2
    facts = {why for state, _why in states.database_states() for _fact, why in states.fact_states(state)}
    assert facts - {None} == set(states.IMPOSSIBLE_FACTS)


def test_reference_cancels_by_the_documented_request():
    database = states.build(states.DatabaseState("postgres", True, False, "none", "available"), FAST_PATH, "orders")
    request = ModifyRequest(database.id, enable=True, apply_immediately=True)
    for rules in (CAUTIOUS, LENIENT):
        assert aws.after_request(database, request, rules).pending is None
