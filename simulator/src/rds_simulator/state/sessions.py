# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The sessions of STS: temporary credentials and what limits them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

USER = "user"
ROLE = "role"
FEDERATED = "federated"
ROOT = "root"


@dataclass(frozen=True)
class Session:
    """Temporary credentials.

    ``kind`` is ``role`` (AssumeRole), ``user`` or ``root`` (GetSessionToken), or ``federated`` (GetFederationToken).
    ``owner`` is the unique ID of the role or user: a new one with the same name is another principal. ``policies``
    (documents) and ``policy_arns`` are session policies.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    issued: datetime
    expires: datetime
    caller_arn: str
    account: str
    kind: str
    owner: str
    name: str = ""
    policies: tuple[str, ...] = ()
    policy_arns: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def has_session_policies(self) -> bool:
        """Whether session policies limit the session. A federated session without any has no permissions (✓)."""
        return bool(self.policies or self.policy_arns) or self.kind == FEDERATED


@dataclass(frozen=True)
class RootKey:
    """An access key of the root user of an account."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    account: str
    partition: str
