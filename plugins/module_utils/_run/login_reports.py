# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What the witnesses of a failed login report, in words.

This is private to the collection.
"""

from __future__ import annotations

from .._model.database import Database
from .._model.login import AccountFacts


def database_in_words(database: Database, owner: Database, is_endpoint: bool) -> str:
    """Return what RDS reports of a database, and of the owner of its setting."""
    state = "enabled" if owner.current else "disabled"
    pending = "" if owner.pending_change is None else ", a change is pending"
    endpoint = "" if is_endpoint else f"; {database.endpoint} is its endpoint"
    where = "" if owner is database else f" ({owner.id} owns the setting)"
    return (
        f"{database.id}{where}: status {database.status}, IAM database authentication {state}{pending}, "
        f"resource id {owner.resource_id}{endpoint}"
    )


def account_in_words(account: AccountFacts) -> str:
    """Return what an administrator sees of a user."""
    if not account.exists:
        others = ", ".join(account.other_spellings)
        return f"the user does not exist; similar: {others}" if others else "the user does not exist"
    parts = ["is mapped to IAM" if account.is_iam else "is not mapped to IAM"]
    if account.authentication:
        parts.append(f"has the plugin {account.authentication}")
    if account.has_rds_ad:
        parts.append("has rds_ad")
    if not account.can_log_in:
        parts.append("may not log in")
    if account.is_expired:
        parts.append("has a password that is no longer valid, which does not affect tokens")
    if account.may_connect is False:
        parts.append("lacks the privilege CONNECT")
    return f"the user {', '.join(parts)}"
