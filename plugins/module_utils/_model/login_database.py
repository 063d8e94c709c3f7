# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A database or an RDS Proxy as policies for logins name it.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LoginDatabase:
    """A DB instance, a DB cluster or an RDS Proxy that exists. ``kind`` is ``instance``, ``cluster`` or ``proxy``.

    ``cluster_identifier`` is set for a member of a cluster, to which no policy applies.
    """

    kind: str
    identifier: str
    partition: str
    region: str
    account: str
    resource_id: str
    engine: str = ""
    cluster_identifier: str | None = None

    @property
    def prefix(self) -> str:
        """The prefix of the ARNs of its users."""
        return f"arn:{self.partition}:rds-db:{self.region}:{self.account}:dbuser:{self.resource_id}/"

    def __str__(self) -> str:
        return f"{self.kind}/{self.identifier}"
