# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Compare the statements about ``rds-db:connect`` with the databases and users that exist.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model.errors import quoted
from .._model.login_database import LoginDatabase
from .._model.similar_names import SimilarNames
from .connect_statements import ACTION, DENY, ConnectStatement
from .login_inventory import LoginInventory
from .login_pattern import LoginPattern

DEAD, OTHER_DATABASE, UNKNOWN = "dead", "other_database", "unknown"
WILDCARD = "wildcard"
USER_MISSING, USER_NOT_MAPPED = "user_missing", "user_not_mapped"
DENIED, NOT_ANALYSED = "deny", "not_analysed"
# in the order in which a reader should act on them
FINDING_CODES = (DEAD, OTHER_DATABASE, USER_MISSING, USER_NOT_MAPPED, WILDCARD, UNKNOWN, DENIED, NOT_ANALYSED)
_SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """A problem of a resource of a statement, or of the statement itself (``resource`` is then None)."""

    code: str
    resource: str | None
    message: str


def statement_findings(statement: ConnectStatement, inventory: LoginInventory) -> list[Finding]:
    """Return the findings of one statement. Those of a resource are in the order of the policy."""
    if statement.reason is not None:
        is_implied = statement.is_aws_managed and statement.effect != DENY
        return [] if is_implied else [Finding(NOT_ANALYSED, None, f"{statement.reason}. Review it")]
    unread = [Finding(NOT_ANALYSED, text, f"{reason}. Review it") for text, reason in statement.unread]
    if statement.effect == DENY:
        return [*(_denied(pattern) for pattern in statement.patterns), *unread]
    if statement.is_aws_managed:
        return []
    judged = [pattern for pattern in statement.patterns if pattern.names_service]
    return [*(found for pattern in judged for found in _resource_findings(pattern, inventory)), *unread]


def implied_reasons(statement: ConnectStatement) -> list[str]:
    """Return why a statement allows logins as a part of wider permissions; an empty list if it does not."""
    if statement.effect == DENY or (statement.reason is not None and not statement.is_aws_managed):
        return []
    found = ["the policy is managed by AWS"] if statement.is_aws_managed else []
    wide = [action for action in statement.actions if action.lower() != ACTION]
    if wide:
        found.append(f"it allows {', '.join(wide)}")
    every = [pattern.text for pattern in statement.patterns if not pattern.names_service]
    if every:
        found.append(f"it allows the resource {', '.join(every)}")
    return [*found, *([statement.reason] if statement.reason else [])]


def _denied(pattern: LoginPattern) -> Finding:
    return Finding(
        DENIED, pattern.text, "the statement denies logins. It has precedence over every statement that allows them"
    )


def _resource_findings(pattern: LoginPattern, inventory: LoginInventory) -> list[Finding]:
    if not pattern.is_complete:
        return [_finding(OTHER_DATABASE, pattern, "it has no resource id and user, so it matches no login. Correct it")]
    elsewhere = _outside_scope(pattern, inventory)
    if elsewhere:
        return [_finding(UNKNOWN, pattern, elsewhere)]
    if pattern.resource_id is None:
        return _wildcard_findings(pattern, inventory)
    database = inventory.targets.get(pattern.resource_id)
    if database is None or not pattern.reaches(database):
        return [_missing_database(pattern, pattern.resource_id, inventory)]
    if pattern.user is None:
        return [_finding(WILDCARD, pattern, _describe_users(pattern, [database], inventory))]
    return _user_findings(pattern, pattern.user, [database], inventory)


def _outside_scope(pattern: LoginPattern, inventory: LoginInventory) -> str | None:
    """Return why the resource cannot be in the Regions that were read, or None."""
    if not pattern.matches_partition(inventory.partition):
        return f"it is in a partition other than {inventory.partition}, and cannot be checked"
    if not pattern.matches_account(inventory.account):
        return (
            f"it is in an account other than {inventory.account}. Only principals of the account of a database can log "
            "in to it. Remove it, unless the policy is copied to that account"
        )
    if any(pattern.matches_region(region) for region in inventory.regions):
        return None
    known = inventory.find(pattern.resource_id or "")
    if known and pattern.region is not None:
        return None  # the resource id exists in another Region, which explains more
    return f"its Region was not read. Add it to regions: {', '.join(inventory.regions)}"


