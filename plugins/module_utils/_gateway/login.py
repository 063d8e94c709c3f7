# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The interface to the AWS calls that a login check makes. ``_aws.login_client`` implements it with boto3.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from .._model.login_evidence import PolicyFacts
from .rds import RdsApi


@dataclass(frozen=True)
class Caller:
    """The identity of the credentials, from STS."""

    arn: str
    account: str


class LoginApi(RdsApi, t.Protocol):
    """The API with one method for each call. Each method raises CallError if AWS refuses the call."""

    @property
    def lacks_session_token(self) -> bool:
        """Whether the access key is temporary, but there is no session token. Makes no call."""

    @property
    def clock_ahead(self) -> float | None:
        """The seconds by which the clock of AWS is ahead of the local clock, from the last response of STS."""

    def auth_token(self, host: str, port: int, user: str) -> str:
        """Return a new token, which is signed locally. Makes no call."""

    def caller(self) -> Caller:
        """Return the identity of the credentials."""

    def role_arn(self, name: str) -> str:
        """Return the ARN of an IAM role with its path."""

    def simulate(self, principal_arn: str, resource_arn: str) -> PolicyFacts:
        """Return the decision of IAM for ``rds-db:connect``, without the resources of statements."""

    def allowed_resources(self, principal_arn: str) -> tuple[str, ...]:
        """Return the resources for which statements of a principal allow ``rds-db:connect``."""

    def login_errors(self, group: str, user: str, since: dt.datetime) -> tuple[str, ...]:
        """Return the error codes of a user in a log group. Raises CallError if the group does not exist."""

    def login_metrics(self, instance: str, since: dt.datetime) -> dict[str, float]:
        """Return the number of failed logins by kind, such as ``FailureThrottling``."""
