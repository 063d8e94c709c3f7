# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""How to correct each cause of a failed login.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._model import login_cause as cause
from .._model.database import Database
from .._model.login import POSTGRESQL, AccountFacts, LoginRequest
from .._model.login_evidence import LoginEvidence
from .account_host import accepts_host
from .login_diagnosis import Diagnosis

_BUNDLE = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"

_REMEDIES = {
    cause.SESSION_TOKEN_MISSING: (
        "Set session_token or AWS_SESSION_TOKEN: access keys that start with ASIA are temporary and need it."
    ),
    cause.CREDENTIALS_EXPIRED: "Get new session credentials: the current ones have expired, and the token with them.",
    cause.CREDENTIALS_INVALID: "Correct access_key and secret_key: AWS does not accept them.",
    cause.DATABASE_NOT_AVAILABLE: (
        "Wait until the status is available, or start or repair the database. Its status is {status}."
    ),
    cause.NOT_AN_ENDPOINT: (
        "Use the endpoint that RDS shows. A CNAME record or an IP address is invalid in a token. Through a tunnel, set "
        "connect_host and connect_port instead of login_host."
    ),
    cause.ENDPOINT_UNREACHABLE: (
        "Check the DNS resolution of {connect_host}, the security group, the routes and the port {connect_port}."
    ),
    cause.LOGIN_TIMED_OUT: (
        "Raise timeout, and check the load of the server: {connect_host} port {connect_port} accepts connections, but "
        "the login did not end in time."
    ),
    cause.HOST_BLOCKED: (
        "Unblock {client_host} with TRUNCATE TABLE performance_schema.host_cache; or, in MariaDB, FLUSH HOSTS; and "
        "find out why its earlier connections failed. The limit is max_connect_errors."
    ),
    cause.TLS_UNAVAILABLE: (
        "Connect to the database itself, or through a tunnel that does not end TLS: the server at {connect_host} port "
        "{connect_port} does not offer TLS, so the token was not sent."
    ),
    cause.CA_NOT_TRUSTED: (
        f"Set ca_cert to the bundle of the CA that issued the certificate. Download it from {_BUNDLE}; RDS Proxy needs "
        "the Amazon root CAs instead."
    ),
    cause.HOST_NAME_MISMATCH: (
        "Use the endpoint that RDS shows: the certificate of the server is not valid for {host}. Through a tunnel, set "
        "login_host to the endpoint, and connect_host to the tunnel."
    ),
    cause.SETTING_OFF: "Enable IAM database authentication on {name}, for example with passwordless.rds.rds_iam_auth.",
    cause.SETTING_PENDING: (
        "Wait for the maintenance window, or apply the pending change of {name} with apply_immediately."
    ),
    cause.USER_CASE: "Use the exact name: the database has {spellings}, and names are case-sensitive.",
    cause.USER_IS_KERBEROS: "Revoke one of the two roles: REVOKE rds_ad FROM {user}; or REVOKE rds_iam FROM {user};",
    cause.HOST_NOT_ALLOWED: "Create the user for {client_host} or for '%'. It exists for {hosts} only.",
    cause.REGION_MISMATCH: "Set region to {endpoint_region}: the token is signed for {region}.",
    cause.CLOCK_SKEW: "Synchronize the clock of the host that signs the token, for example with NTP.",
    cause.LOGINS_THROTTLED: "Open fewer new connections for each second, with a connection pool or RDS Proxy.",
    cause.POLICY_EXPLICIT_DENY: "Remove the statement that denies rds-db:connect on {arn}.",
    cause.POLICY_BOUNDARY: "Allow rds-db:connect on {arn} in the permissions boundary of {principal}.",
    cause.POLICY_OTHER_RESOURCE: (
        "Add {arn} to the policy of {principal}: it names another resource id. A restored database has a new resource "
        "id, and for a cluster the policy needs the id of the cluster."
    ),
    cause.POLICY_OTHER_USER: "Add {arn} to the policy of {principal}: it names another database user.",
    cause.POLICY_OTHER_REGION: "Add {arn} to the policy of {principal}: it names another Region.",
    cause.POLICY_MISSING: "Allow rds-db:connect on {arn} in a policy of {principal}.",
    cause.POLICY_ELSEWHERE: (
        "Check the session policy and the policies of the organization: the policies of {principal} allow "
        "rds-db:connect on {arn}, but IAM refuses it."
    ),
    cause.TOO_MANY_CONNECTIONS: "Close connections, or raise the limit of the user, the database or the server.",
    cause.DATABASE_MISSING: "Set database to a database that exists on the server: {database} does not.",
}
_BY_PROTOCOL = {
    cause.USER_MISSING: (
        "Create the user: CREATE USER {user}; GRANT rds_iam TO {user};",
        "Create the user: CREATE USER {user} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;",
    ),
    cause.USER_NOT_IAM: (
        "Allow the user to log in with tokens: GRANT rds_iam TO {user}; the password of the user is then no longer "
        "valid.",
        "Change the plugin: ALTER USER {user} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;",
    ),
    cause.USER_LOCKED: (
        "Allow the user to log in: ALTER ROLE {user} LOGIN;",
        "Unlock: ALTER USER {user} ACCOUNT UNLOCK;",
    ),
    cause.CONNECT_NOT_GRANTED: (
        "Grant the privilege: GRANT CONNECT ON DATABASE {database} TO {user};",
        "Grant a privilege on the database {database} to {user}.",
    ),
}
_UNKNOWN = (
    "Ask the witnesses that were not available, or correct the candidates in this order: {candidates}. The token "
    "requires rds-db:connect on {arn}."
)


