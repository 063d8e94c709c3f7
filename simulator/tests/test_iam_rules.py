# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The evaluation of policies: one row for each rule of the IAM user guide."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from rds_simulator.rules.iam import (
    EXPLICIT_DENY,
    IMPLICIT_DENY,
    Decision,
    PolicyError,
    PolicySet,
    Request,
    evaluate,
    parse_policy,
)

CONNECT = "rds-db:connect"
DATABASE = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABC"
USER = f"{DATABASE}/app"
ALLOWED = "allowed"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    names = elements.keys()
    base: dict[str, Any] = {"Effect": effect}
    if not {"Action", "NotAction"} & names:
        base["Action"] = CONNECT
    if not {"Resource", "NotResource"} & names:
        base["Resource"] = "*"
    return {**base, **elements}


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> Any:
    return parse_policy({"Version": version, "Statement": list(statements)}, name="policy")


ALLOW = document(statement())
DENY = document(statement("Deny"))
OTHER = document(statement(Action="s3:*"))


def decide(policies: PolicySet, **context: str | Sequence[str]) -> Decision:
    return evaluate(Request(CONNECT, USER, context), policies)


# "Policy evaluation logic" (reference_policies_evaluation-logic) and its page on a single account.
FLOW: list[tuple[str, PolicySet, str]] = [
    ("by default, all requests are implicitly denied", PolicySet(), IMPLICIT_DENY),
    ("an explicit allow overrides the default", PolicySet((ALLOW,)), ALLOWED),
    ("an allow for another action does not count", PolicySet((OTHER,)), IMPLICIT_DENY),
    ("an explicit deny overrides any allow", PolicySet((ALLOW, DENY)), EXPLICIT_DENY),
    ("the order of policies does not matter", PolicySet((DENY, ALLOW)), EXPLICIT_DENY),
    (
        "a deny in the same policy overrides an allow",
        PolicySet((document(statement(), statement("Deny")),)),
        EXPLICIT_DENY,
    ),
    ("an explicit deny needs no allow", PolicySet((DENY,)), EXPLICIT_DENY),
    ("a boundary that allows the request does not limit it", PolicySet((ALLOW,), boundary=(ALLOW,)), ALLOWED),
    ("a boundary that does not allow it: implicit deny", PolicySet((ALLOW,), boundary=(OTHER,)), IMPLICIT_DENY),
    ("a boundary without valid policies allows nothing", PolicySet((ALLOW,), boundary=()), IMPLICIT_DENY),
    ("a boundary grants nothing by itself", PolicySet((), boundary=(ALLOW,)), IMPLICIT_DENY),
    ("a deny in the boundary is explicit", PolicySet((ALLOW,), boundary=(ALLOW, DENY)), EXPLICIT_DENY),
    ("a session policy that allows the request does not limit it", PolicySet((ALLOW,), session=(ALLOW,)), ALLOWED),
    ("a session policy that does not allow it: implicit deny", PolicySet((ALLOW,), session=(OTHER,)), IMPLICIT_DENY),
    ("a session policy grants nothing by itself", PolicySet((), session=(ALLOW,)), IMPLICIT_DENY),
    ("a deny in a session policy is explicit", PolicySet((ALLOW,), session=(ALLOW, DENY)), EXPLICIT_DENY),
    (
        "boundary and session policy both have to allow",
        PolicySet((ALLOW,), boundary=(ALLOW,), session=(OTHER,)),
        IMPLICIT_DENY,
    ),
    (
        "all three allow",
        PolicySet((ALLOW,), boundary=(ALLOW,), session=(ALLOW,)),
        ALLOWED,
    ),
]


@pytest.mark.parametrize(("rule", "policies", "reason"), FLOW, ids=[row[0] for row in FLOW])
def test_evaluate_flow_follows_user_guide(rule: str, policies: PolicySet, reason: str) -> None:
    decision = decide(policies)
    assert decision.reason == reason, rule
    assert decision.allowed is (reason == ALLOWED)


