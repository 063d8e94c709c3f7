# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Restore times in requests, and whether the backups cover them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from .backups import AutomatedBackup

_TIME = {INSTANCE: "RestoreTime", CLUSTER: "RestoreToTime"}
_STATE = {INSTANCE: "InvalidDBInstanceState", CLUSTER: "InvalidDBClusterStateFault"}


def refuse_restore_time(parameters: dict[str, Any], source: AutomatedBackup, *, clone_needs_time: bool = False) -> None:
    """Require backups (code ✓), and exactly one time (✓) within the window (✓; codes and texts ?).

    A clone accepts no RestoreToTime (model ✓). The model does not specify whether it can also omit
    UseLatestRestorableTime: RestoreToTime "must be specified if" that "isn't provided" (?).
    """
    member = _TIME[source.kind]
    moment, latest = parameters.get(member), parameters.get("UseLatestRestorableTime", False)
    cloned = parameters.get("RestoreType") == "copy-on-write"
    if moment and (latest or cloned):
        other = "UseLatestRestorableTime" if latest else "RestoreType copy-on-write"
        raise AwsError("InvalidParameterCombination", f"{member} and {other} can't be used together.")
    if not source.source["BackupRetentionPeriod"]:
        raise AwsError("PointInTimeRestoreNotEnabled", f"{_name(source)} does not have automated backups enabled.")
    if not moment and not latest and (clone_needs_time or not cloned):
        raise AwsError("InvalidParameterCombination", f"One of {member} and UseLatestRestorableTime must be specified.")
    if source.window is None:
        raise AwsError(_STATE[source.kind], f"{_name(source)} has no automated backup yet.")
    if moment:
        _refuse_outside(source, moment)


def _refuse_outside(source: AutomatedBackup, moment: datetime) -> None:
    earliest, latest = source.window or (moment, moment)
    if earliest <= moment <= latest:
        return
    which, limit = ("earlier", earliest) if moment < earliest else ("later", latest)
    raise AwsError(
        "InvalidParameterValue",
        f"The specified instance cannot be restored to a time {which} than {limit:%Y-%m-%dT%H:%M:%SZ}.",
    )


def _name(source: AutomatedBackup) -> str:
    names: dict[str, Any] = source.source
    return str(names.get("DBClusterIdentifier") if source.kind == CLUSTER else names.get("DBInstanceIdentifier"))