def _missing_database(pattern: LoginPattern, resource_id: str, inventory: LoginInventory) -> Finding:
    """Return the finding for a resource id that is not that of a database in the Region of the resource."""
    other = inventory.find(resource_id)
    if other is not None and other.cluster_identifier:
        owner = inventory.owner_of(other)
        advice = f"Use {owner.resource_id}" if owner else "Use the resource id of the cluster"
        text = (
            f"{other} is a member of DB cluster {other.cluster_identifier}, so the policy must contain the resource "
            f"id of the cluster. {advice}"
        )
        return _finding(OTHER_DATABASE, pattern, text)
    if other is not None and not pattern.reaches(other):
        text = f"{other} is in Region {other.region} of account {other.account}. Correct the ARN"
        return _finding(OTHER_DATABASE, pattern, text)
    if other is not None:
        text = f"{other} has the engine {other.engine}, which has no IAM database authentication. Remove the resource"
        return _finding(OTHER_DATABASE, pattern, text)
    near = inventory.named(resource_id)
    if near:
        ids = ", ".join(sorted(f"{one.resource_id} ({one})" for one in near))
        text = f"{quoted(resource_id)} is not a resource id. Use {ids}"
        return _finding(OTHER_DATABASE, pattern, text)
    if pattern.region is None:
        text = f"{resource_id} does not exist in {', '.join(inventory.regions)}, but other Regions were not read"
        return _finding(UNKNOWN, pattern, text)
    text = f"{resource_id} does not exist in {pattern.region}. A restored database has a new id. Remove the resource"
    return _finding(DEAD, pattern, text)


def _wildcard_findings(pattern: LoginPattern, inventory: LoginInventory) -> list[Finding]:
    reached = inventory.reached_by(pattern)
    user = pattern.user
    if user is None:
        text = _describe_users(pattern, reached, inventory)
    else:
        text = f"it allows the user {quoted(user)} on every database that matches, currently {_listed(reached)}"
    finding = _finding(WILDCARD, pattern, f"{text}, and on each new one")
    return [finding, *(_user_findings(pattern, user, reached, inventory) if user is not None else [])]


def _describe_users(pattern: LoginPattern, databases: t.Sequence[LoginDatabase], inventory: LoginInventory) -> str:
    mapped = {
        user
        for database in databases
        for user, is_mapped in (inventory.users_of(database) or {}).items()
        if is_mapped is not False and pattern.matches(database, user)
    }
    unknown = [database for database in databases if inventory.users_of(database) is None]
    needed = (
        f"; mapped users that match: {_listed(sorted(map(quoted, mapped)))}" if len(unknown) < len(databases) else ""
    )
    unread = f"; the users of {_listed(unknown)} are unknown" if unknown else ""
    return f"it allows every user that matches on {_listed(databases)}{needed}{unread}"


def _user_findings(
    pattern: LoginPattern, user: str, databases: t.Sequence[LoginDatabase], inventory: LoginInventory
) -> list[Finding]:
    """Return a finding if the user exists on none of the databases, or is mapped on none. All users must be known."""
    known = [inventory.users_of(database) for database in databases]
    if not databases or any(users is None for users in known):
        return []
    states = [users[user] for users in known if users is not None and user in users]
    if not states:
        names = {name for users in known for name in users or ()}
        similar = [name for name in sorted(names) if name.lower() == user.lower()] or SimilarNames(names).to(user)
        advice = f"Similar: {', '.join(similar)}" if similar else "Create the user, or remove the resource"
        return [_finding(USER_MISSING, pattern, f"{quoted(user)} does not exist on {_listed(databases)}. {advice}")]
    if all(state is False for state in states):
        text = f"{quoted(user)} on {_listed(databases)} does not log in with a token. Map the user to IAM, or remove it"
        return [_finding(USER_NOT_MAPPED, pattern, text)]
    return []


def _finding(code: str, pattern: LoginPattern, message: str) -> Finding:
    return Finding(code, pattern.text, message)


def _listed(items: t.Sequence[t.Any]) -> str:
    """Return the first items as text; "none" for an empty sequence."""
    if not items:
        return "none"
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{', '.join(str(item) for item in items[:_SHOWN])}{more}"
