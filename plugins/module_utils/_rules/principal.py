# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The IAM user or role behind the identity that STS returns.

This is private to the collection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_SESSION = re.compile(r"arn:[^:]+:sts::\d+:assumed-role/([^/]+)/.+")
_PRINCIPAL = re.compile(r"arn:[^:]+:iam::\d+:(user|role)/.+")


@dataclass(frozen=True)
class Principal:
    """The ARN of a principal. ``role_name`` is set for a session of a role, whose ARN lacks the path of the role."""

    arn: str
    role_name: str | None = None

    def with_arn(self, arn: str) -> Principal:
        """Return the role itself."""
        return replace(self, arn=arn, role_name=None)


def principal_of(identity_arn: str) -> Principal:
    """Return the principal behind the ARN of GetCallerIdentity.

    Source: IAM User Guide, "IAM identifiers" and "AWS STS credentials for IAM roles".
    """
    session = _SESSION.fullmatch(identity_arn)
    return Principal(identity_arn, session[1] if session else None)


def is_simulatable(principal: Principal) -> bool:
    """Return whether IAM simulates the policies: of users and roles, not of the root user or federated users."""
    return _PRINCIPAL.fullmatch(principal.arn) is not None
