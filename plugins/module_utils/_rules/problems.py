# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The problems that block a change. Each message ends with the remedy.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.change import ChangeOptions
from .._model.database import Database
from .._model.engines import engine_has_setting
from .._model.outcome import APPLIED, APPLYING
from .._model.problem import (
    ALWAYS_ON,
    CLASS_UNSUPPORTED,
    CLUSTER_MEMBER,
    DEPLOYMENT_UNSUPPORTED,
    ENGINE_UNSUPPORTED,
    KERBEROS_ENABLED,
    NOT_MODIFIABLE,
    OTHER_PENDING_CHANGES,
    SSL_DISABLED,
    Problem,
)
from .._model.status import is_ready, is_terminal, remedy
from .decision import Decision
from .facts import ClassSupport, ReadinessFacts, SslParameter

# with one of these problems, no further API call is needed
SKIP_FURTHER_CHECKS = frozenset((CLUSTER_MEMBER, ENGINE_UNSUPPORTED, DEPLOYMENT_UNSUPPORTED))
NO_LONGER_FOUND = (
    "the database was no longer found under this identifier. It was deleted, or it was renamed and these credentials "
    "cannot describe it"
)
_SHARERS_NAMED = 10


def has_ssl_parameter(database: Database) -> bool:
    """Whether IAM authentication depends on the ``ssl`` parameter, as it does only for PostgreSQL."""
    return "postgres" in database.engine


def directories_joined(database: Database) -> list[str]:
    """Return the directories that the database has joined, or is joining, for Kerberos authentication."""
    return [d.name for d in database.directories if d.status != "removed" and not d.status.endswith("failed")]


def applies_whole_queue(database: Database) -> bool:
    """Whether an immediate change makes RDS apply all pending changes.

    Source: API reference of ModifyDBInstance ("this request and any pending modifications") and the Multi-AZ DB
    cluster pages. ModifyDBCluster documents only the modifications in the request, which applies to Aurora.
    """
    return not database.is_aurora_cluster


def problems_from_description(database: Database, decision: Decision, options: ChangeOptions) -> list[Problem]:
    """Return the problems that the description of the database shows."""
    if database.cluster_identifier:
        return [_member(database)]
    found = [_engine(database, options)]
    if decision.change is not None:
        found += [
            _deployment(database, options),
            _always_on(database, options),
            _kerberos(database, options),
            _state(database, options),
            other_pending_changes(database, decision, options),
        ]
    return [problem for problem in found if problem is not None]


def problems_from_facts(database: Database, facts: ReadinessFacts, options: ChangeOptions) -> list[Problem]:
    """Return the problems that the description does not show: instance classes and the ``ssl`` parameter."""
    found = [_class(support) for support in facts.classes if support.supported is False]
    if (
        facts.ssl is not None
        and facts.ssl.is_off
        and not (options.ssl_parameter == "enforce" and facts.ssl.can_be_enforced)
    ):
        found.append(_ssl(facts.ssl))
    return found


def other_pending_changes(database: Database, decision: Decision, options: ChangeOptions) -> Problem | None:
    """Return the problem if RDS would apply other pending changes together with this one, or None."""
    is_immediate = decision.outcome in (APPLIED, APPLYING)
    if not (is_immediate and database.other_pending and applies_whole_queue(database)):
        return None
    if options.apply_other_pending_changes:
        return None
    return Problem(
        OTHER_PENDING_CHANGES,
        "apply_immediately: RDS would also apply the other pending changes: "
        f"{change_names(database.other_pending)}. Set apply_other_pending_changes to true to apply them, or "
        "apply_immediately to false to apply everything in the maintenance window",
    )


def change_names(pending: t.Mapping[str, t.Any]) -> str:
    """Return the names of pending changes in one line, without their values."""
    return ", ".join(sorted(pending))


def not_modifiable(database: Database, *, waited: float | None) -> Problem:
    """Return the problem for a status that does not allow a change.

    ``waited`` is the number of seconds that the task has waited for another status, or None if it did not wait.
    """
    if is_terminal(database.status):
        advice = sentence(f"{remedy(database.status)}, then run the task again")
    elif waited is None:
        advice = "The status is transitional. Set wait to true, or run the task again later"
    else:
        advice = f"It did not change within {waited:g} seconds. Increase wait_timeout, or run the task again later"
    return Problem(
        NOT_MODIFIABLE,
        f"its status is {database.status!r}, in which RDS does not accept a change. {advice}",
    )


def sentence(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _member(database: Database) -> Problem:
    return Problem(
        CLUSTER_MEMBER,
        f"it is a member of DB cluster {database.cluster_identifier}, which owns the setting. Name "
        f"{database.cluster_identifier} in db_cluster_identifiers instead",
    )


def _engine(database: Database, options: ChangeOptions) -> Problem | None:
    if not options.desired or engine_has_setting(database.engine):
        return None
    return Problem(
        ENGINE_UNSUPPORTED,
        f"engine {database.engine} does not support IAM database authentication. Exclude this database",
    )


def _deployment(database: Database, options: ChangeOptions) -> Problem | None:
    form = "RDS on Outposts" if database.on_outpost else "Aurora Serverless v1" if database.serverless_v1 else None
    if form is None or not options.desired:
        return None
    return Problem(
        DEPLOYMENT_UNSUPPORTED,
        f"{form} does not support IAM database authentication. Exclude this database",
    )


def _always_on(database: Database, options: ChangeOptions) -> Problem | None:
    if options.desired or not database.express:
        return None
    return Problem(
        ALWAYS_ON,
        "AWS does not allow IAM database authentication to be disabled on an Aurora cluster with express "
        "configuration. Exclude this database",
    )


def _kerberos(database: Database, options: ChangeOptions) -> Problem | None:
    joined = directories_joined(database)
    if not (options.desired and joined and database.engine == "postgres"):
        return None
    return Problem(
        KERBEROS_ENABLED,
        f"it has joined directory {', '.join(joined)}, and RDS for PostgreSQL supports either Kerberos or IAM "
        "authentication. Remove it from the directory first, or exclude this database",
    )


def _state(database: Database, options: ChangeOptions) -> Problem | None:
    if is_ready(database.status):
        return None
    if options.wait and not is_terminal(database.status):
        return None
    return not_modifiable(database, waited=None)


def _class(support: ClassSupport) -> Problem:
    where = f"member {support.member} has class" if support.member else "its class is"
    advice = "Change that member to another class" if support.member else "Change it to another class"
    return Problem(
        CLASS_UNSUPPORTED,
        f"{where} {support.instance_class}, which does not support IAM database authentication with this engine "
        f"version. {advice} first",
    )


def _ssl(ssl: SslParameter) -> Problem:
    more = len(ssl.sharers) - _SHARERS_NAMED
    sharers = [*ssl.sharers[:_SHARERS_NAMED], *([f"{more} more"] if more > 0 else [])]
    shared = f" (used by {', '.join(sharers)})" if sharers else ""
    if ssl.group.name.startswith("default."):
        advice = "A default group cannot be changed. Assign a custom parameter group with ssl=1 to the database"
    elif not ssl.can_be_enforced:
        advice = "In this group, ssl cannot be changed without a reboot. Use another parameter group"
    else:
        advice = "Set ssl to 1 in the group, or set ssl_parameter to enforce to let the module do it"
    return Problem(
        SSL_DISABLED,
        f"parameter ssl is {ssl.value} in parameter group {ssl.group.name}{shared}, and PostgreSQL on RDS requires "
        f"ssl=1 for IAM authentication. {advice}",
    )
