# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Every state in which a task that creates or restores a database can start: the axes, and what cannot occur."""

from __future__ import annotations

import datetime as dt
import itertools
import typing as t
from dataclasses import replace

from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    Database,
    DatabaseId,
    Endpoint,
    Member,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import (
    CLUSTER_SNAPSHOT,
    LIVE_INSTANCE,
    SNAPSHOT,
    RestoreSource,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import NOON

NAME, MEMBER_NAMES = "drill", ("drill-1", "drill-2")
_MEMBERS = [{"db_instance_identifier": name, "db_instance_class": "db.r6g.large"} for name in MEMBER_NAMES]
_NEW = {"master_username": "admin", "manage_master_user_password": True}


class Form(t.NamedTuple):
    """A task: its kind of target, its options, and the kind of its source (None: it has none)."""

    kind: str
    options: dict[str, t.Any]
    source: str | None = None
    is_restore: bool = True


FORMS = {
    "restore-snapshot": Form(INSTANCE, {"db_snapshot_identifier": "source"}, SNAPSHOT),
    "restore-time": Form(
        INSTANCE, {"source_db_instance_identifier": "source", "use_latest_restorable_time": True}, LIVE_INSTANCE
    ),
    "restore-cluster": Form(
        CLUSTER, {"db_cluster_snapshot_identifier": "source", "cluster_instances": _MEMBERS}, CLUSTER_SNAPSHOT
    ),
    "create": Form(
        INSTANCE,
        {"engine": "postgres", "db_instance_class": "db.m6g.large", "allocated_storage": 20, **_NEW},
        is_restore=False,
    ),
    "create-cluster": Form(
        CLUSTER, {"engine": "aurora-postgresql", "cluster_instances": _MEMBERS, **_NEW}, is_restore=False
    ),
    "create-replica": Form(INSTANCE, {"source_db_instance_identifier": "source"}, LIVE_INSTANCE, is_restore=False),
}
# absent; being created; a cluster without members, or with one of two; finished; of another engine; created before the
# source; being deleted; finished, but a member has the name of somebody else's instance
ABSENT, CREATING, BARE, PARTIAL, FINISHED = "absent", "creating", "bare", "partial", "finished"
OTHER_ENGINE, OLDER, DELETING, MEMBER_TAKEN = "other-engine", "older", "deleting", "member-taken"
TARGETS = (ABSENT, CREATING, BARE, PARTIAL, FINISHED, OTHER_ENGINE, OLDER, DELETING, MEMBER_TAKEN)
# what the source is like; its setting is on but for "off"
SOURCES = ("on", "off", "creating", "shared-encrypted", "no-backups", "missing")
HONOURED, AS_SOURCE, ALWAYS_OFF = "honoured", "as the source", "off"

AXES: dict[str, tuple[t.Any, ...]] = {
    "form": tuple(FORMS),
    "target": TARGETS,
    "current": (False, True),
    "pending": (None, False, True),
    "other": (False, True),
    "source": SOURCES,
    "desired": (True, False, None),
    "apply_immediately": (False, True),
    "apply_other_pending_changes": (False, True),
    "wait": (True, False),
    "if_exists": ("check", "fail"),
    # 6.2: AWS's pages conflict about the setting of a restored database, and users saw a wrong one
    "setting": (HONOURED, AS_SOURCE, ALWAYS_OFF),
}


class ProvisionState(t.NamedTuple):
    """One combination of the axes."""

    form: str
    target: str
    current: bool
    pending: bool | None
    other: bool
    source: str
    desired: bool | None
    apply_immediately: bool
    apply_other_pending_changes: bool
    wait: bool
    if_exists: str
    setting: str

    @property
    def task(self) -> Form:
        return FORMS[self.form]

    @property
    def is_cluster(self) -> bool:
        return self.task.kind == CLUSTER

    @property
    def source_iam(self) -> bool | None:
        """The setting of the source, or None if it is not known."""
        return None if self.task.source is None or self.source == "missing" else self.source != "off"


_IS_ALONE = (ABSENT, CREATING)
IMPOSSIBLE: dict[str, t.Callable[[ProvisionState], bool]] = {
    "RDS ignores only the value of a restore (6.2)": lambda s: (
        s.setting != HONOURED and not (s.task.is_restore and s.target == ABSENT)
    ),
    "a database that does not exist has no value": lambda s: (
        s.target == ABSENT and (s.current or s.pending is not None or s.other)
    ),
    "nobody has queued a change of a database that is being created": lambda s: (
        s.target == CREATING and (s.pending is not None or s.other)
    ),
    "only a cluster has members": lambda s: not s.is_cluster and s.target in (BARE, PARTIAL, MEMBER_TAKEN),
    "only a restore is older than its source": lambda s: (
        s.target == OLDER
        and s.form
        not in (
            "restore-snapshot",
            "restore-cluster",
        )
    ),
    "only a restore has if_exists and inherits": lambda s: (
        not s.task.is_restore and (s.desired is None or s.if_exists == "fail")
    ),
    "this task has no source": lambda s: s.task.source is None and s.source != "on",
    "an existing source is no snapshot, and a snapshot has no backups": lambda s: (
        (s.task.source == LIVE_INSTANCE and s.source in ("creating", "shared-encrypted"))
        or (s.task.source in (SNAPSHOT, CLUSTER_SNAPSHOT) and s.source == "no-backups")
        or (s.task.source == CLUSTER_SNAPSHOT and s.source == "shared-encrypted")
    ),
    "members need wait (option wait)": lambda s: s.is_cluster and not s.wait,
}


def provision_states() -> t.Iterator[tuple[ProvisionState, str | None]]:
    """Yield every combination, and the reason if it cannot occur."""
    for values in itertools.product(*AXES.values()):
        state = ProvisionState(*values)
        yield state, next((why for why, is_so in IMPOSSIBLE.items() if is_so(state)), None)


def source_of(state: ProvisionState) -> RestoreSource | None:
    """Return the source as RDS describes it."""
    if state.task.source is None or state.source == "missing":
        return None
    is_live = state.task.source == LIVE_INSTANCE
    return RestoreSource(
        state.task.source,
        "source",
        "arn:aws:rds:eu-west-1:123456789012:db:source",
        "db-SOURCE",
        state.source != "off",
        "aurora-postgresql" if state.is_cluster else "postgres",
        "16.4",
        "creating" if state.source == "creating" else "available",
        instance_class="db.m6g.large",
        is_shared=state.source == "shared-encrypted",
        is_encrypted=state.source == "shared-encrypted",
        keeps_backups=state.source != "no-backups",
        moment=None if is_live else NOON - dt.timedelta(days=1),
        latest=NOON - dt.timedelta(minutes=5) if is_live and state.source != "no-backups" else None,
    )


def databases_of(state: ProvisionState) -> list[Database]:
    """Return the target and its members as RDS describes them, and an instance of somebody else."""
    if state.target == ABSENT:
        return []
    make = cluster if state.is_cluster else instance
    age = dt.timedelta(days=30) if state.target == OLDER else dt.timedelta(minutes=5)
    owned = {BARE: 0, CREATING: 0, PARTIAL: 1, MEMBER_TAKEN: 1}.get(state.target, 2) if state.is_cluster else 0
    members = tuple(Member(name, is_writer=name == MEMBER_NAMES[0]) for name in MEMBER_NAMES[:owned])
    target = make(
        NAME,
        status={CREATING: "creating", DELETING: "deleting"}.get(state.target, "available"),
        current=state.current,
        pending=state.pending,
        other_pending={"MasterUserPassword": "****"} if state.other else {},
        created_at=NOON - age,
        members=members,
        endpoint=None if state.target == CREATING else Endpoint(f"{NAME}.example", 5432),
        replica_of="source" if state.form == "create-replica" else None,
    )
    if state.target == OTHER_ENGINE:
        target = replace(target, engine="aurora-mysql" if state.is_cluster else "mysql")
    found = [target, *(_member(member.identifier, NAME) for member in members)]
    return [*found, _member(MEMBER_NAMES[1], None)] if state.target == MEMBER_TAKEN else found


def _member(name: str, owner: str | None) -> Database:
    return instance(
        name,
        cluster_identifier=owner,
        engine="aurora-postgresql",
        endpoint=Endpoint(f"{name}.example", 5432),
        instance_class="db.r6g.large",
    )


def target_id(state: ProvisionState) -> DatabaseId:
    return DatabaseId(state.task.kind, NAME)


def blocking_problems(state: ProvisionState) -> set[str]:
    """Return the problems that the target and the source have by AWS's documentation and the options of the task."""
    if state.target == ABSENT:
        return {  # 6.5 and 6.6; a replica needs backups of its source
            "missing": {"source_not_found"},
            "creating": {"source_not_available"},
            "shared-encrypted": {"source_not_restorable"},
            "no-backups": {"source_not_restorable"},
        }.get(state.source, set())
    found = {"member_exists"} if state.target == MEMBER_TAKEN else set()
    # without its source, nothing shows that a target is another database. A replica has the engine of its source.
    is_compared = state.source != "missing" and state.form != "create-replica"
    is_foreign = state.target in (OTHER_ENGINE, OLDER) and is_compared
    if state.target == DELETING or is_foreign or (state.task.is_restore and state.if_exists == "fail"):
        found.add("target_exists")
    return found


def goal(state: ProvisionState) -> bool | None:
    """Return the value that the target has to have in the end, or None if the task leaves it alone."""
    if state.desired is not None:
        return state.desired
    return state.source_iam if is_unused(state) else None


def is_unused(state: ProvisionState) -> bool:
    """Whether nobody can use the target yet: it has no endpoint (6.4)."""
    return state.target in (ABSENT, CREATING, BARE)