def login_remedy(code: str, protocol: str, values: t.Mapping[str, str]) -> str:
    """Return how to correct a cause. ``values`` holds the names that the texts contain."""
    if code == cause.UNKNOWN:
        return _UNKNOWN.format_map(values)
    if code in _BY_PROTOCOL:
        postgresql, mysql = _BY_PROTOCOL[code]
        return (postgresql if protocol == POSTGRESQL else mysql).format_map(values)
    return _REMEDIES[code].format_map(values)


def remedy_values(
    request: LoginRequest, evidence: LoginEvidence, diagnosis: Diagnosis, owner: Database | None, principal: str | None
) -> dict[str, str]:
    """Return the names that the texts contain."""
    account = evidence.account
    return {
        "user": quoted_user(request.user, request.protocol, _account_host(account, evidence.client_host)),
        "client_host": evidence.client_host or "the host of the client",
        "hosts": ", ".join(map(repr, account.hosts)) if account and account.hosts else "other hosts",
        "host": request.host,
        "connect_host": request.connect_host,
        "connect_port": str(request.connect_port),
        "database": str(request.database),
        "region": evidence.token.region,
        "endpoint_region": str(evidence.token.endpoint_region),
        "name": str(owner.id) if owner else request.host,
        "status": evidence.database.status if evidence.database and evidence.database.status else "unknown",
        "arn": evidence.resource_arn or "the database user",
        "principal": principal or "the caller",
        "spellings": ", ".join(account.other_spellings) if account else "",
        "candidates": ", ".join(diagnosis.candidates),
    }


def _account_host(account: AccountFacts | None, client_host: str | None) -> str:
    """Return the host of the MySQL account that accepts the client, or of the first one."""
    if account is None or not account.hosts:
        return "%"
    matching = (host for host in account.hosts if accepts_host(replace(account, hosts=(host,)), client_host))
    return next(matching, account.hosts[0])


def quoted_user(user: str, protocol: str, host: str = "%") -> str:
    """Return the name of a user as SQL needs it. ``host`` is the host of the account in MySQL and MariaDB."""
    if protocol == POSTGRESQL:
        return '"' + user.replace('"', '""') + '"'
    return f"{_mysql_text(user)}@{_mysql_text(host)}"


def _mysql_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
