# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Diagnose a failed login: from the reports of all witnesses to the first cause that has to be corrected.

Each cause is confirmed, excluded or open. Only a confirmed cause is named. It must explain the answer of the server, or
come before every cause that can explain it. Otherwise, the diagnosis is ``unknown``, with the open causes as
candidates.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model import login_cause as cause
from .._model.login_evidence import LoginEvidence
from . import login_answer as answer
from .login_findings import finding_about

_NETWORK = (cause.DATABASE_NOT_AVAILABLE, cause.NOT_AN_ENDPOINT, cause.ENDPOINT_UNREACHABLE)
_SETTING = (cause.SETTING_OFF, cause.SETTING_PENDING)
_USER = (cause.USER_MISSING, cause.USER_CASE, cause.USER_NOT_IAM)
_TOKEN = (
    *cause.CREDENTIAL_CAUSES,
    cause.NOT_AN_ENDPOINT,
    cause.USER_IS_KERBEROS,
    cause.REGION_MISMATCH,
    cause.CLOCK_SKEW,
    cause.LOGINS_THROTTLED,
    *cause.POLICY_CAUSES,
)

# the causes that explain each answer
_EXPLANATIONS: dict[str, tuple[str, ...]] = {
    answer.NOT_RESOLVED: _NETWORK,
    answer.UNREACHABLE: _NETWORK,
    answer.TIMED_OUT: (*_NETWORK, cause.LOGIN_TIMED_OUT),
    answer.CLOSED: _NETWORK,
    answer.HOST_BLOCKED: (cause.HOST_BLOCKED,),
    answer.STARTING: (cause.DATABASE_NOT_AVAILABLE,),
    answer.NO_TLS: (cause.NOT_AN_ENDPOINT, cause.TLS_UNAVAILABLE),
    answer.CA_UNKNOWN: (cause.NOT_AN_ENDPOINT, cause.CA_NOT_TRUSTED),
    answer.NAME_MISMATCH: (cause.NOT_AN_ENDPOINT, cause.HOST_NAME_MISMATCH),
    answer.PASSWORD_REFUSED: (*_SETTING, *_USER, cause.USER_IS_KERBEROS),
    answer.HBA_REFUSED: (*_SETTING, *_USER, cause.USER_IS_KERBEROS),
    # whether RDS checks a token while the setting is off is not documented
    answer.TOKEN_REFUSED: (*_SETTING, *_TOKEN),
    answer.ROLE_MISSING: (cause.USER_MISSING, cause.USER_CASE),
    answer.ROLE_LOCKED: (cause.USER_LOCKED,),
    answer.LIMIT_REACHED: (cause.TOO_MANY_CONNECTIONS,),
    answer.DATABASE_UNKNOWN: (cause.DATABASE_MISSING,),
    answer.CONNECT_DENIED: (cause.CONNECT_NOT_GRANTED,),
    answer.DATABASE_DENIED: (cause.DATABASE_MISSING, cause.CONNECT_NOT_GRANTED),
    answer.ACCESS_DENIED: (*_USER, cause.HOST_NOT_ALLOWED, *_TOKEN),
    answer.PLUGIN_MISSING: _SETTING,
    # if the user does not exist, or has no account for the host of the client, the server asks for an arbitrary plugin
    answer.PLUGIN_UNSUPPORTED: (*_USER, cause.HOST_NOT_ALLOWED),
    answer.HOST_REFUSED: (cause.HOST_NOT_ALLOWED,),
}


@dataclass(frozen=True)
class Diagnosis:
    """The cause of a failed login, or ``unknown`` with the causes that are possible."""

    cause: str
    candidates: tuple[str, ...] = ()


def diagnose(evidence: LoginEvidence) -> Diagnosis:
    """Return the first cause that has to be corrected, or ``unknown`` with the candidates."""
    explanations = _EXPLANATIONS.get(evidence.answer, cause.CAUSES)
    findings = {code: finding_about(code, evidence) for code in cause.CAUSES}
    possible = [code for code in explanations if findings[code] is not False]
    first = min(cause.CAUSES.index(code) for code in possible or explanations)
    for position, code in enumerate(cause.CAUSES):
        if findings[code] and (code in explanations or position < first):
            return Diagnosis(code)
    return Diagnosis(cause.UNKNOWN, _candidates(explanations, findings))


def _candidates(explanations: t.Collection[str], findings: t.Mapping[str, bool | None]) -> tuple[str, ...]:
    """Return the open causes. If the witnesses exclude every explanation, one of them must be wrong."""
    possible = [code for code in cause.CAUSES if code in explanations]
    return tuple(code for code in possible if findings[code] is None) or tuple(possible)
