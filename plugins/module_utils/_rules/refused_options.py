# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Name the option that caused RDS to refuse a request, if the error code identifies it.

Source: the errors of CreateDBInstance and CreateDBCluster in the API reference, with their codes in the API model.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

_OPTION_OF_CODE = {
    "DBSubnetGroupDoesNotCoverEnoughAZs": "db_subnet_group_name",
    "KMSKeyNotAccessibleFault": "kms_key_id",
    "ProvisionedIopsNotAvailableInAZFault": "iops",
    "StorageTypeNotSupported": "storage_type",
}


def with_option(text: str, code: str, settings: t.Mapping[str, t.Any]) -> str:
    """Return the text with the option and the remedy, or unchanged if the task does not set such an option."""
    option = _OPTION_OF_CODE.get(code)
    return f"{option}: {text}. Use another value" if option in settings else text
