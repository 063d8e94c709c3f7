# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Sign tokens for IAM database authentication with botocore.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import os
import typing as t

from .._gateway.clock import Clock
from .._model.database import Endpoint
from .._model.errors import InputError, quoted
from .call import NO_CREDENTIALS
from .session import TEMPORARY, check_region, client_config, freeze_credentials, lacks_session_token

try:
    import boto3
    from botocore.config import Config
    from botocore.credentials import RefreshableCredentials
    from botocore.exceptions import BotoCoreError
    from botocore.utils import parse_timestamp
except ImportError:
    pass  # amazon.aws reports the missing library

_REMEDY = "Renew the credentials, or use other credentials."


class BotoTokens:
    """Implements the TokenSigner, and holds the boto3 RDS client that has the same credentials."""

    def __init__(self, client: t.Any, credentials: t.Any, clock: Clock) -> None:
        self.client = client
        self._credentials = credentials
        self._clock = clock

    @property
    def region(self) -> str:
        return str(self.client.meta.region_name)

    def check_validity(self, seconds: int) -> None:
        """Raise InputError if the credentials are missing, incomplete, or valid for less than this time.

        Raises CallError if AWS refuses the role of a profile.

        The expiry of static session credentials is known only from AWS_CREDENTIAL_EXPIRATION.
        """
        if self._credentials is None:
            raise InputError(f"access_key: {NO_CREDENTIALS}.")
        frozen = freeze_credentials(self._credentials)
        if not frozen.access_key or not frozen.secret_key:
            raise InputError("access_key, secret_key: only one of them is set. Set both.")
        if lacks_session_token(frozen):
            raise InputError(
                f"session_token: it is not set, but access keys that start with {TEMPORARY} are temporary and need "
                "one. Set session_token or AWS_SESSION_TOKEN."
            )
        if self._expires_within(max(seconds, 1), frozen.access_key):
            what = f"expire in less than {seconds} seconds" if seconds else "have expired"
            raise InputError(f"min_validity: the session credentials {what}, and the token with them. {_REMEDY}")

    def sign(self, endpoint: Endpoint, username: str) -> str:
        """Return a token with which the user logs in at the endpoint."""
        try:
            token: str = self.client.generate_db_auth_token(
                DBHostname=endpoint.address, Port=endpoint.port, DBUsername=username
            )
        except (BotoCoreError, ValueError) as error:
            raise InputError(f"_terms: {quoted(endpoint.address)}: no token can be signed: {error}.") from None
        return token

    def _expires_within(self, seconds: int, access_key: str) -> bool:
        if isinstance(self._credentials, RefreshableCredentials):
            return bool(self._credentials.refresh_needed(seconds))
        expiry = _expiry_in_environment(access_key)
        return expiry is not None and expiry - self._clock.now() < dt.timedelta(seconds=seconds)


def open_session(
    region: str | None, endpoint_url: str | None, parameters: t.Mapping[str, t.Any], *, seconds: int, clock: Clock
) -> BotoTokens:
    """Return the signer for these connection parameters, as amazon.aws reads them from the options of a plugin.

    Raises InputError if the profile, the Region or another parameter is missing or invalid.
    """
    keys = {name: value for name, value in parameters.items() if name.startswith("aws_") and name != "aws_config"}
    try:
        session = boto3.session.Session(profile_name=parameters.get("profile_name"), region_name=region, **keys)
        if not session.region_name:
            raise InputError("region: no Region is set. Set region, AWS_REGION, or a profile that has a Region.")
        check_region(session.region_name)
        client = session.client(
            "rds", endpoint_url=endpoint_url, verify=parameters.get("verify"), config=_config(parameters, seconds)
        )
        return BotoTokens(client, session.get_credentials(), clock)
    except (BotoCoreError, ValueError) as error:
        raise InputError(f"region, profile, access_key: no session can be created: {error}. Correct them.") from None


def _config(parameters: t.Mapping[str, t.Any], seconds: int) -> t.Any:
    config = Config(**client_config(seconds))
    own = parameters.get("aws_config")
    return config.merge(own) if own else config


def _expiry_in_environment(access_key: str) -> dt.datetime | None:
    """Return the expiry of credentials that come from the environment, or None if it is unknown."""
    text = os.environ.get("AWS_CREDENTIAL_EXPIRATION")
    if not text or os.environ.get("AWS_ACCESS_KEY_ID") != access_key:
        return None
    try:
        expiry: dt.datetime = parse_timestamp(text)
    except ValueError:
        return None
    return expiry if expiry.tzinfo else expiry.replace(tzinfo=dt.timezone.utc)
