# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Every state of a database and every task, through the whole workflow, with each position of AWS's uncertain rules."""

from __future__ import annotations

import itertools
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ChangeOptions
from ansible_collections.passwordless.rds.tests.samples import sample_size
from ansible_collections.passwordless.rds.tests.unit.exhaustive import change_states as states
from ansible_collections.passwordless.rds.tests.unit.exhaustive import reference_rules as aws
from ansible_collections.passwordless.rds.tests.unit.exhaustive.change_runs import Case, ChangeRun

# databases in one task
_CHUNK = 150
_MAIN_OPTIONS = ("desired", "apply_immediately", "apply_other_pending_changes", "wait")
_POSITIONS = [
    aws.UncertainRules(*values)
    for values in itertools.product(
        (True, False),
        (False, True),
        (True, False),
        (False, True),
        (True, False),
        aws.PROGRESS,
    )
]


def rotating(values: t.Sequence[t.Any], number: int) -> t.Any:
    return values[number % len(values)]


def tasks(rotation: int, parts: int = 1) -> t.Iterator[tuple[list[Case], ChangeOptions]]:
    """Yield every database state with every combination of the main options, or one of so many parts of them.

    The ``ssl`` parameter, the class, ``ssl_parameter`` and the position of the uncertain rules rotate.
    """
    found = [state for state, why in states.database_states() if why is None]
    possible = [[fact for fact, why in states.fact_states(state) if why is None] for state in found]
    main = [(name, states.OPTION_AXES[name]) for name in _MAIN_OPTIONS]
    for task, values in enumerate(itertools.product(*(axis for _name, axis in main))):
        numbers = range((task + rotation) % parts, len(found), parts)
        # prime strides, so that the rotating values do not follow the axes
        cases = [
            Case(
                found[n],
                rotating(possible[n], n + 7 * task + 11 * rotation),
                rotating(_POSITIONS, 13 * n + 29 * task + 31 * rotation),
            )
            for n in numbers
        ]
        given = dict(zip(_MAIN_OPTIONS, values))
        for number, start in enumerate(range(0, len(cases), _CHUNK)):
            ssl = rotating(states.OPTION_AXES["ssl_parameter"], number + task + rotation)
            yield cases[start : start + _CHUNK], ChangeOptions(**given, ssl_parameter=ssl)


def simplest(case: Case, options: ChangeOptions, fault: str) -> str:
    """Return the failure of one database alone, with the uncertain rules that it needs."""
    rules = aws.UncertainRules()
    for name, value in vars(case.rules).items():
        without = replace(case.rules, **{name: getattr(rules, name)})
        if value != getattr(rules, name) and ChangeRun([case._replace(rules=without)], options).run():
            case = case._replace(rules=without)
    alone = [text for _case, text in ChangeRun([case], options).run()] or [f"{fault} (only together with others)"]
    given = {name: value for name, value in vars(options).items() if name in states.OPTION_AXES}
    return "\n".join([str(case.state._asdict()), str(case.fact._asdict()), str(case.rules), str(given), *alone])


def test_change_run_for_every_state(capsys):
    rotations, parts, count = sample_size(1, 5), sample_size(6, 1), 0
    failures: list[tuple[Case, ChangeOptions, str]] = []
    for rotation in range(rotations):
        for cases, options in tasks(rotation, parts):
            count += len(cases)
            failures += [(case, options, fault) for case, fault in ChangeRun(cases, options).run()]
    possible = sum(why is None for _state, why in states.database_states())
    main = states.size({name: states.OPTION_AXES[name] for name in _MAIN_OPTIONS})
    starts = [(task + rotation) % parts for rotation in range(rotations) for task in range(main)]
    assert count == sum(len(range(start, possible, parts)) for start in starts)
    with capsys.disabled():
        print(f"{count} changes run in check mode, blocked, for real and again, with AWS's uncertain rules both ways")
    if failures:
        first = min(failures, key=lambda failure: (str(failure[0].rules) != str(aws.UncertainRules()), str(failure)))
        pytest.fail(f"{len(failures)} failures, one of them:\n{simplest(*first)}")
