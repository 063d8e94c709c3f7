# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Reasons why a decision must not or cannot be carried out, each with the way out that its message names.

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

# no class, parameter or status of such a database is worth a call
SKIP_FURTHER_CHECKS = frozenset((CLUSTER_MEMBER, ENGINE_UNSUPPORTED, DEPLOYMENT_UNSUPPORTED))
NO_LONGER_FOUND = (
    "the database is no longer found under this name: deleted, or renamed and not visible to these credentials"
)
_SHARERS_NAMED = 10


def has_ssl_parameter(database: Database) -> bool:
    """PostgreSQL alone refuses IAM authentication while its ``ssl`` parameter is 0."""
    return "postgres" in database.engine


def directories_joined(database: Database) -> list[str]:
    """The directories in which the database is a member for Kerberos authentication, or is about to become one."""
    return [d.name for d in database.directories if d.status != "removed" and not d.status.endswith("failed")]


def applies_whole_queue(database: Database) -> bool:
    """Whether an immediate change makes RDS apply all that is pending.

    Source: API reference of ModifyDBInstance ("this request and any pending modifications") and the Multi-AZ DB
    cluster pages; ModifyDBCluster speaks of the modifications in the request alone, which holds for Aurora.
    """
    return not database.is_aurora_cluster


def problems_from_description(database: Database, decision: Decision, options: ChangeOptions) -> list[Problem]:
    """The problems that the database's own description shows."""
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
    """The problems that only further questions show."""
    found = [_class(support) for support in facts.classes if support.supported is False]
    if (
        facts.ssl is not None
        and facts.ssl.is_off
        and not (options.ssl_parameter == "enforce" and facts.ssl.can_be_enforced)
    ):
        found.append(_ssl(facts.ssl))
    return found


def other_pending_changes(database: Database, decision: Decision, options: ChangeOptions) -> Problem | None:
    """RDS would apply what others have queued along with ours."""
    goes_now = decision.outcome in (APPLIED, APPLYING)
    if not (goes_now and database.other_pending and applies_whole_queue(database)):
        return None
    if options.apply_other_pending_changes:
        return None
    return Problem(
        OTHER_PENDING_CHANGES,
        f"applying immediately would also apply what is pending already: {change_names(database.other_pending)}. "
        "Set apply_other_pending_changes to true if that is meant, or apply_immediately to false to leave all of it "
        "to the maintenance window",
    )


def change_names(pending: t.Mapping[str, t.Any]) -> str:
    return ", ".join(sorted(pending))


def not_modifiable(database: Database, *, waited: float | None) -> Problem:
    """The status does not allow a change, and will not by itself (or has not within ``waited`` seconds)."""
    if is_terminal(database.status):
        advice = f"{remedy(database.status)}, then run the task again"
    elif waited is None:
        advice = "it passes by itself: set wait to true, or run the task again later"
    else:
        advice = f"it had not passed after {waited:g} seconds: raise wait_timeout, or run the task again later"
    return Problem(
        NOT_MODIFIABLE,
        f"its status is {database.status!r}, in which RDS accepts no change; {advice}",
    )


def _member(database: Database) -> Problem:
    return Problem(
        CLUSTER_MEMBER,
        f"it is a member of DB cluster {database.cluster_identifier}, which owns the setting: name "
        f"{database.cluster_identifier} under db_cluster_identifiers instead",
    )


def _engine(database: Database, options: ChangeOptions) -> Problem | None:
    if not options.desired or engine_has_setting(database.engine):
        return None
    return Problem(
        ENGINE_UNSUPPORTED,
        f"engine {database.engine} has no IAM database authentication: leave this database out",
    )


def _deployment(database: Database, options: ChangeOptions) -> Problem | None:
    form = "RDS on Outposts" if database.on_outpost else "Aurora Serverless v1" if database.serverless_v1 else None
    if form is None or not options.desired:
        return None
    return Problem(
        DEPLOYMENT_UNSUPPORTED,
        f"{form} has no IAM database authentication: leave this database out",
    )


def _always_on(database: Database, options: ChangeOptions) -> Problem | None:
    if options.desired or not database.express:
        return None
    return Problem(
        ALWAYS_ON,
        "it is an Aurora cluster with express configuration, in which AWS does not allow IAM database "
        "authentication to be disabled: leave this database out",
    )


def _kerberos(database: Database, options: ChangeOptions) -> Problem | None:
    joined = directories_joined(database)
    if not (options.desired and joined and database.engine == "postgres"):
        return None
    return Problem(
        KERBEROS_ENABLED,
        f"it has joined directory {', '.join(joined)}, and RDS for PostgreSQL supports Kerberos or IAM "
        "authentication, not both: remove it from the directory first, or leave this database out",
    )


def _state(database: Database, options: ChangeOptions) -> Problem | None:
    if is_ready(database.status):
        return None
    if options.wait and not is_terminal(database.status):
        return None
    return not_modifiable(database, waited=None)


def _class(support: ClassSupport) -> Problem:
    where = f"member {support.member} has class" if support.member else "its class is"
    remedy = "change that member to another class" if support.member else "change it to another class"
    return Problem(
        CLASS_UNSUPPORTED,
        f"{where} {support.instance_class}, for which RDS offers no IAM database authentication with this engine "
        f"version: {remedy} first",
    )


def _ssl(ssl: SslParameter) -> Problem:
    more = len(ssl.sharers) - _SHARERS_NAMED
    sharers = [*ssl.sharers[:_SHARERS_NAMED], *([f"{more} more"] if more > 0 else [])]
    shared = f" (used by {', '.join(sharers)})" if sharers else ""
    if ssl.group.name.startswith("default."):
        advice = "a default group cannot be changed: give the database a parameter group of its own with ssl=1"
    elif not ssl.can_be_enforced:
        advice = "RDS does not let ssl be changed in this group without a reboot: use another parameter group"
    else:
        advice = "set ssl to 1 in it, or let this task do that with ssl_parameter=enforce"
    return Problem(
        SSL_DISABLED,
        f"parameter ssl is {ssl.value} in parameter group {ssl.group.name}{shared}, and PostgreSQL on RDS takes IAM "
        f"authentication with ssl=1 only; {advice}",
    )
