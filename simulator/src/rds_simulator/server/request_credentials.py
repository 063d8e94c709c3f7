# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The check of the credentials that sign a request, as every AWS service makes it."""

from __future__ import annotations

import hmac
import io
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlunsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Keys

from ..errors import AwsError
from ..state.world import World

if TYPE_CHECKING:
    from ..state.principals import Credentials

# IAM user guide, "Troubleshoot access denied error messages", and the common errors of the API references (✓)
_INVALID = ("InvalidClientTokenId", "The security token included in the request is invalid.")
_EXPIRED = ("ExpiredToken", "The security token included in the request is expired")
_SIGNATURE = (
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.",
)


def credential_error(world: World, environ: dict[str, Any]) -> AwsError | None:
    """Return why AWS does not accept the credentials of a request, or None. Checks only with ``check_credentials``."""
    if not world.settings.check_credentials:
        return None
    from ..state.principals import find_credentials  # it imports the IAM of moto, which takes time

    fields = _authorization(environ)
    credentials = find_credentials(world, access_key_of(environ))
    token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN")
    if credentials is None or (credentials.session_token or None) != token:
        return _error(_INVALID)
    if credentials.expires is not None and credentials.expires <= world.login_time():
        return _error(_EXPIRED)
    given = fields.get("Signature", "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(_signature(environ, fields, credentials).encode(), given):
        return _error(_SIGNATURE)
    return None


def access_key_of(environ: dict[str, Any]) -> str:
    """Return the access key that signs a request, or an empty string."""
    return _authorization(environ).get("Credential", "").partition("/")[0]


def _error(error: tuple[str, str]) -> AwsError:
    return AwsError(*error)


def _authorization(environ: dict[str, Any]) -> dict[str, str]:
    """Return the fields of the header Authorization: Credential, SignedHeaders and Signature."""
    _algorithm, _space, rest = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    pairs = (field.strip().partition("=") for field in rest.split(","))
    return {name: value for name, _equals, value in pairs}


def _signature(environ: dict[str, Any], fields: dict[str, str], credentials: Credentials) -> str:
    """Return the signature that these credentials make for the request."""
    body = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(body)
    names = fields.get("SignedHeaders", "").split(";")
    request = AWSRequest(
        method=environ["REQUEST_METHOD"],
        url=urlunsplit(("http", environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ["QUERY_STRING"], "")),
        data=body,
        headers={name: _header(environ, name) for name in names},
    )
    _key, _date, region, service, _end = fields["Credential"].split("/")
    request.context["timestamp"] = environ.get("HTTP_X_AMZ_DATE") or _now()
    signer = SigV4Auth(Keys(credentials.access_key_id, credentials.secret_access_key), service, region)
    return str(signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request))


def _header(environ: dict[str, Any], name: str) -> str:
    key = name.upper().replace("-", "_")
    return str(environ.get(key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}", ""))


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
