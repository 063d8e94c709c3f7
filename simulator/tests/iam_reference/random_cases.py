# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Random sets of policies with a request, for the comparison of two evaluators.

They leave out what test_iam_reference.py lists as known faults of the reference.
"""

from __future__ import annotations

import random
import re
from typing import Any

_ACCOUNT = "123456789012"
_DATABASE = f"arn:aws:rds-db:eu-west-1:{_ACCOUNT}:dbuser:db-ABC"
_REQUESTS = {
    "rds-db:connect": (f"{_DATABASE}/app", f"{_DATABASE}/admin", f"{_DATABASE.replace('db-ABC', 'cluster-XYZ')}/app"),
    "s3:GetObject": ("arn:aws:s3:::shop/app/1", "arn:aws:s3:::stock/a:b/app"),
    "sqs:SendMessage": (f"arn:aws:sqs:eu-west-1:{_ACCOUNT}:app", f"arn:aws:sqs:us-east-1:{_ACCOUNT}:app-1"),
    "dynamodb:GetItem": (f"arn:aws:dynamodb:eu-west-1:{_ACCOUNT}:table/app",),
}
_ACTIONS = (
    *("*", "rds-db:*", "rds-db:connect", "RDS-DB:Connect", "rds-db:con*", "rds-db:connec?", "rds-db:connect?"),
    *("s3:*", "s3:Get*", "s3:getobject", "sqs:Send*", "sqs:*Message", "dynamodb:Get????", "dynamodb:*"),
)
_RESOURCES = (
    *("*", f"{_DATABASE}/app", f"{_DATABASE}/*", f"{_DATABASE}/a?p", "arn:aws:rds-db:*:*:dbuser:*/app"),
    *("arn:aws:rds-db:*:*:dbuser:*/${aws:username}", f"{_DATABASE}/${{aws:PrincipalTag/team}}"),
    *(f"{_DATABASE}/${{aws:username, 'app'}}", f"{_DATABASE}/a${{*}}p", f"arn:aws:rds-db:eu-west-1:{_ACCOUNT}:*"),
    *("arn:aws:rds-db:us-*:*:*", "arn:aws-cn:rds-db:*:*:*", f"arn:aws:rds-db:*:{_ACCOUNT}:dbuser:cluster-???/*"),
    *("arn:aws:s3:::shop/*", "arn:aws:s3:::*/app", "arn:aws:s3:::stock/*:*/${aws:username}", "arn:aws:s3:::shop/app/?"),
    *("arn:aws:sqs:*:*:app*", f"arn:aws:sqs:*:{_ACCOUNT}:*", "arn:aws:dynamodb:*:*:table/*"),
)
_TEXTS = (
    "app",
    "App",
    "ap*",
    "a?p",
    "*",
    "admin",
    "${aws:username}",
    "${aws:PrincipalTag/team}",
    "${aws:userid, 'app'}",
)
_MOMENTS = ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-06-01T12:00:00Z", "2027-01-01T00:00:00Z")
_NETWORKS = ("10.0.0.0/8", "10.1.2.3/32", "192.0.2.0/24", "2001:db8::/32", "10.1.2.3")
_ARNS = (
    f"arn:aws:iam::{_ACCOUNT}:role/app",
    "arn:aws:iam::*:role/*",
    "arn:aws:iam::*:user/*",
    f"arn:aws:iam::{_ACCOUNT}:role/${{aws:username}}",
    "arn:aws:iam:*:role/app",
)
# The keys of a type, values of these keys in requests, values in policies, and the operators.
_TYPES: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("aws:username", "aws:PrincipalTag/team", "aws:userid", "AWS:UserName"),
        ("app", "App", "admin", "a*p", "ap"),
        _TEXTS,
        (
            *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
            *("StringLike", "StringNotLike", "stringlike"),
        ),
    ),
    (
        ("aws:MultiFactorAuthAge", "aws:EpochTime"),
        ("0", "10", "10.5", "3600"),
        ("0", "10", "10.0", "11", "3600"),
        (
            *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
            *("NumericGreaterThan", "NumericGreaterThanEquals"),
        ),
    ),
    (
        ("aws:CurrentTime", "aws:TokenIssueTime"),
        _MOMENTS,
        _MOMENTS,
        (
            *("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals"),
            *("DateGreaterThan", "DateGreaterThanEquals"),
        ),
    ),
    (("aws:SecureTransport", "aws:MultiFactorAuthPresent"), ("true", "false"), ("true", "false"), ("Bool",)),
    (("aws:SourceIp",), ("10.1.2.3", "192.0.2.9", "198.51.100.1"), _NETWORKS, ("IpAddress", "NotIpAddress")),
    (("aws:PrincipalArn",), _ARNS[:1], _ARNS, ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")),
)
_LIST_KEYS = ("aws:TagKeys",)
_PLAIN = ("app", "App", "ap*", "a?p", "admin", "b")


def random_cases(count: int, seed: int) -> list[dict[str, Any]]:
    """Return the same cases for the same seed."""
    source = random.Random(seed)
    return [_case(source) for _unused in range(count)]


def _case(source: random.Random) -> dict[str, Any]:
    action = source.choices(list(_REQUESTS), weights=(7, 1, 1, 1))[0]
    context = _context(source)
    return {
        "principal": f"arn:aws:iam::{_ACCOUNT}:role/app",
        "action": source.choice((action, action, action.lower())),
        "resource": source.choice(_REQUESTS[action]),
        "context": context,
        "identity": [_policy(source, context) for _unused in range(source.randint(1, 3))],
        "boundary": [_policy(source, context, limit=True)] if source.random() < 0.3 else None,
        "session": _policy(source, context, limit=True) if source.random() < 0.3 else None,
    }


def _context(source: random.Random) -> dict[str, Any]:
    context: dict[str, Any] = {}
    for keys, given, _values, _operators in _TYPES:
        for key in keys:
            if source.random() < 0.6 and key.lower() not in (known.lower() for known in context):
                context[key] = source.choice(given)
    for key in _LIST_KEYS:
        if source.random() < 0.6:
            context[key] = source.sample(_PLAIN, source.randint(1, 3))
    return context


def _policy(source: random.Random, context: dict[str, Any], *, limit: bool = False) -> dict[str, Any]:
    statements = [_statement(source, context) for _unused in range(source.randint(1, 3))]
    if limit and source.random() < 0.7:
        statements.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(source: random.Random, context: dict[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": source.choices(("Allow", "Deny"), weights=(5, 1))[0]}
    statement["NotAction" if source.random() < 0.1 else "Action"] = _some(source, _ACTIONS)
    if source.random() < 0.1:
        statement["NotResource"] = _some(source, _with_values(_RESOURCES, context))
    else:
        statement["Resource"] = _some(source, _RESOURCES)
    if source.random() < 0.4:
        condition: dict[str, Any] = {}
        for _unused in range(source.randint(1, 2)):
            operator, key, values = _condition(source, context)
            condition.setdefault(operator, {})[key] = values
        statement["Condition"] = condition
    return statement


def _condition(source: random.Random, context: dict[str, Any]) -> tuple[str, str, Any]:
    if source.random() < 0.15:
        prefix = source.choice(("ForAllValues", "ForAnyValue"))
        base = source.choice(("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"))
        return f"{prefix}:{base}", source.choice(_LIST_KEYS), _some(source, _PLAIN)
    keys, _given, values, operators = source.choice(_TYPES)
    key = source.choice(keys)
    if source.random() < 0.1:
        return "Null", key, source.choice(("true", "false"))
    operator = source.choice(operators)
    if_exists = "IfExists" if source.random() < 0.2 else ""
    return f"{operator}{if_exists}", key, _some(source, _with_values(values, context) if "Not" in operator else values)


def _with_values(texts: tuple[str, ...], context: dict[str, Any]) -> tuple[str, ...]:
    """Return the texts whose policy variables all have a value or a default."""
    present = {key.lower() for key in context}
    return tuple(
        text for text in texts if all(name.lower() in present for name in re.findall(r"\$\{([\w:/]+)\}", text))
    )


def _some(source: random.Random, values: tuple[str, ...]) -> Any:
    """Return one value, or a list of up to three."""
    chosen = source.sample(values, source.randint(1, min(3, len(values))))
    return chosen[0] if len(chosen) == 1 and source.random() < 0.5 else chosen
