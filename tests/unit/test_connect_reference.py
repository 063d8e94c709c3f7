# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Proposed policies, checked by an independent evaluator: @cloud-copilot/iam-simulate, in one node process.

``make setup`` installs it below .venv, if npm is available. Nothing is downloaded by a test.
"""

from __future__ import annotations

import json
import os
import pathlib
import random
import shutil
import subprocess

import pytest
from ansible_collections.passwordless.rds.tests.samples import sample_size
from ansible_collections.passwordless.rds.tests.unit.connect_account import (
    PRINCIPAL,
    arn,
    document,
    inventory,
    proposal,
    statement,
)

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = pathlib.Path(os.environ.get("IAM_REFERENCE") or ROOT / ".venv" / "iam-reference")
PACKAGE = FOLDER / "node_modules" / "@cloud-copilot" / "iam-simulate" / "package.json"
EVALUATE = ROOT / "simulator" / "tests" / "iam_reference" / "evaluate.js"
SEED = 20261125

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: proposals are not checked"),
    pytest.mark.skipif(
        not PACKAGE.exists(),
        reason="iam-simulate is not installed: proposals are not checked. Install npm, and run make setup.",
    ),
]

# Version 0.1.173 takes * and ? in the resource of a request as wildcards, so that no user here has such a name. In
# "arn:aws:rds-db:*:*:*/x", it reads the first * as the type of the resource only.
NAMES = ("app", "App", "app2", "aXb", "$team", "ops/1", "x", "user name")
MAPPED = (True, True, True, False, None)
IDS = ("db-ORDERS", "cluster-LEDGER", "prx-front", "db-STOCK", "db-GONE", "db-MEMBER", "db-ERP")
PLACES = {"db-STOCK": "us-east-1"}
ACTIONS = ("rds-db:connect", "rds-db:connect", "RDS-DB:Connect", "rds-db:*", "rds-db:c?nnect", "rds-db:describe")
ACTION_LISTS = (["s3:GetObject", "rds-db:connect"], ["rds-db:con*", "rds-db:other"], ["s3:*"])
ID_PATTERNS = (*IDS, "*", "db-*", "db-?????", "cluster-*", "*-*R*")
USER_PATTERNS = (
    "app",
    "App",
    "x",
    "nobody",
    "a${*}b",
    "${$}team",
    "ops/1",
    "user name",
    "*",
    "app*",
    "a?b",
    "?",
    "*p*",
)
REGION_PATTERNS = ("eu-west-1", "eu-west-1", "us-east-1", "*", "eu-*", "??-west-?", "ap-south-1")
ACCOUNT_PATTERNS = ("123456789012", "123456789012", "*", "1234*", "999999999999")
LOOSE = (arn("*"), arn("*app"), arn("db-ORDERS*"), arn("db-*p"), "arn:aws:rds-db:*", "arn:*:rds-db:*", "*")
CONDITION = {"StringEquals": {"aws:PrincipalTag/team": "shop"}}


def random_statement(source):
    resources = [random_resource(source) for _unused in range(source.randint(1, 3))]
    action = source.choice(ACTIONS) if source.random() < 0.85 else source.choice(ACTION_LISTS)
    effect = "Allow" if source.random() < 0.85 else "Deny"
    return {
        "Effect": effect,
        "Action": action,
        "Resource": resources[0] if len(resources) == 1 and source.random() < 0.5 else resources,
    }


def random_resource(source):
    if source.random() < 0.1:
        return source.choice(LOOSE)
    return arn(
        f"{source.choice(ID_PATTERNS)}/{source.choice(USER_PATTERNS)}",
        region=source.choice(REGION_PATTERNS),
        account=source.choice(ACCOUNT_PATTERNS),
        partition=source.choice(("aws", "aws", "aws", "aws*", "aws-cn")),
    )


def random_users(source):
    return {
        resource_id: {name: source.choice(MAPPED) for name in source.sample(NAMES, source.randint(1, 5))}
        for resource_id in IDS[:4]
    }


def random_set(source):
    """Return users, the documents that are analysed, and others that are reported and not analysed."""
    documents = [
        document(*(random_statement(source) for _unused in range(source.randint(1, 3))))
        for _unused in range(source.randint(1, 3))
    ]
    others = []
    if source.random() < 0.3:
        others = [
            document(statement("*", Action="*")),
            document({**random_statement(source), "Condition": CONDITION}),
            document(statement(arn("db-ORDERS/${aws:username}"))),
        ]
    return random_users(source), documents, others


def logins(source, users):
    """Return every database with every known user, and some logins that are never needed."""
    known = [(one, name) for one, names in users.items() for name in names]
    return [*known, *((source.choice(IDS), source.choice(NAMES)) for _unused in range(4))]


def verdicts(cases):
    done = subprocess.run(
        ["node", str(EVALUATE), str(FOLDER)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=1800,
    )
    answers = json.loads(done.stdout)
    assert [answer for answer in answers if "error" in answer] == []
    return [answer["verdict"] == "Allowed" for answer in answers]


def case(login, policies):
    resource_id, user = login
    return {
        "principal": PRINCIPAL,
        "action": "rds-db:connect",
        "resource": arn(f"{resource_id}/{user}", region=PLACES.get(resource_id, "eu-west-1")),
        "context": {"aws:PrincipalTag/team": "other", "aws:username": "deploy"},
        "identity": list(policies),
        "boundary": None,
        "session": None,
    }


def test_proposed_policies_allow_exactly_what_is_needed():
    source = random.Random(SEED)
    rows, cases = [], []
    for number in range(sample_size(20, 1000)):
        users, documents, others = random_set(source)
        found = proposal(inventory(users), *documents, *others)
        policies = found.policies if found else ()
        assert (found is not None and not found.is_minimal) or not others
        for login in dict.fromkeys(logins(source, users)):
            is_mapped = users.get(login[0], {}).get(login[1], False) is not False
            rows.append((number, login, is_mapped, documents, policies))
            cases += [case(login, documents), case(login, policies or [document(statement("arn:aws:s3:::none"))])]
    answers = verdicts(cases)
    before, after = answers[::2], answers[1::2]
    different = [(row, was, now) for row, was, now in zip(rows, before, after) if now != (was and row[2])]
    assert different == []
    print(f"{len(rows)} logins of {rows[-1][0] + 1} sets checked: {sum(before)} allowed before, {sum(after)} after")
    assert sum(after) > len(rows) // 10
    assert sum(before) > sum(after)
