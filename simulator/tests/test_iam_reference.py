# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The evaluation of policies, compared with an independent evaluator: @cloud-copilot/iam-simulate, in one node process.

``make setup`` installs it below .venv, if npm is available. Nothing is downloaded by a test.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
from collections import Counter
from typing import Any

import pytest
from iam_reference.random_cases import random_cases
from rds_simulator.rules.iam import Policy, PolicySet, Request, evaluate, parse_policy

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = pathlib.Path(os.environ.get("IAM_REFERENCE") or HERE.parents[1] / ".venv" / "iam-reference")
PACKAGE = FOLDER / "node_modules" / "@cloud-copilot" / "iam-simulate" / "package.json"
VERDICTS = {"Allowed": "allowed", "ExplicitlyDenied": "explicit_deny", "ImplicitlyDenied": "implicit_deny"}
COUNT, SEED = 1000, 20261125

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: policies are not compared"),
    pytest.mark.skipif(
        not PACKAGE.exists(),
        reason="iam-simulate is not installed: policies are not compared. Install npm, and run make setup.",
    ),
]


def theirs(cases: list[dict[str, Any]]) -> list[str]:
    """Return the verdicts of the reference; fail if it finds a case invalid."""
    done = subprocess.run(
        ["node", str(HERE / "iam_reference" / "evaluate.js"), str(FOLDER)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = json.loads(done.stdout)
    assert [answer for answer in answers if "error" in answer] == []
    return [VERDICTS[answer["verdict"]] for answer in answers]


def ours(case: dict[str, Any]) -> str:
    def parsed(policies: list[dict[str, Any]]) -> tuple[Policy, ...]:
        return tuple(parse_policy(policy) for policy in policies)

    policies = PolicySet(
        identity=parsed(case["identity"]),
        boundary=parsed(case["boundary"]) if case["boundary"] else None,
        session=parsed([case["session"]]) if case["session"] else None,
    )
    return evaluate(Request(case["action"], case["resource"], case["context"]), policies).reason


def test_random_cases_same_verdicts() -> None:
    cases = random_cases(COUNT, SEED)
    expected = theirs(cases)
    different = [
        (verdict, ours(case), case) for case, verdict in zip(cases, expected, strict=True) if ours(case) != verdict
    ]
    assert different == []
    counts = Counter(expected)
    print(f"{COUNT} sets of policies compared: {dict(counts)}")
    assert min(counts[verdict] for verdict in VERDICTS.values()) > COUNT // 20


def case(statement: dict[str, Any], resource: str, context: dict[str, str]) -> dict[str, Any]:
    return {
        "principal": "arn:aws:iam::123456789012:role/app",
        "action": statement["Action"],
        "resource": resource,
        "context": context,
        "identity": [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}],
        "boundary": None,
        "session": None,
    }


DATABASE = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABC"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:app"
CONNECT = {"Action": "rds-db:connect"}
# Version 0.1.173 decides these cases otherwise than the IAM user guide, reference_policies_variables (✓).
FAULTS: list[tuple[str, dict[str, Any]]] = [
    (
        "A resource with a variable without a value matches nothing, so that NotResource applies",
        case({**CONNECT, "NotResource": f"{DATABASE}/${{aws:username}}"}, f"{DATABASE}/app", {}),
    ),
    (
        "A negated operator matches a variable without a value",
        case(
            {
                **CONNECT,
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:userid": "${aws:username}"}},
            },
            f"{DATABASE}/app",
            {"aws:userid": "app"},
        ),
    ),
    (
        "${*} is an asterisk in each string that may have variables, with StringEquals too",
        case(
            {**CONNECT, "Resource": "*", "Condition": {"StringEquals": {"aws:userid": "a${*}"}}},
            f"{DATABASE}/app",
            {"aws:userid": "a*"},
        ),
    ),
    (
        "A variable may be the entire resource part of an ARN: its colon separates nothing",
        case(
            {"Action": "sqs:SendMessage", "Resource": QUEUE.replace(":app", ":${aws:PrincipalTag/team}")},
            QUEUE,
            {"aws:PrincipalTag/team": "app"},
        ),
    ),
]


@pytest.mark.parametrize(("rule", "example"), FAULTS, ids=[row[0] for row in FAULTS])
def test_known_fault_of_reference_differs(rule: str, example: dict[str, Any]) -> None:
    """If this test fails with a later version, add the case to the random ones."""
    assert ours(example) == "allowed", rule
    assert theirs([example]) == ["implicit_deny"]
