# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Authentication tokens from botocore, and the database that they are for."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from unittest import mock

import botocore.session
from rds_simulator.login.target import LoginTarget

HOST = "orders.abcdefghij12.eu-west-1.rds.amazonaws.com"
PORT = 5432
REGION = "eu-west-1"
ACCOUNT = "123456789012"
USER = "app_user"


@dataclass(frozen=True)
class Key:
    """Credentials with the attributes that the check reads."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    expires: datetime | None = None
    account: str = ACCOUNT


# the example keys in AWS's documentation
LONG_TERM = Key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
TEMPORARY = Key("ASIAIOSFODNN7EXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY", "IQoJb3JpZ2luX2VjE+/==" + "x" * 900)
KEYS = {key.access_key_id: key for key in (LONG_TERM, TEMPORARY)}


def make_target(**changes: object) -> LoginTarget:
    """Return an available DB instance with IAM authentication, with the given changes."""
    values = {
        "account": ACCOUNT,
        "region": REGION,
        "partition": "aws",
        "resource_id": "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "endpoints": frozenset({f"{HOST}:{PORT}"}),
        "kind": "instance",
        "name": "orders",
        "engine": "postgres",
        "status": "available",
        "iam_enabled": True,
        "force_ssl": False,
        "is_reader": False,
        **changes,
    }
    return LoginTarget(**values)


def make_token(
    key: Key = LONG_TERM,
    user: str = USER,
    host: str = HOST,
    port: int = PORT,
    region: str = REGION,
    signed_at: datetime | None = None,
) -> str:
    """Return a token as clients create it, signed now or at the given time."""
    when = (signed_at or datetime.now(timezone.utc)).replace(tzinfo=None)
    with mock.patch("botocore.auth.get_current_datetime", return_value=when):
        return _client(key, region).generate_db_auth_token(host, port, user)


@functools.cache
def _client(key: Key, region: str) -> Any:
    session = botocore.session.Session()
    session.set_credentials(key.access_key_id, key.secret_access_key, key.session_token)
    return session.create_client("rds", region_name=region)


def seconds_ago(seconds: float) -> datetime:
    """Return a time in the past, or in the future if negative."""
    return datetime.now(timezone.utc) - timedelta(seconds=seconds)
