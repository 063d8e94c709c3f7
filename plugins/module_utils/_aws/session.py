# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The configuration that every boto3 client of the collection has, and the check of its Region.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from .._model.errors import CallError, InputError, quoted

try:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError, UnknownRegionError
except ImportError:
    pass  # amazon.aws reports the missing library

# how the access keys of session credentials start (IAM User Guide, "IAM identifiers", unique identifiers)
TEMPORARY = "ASIA"

# the timeouts, in seconds, to connect and to receive a response
_CONNECT_TIMEOUT, _READ_TIMEOUT = 10, 30

# botocore needs time to check a Region, so it is asked only about unusual names
_USUAL_REGION = re.compile(r"(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov)?-[a-z]+-\d")


def client_config(seconds: int) -> dict[str, t.Any]:
    """Return the botocore configuration for a task with this number of seconds. ``aws_config`` has precedence.

    The retries of botocore cover short failures, and slow down all calls of the client while AWS throttles it. The
    callers retry longer failures, because they know the deadline.
    """
    return {
        "connect_timeout": min(_CONNECT_TIMEOUT, seconds),
        "read_timeout": min(_READ_TIMEOUT, seconds),
        "retries": {"mode": "adaptive", "max_attempts": 4},
    }


def check_region(region: str, *, option: str = "region") -> None:
    """Raise InputError if there is no such Region. ``option`` is the option that contains it."""
    if _USUAL_REGION.fullmatch(region):
        return
    try:
        boto3.session.Session().get_partition_for_region(region)
    except UnknownRegionError:
        raise InputError(f"{option}: {quoted(region)} is not an AWS Region. Use a name such as eu-west-1.") from None


def freeze_credentials(credentials: t.Any) -> t.Any:
    """Return the current credentials of a session. botocore may have to assume the role of a profile first.

    Raises CallError if AWS refuses the role, and InputError if the credentials cannot be used.
    """
    try:
        return credentials.get_frozen_credentials()
    except ClientError as error:
        refused = error.response.get("Error", {})
        raise CallError(
            operation=error.operation_name,
            code=str(refused.get("Code", "Unknown")),
            message=f"{refused.get('Message') or error}. Check the role and the credentials of the profile",
        ) from None
    except EOFError:  # botocore would prompt for the MFA code
        raise InputError(
            "profile: its role requires an MFA code. Use session credentials, for example those that aws sts "
            "assume-role returns for --token-code."
        ) from None
    except (BotoCoreError, RuntimeError) as error:  # RuntimeError: refreshed credentials that have expired
        raise InputError(
            f"profile: the credentials cannot be used: {error}. Renew the credentials, or use other credentials."
        ) from None


def lacks_session_token(frozen: t.Any) -> bool:
    """Return whether frozen credentials of botocore are temporary, but have no session token."""
    return str(frozen.access_key).startswith(TEMPORARY) and not frozen.token


def credential_secrets(client: t.Any) -> set[str]:
    """Return the secret key and the session token of a client, which AWS may repeat in an error.

    If a signature is invalid, the error of AWS contains the canonical request, including the session token.
    """
    find = getattr(client, "_get_credentials", None)
    credentials = find() if find else None
    # the attributes without an underscore may renew the credentials
    known = vars(credentials) if credentials is not None else {}
    found = (known.get(name) for name in ("secret_key", "_secret_key", "token", "_token"))
    return {secret for secret in found if isinstance(secret, str) and secret}
