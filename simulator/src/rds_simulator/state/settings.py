# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Delays, and switches for what AWS leaves uncertain."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

CHOICES = {
    "deferred_cancel": ("drops", "stays", "equal"),
    "default_storage_type": ("gp3", "gp2", "standard"),
    "first_cluster_snapshot": ("window", "created"),
    "cluster_iam_status": ("configuring-iam-database-auth", "update-iam-db-auth"),
}


@dataclass
class Settings:
    """Seconds are simulated ones, but for ``latency``, ``rate``, ``burst`` and ``shortest_lag`` (real ones).

    pending_lag, status_lag, member_lag
        How long a change stays unseen: before it shows as pending, before the status tells of it, and
        before the members of a cluster follow. Where time flows, none that is above 0 passes in less than
        ``shortest_lag``, so that clients meet it at high speed, too.

    deferred_cancel
        What a deferred Modify back to the current value does to the opposite pending value:
        it ``drops`` it, it ``stays``, or it is shown as pending and ``equal`` to the current one.
    cluster_flushes_pending
        ApplyImmediately on an Aurora cluster applies what else is pending, too.
    cluster_retention_waits
        A new BackupRetentionPeriod of a cluster waits for the maintenance window; that of an instance
        does not.
    windows_may_touch
        A maintenance window may begin at the minute in which the backup window ends, and the reverse.
    password_may_contain_space
        A master password may contain a space, as the API reference says; RDS's own error message names it
        among the characters that are refused.
    storage_full_takes_changes
        In storage-full, Modify accepts more than a change of the storage.
    ssl_enforced
        PostgreSQL refuses IAM authentication while ``ssl`` is 0, and ``ssl`` 0 while it is on.
    first_cluster_snapshot
        The first automated snapshot of a new Aurora cluster: in its next backup ``window``, or as soon as
        it is ``created``.
    default_storage_type
        The storage of an instance for which nobody names a type or Iops.
    smallest_general_storage
        The least GiB of General Purpose storage (gp2, gp3).
    restore_keeps_storage_type
        A restore without StorageType takes the source's; else it is the default one.
    cluster_restore_inherits_tags
        A restored cluster has its source's tags where the request names none.
    clone_needs_time
        A clone needs UseLatestRestorableTime; else it may leave the time out.
    restore_inherits
        A restore without the setting takes the source's; else it is off.
    replica_inherits
        The same for a read replica.
    restore_ignores_iam
        What is made comes out as if the setting had not been asked for.
    cluster_iam_status
        The status of a cluster while the setting is applied.
    cluster_returns_pending, instance_returns_pending
        The database comes back to available once with the value still pending.
    modify_lost
        A Modify is accepted, shows as pending, and never takes.
    unorderable_supports_iam
        Whether Modify accepts the setting on a combination that orderable options no longer list.
    """

    pending_lag: float = 0.0
    status_lag: float = 2.0
    apply_seconds: float = 20.0
    create_seconds: float = 120.0
    backup_seconds: float = 30.0
    snapshot_seconds: float = 60.0
    delete_seconds: float = 60.0
    stop_seconds: float = 60.0
    start_seconds: float = 60.0
    reboot_seconds: float = 30.0
    parameter_apply_seconds: float = 10.0
    member_lag: float = 0.0
    shortest_lag: float = 0.1
    latency: float = 0.0
    rate: float = 0.0
    burst: float = 20.0
    deferred_cancel: str = "drops"
    first_cluster_snapshot: str = "window"
    default_storage_type: str = "gp3"
    smallest_general_storage: float = 20.0
    restore_keeps_storage_type: bool = True
    cluster_restore_inherits_tags: bool = True
    clone_needs_time: bool = False
    cluster_flushes_pending: bool = False
    cluster_retention_waits: bool = True
    windows_may_touch: bool = True
    password_may_contain_space: bool = True
    storage_full_takes_changes: bool = False
    ssl_enforced: bool = True
    restore_inherits: bool = True
    replica_inherits: bool = False
    restore_ignores_iam: bool = False
    cluster_iam_status: str = "configuring-iam-database-auth"
    cluster_returns_pending: bool = False
    instance_returns_pending: bool = False
    modify_lost: bool = False
    unorderable_supports_iam: bool = True

    def update(self, **changes: Any) -> None:
        """Change some; all of them or, on a bad name or value (ValueError), none."""
        checked = {name: self._checked(name, value) for name, value in changes.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def reset(self) -> None:
        """Back to the defaults."""
        for item in fields(self):
            setattr(self, item.name, item.default)

    def lag(self, seconds: float, speed: float) -> float:
        """A lag in simulated seconds, at a speed of the clock."""
        return max(seconds, self.shortest_lag * speed) if seconds else 0.0

    def as_dict(self) -> dict[str, Any]:
        """All of them."""
        return asdict(self)

    @classmethod
    def _checked(cls, name: str, value: Any) -> Any:
        known = {item.name: item.default for item in fields(cls)}
        if name not in known:
            raise ValueError(f"unknown setting {name!r}; there are: {', '.join(sorted(known))}")
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise ValueError(f"{name} must be one of {', '.join(CHOICES[name])}")
            return value
        if isinstance(known[name], bool):
            if not isinstance(value, bool):
                raise ValueError(f"{name} must be true or false")
            return value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise ValueError(f"{name} must be a number that is not negative")
        return float(value)
