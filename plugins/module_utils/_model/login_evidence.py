# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What each witness of a failed login reports.

A field of ``LoginEvidence`` is None if the witness is not available.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from .login import AccountFacts

# the error codes in the log export iam-db-auth-error (Amazon RDS User Guide, "Troubleshooting IAM DB authentication")
INVALID_TOKEN = "InvalidToken"
EXPIRED_TOKEN = "ExpiredToken"
NOT_AUTHORIZED = "NotAuthorized"
THROTTLED = "ThrottlingException"
INTERNAL_ERROR = "InternalError"


@dataclass(frozen=True)
class TokenFacts:
    """The token, as far as the module that created it knows it.

    ``lacks_session_token``: the access key is temporary, but there is no session token.
    ``endpoint_region``: the Region in the name of the endpoint, or None for another name.
    ``identity_cause``: why AWS does not accept the credentials; None if AWS accepts them, or did not check them.
    ``identity_checked``: whether AWS has checked them.
    """

    region: str
    lacks_session_token: bool = False
    endpoint_region: str | None = None
    identity_cause: str | None = None
    identity_checked: bool = False


@dataclass(frozen=True)
class DatabaseFacts:
    """What RDS reports of the database that owns the setting.

    ``is_endpoint``: whether the host of the token is an endpoint of the database; None if it is not known.
    ``found`` is False if the listing of all databases has no such endpoint. All other fields are then empty.
    """

    found: bool
    is_endpoint: bool | None = None
    status: str = ""
    accepts_logins: bool | None = None
    current: bool = False
    pending: bool | None = None
    resource_id: str = ""


ALLOWED = "allowed"
EXPLICIT_DENY = "explicitDeny"
IMPLICIT_DENY = "implicitDeny"


@dataclass(frozen=True)
class PolicyFacts:
    """The decision of ``iam:SimulatePrincipalPolicy`` for ``rds-db:connect``.

    ``resources`` are the resources for which statements of the principal allow the action; None if the policies could
    not be read. ``missing_context``: the condition keys whose values IAM does not know, so that the decision is open.
    """

    decision: str
    allowed_by_boundary: bool | None = None
    allowed_by_organization: bool | None = None
    resources: t.Tuple[str, ...] | None = None
    missing_context: t.Tuple[str, ...] = ()

    def with_resources(self, resources: t.Tuple[str, ...]) -> PolicyFacts:
        """Return the facts with the resources that the policies allow."""
        return replace(self, resources=resources)


@dataclass(frozen=True)
class LoginEvidence:
    """The reports of all witnesses of one failed login.

    ``client_host``: the host of the client as the server shows it.
    ``is_proxy``: whether the endpoint is that of RDS Proxy.
    ``reachable``: whether a connection to the port was possible after the login had timed out.
    ``clock_ahead``: the seconds by which the clock of AWS is ahead of the local clock.
    ``log_codes``: the error codes for this user in the log export since the login.
    """

    protocol: str
    answer: str
    user: str
    token: TokenFacts
    resource_arn: str | None = None
    database: DatabaseFacts | None = None
    is_proxy: bool = False
    reachable: bool | None = None
    clock_ahead: float | None = None
    policy: PolicyFacts | None = None
    log_codes: t.Tuple[str, ...] | None = None
    account: AccountFacts | None = None
    client_host: str | None = None