# Elements: reference_policies_elements_action, _notaction, _resource, _notresource, reference_policies_variables.
ELEMENTS: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("actions are not case-sensitive", {"Action": "RDS-DB:Connect"}, {}, True),
    ("* matches all actions", {"Action": "*"}, {}, True),
    ("* matches the actions of a service", {"Action": "rds-db:*"}, {}, True),
    ("* matches a part of the name", {"Action": "rds-db:con*"}, {}, True),
    ("? matches one character", {"Action": "rds-db:connec?"}, {}, True),
    ("? does not match no character", {"Action": "rds-db:connect?"}, {}, False),
    ("one of several actions", {"Action": ["s3:*", CONNECT]}, {}, True),
    ("rds is not rds-db", {"Action": "rds:*"}, {}, False),
    ("NotAction with another action applies", {"NotAction": "s3:*"}, {}, True),
    ("NotAction with this action does not", {"NotAction": ["s3:*", "rds-db:*"]}, {}, False),
    ("the exact resource", {"Resource": USER}, {}, True),
    ("resources are case-sensitive", {"Resource": f"{DATABASE}/App"}, {}, False),
    ("another database", {"Resource": USER.replace("db-ABC", "db-ABD")}, {}, False),
    ("another user", {"Resource": f"{DATABASE}/ap"}, {}, False),
    ("another Region", {"Resource": USER.replace("eu-west-1", "eu-west-2")}, {}, False),
    ("another account", {"Resource": USER.replace("123456789012", "123456789013")}, {}, False),
    ("another partition", {"Resource": USER.replace("arn:aws:", "arn:aws-cn:")}, {}, False),
    ("* in the resource part", {"Resource": f"{DATABASE}/*"}, {}, True),
    ("* crosses a slash", {"Resource": "arn:aws:rds-db:eu-west-1:123456789012:dbuser:*"}, {}, True),
    ("* for Region and account", {"Resource": "arn:aws:rds-db:*:*:dbuser:*/app"}, {}, True),
    ("? in the resource part", {"Resource": f"{DATABASE}/a?p"}, {}, True),
    ("missing parts of an ARN are *", {"Resource": "arn:aws:rds-db"}, {}, True),
    ("* does not cross the first five colons", {"Resource": "arn:aws:rds-db:*:dbuser:db-ABC/app"}, {}, False),
    ("one of several resources", {"Resource": ["arn:aws:s3:::a", USER]}, {}, True),
    ("NotResource with another resource applies", {"NotResource": f"{DATABASE}/admin"}, {}, True),
    ("NotResource with this resource does not", {"NotResource": [f"{DATABASE}/*"]}, {}, False),
    ("a variable in a resource", {"Resource": f"{DATABASE}/${{aws:username}}"}, {"aws:username": "app"}, True),
    ("a variable with another value", {"Resource": f"{DATABASE}/${{aws:username}}"}, {"aws:username": "ap"}, False),
    (
        "the name of a variable is not case-sensitive",
        {"Resource": f"{DATABASE}/${{AWS:UserName}}"},
        {"aws:username": "app"},
        True,
    ),
    ("a variable without a value matches nothing", {"Resource": f"{DATABASE}/${{aws:username}}"}, {}, False),
    ("the default value of a variable", {"Resource": f"{DATABASE}/${{aws:username, 'app'}}"}, {}, True),
    ("a wildcard in a value is literal", {"Resource": f"{DATABASE}/${{aws:username}}"}, {"aws:username": "*"}, False),
    (
        "a variable with several values has none",
        {"Resource": f"{DATABASE}/${{aws:TagKeys}}"},
        {"aws:TagKeys": ["app", "b"]},
        False,
    ),
    ("${*} is a literal asterisk", {"Resource": f"{DATABASE}/${{*}}"}, {}, False),
    ("NotResource with a variable without a value applies", {"NotResource": f"{DATABASE}/${{aws:username}}"}, {}, True),
]


@pytest.mark.parametrize(("rule", "elements", "context", "applies"), ELEMENTS, ids=[row[0] for row in ELEMENTS])
def test_evaluate_elements_match_as_documented(
    rule: str, elements: dict[str, Any], context: dict[str, Any], applies: bool
) -> None:
    decision = decide(PolicySet((document(statement(**elements)),)), **context)
    assert decision.allowed is applies, rule


def test_evaluate_literal_escapes_match_themselves() -> None:
    policies = PolicySet((document(statement(Resource=f"{DATABASE}/a${{*}}${{?}}${{$}}")),))
    assert evaluate(Request(CONNECT, f"{DATABASE}/a*?$"), policies).allowed


def test_evaluate_old_version_has_no_variables() -> None:
    policy = document(statement(Resource=f"{DATABASE}/${{aws:username}}"), version="2008-10-17")
    assert not decide(PolicySet((policy,)), **{"aws:username": "app"}).allowed
    request = Request(CONNECT, f"{DATABASE}/${{aws:username}}")
    assert evaluate(request, PolicySet((policy,))).allowed


