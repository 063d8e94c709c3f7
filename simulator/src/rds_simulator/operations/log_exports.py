# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Exports to CloudWatch Logs: EnableCloudwatchLogsExports, and CloudwatchLogsExportConfiguration of Modify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import AwsError
from ..kinds import CLUSTER
from ..rules.refusals import IAM_LOG
from ..state.backend import Database

PARAMETER = "CloudwatchLogsExportConfiguration"

# Model: ModifyDBInstance and ModifyDBCluster (✓). MariaDB, Oracle, SQL Server, Db2: RDS user guide, publishing
# database logs (✓). `audit` of RDS for MySQL: the same page, with the audit plugin.
_LOGS = {
    "aurora-mysql": ("audit", "error", "general", "instance", "slowquery", IAM_LOG),
    "aurora-postgresql": ("instance", "postgresql", IAM_LOG),
    "mysql": ("audit", "error", "general", "slowquery", IAM_LOG),
    "mariadb": ("audit", "error", "general", "slowquery", IAM_LOG),
    "postgres": ("postgresql", "upgrade", IAM_LOG),
    "oracle": ("alert", "audit", "listener", "oemagent", "trace"),
    "sqlserver": ("agent", "error"),
    "db2": ("diag.log", "notify.log"),
    "neptune": ("audit", "slowquery"),
    "docdb": ("audit", "profiler"),
}


def exports_after(database: Database, parameters: Mapping[str, Any]) -> list[str] | None:
    """Return the logs that are exported after the request, or None if the request does not change them.

    Raise AwsError for a log that the engine does not have (text: CloudFormation error reports △), and for one that is
    both enabled and disabled (?).
    """
    asked = parameters.get(PARAMETER)
    if asked is None:
        return None
    enable, disable = asked.get("EnableLogTypes", []), asked.get("DisableLogTypes", [])
    both = sorted(set(enable) & set(disable))
    if both:
        raise AwsError("InvalidParameterCombination", f"Log types can't be enabled and disabled at once: {both[0]}")
    refuse_unknown(database, [*enable, *disable])
    current = database.record.get("EnabledCloudwatchLogsExports", [])
    return sorted({*current, *enable} - set(disable))


def refuse_unknown(database: Database, names: list[str]) -> None:
    """Raise AwsError for a log that the engine does not have."""
    engine = database.engine
    known = _LOGS.get(engine) or _LOGS.get(engine.partition("-")[0], ())
    for name in names:
        # Only clusters have the log `instance` (model ✓).
        if name not in known or (name == "instance" and database.kind != CLUSTER):
            raise AwsError(
                "InvalidParameterCombination",
                f"You cannot use the log types '{name}' with engine version {engine} "
                f"{database.record['EngineVersion']}. For supported log types, see the documentation.",
            )


def set_exports(database: Database, exports: list[str] | None) -> None:
    """Apply the change immediately, regardless of ApplyImmediately (model ✓)."""
    if exports is None:
        return
    if exports:
        database.record["EnabledCloudwatchLogsExports"] = exports
    else:
        database.record.pop("EnabledCloudwatchLogsExports", None)
