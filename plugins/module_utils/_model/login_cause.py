# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The causes of a failed login with IAM database authentication, in the order in which they have to be corrected.

The order is that of a login: credentials, the Region and the endpoint of the token, network, TLS, the setting, the
database user, the policy, and the limits of the session. A later cause can become visible only after the earlier ones
have been corrected.

This is private to the collection.
"""

from __future__ import annotations

SESSION_TOKEN_MISSING = "session_token_missing"
CREDENTIALS_EXPIRED = "credentials_expired"
CREDENTIALS_INVALID = "credentials_invalid"
REGION_MISMATCH = "region_mismatch"
NOT_AN_ENDPOINT = "not_an_endpoint"
DATABASE_NOT_AVAILABLE = "database_not_available"
ENDPOINT_UNREACHABLE = "endpoint_unreachable"
LOGIN_TIMED_OUT = "login_timed_out"
HOST_BLOCKED = "host_blocked"
TLS_UNAVAILABLE = "tls_unavailable"
CA_NOT_TRUSTED = "ca_not_trusted"
HOST_NAME_MISMATCH = "host_name_mismatch"
SETTING_OFF = "setting_off"
SETTING_PENDING = "setting_pending"
USER_MISSING = "user_missing"
USER_CASE = "user_case"
USER_NOT_IAM = "user_not_iam"
USER_IS_KERBEROS = "user_is_kerberos"
HOST_NOT_ALLOWED = "host_not_allowed"
CLOCK_SKEW = "clock_skew"
LOGINS_THROTTLED = "logins_throttled"
POLICY_EXPLICIT_DENY = "policy_explicit_deny"
POLICY_BOUNDARY = "policy_boundary"
POLICY_OTHER_REGION = "policy_other_region"
POLICY_OTHER_RESOURCE = "policy_other_resource"
POLICY_OTHER_USER = "policy_other_user"
POLICY_MISSING = "policy_missing"
POLICY_ELSEWHERE = "policy_session_or_organization"
USER_LOCKED = "user_locked"
TOO_MANY_CONNECTIONS = "too_many_connections"
DATABASE_MISSING = "database_missing"
CONNECT_NOT_GRANTED = "connect_not_granted"
UNKNOWN = "unknown"

CAUSES = (
    SESSION_TOKEN_MISSING,
    CREDENTIALS_EXPIRED,
    CREDENTIALS_INVALID,
    REGION_MISMATCH,
    NOT_AN_ENDPOINT,
    DATABASE_NOT_AVAILABLE,
    ENDPOINT_UNREACHABLE,
    LOGIN_TIMED_OUT,
    HOST_BLOCKED,
    TLS_UNAVAILABLE,
    CA_NOT_TRUSTED,
    HOST_NAME_MISMATCH,
    SETTING_OFF,
    SETTING_PENDING,
    USER_MISSING,
    USER_CASE,
    USER_NOT_IAM,
    USER_IS_KERBEROS,
    HOST_NOT_ALLOWED,
    CLOCK_SKEW,
    POLICY_EXPLICIT_DENY,
    POLICY_BOUNDARY,
    POLICY_OTHER_REGION,
    POLICY_OTHER_RESOURCE,
    POLICY_OTHER_USER,
    POLICY_MISSING,
    POLICY_ELSEWHERE,
    LOGINS_THROTTLED,
    USER_LOCKED,
    TOO_MANY_CONNECTIONS,
    DATABASE_MISSING,
    CONNECT_NOT_GRANTED,
)
POLICY_CAUSES = (
    POLICY_EXPLICIT_DENY,
    POLICY_BOUNDARY,
    POLICY_OTHER_REGION,
    POLICY_OTHER_RESOURCE,
    POLICY_OTHER_USER,
    POLICY_MISSING,
    POLICY_ELSEWHERE,
)
CREDENTIAL_CAUSES = (SESSION_TOKEN_MISSING, CREDENTIALS_EXPIRED, CREDENTIALS_INVALID)
