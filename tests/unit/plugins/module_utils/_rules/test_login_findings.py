# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the witnesses say about one cause: confirmed, excluded or open. A witness that is missing never excludes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model import login_cause as cause
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import AccountFacts
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_evidence import (
    DatabaseFacts,
    LoginEvidence,
    PolicyFacts,
    TokenFacts,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules import login_answer as answer
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_findings import finding_about

ARN = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-A/app"
BLIND = LoginEvidence("postgresql", answer.TOKEN_REFUSED, "app", TokenFacts("eu-west-1"))
FOUND = DatabaseFacts(True, True, "available", True, True, None, "db-A")
IAM_USER = AccountFacts(exists=True, is_iam=True, database_exists=True, may_connect=True)


def token(**changes):
    return {"token": replace(TokenFacts("eu-west-1", identity_checked=True), **changes)}


def database(**changes):
    return {"database": replace(FOUND, **changes)}


def account(**changes):
    return {"account": replace(IAM_USER, **changes)}


def policy(decision="implicitDeny", **changes):
    return {"policy": PolicyFacts(decision, **changes), "resource_arn": ARN}


@pytest.mark.parametrize(
    ("code", "changes", "finding"),
    [
        (cause.SESSION_TOKEN_MISSING, token(lacks_session_token=True), True),
        (cause.CREDENTIALS_EXPIRED, token(identity_cause=cause.CREDENTIALS_EXPIRED), True),
        (cause.CREDENTIALS_EXPIRED, token(identity_cause=cause.CREDENTIALS_INVALID), False),
        (cause.CREDENTIALS_EXPIRED, token(), False),
        (cause.CREDENTIALS_EXPIRED, {}, None),
        (cause.CREDENTIALS_INVALID, token(identity_cause=cause.CREDENTIALS_INVALID), True),
        (cause.DATABASE_NOT_AVAILABLE, {"answer": answer.STARTING}, True),
        (cause.DATABASE_NOT_AVAILABLE, {}, False),
        (cause.DATABASE_NOT_AVAILABLE, {"answer": answer.UNREACHABLE}, None),
        (cause.DATABASE_NOT_AVAILABLE, {"answer": answer.UNREACHABLE, **database(accepts_logins=False)}, True),
        (cause.DATABASE_NOT_AVAILABLE, {"answer": answer.UNREACHABLE, **database(accepts_logins=None)}, None),
        # the answer can be that of another server at the end of a tunnel
        (cause.DATABASE_NOT_AVAILABLE, {"answer": answer.NO_TLS, **database(accepts_logins=False)}, True),
        (cause.DATABASE_NOT_AVAILABLE, {"answer": answer.NAME_MISMATCH, **database(accepts_logins=None)}, False),
        (cause.HOST_BLOCKED, {"answer": answer.HOST_BLOCKED}, True),
        (cause.HOST_BLOCKED, {}, False),
        (cause.NOT_AN_ENDPOINT, {}, None),
        (cause.NOT_AN_ENDPOINT, database(is_endpoint=None), None),
        (cause.NOT_AN_ENDPOINT, database(is_endpoint=False), True),
        (cause.ENDPOINT_UNREACHABLE, database(), False),
        (cause.ENDPOINT_UNREACHABLE, {"answer": answer.UNREACHABLE}, None),
        (cause.ENDPOINT_UNREACHABLE, {"answer": answer.UNREACHABLE, **database()}, True),
        (cause.ENDPOINT_UNREACHABLE, {"answer": answer.CLOSED, **database()}, None),
        (cause.ENDPOINT_UNREACHABLE, {"answer": answer.TIMED_OUT, "reachable": True, **database()}, False),
        (cause.LOGIN_TIMED_OUT, {"answer": answer.TIMED_OUT, "reachable": True, **database()}, True),
        (cause.LOGIN_TIMED_OUT, {"answer": answer.TIMED_OUT, **database()}, None),
        (cause.TLS_UNAVAILABLE, {"answer": answer.NO_TLS}, True),
        (cause.CA_NOT_TRUSTED, {"answer": answer.NO_TLS}, False),
        (cause.HOST_NAME_MISMATCH, {"answer": answer.NAME_MISMATCH}, True),
        (cause.SETTING_OFF, {}, None),
        (cause.SETTING_OFF, database(), False),
        (cause.SETTING_OFF, database(current=False), True),
        (cause.SETTING_OFF, database(current=False, pending=True), False),
        (cause.SETTING_PENDING, database(current=False, pending=True), True),
        (cause.SETTING_PENDING, database(found=False), None),
        (cause.USER_MISSING, {}, None),
        (cause.USER_MISSING, account(exists=False), True),
        (cause.USER_MISSING, account(exists=False, other_spellings=("APP",)), False),
        (cause.USER_CASE, account(exists=False, other_spellings=("APP",)), True),
        (cause.USER_NOT_IAM, account(is_iam=False), True),
        (cause.USER_NOT_IAM, account(), False),
        (cause.USER_IS_KERBEROS, account(has_rds_ad=True), True),
        (cause.HOST_NOT_ALLOWED, {}, False),
        (cause.HOST_NOT_ALLOWED, {"answer": answer.ACCESS_DENIED}, None),
        (cause.REGION_MISMATCH, {}, None),
        (cause.REGION_MISMATCH, database(), False),
        (cause.REGION_MISMATCH, token(endpoint_region="us-east-1"), True),
        (cause.CLOCK_SKEW, {}, None),
        (cause.CLOCK_SKEW, {"clock_ahead": 900.0}, False),
        (cause.CLOCK_SKEW, {"clock_ahead": 901.0}, True),
        (cause.CLOCK_SKEW, {"clock_ahead": -300.0}, False),
        (cause.CLOCK_SKEW, {"clock_ahead": -301.0}, True),
        (cause.CLOCK_SKEW, {"log_codes": ("ExpiredToken",)}, True),
        (cause.LOGINS_THROTTLED, {"log_codes": ("ThrottlingException",)}, True),
        (cause.LOGINS_THROTTLED, {"log_codes": ("NotAuthorized",)}, False),
        (cause.POLICY_MISSING, {}, None),
        (cause.POLICY_MISSING, policy(resources=()), True),
        (cause.POLICY_MISSING, policy("allowed"), False),
        (cause.POLICY_EXPLICIT_DENY, policy("explicitDeny"), True),
        (cause.POLICY_OTHER_RESOURCE, policy(resources=(ARN.replace("db-A", "db-B"),)), True),
        (cause.POLICY_ELSEWHERE, policy("allowed"), None),
        (cause.POLICY_ELSEWHERE, {**policy("allowed"), "log_codes": ("NotAuthorized",)}, True),
        (cause.USER_LOCKED, {"answer": answer.ROLE_LOCKED}, True),
        (cause.USER_LOCKED, account(can_log_in=False), True),
        (cause.TOO_MANY_CONNECTIONS, {"answer": answer.LIMIT_REACHED}, True),
        (cause.DATABASE_MISSING, account(database_exists=False), True),
        (cause.CONNECT_NOT_GRANTED, account(may_connect=None), None),
        (cause.CONNECT_NOT_GRANTED, account(may_connect=False), True),
    ],
)
def test_finding_about_cause(code, changes, finding):
    assert finding_about(code, replace(BLIND, **changes)) is finding


@pytest.mark.parametrize("code", cause.CAUSES)
def test_finding_without_witnesses_is_never_confirmed(code):
    assert finding_about(code, BLIND) is not True
