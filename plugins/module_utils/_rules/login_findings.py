# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the witnesses of a failed login say about each cause: confirmed (True), excluded (False) or open (None).

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model import login_cause as cause
from .._model import login_evidence as report
from .._model.login_evidence import LoginEvidence
from . import login_answer as answer
from .account_host import accepts_host
from .policy_match import NEAREST_CAUSES, is_undetermined, policy_cause

Finding = t.Optional[bool]

# A token is valid for 15 minutes (Amazon RDS User Guide, "IAM database authentication"). AWS accepts signatures up to
# 5 minutes before their own time (IAM User Guide, "Elements of an AWS API request signature").
_TOKEN_SECONDS, _EARLY_SECONDS = 900, 300

_DIRECT = {
    cause.HOST_BLOCKED: (answer.HOST_BLOCKED,),
    cause.TLS_UNAVAILABLE: (answer.NO_TLS,),
    cause.CA_NOT_TRUSTED: (answer.CA_UNKNOWN,),
    cause.HOST_NAME_MISMATCH: (answer.NAME_MISMATCH,),
    cause.HOST_NOT_ALLOWED: (answer.HOST_REFUSED,),
    cause.USER_LOCKED: (answer.ROLE_LOCKED,),
    cause.TOO_MANY_CONNECTIONS: (answer.LIMIT_REACHED,),
    cause.DATABASE_MISSING: (answer.DATABASE_UNKNOWN,),
    cause.CONNECT_NOT_GRANTED: (answer.CONNECT_DENIED,),
}
_NETWORK_ANSWERS = (answer.NOT_RESOLVED, answer.UNREACHABLE, answer.TIMED_OUT, answer.CLOSED)
# the server is not verified to be the database
_UNVERIFIED_ANSWERS = (answer.NO_TLS, answer.CA_UNKNOWN, answer.NAME_MISMATCH)


def finding_about(code: str, evidence: LoginEvidence) -> Finding:
    """Return whether a cause is confirmed or excluded, or None if the witnesses do not decide it."""
    if evidence.answer in _DIRECT.get(code, ()):
        return True
    return _JUDGES[code](evidence)


def _session_token_missing(evidence: LoginEvidence) -> Finding:
    return evidence.token.lacks_session_token


def _credentials_expired(evidence: LoginEvidence) -> Finding:
    return _identity(evidence, cause.CREDENTIALS_EXPIRED)


def _credentials_invalid(evidence: LoginEvidence) -> Finding:
    return _identity(evidence, cause.CREDENTIALS_INVALID)


def _identity(evidence: LoginEvidence, code: str) -> Finding:
    if evidence.database is not None and evidence.database.found:
        return False  # RDS has accepted them
    return evidence.token.identity_cause == code if evidence.token.identity_checked else None


def _not_available(evidence: LoginEvidence) -> Finding:
    if evidence.answer == answer.STARTING:
        return True
    accepts_logins = evidence.database.accepts_logins if evidence.database else None
    if evidence.answer in _UNVERIFIED_ANSWERS:
        return accepts_logins is False  # another server has answered, for example at the end of a tunnel
    if evidence.answer not in _NETWORK_ANSWERS:
        return False  # the database has answered
    return None if accepts_logins is None else not accepts_logins


def _not_an_endpoint(evidence: LoginEvidence) -> Finding:
    is_endpoint = evidence.database.is_endpoint if evidence.database else None
    return None if is_endpoint is None else not is_endpoint


def _unreachable(evidence: LoginEvidence) -> Finding:
    if evidence.answer not in _NETWORK_ANSWERS or evidence.reachable:
        return False
    if evidence.answer == answer.CLOSED or (evidence.answer == answer.TIMED_OUT and evidence.reachable is None):
        return None
    # the port is closed, for example because the database is stopped
    return True if (_not_available(evidence), _not_an_endpoint(evidence)) == (False, False) else None


def _timed_out(evidence: LoginEvidence) -> Finding:
    if evidence.answer != answer.TIMED_OUT or evidence.reachable is False:
        return False
    return True if evidence.reachable and _not_available(evidence) is False else None


def _setting_off(evidence: LoginEvidence) -> Finding:
    return _setting(evidence, pending=False)


def _setting_pending(evidence: LoginEvidence) -> Finding:
    return _setting(evidence, pending=True)


def _setting(evidence: LoginEvidence, *, pending: bool) -> Finding:
    database = evidence.database
    if database is None or not database.found:
        return None
    return not database.current and (database.pending is True) == pending


def _user_missing(evidence: LoginEvidence) -> Finding:
    account = evidence.account
    return None if account is None else not account.exists and not account.other_spellings


