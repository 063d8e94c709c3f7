# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A failed login is diagnosed from the reports of its witnesses, and never with more certainty than they give."""

from __future__ import annotations

import itertools
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
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_diagnosis import Diagnosis, diagnose

ARN = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-A/app"
TOKEN = TokenFacts("eu-west-1", endpoint_region="eu-west-1", identity_checked=True)
HEALTHY = LoginEvidence(
    protocol="postgresql",
    answer=answer.TOKEN_REFUSED,
    user="app",
    token=TOKEN,
    resource_arn=ARN,
    database=DatabaseFacts(True, True, "available", True, True, None, "db-A"),
    clock_ahead=0.0,
    policy=PolicyFacts("allowed", resources=(ARN,)),
    account=AccountFacts(exists=True, is_iam=True, database_exists=True, may_connect=True),
)


def seen(**changes):
    return replace(HEALTHY, **changes)


def database(**changes):
    return {"database": replace(HEALTHY.database, **changes)}


def token(**changes):
    return {"token": replace(TOKEN, **changes)}


def refused_by_aws(code):
    return {**token(identity_cause=code), "database": None}


def account(**changes):
    return {"account": replace(HEALTHY.account, **changes)}


# one fault: the answer of the server, and the report that shows the fault
FAULTS = {
    cause.SESSION_TOKEN_MISSING: (answer.TOKEN_REFUSED, token(lacks_session_token=True)),
    cause.CREDENTIALS_EXPIRED: (
        answer.TOKEN_REFUSED,
        {**token(identity_cause=cause.CREDENTIALS_EXPIRED), "database": None},
    ),
    cause.CREDENTIALS_INVALID: (
        answer.TOKEN_REFUSED,
        {**token(identity_cause=cause.CREDENTIALS_INVALID), "database": None},
    ),
    cause.DATABASE_NOT_AVAILABLE: (answer.UNREACHABLE, database(status="stopped", accepts_logins=False)),
    cause.NOT_AN_ENDPOINT: (answer.NAME_MISMATCH, database(is_endpoint=False)),
    cause.ENDPOINT_UNREACHABLE: (answer.UNREACHABLE, {}),
    cause.LOGIN_TIMED_OUT: (answer.TIMED_OUT, {"reachable": True}),
    cause.HOST_BLOCKED: (answer.HOST_BLOCKED, {}),
    cause.TLS_UNAVAILABLE: (answer.NO_TLS, {}),
    cause.CA_NOT_TRUSTED: (answer.CA_UNKNOWN, {}),
    cause.HOST_NAME_MISMATCH: (answer.NAME_MISMATCH, {}),
    cause.SETTING_OFF: (answer.PASSWORD_REFUSED, database(current=False)),
    cause.SETTING_PENDING: (answer.PASSWORD_REFUSED, database(current=False, pending=True)),
    cause.USER_MISSING: (answer.PASSWORD_REFUSED, account(exists=False)),
    cause.USER_CASE: (answer.PASSWORD_REFUSED, account(exists=False, other_spellings=("App",))),
    cause.USER_NOT_IAM: (answer.PASSWORD_REFUSED, account(is_iam=False)),
    cause.USER_IS_KERBEROS: (answer.PASSWORD_REFUSED, account(has_rds_ad=True)),
    cause.HOST_NOT_ALLOWED: (answer.HOST_REFUSED, {}),
    cause.REGION_MISMATCH: (answer.TOKEN_REFUSED, token(endpoint_region="us-east-1")),
    cause.CLOCK_SKEW: (answer.TOKEN_REFUSED, {"clock_ahead": 901.0}),
    cause.LOGINS_THROTTLED: (answer.TOKEN_REFUSED, {"log_codes": ("ThrottlingException",)}),
    cause.POLICY_EXPLICIT_DENY: (answer.TOKEN_REFUSED, {"policy": PolicyFacts("explicitDeny")}),
    cause.POLICY_BOUNDARY: (
        answer.TOKEN_REFUSED,
        {"policy": PolicyFacts("implicitDeny", allowed_by_boundary=False)},
    ),
    cause.POLICY_OTHER_REGION: (
        answer.TOKEN_REFUSED,
        {"policy": PolicyFacts("implicitDeny", resources=(ARN.replace("eu-west-1", "us-east-1"),))},
    ),
    cause.POLICY_OTHER_RESOURCE: (
        answer.TOKEN_REFUSED,
        {"policy": PolicyFacts("implicitDeny", resources=(ARN.replace("db-A", "db-B"),))},
    ),
    cause.POLICY_OTHER_USER: (
        answer.TOKEN_REFUSED,
        {"policy": PolicyFacts("implicitDeny", resources=(ARN.replace("app", "other"),))},
    ),
    cause.POLICY_MISSING: (answer.TOKEN_REFUSED, {"policy": PolicyFacts("implicitDeny", resources=())}),
    cause.POLICY_ELSEWHERE: (answer.TOKEN_REFUSED, {"log_codes": ("NotAuthorized",)}),
    cause.USER_LOCKED: (answer.ROLE_LOCKED, account(can_log_in=False)),
    cause.TOO_MANY_CONNECTIONS: (answer.LIMIT_REACHED, {}),
    cause.DATABASE_MISSING: (answer.DATABASE_UNKNOWN, account(database_exists=False)),
    cause.CONNECT_NOT_GRANTED: (answer.CONNECT_DENIED, account(may_connect=False)),
}


