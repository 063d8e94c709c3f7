# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Name the option that caused RDS to refuse a request, if the error identifies it.

Source: the errors of CreateDBInstance and CreateDBCluster in the API reference, with their codes in the API model. The
API model has no error for a security group that does not exist or belongs to another VPC. RDS then returns a general
code and a text with "security group" (terraform-aws-modules/terraform-aws-rds issue 451, hashicorp/terraform issue
13739).

This is private to the collection.
"""

from __future__ import annotations

import typing as t

_OPTION_OF_CODE = {
    "DBSubnetGroupDoesNotCoverEnoughAZs": "db_subnet_group_name",
    "InvalidSubnet": "db_subnet_group_name",
    "InvalidVPCNetworkStateFault": "db_subnet_group_name",
    "KMSKeyNotAccessibleFault": "kms_key_id",
    "ProvisionedIopsNotAvailableInAZFault": "iops",
    "StorageTypeNotSupported": "storage_type",
}
_GENERAL_CODES = ("InvalidParameterCombination", "InvalidParameterValue")
_SECURITY_GROUPS = "vpc_security_group_ids"


def with_option(text: str, code: str, settings: t.Mapping[str, t.Any]) -> str:
    """Return the text with the option and the remedy, or unchanged if the task does not set such an option."""
    option = _OPTION_OF_CODE.get(code)
    if code in _GENERAL_CODES and _names_security_group(text, settings.get(_SECURITY_GROUPS) or ()):
        option = _SECURITY_GROUPS
    return f"{option}: {text}. Use another value" if option in settings else text


def _names_security_group(text: str, group_ids: t.Iterable[str]) -> bool:
    return "security group" in text.lower() or any(group_id in text for group_id in group_ids)
