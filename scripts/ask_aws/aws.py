# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The connection to AWS: the only file of this folder that imports boto3."""

from __future__ import annotations

import secrets
import time
import typing as t
from datetime import datetime, timezone

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError


class Refused(Exception):
    """AWS refused a call."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Clock:
    """The time and the waiting. Tests replace it."""

    def now(self) -> float:
        return time.monotonic()

    def utc(self) -> datetime:
        return datetime.now(timezone.utc)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Rds:
    """Calls RDS. botocore repeats throttled calls."""

    def __init__(self, client: t.Any) -> None:
        self._client = client

    def call(self, operation: str, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Return the response. Raises Refused."""
        try:
            response: dict[str, t.Any] = getattr(self._client, xform_name(operation))(**params)
        except ClientError as exc:
            raise Refused(exc.response["Error"]["Code"], exc.response["Error"].get("Message", "")) from None
        response.pop("ResponseMetadata", None)
        return response

    def pages(self, operation: str, key: str, **params: t.Any) -> list[dict[str, t.Any]]:
        """Return the items of all pages."""
        paginator = self._client.get_paginator(xform_name(operation))
        return [item for page in paginator.paginate(**params) for item in page[key]]


def connect(region: str | None, profile: str | None, endpoint: str | None = None) -> Rds:
    """Return a connection with the credentials of the environment."""
    session = boto3.Session(profile_name=profile, region_name=region)
    config = Config(retries={"mode": "standard", "total_max_attempts": 5})
    return Rds(session.client("rds", endpoint_url=endpoint, config=config))


def new_run() -> str:
    """Return the ID of a new run."""
    return f"ask-{secrets.token_hex(4)}"


def new_password() -> str:
    """Return a master password. It is not stored: nobody logs in to the databases."""
    return f"A1-{secrets.token_urlsafe(18)}"