@pytest.mark.parametrize("code", cause.CAUSES)
def test_diagnose_single_fault_names_cause(code):
    refused, changes = FAULTS[code]
    assert diagnose(seen(answer=refused, **changes)) == Diagnosis(code)


# the witness that decides each cause; the causes that the answer alone decides have none
WITNESSES = {
    "reachable": (cause.LOGIN_TIMED_OUT,),
    "database": (
        cause.DATABASE_NOT_AVAILABLE,
        cause.ENDPOINT_UNREACHABLE,
        cause.SETTING_OFF,
        cause.SETTING_PENDING,
    ),
    "account": (cause.USER_MISSING, cause.USER_CASE, cause.USER_NOT_IAM, cause.USER_IS_KERBEROS),
    "policy": tuple(code for code in cause.POLICY_CAUSES if code != cause.POLICY_ELSEWHERE),
    "clock_ahead": (cause.CLOCK_SKEW,),
    "log_codes": (cause.LOGINS_THROTTLED, cause.POLICY_ELSEWHERE),
}


@pytest.mark.parametrize(("witness", "code"), [(w, code) for w, codes in WITNESSES.items() for code in codes])
def test_diagnose_deciding_witness_denied_is_unknown_with_candidate(witness, code):
    refused, changes = FAULTS[code]
    found = diagnose(seen(answer=refused, **{**changes, witness: None}))
    assert found.cause == cause.UNKNOWN
    assert code in found.candidates


# the position of a login at which a server gives each answer
STAGES = (
    (answer.UNREACHABLE, answer.TIMED_OUT),
    (answer.HOST_BLOCKED,),
    (answer.NO_TLS, answer.CA_UNKNOWN, answer.NAME_MISMATCH),
    (answer.PASSWORD_REFUSED,),
    (answer.TOKEN_REFUSED,),
    (answer.ROLE_LOCKED, answer.LIMIT_REACHED, answer.DATABASE_UNKNOWN, answer.CONNECT_DENIED, answer.HOST_REFUSED),
)


def stage_of(code):
    return next(position for position, answers in enumerate(STAGES) if FAULTS[code][0] in answers)


