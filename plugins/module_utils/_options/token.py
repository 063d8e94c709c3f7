# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options of the lookup for tokens.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model.errors import InputError, quoted
from .database_user import check_user

TOKEN, POSTGRESQL, MYSQL = "token", "postgresql", "mysql"

# an engine of the family whose login options the result holds; it limits the name of the user if the engine is unknown
_ENGINE_OF_RESULT = {POSTGRESQL: "postgres"}

# "X-Amz-Expires=900" (botocore, signers.py), and the documentation of AWS: a token is valid for 15 minutes
TOKEN_SECONDS = 900


@dataclass(frozen=True)
class TokenOptions:
    """The options of one lookup. ``reader`` asks for the reader endpoint of a cluster."""

    username: str
    reader: bool = False
    min_validity: int = 0
    result: str = TOKEN
    ca_cert: str = ""


def read_token_options(params: t.Mapping[str, t.Any]) -> TokenOptions:
    """Return the checked options. Raises InputError for an invalid value or combination."""
    result = params["result"]
    ca_cert = (params["ca_cert"] or "").strip()
    if result != TOKEN and not ca_cert:
        raise InputError(
            f"ca_cert: it is required with result={result}, because a token must not travel without verified TLS. "
            "Set the path of the CA bundle on the host that runs the database module."
        )
    return TokenOptions(
        username=check_user(params["username"], option="username", engine=_ENGINE_OF_RESULT.get(result)),
        reader=params["reader"],
        min_validity=_seconds(params["min_validity"]),
        result=result,
        ca_cert=ca_cert,
    )


def _seconds(value: int) -> int:
    if 0 <= value <= TOKEN_SECONDS:
        return value
    raise InputError(
        f"min_validity: {quoted(str(value))} is out of range. A token is valid for {TOKEN_SECONDS} seconds. "
        f"Use 0 to {TOKEN_SECONDS}."
    )
