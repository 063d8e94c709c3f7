# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Classify the status of a database: ready for a change, transitional, or terminal.

Source: Amazon RDS User Guide "Viewing DB instance status", Aurora User Guide "Viewing DB cluster status", and the
terminal states of the CloudFormation provider of AWS for RDS.

This is private to the collection.
"""

from __future__ import annotations

AVAILABLE = "available"

# storage-optimization can last for days, and RDS refuses only storage changes in it (user guides, status pages)
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

# AWS documents the second for clusters, but clusters also show the first, which is documented for instances
_SWITCHING = ("configuring-iam-database-auth", "update-iam-db-auth")

# such a database cannot be recovered, or its creation has failed
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
    "storage-full": "allocate more storage first",
    "inaccessible-encryption-credentials": "give RDS access to its KMS key again",
    "inaccessible-encryption-credentials-recoverable": (
        "give RDS access to its KMS key again, then start the database"
    ),
    "deleting": "exclude it, because it is being deleted",
    "deleted": "exclude it, because it is being deleted",
    "incompatible-parameters": "correct its parameter group and reboot it first",
    "incompatible-option-group": "correct its option group first",
    "incompatible-network": "correct its network settings first",
}


def is_ready(status: str) -> bool:
    """Whether RDS accepts a change of the setting in this status."""
    return status in _READY


def is_switching(status: str) -> bool:
    """Whether RDS is changing IAM database authentication in this status."""
    return status in _SWITCHING


def is_terminal(status: str) -> bool:
    """Whether the status does not change by itself. An unknown status counts as transitional."""
    return status in _TERMINAL or status.startswith("incompatible-")


def is_lost(status: str) -> bool:
    """Whether the database is being deleted or its creation has failed, so that a task must not reuse it."""
    return status in _LOST


def remedy(status: str) -> str:
    """Return the action that ends a terminal status, such as ``start it first``."""
    return _REMEDIES.get(status, "repair or restore it first")
