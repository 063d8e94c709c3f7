# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The rules of AWS for the setting of one database: what RDS refuses, and what a request changes.

They are an independent statement, written from AWS's documentation and not from the rules of the collection. Each rule
cites its section in ``aws-facts.md``, the collection of facts about AWS that the project works from. Rules of which AWS
is not certain are switches of ``UncertainRules``.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ModifyRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Database

# 3.1, 3.2 and 3.4: RDS accepts a change of the setting. storage-optimization refuses only storage changes.
MODIFIABLE = ("available", "storage-optimization")
# 3.1 documents the first for instances. 3.2: AWS documents the second for clusters, users saw the first.
SWITCHING = ("configuring-iam-database-auth", "update-iam-db-auth")
# 3.3 and 3.4: these do not end by themselves
LASTING = ("stopped", "storage-full")

# 1.1 and 1.2
_ENGINES = ("mysql", "mariadb", "postgres", "aurora-mysql", "aurora-postgresql")

VISIBLE, LATE, AVAILABLE_FIRST, STAYS_PENDING = "visible", "late", "available_first", "stays_pending"
NOT_BEFORE_WINDOW = "not_before_window"
PROGRESS = (VISIBLE, LATE, AVAILABLE_FIRST, STAYS_PENDING, NOT_BEFORE_WINDOW)


@dataclass(frozen=True)
class UncertainRules:
    """One position of each rule that AWS's pages leave open, or about which they conflict.

    - ``deferred_cancel``: without ApplyImmediately, a request for the current value drops the pending one (4: only
      the immediate request is documented).
    - ``cluster_flush``: ApplyImmediately on a cluster applies all pending changes (4 and 10.6).
    - ``ssl_enforced``: RDS refuses to enable the setting while ``ssl`` is 0 (5.1 and 10.5).
    - ``documented_status``: clusters show ``update-iam-db-auth`` (3.2 and 10.4).
    - ``backup_accepts``: RDS accepts a change during a backup (3.4 and 10.7).
    - ``progress``: how an immediate change shows (3.6 and 4): at once by the status, only seconds later, as a pending
      value while the status is ``available``, not at all until it is requested again, or only in the window.
    """

    deferred_cancel: bool = True
    cluster_flush: bool = False
    ssl_enforced: bool = True
    documented_status: bool = False
    backup_accepts: bool = True
    progress: str = VISIBLE


@dataclass(frozen=True)
class Facts:
    """What the description does not show: the ``ssl`` parameter (None: not set), and the support of the class."""

    ssl: str | None = None
    supported: bool | None = True


class Refused(t.NamedTuple):
    """Why RDS refuses a request: the wire code (3.5), and the reason in the words of the problem codes."""

    code: str
    reason: str


def documents_flush(database: Database) -> bool:
    """Whether a page of AWS says that ApplyImmediately applies all pending changes (4).

    The API reference does for instances, and the guide for Multi-AZ DB clusters, which have a plain engine (1.2).
    """
    return not is_cluster(database) or database.engine in ("mysql", "postgres")


def is_cluster(database: Database) -> bool:
    return database.id.kind == "cluster"


def refusals(database: Database, facts: Facts, enable: bool, rules: UncertainRules) -> list[Refused]:
    """Return every reason for which RDS refuses the value, whatever the status."""
    found = []
    if database.cluster_identifier:  # 1.2 and 2.1: the setting belongs to the cluster
        found.append("cluster_member")
    if enable and database.engine not in _ENGINES:  # 1.1
        found.append("engine_unsupported")
    if enable and (database.on_outpost or database.serverless_v1):  # 1.1 and 1.2
        found.append("deployment_unsupported")
    if not enable and database.express:  # 1.2
        found.append("always_on")
    if enable and database.directories and database.engine == "postgres":  # 7.3: Aurora PostgreSQL can use both
        found.append("kerberos_enabled")
    if enable and facts.supported is False:  # 1.4
        found.append("class_unsupported")
    if enable and facts.ssl == "0" and rules.ssl_enforced and "postgres" in database.engine:  # 5.1
        found.append("ssl_disabled")
    return [Refused("InvalidParameterCombination", reason) for reason in found]


def accepts_now(database: Database, rules: UncertainRules) -> bool:
    """Whether the status allows a Modify (3.4)."""
    return database.status in MODIFIABLE or (database.status == "backing-up" and rules.backup_accepts)


def flushes_queue(database: Database, rules: UncertainRules) -> bool:
    """Whether ApplyImmediately also applies the other pending changes (4): certain for instances only."""
    return not is_cluster(database) or rules.cluster_flush


def after_request(database: Database, request: ModifyRequest, rules: UncertainRules) -> Database:
    """Return the database after an accepted request, once everything that it starts has ended (4)."""
    if request.apply_immediately:
        others = {} if flushes_queue(database, rules) else database.other_pending
        return replace(database, current=request.enable, pending=None, other_pending=others)
    if request.enable != database.current:
        return replace(database, pending=request.enable)
    return replace(database, pending=None) if rules.deferred_cancel else database


def after_window(database: Database) -> Database:
    """Return the database after its next maintenance window, which applies everything that is pending (4)."""
    value = database.current if database.pending is None else database.pending
    return replace(database, current=value, pending=None, other_pending={})


def after_status(database: Database) -> Database:
    """Return the database once a status that passes by itself has passed. A running change has then ended (3.1)."""
    if database.status in SWITCHING:
        return replace(database, current=effective(database), pending=None, status="available")
    return database if database.status in (*MODIFIABLE, *LASTING) else replace(database, status="available")


def effective(database: Database) -> bool:
    """Return the value once nothing is pending (4, the derived rule)."""
    return database.current if database.pending is None else database.pending