# operator, policy values, value of the key (None: absent), whether the condition holds
CONDITIONS: list[tuple[str, Any, Any, bool]] = [
    ("StringEquals", "a", "a", True),
    ("StringEquals", ["b", "a"], "a", True),
    ("StringEquals", "A", "a", False),
    ("StringEquals", "a*", "ab", False),
    ("StringEquals", "a", None, False),
    ("StringEquals", "a", ["a", "b"], False),
    ("StringEqualsIfExists", "a", None, True),
    ("StringEqualsIfExists", "a", "b", False),
    ("StringNotEquals", "a", "b", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringNotEquals", "a", None, True),
    ("StringEqualsIgnoreCase", "ABC", "abc", True),
    ("StringNotEqualsIgnoreCase", "ABC", "abc", False),
    ("StringLike", "a*c?", "abbcd", True),
    ("StringLike", "a*", "ba", False),
    ("StringLike", "a.c", "abc", False),
    ("StringNotLike", "a*", "b", True),
    ("StringNotLike", "a*", "ab", False),
    ("stringlike", "a*", "ab", True),
    ("StringEquals", "${aws:username}", "app", True),
    ("StringLike", "${aws:username}-*", "app-1", True),
    ("StringEquals", "${aws:other}", "app", False),
    ("StringNotEquals", "${aws:other}", "app", True),
    ("StringEquals", "${aws:other, 'app'}", "app", True),
    ("NumericEquals", 10, "10.0", True),
    ("NumericEquals", "ten", "10", False),
    ("NumericNotEquals", "10", "11", True),
    ("NumericLessThan", "10", "9.5", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericGreaterThan", "10", "10", False),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericGreaterThan", "10", None, False),
    ("DateEquals", "2026-11-25T00:00:00Z", "2026-11-25", True),
    ("DateNotEquals", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z", True),
    ("DateGreaterThan", "2026-11-25T00:00:00Z", "2026-11-25T00:00:01Z", True),
    ("DateLessThan", "2026-11-25T01:00:00+01:00", "2026-11-25T00:00:00Z", False),
    ("DateLessThanEquals", "2026", "2026-01-01T00:00:00Z", True),
    ("DateGreaterThanEquals", "1700000000", "2023-11-14T22:13:20Z", True),
    ("DateEquals", "yesterday", "2026-11-25", False),
    ("Bool", "true", "True", True),
    ("Bool", True, "true", True),
    ("Bool", "true", "false", False),
    ("Bool", "false", None, False),
    ("BoolIfExists", "false", None, True),
    ("BinaryEquals", "QUJD", "QUJD", True),
    ("BinaryEquals", "QUJD", "QUJE", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
    ("IpAddress", "203.0.113.7", "203.0.113.7", True),
    ("IpAddress", "203.0.113.0/24", "203.0.114.7", False),
    ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
    ("IpAddress", "203.0.113.0/24", "none", False),
    ("NotIpAddress", "203.0.113.0/24", "203.0.114.7", True),
    ("NotIpAddress", "203.0.113.0/24", None, True),
    ("ArnEquals", "arn:aws:iam::*:role/app*", "arn:aws:iam::123456789012:role/app-1", True),
    ("ArnLike", "arn:aws:iam::123456789012:user/*", "arn:aws:iam::123456789012:user/a/b", True),
    ("ArnLike", "arn:aws:iam:*:user/b", "arn:aws:iam::123456789012:user/b", False),
    ("ArnLike", "arn:aws:iam::123456789012:user/${aws:username}", "arn:aws:iam::123456789012:user/app", True),
    ("ArnNotEquals", "arn:aws:iam::*:role/app", "arn:aws:iam::123456789012:role/app", False),
    ("ArnNotLike", "arn:aws:iam::*:role/app", None, True),
    ("Null", "true", None, True),
    ("Null", "true", "a", False),
    ("Null", False, "a", True),
    ("Null", "false", None, False),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
    ("ForAllValues:StringEquals", ["a"], None, True),
    ("ForAllValues:StringNotEquals", ["a"], ["b", "c"], True),
    ("ForAllValues:StringNotEquals", ["a"], ["a", "c"], False),
    ("ForAnyValue:StringLike", ["a*"], ["b", "ab"], True),
    ("ForAnyValue:StringLike", ["a*"], ["b", "c"], False),
    ("ForAnyValue:StringEquals", ["a"], None, False),
    ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
    ("ForAnyValue:StringNotEquals", ["a"], None, False),
    ("ForAnyValue:StringEqualsIfExists", ["a"], None, True),
]


@pytest.mark.parametrize(("operator", "values", "given", "holds"), CONDITIONS)
def test_evaluate_condition_operators(operator: str, values: Any, given: Any, holds: bool) -> None:
    """The name of the key is not case-sensitive."""
    policy = document(statement(Condition={operator: {"aws:RequestTag/Team": values}}))
    context = {"aws:username": "app", **({} if given is None else {"AWS:requesttag/team": given})}
    assert decide(PolicySet((policy,)), **context).allowed is holds


def test_evaluate_conditions_all_have_to_hold() -> None:
    """Several operators and several keys are combined with AND (reference_policies_elements_condition)."""
    condition = {"StringEquals": {"aws:username": "app", "aws:userid": "1"}, "Bool": {"aws:SecureTransport": "true"}}
    policies = PolicySet((document(statement(Condition=condition)),))
    full = {"aws:username": "app", "aws:userid": "1", "aws:SecureTransport": "true"}
    assert decide(policies, **full).allowed
    for key in full:
        assert not decide(policies, **{**full, key: "no"}).allowed


def test_evaluate_deny_condition_unmet_does_not_deny() -> None:
    deny = document(statement("Deny", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}))
    assert decide(PolicySet((ALLOW, deny)), **{"aws:MultiFactorAuthPresent": "true"}).allowed
    assert decide(PolicySet((ALLOW, deny)), **{"aws:MultiFactorAuthPresent": "false"}).reason == EXPLICIT_DENY


def test_evaluate_decision_names_deciding_statements() -> None:
    """With a deny, only the statements that deny are listed (API reference, EvaluationResult)."""
    policy = document(statement(Sid="First"), statement("Deny", Sid="Second"), statement(Action="s3:*", Sid="Third"))
    assert [match.id for match in decide(PolicySet((policy,))).matched] == ["policy/Second"]
    assert [match.id for match in decide(PolicySet((ALLOW, OTHER))).matched] == ["policy/0"]
    assert decide(PolicySet((OTHER,))).matched == ()


def test_evaluate_missing_names_absent_keys() -> None:
    policy = document(
        statement(Resource=f"{DATABASE}/${{aws:username}}", Condition={"Bool": {"aws:SecureTransport": "true"}}),
        statement(Action="s3:*", Condition={"Bool": {"aws:ViaAWSService": "true"}}),
    )
    assert decide(PolicySet((policy,))).missing == ("aws:SecureTransport", "aws:username")
    assert decide(PolicySet((policy,)), **{"aws:username": "app"}).missing == ("aws:SecureTransport",)


def test_evaluate_boundary_detail() -> None:
    assert decide(PolicySet((ALLOW,))).boundary_allows is None
    assert decide(PolicySet((), boundary=(ALLOW,))).boundary_allows is True
    assert decide(PolicySet((ALLOW,), boundary=(ALLOW, DENY))).boundary_allows is False


INVALID: list[tuple[Any, str]] = [
    ("", "invalid JSON"),
    ("[]", "must be a JSON object"),
    ({"Version": "2020-01-01", "Statement": []}, "Version"),
    ({"Statement": []}, "Statement: must be an object"),
    ({"Statements": []}, "unknown element 'Statements'"),
    ({"Statement": statement("allow")}, r"Statement\[0\].Effect: must be Allow or Deny"),
    ({"Statement": {"Effect": "Allow", "Resource": "*"}}, "must have either Action or NotAction"),
    ({"Statement": statement(Action="*", NotAction="*")}, "must have either Action or NotAction"),
    ({"Statement": {"Effect": "Allow", "Action": "*"}}, "must have either Resource or NotResource"),
    ({"Statement": statement(Action="connect")}, "must be '\\*' or SERVICE:ACTION"),
    ({"Statement": statement(Action=[])}, "must be a string, or a list of strings"),
    ({"Statement": statement(Resource="db-ABC")}, "must be '\\*' or an ARN"),
    ({"Statement": statement(Principal="*")}, "unknown element 'Principal'"),
    ({"Statement": statement(Condition={"StringSame": {"a": "b"}})}, "unknown operator 'StringSame'"),
    ({"Statement": statement(Condition={"NullIfExists": {"a": "true"}})}, "unknown operator"),
    ({"Statement": statement(Condition={"ForSome:StringLike": {"a": "b"}})}, "unknown operator"),
    ({"Statement": statement(Condition=[])}, "Condition: must be an object"),
    ({"Statement": statement(Condition={"StringLike": "a"})}, "Condition.StringLike: must be an object"),
    ({"Statement": statement(Condition={"StringLike": {"a": {}}})}, "must be a string, a number or a Boolean"),
]


@pytest.mark.parametrize(("bad", "text"), INVALID)
def test_parse_policy_invalid_names_element(bad: Any, text: str) -> None:
    with pytest.raises(PolicyError, match=text):
        parse_policy(bad)


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("*a" * 12 + "b", "a" * 63, False),
        ("*a" * 12, "a" * 63, True),
        ("${a" + " " * 2000 + ",x}", "b", False),
        ("a*?c**d", "a-bc-cd", True),
        ("a?c", "ac", False),
        ("${*}*", "*x", True),
        ("${*}*", "xx", False),
        ("**", "", True),
        ("${ aws:x , 'd*' }", "d*", True),
        ("${ aws:x , 'd*' }", "dx", False),
    ],
)
def test_matches_pattern_ends_in_time(pattern: str, value: str, expected: bool) -> None:
    program = f"from rds_simulator.rules.iam.patterns import matches; print(matches({pattern!r}, {value!r}, {{}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.strip() == str(expected)
