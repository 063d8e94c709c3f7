# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Delays, and switches for behavior that AWS does not document clearly."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..requirements import require_packages

CHOICES = {
    "deferred_cancel": ("drops", "stays", "equal"),
    "default_storage_type": ("gp3", "gp2", "standard"),
    "first_cluster_snapshot": ("window", "created"),
    "cluster_iam_status": ("configuring-iam-database-auth", "update-iam-db-auth"),
    "endpoints": ("aws", "loopback"),
    "iam_membership": ("inherited", "any"),
    "token_endpoint": ("database", "same"),
    "disabled_iam": ("password", "pam"),
    "missing_tls": ("no_entry", "rejects"),
    "kerberos_and_iam": ("pam", "token"),
}


@dataclass
class Settings:
    """Delays and switches.

    ``latency``, ``rate``, ``burst``, ``shortest_lag``, ``login_clock_ahead`` and ``login_rate`` use real seconds, all
    others simulated seconds.

    pending_lag, status_lag, member_lag
        The time before a change shows as pending, before the status changes, and before the members of a
        cluster follow. With a running clock, a lag above 0 lasts at least ``shortest_lag``, so that clients
        can observe it at high speed.

    deferred_cancel
        The effect of a deferred Modify back to the current value on the pending value: Modify ``drops``
        it, it ``stays``, or Describe shows a pending value that is ``equal`` to the current one.
    cluster_flushes_pending
        ApplyImmediately on an Aurora cluster also applies its other pending changes.
    cluster_retention_waits
        A new BackupRetentionPeriod of a cluster waits for the maintenance window, unlike that of an instance.
    windows_may_touch
        A maintenance window may start in the minute in which the backup window ends, and vice versa.
    password_may_contain_space
        A master password may contain a space, as in the API reference. The error message of RDS lists the
        space among the invalid characters.
    storage_full_takes_changes
        In the status storage-full, Modify also accepts changes other than storage.
    ssl_enforced
        PostgreSQL refuses IAM authentication while ``ssl`` is 0, and ``ssl=0`` while IAM authentication is on.
    first_cluster_snapshot
        When the first automated snapshot of a new Aurora cluster is taken: in its next backup ``window``, or
        as soon as the cluster is ``created``.
    default_storage_type
        The storage type of an instance whose request has neither StorageType nor Iops.
    smallest_general_storage
        The minimum of General Purpose storage (gp2, gp3), in GiB.
    restore_keeps_storage_type
        A restore without StorageType uses the type of the source; otherwise, the default type.
    cluster_restore_inherits_tags
        A restored cluster has the tags of its source if the request contains no tags.
    clone_needs_time
        A clone requires UseLatestRestorableTime; otherwise, its request can omit the time.
    restore_inherits
        A restore whose request omits the setting inherits it from the source; otherwise, it is off.
    replica_inherits
        The same for a read replica.
    restore_ignores_iam
        A restore or replica ignores the setting in its request.
    cluster_iam_status
        The status of a cluster while the setting is applied.
    cluster_returns_pending, instance_returns_pending
        The database returns to available once while the value is still pending.
    modify_lost
        A Modify is accepted and shows as pending, but never takes effect.
    unorderable_supports_iam
        Modify accepts the setting for combinations that orderable options no longer list.

    logins
        A PostgreSQL database that is created through the API accepts logins. It requires the extra ``login``.
    endpoints
        The endpoints of new databases: names as in ``aws``, whose listeners are on 127.0.0.1 and free ports, or
        ``loopback`` addresses (Linux), on which any client can connect to the port in the record.
    iam_membership
        Who has to log in with a token: those who have ``inherited`` the role rds_iam, or ``any`` member, also one
        that only holds ADMIN OPTION.
    token_endpoint
        A token is valid for every endpoint of the ``database``, or only for the ``same`` endpoint.
    check_credentials
        Every service refuses requests that are signed with unknown or expired credentials. Otherwise, any
        credentials are accepted, except for logins with a token.
    enforce_policies
        A request is refused unless the policies of its caller allow its actions on the resources that it names.
        Requests with an access key that IAM and STS do not know are not checked.
    login_clock_ahead
        How far the clock that checks tokens and temporary credentials is ahead of the real time.
    login_rate
        The number of token logins that a database accepts in each second. With 0, there is no limit.
    disabled_iam
        How a member of rds_iam logs in while the setting is off: by ``password`` as every other user, or not at
        all (``pam``).
    missing_tls
        The error for a member of rds_iam that connects without TLS while ``rds.force_ssl`` is 1: pg_hba.conf has
        ``no_entry``, or ``rejects`` the connection.
    kerberos_and_iam
        A member of both rds_ad and rds_iam is always refused (``pam``), or can log in with a ``token``.
    storage_full_logins
        Logins succeed in the status storage-full.
    idle_login_metrics
        CloudWatch has datapoints of the login metrics, with the value 0, for a DB instance without logins
        while its setting is on. Otherwise, it has datapoints only for the times of logins.
    metric_page
        The number of datapoints in one response of GetMetricData.
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
    login_clock_ahead: float = 0.0
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
    logins: bool = False
    check_credentials: bool = False
    enforce_policies: bool = False
    endpoints: str = "aws"
    iam_membership: str = "inherited"
    token_endpoint: str = "database"
    login_rate: float = 0.0
    disabled_iam: str = "password"
    missing_tls: str = "no_entry"
    kerberos_and_iam: str = "pam"
    storage_full_logins: bool = True
    idle_login_metrics: bool = False
    metric_page: float = 100800.0

    def update(self, **changes: Any) -> None:
        """Change settings; raise ValueError, and change none of them, if a name or a value is invalid."""
        checked = {name: self._checked(name, value) for name, value in changes.items()}
        _check_installation(checked)
        for name, value in checked.items():
            setattr(self, name, value)

    def reset(self) -> None:
        """Restore the defaults."""
        for item in fields(self):
            setattr(self, item.name, item.default)

    def lag(self, seconds: float, speed: float) -> float:
        """Return a lag in simulated seconds, for a speed of the clock."""
        return max(seconds, self.shortest_lag * speed) if seconds else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return all settings."""
        return asdict(self)

    @classmethod
    def _checked(cls, name: str, value: Any) -> Any:
        known = {item.name: item.default for item in fields(cls)}
        if name not in known:
            raise ValueError(f"{name}: unknown setting. The settings are: {', '.join(sorted(known))}.")
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise ValueError(f"{name}: {value!r}: must be one of {', '.join(CHOICES[name])}")
            return value
        if isinstance(known[name], bool):
            if not isinstance(value, bool):
                raise ValueError(f"{name}: {value!r}: must be true or false")
            return value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise ValueError(f"{name}: {value!r}: must be a number that is not negative")
        if name == "login_rate" and value % 1:
            raise ValueError(f"{name}: {value!r}: must be a whole number")
        return float(value)


def _check_installation(changes: dict[str, Any]) -> None:
    """Raise ValueError if this machine lacks what a setting needs."""
    if changes.get("logins"):
        require_packages("logins")
    if changes.get("endpoints") == "loopback" and not sys.platform.startswith("linux"):
        raise ValueError("endpoints: loopback requires Linux, where every address of 127.0.0.0/8 is local. Use aws.")
