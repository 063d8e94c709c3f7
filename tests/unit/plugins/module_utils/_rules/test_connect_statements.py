# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Policy documents of every form are read; those that cannot be analysed are returned with the reason."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.account_policies import INLINE, Policy
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_statements import read_statements
from ansible_collections.passwordless.rds.tests.unit.connect_account import arn, document, statement

APP = arn("db-ORDERS/app")


def read(content):
    return read_statements(Policy(INLINE, "login", content))


def shown(content):
    return [([pattern.text for pattern in found.patterns], found.reason) for found in read(content)]


@pytest.mark.parametrize(
    "content",
    [
        document(statement(APP)),
        {"Version": "2012-10-17", "Statement": statement(APP)},
        document(statement(APP, Action=["s3:GetObject", "rds-db:connect"])),
        document(statement(APP, Action="RDS-DB:Connect")),
        document(statement(APP, Action="rds-db:c*t")),
        document(statement(APP, Action="rds-db:connec?")),
        document(statement(APP, Action="*")),
        document(statement(Resource=APP)),
        document(statement(APP, APP, "arn:aws:s3:::bucket/*")),
        document(statement(APP, Condition={})),
        json.dumps(document(statement(APP))),
        quote(json.dumps(document(statement(APP)))),
    ],
)
def test_statement_is_read_in_every_form(content):
    assert shown(content) == [([APP], None)]


@pytest.mark.parametrize(
    "content",
    [
        document(),
        document(statement(APP, Action="rds:*")),
        document(statement(APP, Action=["s3:*", "rds-db:disconnect"])),
        document(statement("arn:aws:s3:::bucket/${aws:username}", "arn:aws:rds:*:*:db:*", Action="*")),
        document({"Effect": "Deny", "NotAction": ["iam:*", "rds-db:*"], "Resource": "*"}),
    ],
)
def test_statement_about_something_else_is_omitted(content):
    assert read(content) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "the policy document is not a JSON object"),
        ("", "the policy document is not a JSON object"),
        ("{broken", "the policy document is not a JSON object"),
        ("%7Bbroken", "the policy document is not a JSON object"),
        ("[" * 100000, "the policy document is not a JSON object"),
        ([1], "the policy document is not a JSON object"),
        (7, "the policy document is not a JSON object"),
        ({}, "Statement is neither an object nor a list"),
        ({"Statement": "all"}, "Statement is neither an object nor a list"),
        (document("all"), "the statement is not an object"),
        (document(None), "the statement is not an object"),
        (document(statement(APP, Effect="Maybe")), "Effect is neither Allow nor Deny"),
        (document(statement(APP, Effect=["Allow"])), "Effect is neither Allow nor Deny"),
        (document(statement(APP, Action=None)), "Action is neither a string nor a list of strings"),
        (document(statement(APP, Action=[["rds-db:connect"]])), "Action is neither a string nor a list of strings"),
        (document(statement()), "Resource is neither a string nor a list of strings"),
        (document(statement(Resource={"a": 1})), "Resource is neither a string nor a list of strings"),
        (document({"Effect": "Allow", "Resource": APP}), "it does not have exactly one of Action and NotAction"),
        (document(statement(APP, NotAction="s3:*")), "it does not have exactly one of Action and NotAction"),
        (
            document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            "it has NotAction, which covers everything that it does not list",
        ),
        (
            document({"Effect": "Allow", "Action": "rds-db:connect", "NotResource": APP}),
            "it has NotResource, which covers everything that it does not list",
        ),
        (
            document(statement(APP, Condition={"StringEquals": {"aws:PrincipalTag/team": "x"}})),
            "it has a condition on aws:PrincipalTag/team, whose result depends on the request",
        ),
        (document(statement(APP, Condition="never")), "it has a condition, whose result depends on the request"),
    ],
)
def test_statement_that_cannot_be_analysed_has_reason(content, reason):
    assert shown(content) == [([], reason)]


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (arn("db-ORDERS/${aws:username}"), "policy variable ${aws:username}"),
        (arn("db-ORDERS/x", region="${aws:RequestedRegion}"), "policy variable ${aws:RequestedRegion}"),
        ("arn:aws:${service}:*:*:*", "policy variable ${service}"),
        ("db-ORDERS/app", "the resource is neither an ARN nor *"),
        ("", "the resource is neither an ARN nor *"),
    ],
)
def test_resource_that_cannot_be_analysed_has_reason(resource, reason):
    (found,) = read(document(statement(resource, APP)))
    assert [pattern.text for pattern in found.patterns] == [APP]
    ((text, why),) = found.unread
    assert text == resource
    assert reason in why


def test_older_version_has_no_variables():
    content = document(statement(arn("db-ORDERS/${aws:username}")), version="2008-10-17")
    (found,) = read(content)
    assert found.unread == ()
    assert found.patterns[0].user == "${aws:username}"


def test_statement_keeps_position_and_sid():
    first, second = read(document(statement(APP, Sid=7), {}, statement(APP, Action="s3:*"), statement(APP)))[::2]
    assert (first.number, first.sid) == (0, "7")
    assert (second.number, second.sid) == (3, None)
