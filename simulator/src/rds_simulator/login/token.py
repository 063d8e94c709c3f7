# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The check of an authentication token.

A token is a presigned GET request without its scheme, see "Connecting to your DB instance using IAM authentication" in
the RDS User Guide and ``generate_db_auth_token`` in botocore. The signature is defined in "Create a signed AWS API
request" of the IAM User Guide.

The codes are those of the log iam-db-auth-error, see "Troubleshooting for IAM DB authentication" in the RDS User Guide:
InvalidToken and ExpiredToken (400), NotAuthorized (403), ThrottlingException (429), InternalError (500). AWS does not
document which check fails first, nor the code for a token that is signed for another Region, endpoint, or user. The
simulator returns InvalidToken for these.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol, TypeVar
from urllib.parse import quote, unquote

from .target import LoginTarget

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "rds-db"
TERMINATOR = "aws4_request"
MAX_EXPIRES = 900
MAX_CLOCK_SKEW = timedelta(minutes=5)

_UNRESERVED = "-_.~"
_EMPTY_BODY = hashlib.sha256(b"").hexdigest()
_FIXED = {"Action": "connect", "X-Amz-Algorithm": ALGORITHM, "X-Amz-SignedHeaders": "host"}
_REQUIRED = (*_FIXED, "DBUser", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature")
_DATE = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_EXPIRES = re.compile(r"[0-9]{1,6}")


class SigningCredentials(Protocol):
    """The part of a caller's credentials that the check reads."""

    @property
    def secret_access_key(self) -> str: ...

    @property
    def session_token(self) -> str | None: ...

    @property
    def expires(self) -> datetime | None: ...

    @property
    def account(self) -> str: ...


Found = TypeVar("Found", bound=SigningCredentials)


class TokenRefused(Exception):
    """A token is refused. ``code`` is AWS's code. Neither it nor ``reason`` contains a part of the token."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, repr=False)
class _Token:
    host: str
    parameters: dict[str, str]
    access_key_id: str
    scope: tuple[str, str, str, str]
    signed_at: datetime
    expires: int


def verify(
    token: str, user: str, target: LoginTarget, find_credentials: Callable[[str], Found | None], now: datetime
) -> Found:
    """Return the credentials that signed the token. Raise TokenRefused unless it is valid for this user and database.

    Whether the caller is allowed to connect is another question, which is answered by IAM.
    """
    parsed = _parse(token)
    _check_scope(parsed, user, target)
    _check_time(parsed, now)
    credentials = find_credentials(parsed.access_key_id)
    if credentials is None:
        raise _invalid("the access key ID is unknown")
    _check_session(parsed, credentials, now)
    if not _is_equal(_sign(parsed, credentials.secret_access_key), parsed.parameters["X-Amz-Signature"]):
        raise _invalid("the signature does not match")
    if credentials.account != target.account:
        raise TokenRefused("NotAuthorized", "the caller belongs to another account than the database")
    return credentials


def _invalid(reason: str) -> TokenRefused:
    return TokenRefused("InvalidToken", reason)


def _is_equal(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def _parse(token: str) -> _Token:
    if not token.isascii():
        raise _invalid("the token contains a character that is not ASCII")
    address, separator, query = token.partition("?")
    # Some SDKs leave out the slash of the empty path. The canonical request has it in both cases.
    host = address.removesuffix("/")
    if not separator or not host:
        raise _invalid("the password is not an authentication token")
    parameters = _parse_query(query)
    _check_parameters(parameters)
    credential = parameters["X-Amz-Credential"].split("/")
    if len(credential) != 5:
        raise _invalid("X-Amz-Credential is malformed")
    access_key_id, date, region, service, terminator = credential
    if not parameters["X-Amz-Date"].startswith(date + "T"):
        raise _invalid("X-Amz-Credential and X-Amz-Date are of different days")
    return _Token(
        host=host,
        parameters=parameters,
        access_key_id=access_key_id,
        scope=(date, region, service, terminator),
        signed_at=_parse_date(parameters["X-Amz-Date"]),
        expires=int(parameters["X-Amz-Expires"]),
    )


def _parse_query(query: str) -> dict[str, str]:
    """Return the parameters. Their order does not matter, as Signature Version 4 sorts them and SDKs do not."""
    parameters: dict[str, str] = {}
    for part in query.split("&"):
        name, separator, value = part.partition("=")
        if not separator or not (_is_canonical(name) and _is_canonical(value)):
            raise _invalid("the query string is malformed")
        if name in parameters:
            raise _invalid("a parameter is repeated")
        parameters[name] = unquote(value)
    return parameters


def _is_canonical(text: str) -> bool:
    """Return whether the text is encoded as Signature Version 4 requires. There is one encoding for each value."""
    return quote(unquote(text), safe=_UNRESERVED) == text


def _check_parameters(parameters: dict[str, str]) -> None:
    for name in _REQUIRED:
        if name not in parameters:
            raise _invalid(f"{name} is missing")
    for name, value in _FIXED.items():
        if parameters[name] != value:
            raise _invalid(f"{name} is not {value}")
    if not _EXPIRES.fullmatch(parameters["X-Amz-Expires"]):
        raise _invalid("X-Amz-Expires is malformed")


def _parse_date(text: str) -> datetime:
    parsed = None
    if _DATE.fullmatch(text):
        try:
            parsed = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        except ValueError:
            pass
    if parsed is None:
        raise _invalid("X-Amz-Date is malformed")
    return parsed


def _check_scope(token: _Token, user: str, target: LoginTarget) -> None:
    _unused, region, service, terminator = token.scope
    if (service, terminator) != (SERVICE, TERMINATOR):
        raise _invalid(f"the token is not signed for {SERVICE}")
    if region != target.region:
        raise _invalid(f"the token is signed for another Region; the database is in {target.region}")
    if token.host not in target.endpoints:
        raise _invalid("the token is signed for another endpoint")
    if token.parameters["DBUser"] != user:
        raise _invalid("the token is signed for another database user")


def _check_time(token: _Token, now: datetime) -> None:
    if not 0 < token.expires <= MAX_EXPIRES:
        raise _invalid(f"X-Amz-Expires is not between 1 and {MAX_EXPIRES}")
    if token.signed_at > now + MAX_CLOCK_SKEW:
        raise _invalid("the token is signed with a time in the future")
    if now > token.signed_at + timedelta(seconds=token.expires):
        raise TokenRefused("ExpiredToken", "the token has expired")


def _check_session(token: _Token, credentials: SigningCredentials, now: datetime) -> None:
    given = token.parameters.get("X-Amz-Security-Token")
    if credentials.session_token is None:
        if given is not None:
            raise _invalid("the token has a session token, but the access key has none")
    elif given is None:
        raise _invalid("X-Amz-Security-Token is missing")
    elif not _is_equal(credentials.session_token, given):
        raise _invalid("the session token does not match")
    if credentials.expires is not None and now >= credentials.expires:
        raise TokenRefused("ExpiredToken", "the credentials that signed the token have expired")


def _sign(token: _Token, secret_access_key: str) -> str:
    query = "&".join(
        f"{quote(name, safe=_UNRESERVED)}={quote(value, safe=_UNRESERVED)}"
        for name, value in sorted(token.parameters.items())
        if name != "X-Amz-Signature"
    )
    request = "\n".join(["GET", "/", query, f"host:{token.host}", "", "host", _EMPTY_BODY])
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join([ALGORITHM, token.parameters["X-Amz-Date"], "/".join(token.scope), digest])
    key = b"AWS4" + secret_access_key.encode()
    for part in (*token.scope, text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()
