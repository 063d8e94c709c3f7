# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a database's status means for a change: ready, passing by itself, or stuck until somebody acts.

Source: Amazon RDS User Guide "Viewing DB instance status", Aurora User Guide "Viewing DB cluster status", and the
terminal states of AWS's own CloudFormation provider for RDS.

This is private to the collection.
"""

from __future__ import annotations

AVAILABLE = "available"

# fully operational, for a day and longer: RDS refuses only changes of the storage (user guides, status pages)
_READY = frozenset((AVAILABLE, "storage-optimization"))
_TERMINAL = frozenset(
    (
        "cloning-failed",
        "deleted",
        "deleting",
        "failed",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",
        "insufficient-capacity",
        "migration-failed",
        "modify-failed",
        "restore-error",
        "restore-failed",
        "stopped",
        "storage-full",
        "upgrade-failed",
        "upgrade_failed",
    )
)

# AWS's page for clusters has the second; clusters were seen with the first, which is that of instances
_SWITCHING = ("configuring-iam-database-auth", "update-iam-db-auth")

# nothing brings such a database back, or makes one of it that was never whole
_LOST = frozenset(
    (
        "cloning-failed",
        "deleted",
        "deleting",
        "failed",
        "incompatible-create",
        "incompatible-restore",
        "migration-failed",
        "restore-error",
        "restore-failed",
    )
)
_REMEDIES = {
    "stopped": "start it first",
    "storage-full": "give it more storage first",
    "inaccessible-encryption-credentials": "give RDS access to its KMS key again",
    "inaccessible-encryption-credentials-recoverable": (
        "give RDS access to its KMS key again, then start the database"
    ),
    "deleting": "it is being deleted: leave it out",
    "deleted": "it is being deleted: leave it out",
    "incompatible-parameters": "mend its parameter group and reboot it first",
    "incompatible-option-group": "mend its option group first",
    "incompatible-network": "mend its network settings first",
}


def is_ready(status: str) -> bool:
    """Whether RDS accepts a change of the setting in this status."""
    return status in _READY


def is_switching(status: str) -> bool:
    """The setting itself is being changed."""
    return status in _SWITCHING


def is_terminal(status: str) -> bool:
    """The status does not pass by itself. Statuses that are not known here do, until a timeout says otherwise."""
    return status in _TERMINAL or status.startswith("incompatible-")


def is_lost(status: str) -> bool:
    """It is going, or its making has failed: a run that finds it there must not pass for one that made it."""
    return status in _LOST


def remedy(status: str) -> str:
    """What somebody has to do about a terminal status."""
    return _REMEDIES.get(status, "repair it or restore it first")