def _user_case(evidence: LoginEvidence) -> Finding:
    account = evidence.account
    return None if account is None else not account.exists and bool(account.other_spellings)


def _user_not_iam(evidence: LoginEvidence) -> Finding:
    account = evidence.account
    if account is None or evidence.is_proxy:
        return None  # RDS Proxy can log in to the database with a password on behalf of the user
    return account.exists and not account.is_iam


def _user_is_kerberos(evidence: LoginEvidence) -> Finding:
    account = evidence.account
    return None if account is None else account.is_iam and account.has_rds_ad


def _host_not_allowed(evidence: LoginEvidence) -> Finding:
    if evidence.answer not in (answer.ACCESS_DENIED, answer.PLUGIN_UNSUPPORTED):
        return False
    accepted = accepts_host(evidence.account, evidence.client_host) if evidence.account else None
    return None if accepted is None else not accepted


def _region_mismatch(evidence: LoginEvidence) -> Finding:
    token = evidence.token
    if token.endpoint_region is not None:
        return token.endpoint_region != token.region
    # the database was found in the Region of the token
    return False if evidence.database is not None and evidence.database.is_endpoint else None


def _clock_skew(evidence: LoginEvidence) -> Finding:
    if report.EXPIRED_TOKEN in (evidence.log_codes or ()) or evidence.token.identity_cause == cause.CLOCK_SKEW:
        return True
    ahead = evidence.clock_ahead
    return None if ahead is None else ahead > _TOKEN_SECONDS or ahead < -_EARLY_SECONDS


def _throttled(evidence: LoginEvidence) -> Finding:
    # the metrics count all users, so they show only that it is possible
    return report.THROTTLED in evidence.log_codes if evidence.log_codes else None


def _policy(code: str) -> t.Callable[[LoginEvidence], Finding]:
    def judge(evidence: LoginEvidence) -> Finding:
        if evidence.policy is None or evidence.resource_arn is None or evidence.policy.missing_context:
            return None
        if code in NEAREST_CAUSES and is_undetermined(evidence.policy):
            return None  # the policies could not be read
        found = policy_cause(evidence.policy, evidence.resource_arn)
        if found is None and code == cause.POLICY_ELSEWHERE:
            # session policies and most organization policies are not part of the decision
            return True if report.NOT_AUTHORIZED in (evidence.log_codes or ()) else None
        return found == code

    return judge


def _user_locked(evidence: LoginEvidence) -> Finding:
    account = evidence.account
    return None if account is None else account.exists and not account.can_log_in


def _answered(_evidence: LoginEvidence) -> Finding:
    """Return False: only the answer of the server confirms these causes."""
    return False


def _database_missing(evidence: LoginEvidence) -> Finding:
    account = evidence.account
    return None if account is None or account.database_exists is None else not account.database_exists


def _connect_not_granted(evidence: LoginEvidence) -> Finding:
    account = evidence.account
    if account is not None and evidence.answer == answer.DATABASE_DENIED:
        return account.database_exists
    return None if account is None or account.may_connect is None else not account.may_connect


_JUDGES: dict[str, t.Callable[[LoginEvidence], Finding]] = {
    cause.SESSION_TOKEN_MISSING: _session_token_missing,
    cause.CREDENTIALS_EXPIRED: _credentials_expired,
    cause.CREDENTIALS_INVALID: _credentials_invalid,
    cause.REGION_MISMATCH: _region_mismatch,
    cause.NOT_AN_ENDPOINT: _not_an_endpoint,
    cause.DATABASE_NOT_AVAILABLE: _not_available,
    cause.ENDPOINT_UNREACHABLE: _unreachable,
    cause.LOGIN_TIMED_OUT: _timed_out,
    cause.HOST_BLOCKED: _answered,
    cause.TLS_UNAVAILABLE: _answered,
    cause.CA_NOT_TRUSTED: _answered,
    cause.HOST_NAME_MISMATCH: _answered,
    cause.SETTING_OFF: _setting_off,
    cause.SETTING_PENDING: _setting_pending,
    cause.USER_MISSING: _user_missing,
    cause.USER_CASE: _user_case,
    cause.USER_NOT_IAM: _user_not_iam,
    cause.USER_IS_KERBEROS: _user_is_kerberos,
    cause.HOST_NOT_ALLOWED: _host_not_allowed,
    cause.CLOCK_SKEW: _clock_skew,
    cause.LOGINS_THROTTLED: _throttled,
    **{code: _policy(code) for code in cause.POLICY_CAUSES},
    cause.USER_LOCKED: _user_locked,
    cause.TOO_MANY_CONNECTIONS: _answered,
    cause.DATABASE_MISSING: _database_missing,
    cause.CONNECT_NOT_GRANTED: _connect_not_granted,
}