def pairs():
    """Return the pairs of faults of different witnesses. The server answers at the earlier of their two positions."""
    for first, second in itertools.combinations(cause.CAUSES, 2):
        if {first, second} == {cause.ENDPOINT_UNREACHABLE, cause.LOGIN_TIMED_OUT}:
            continue  # a port either accepts connections or not
        if {first, second} == {cause.LOGINS_THROTTLED, cause.POLICY_ELSEWHERE}:
            continue  # one login is refused for one of them only
        if first in cause.CREDENTIAL_CAUSES and second in (*cause.CREDENTIAL_CAUSES, cause.REGION_MISMATCH):
            continue  # both are properties of the token
        is_refused = first in cause.CREDENTIAL_CAUSES  # RDS then reports nothing of the database
        changed = [set(FAULTS[code][1]) - ({"database"} if is_refused else set()) for code in (first, second)]
        if changed[0] & changed[1] or cause.HOST_NOT_ALLOWED in {first, second}:
            continue
        yield first, second


@pytest.mark.parametrize(("first", "second"), list(pairs()))
def test_diagnose_two_faults_names_first(first, second):
    refused = FAULTS[min((first, second), key=stage_of)][0]
    changes = {**FAULTS[second][1], **FAULTS[first][1]}
    assert diagnose(seen(answer=refused, **changes)) == Diagnosis(first)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (account(is_iam=False), Diagnosis(cause.USER_NOT_IAM)),
        (account(exists=False), Diagnosis(cause.USER_MISSING)),
        (
            {"account": None},
            Diagnosis(cause.UNKNOWN, (cause.USER_MISSING, cause.USER_CASE, cause.USER_NOT_IAM, cause.HOST_NOT_ALLOWED)),
        ),
        # for the user of another host, too, the server asks for the plugin of any other user
        (account(hosts=("10.%",)), Diagnosis(cause.UNKNOWN, (cause.HOST_NOT_ALLOWED,))),
    ],
)
def test_diagnose_unsupported_plugin_is_about_user_or_host(changes, expected):
    assert diagnose(seen(answer=answer.PLUGIN_UNSUPPORTED, **changes)) == expected


def test_diagnose_allowed_policy_without_other_evidence_is_unknown():
    found = diagnose(HEALTHY)
    assert found.cause == cause.UNKNOWN
    assert set(found.candidates) == {cause.LOGINS_THROTTLED, cause.POLICY_ELSEWHERE}


def test_diagnose_every_explanation_excluded_returns_all():
    found = diagnose(seen(answer=answer.PASSWORD_REFUSED))
    assert found.cause == cause.UNKNOWN
    assert cause.SETTING_OFF in found.candidates


def test_diagnose_fault_behind_answer_is_not_named():
    refused = diagnose(seen(answer=answer.PASSWORD_REFUSED, policy=PolicyFacts("explicitDeny"), account=None))
    assert refused.cause == cause.UNKNOWN
    assert set(refused.candidates) == {cause.USER_MISSING, cause.USER_CASE, cause.USER_NOT_IAM, cause.USER_IS_KERBEROS}


@pytest.mark.parametrize(("hosts", "expected"), [(("10.%",), cause.HOST_NOT_ALLOWED), (("%",), cause.UNKNOWN)])
def test_diagnose_access_denied_compares_hosts(hosts, expected):
    found = diagnose(seen(answer=answer.ACCESS_DENIED, client_host="127.0.0.1", **account(hosts=hosts)))
    assert found.cause == expected
    assert cause.HOST_NOT_ALLOWED not in found.candidates


@pytest.mark.parametrize(
    ("exists", "expected"),
    [
        (True, Diagnosis(cause.CONNECT_NOT_GRANTED)),
        (False, Diagnosis(cause.DATABASE_MISSING)),
        (None, Diagnosis(cause.UNKNOWN, (cause.DATABASE_MISSING, cause.CONNECT_NOT_GRANTED))),
    ],
)
def test_diagnose_database_denied_needs_administrator(exists, expected):
    changes = account(database_exists=exists) if exists is not None else {"account": None}
    assert diagnose(seen(answer=answer.DATABASE_DENIED, **changes)) == expected


def test_diagnose_unrecognized_answer_names_confirmed_cause_only():
    assert diagnose(seen(answer=answer.UNRECOGNIZED)).cause == cause.UNKNOWN
    off = replace(HEALTHY.database, current=False)
    assert diagnose(seen(answer=answer.UNRECOGNIZED, database=off)).cause == cause.SETTING_OFF
