# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The option in the message about a request that RDS refused."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.refused_options import with_option

KEY = {"kms_key_id": "alias/nowhere"}
GROUPS = {"vpc_security_group_ids": ["sg-1", "sg-2"]}
SUBNETS = {"db_subnet_group_name": "private"}
# terraform-aws-modules/terraform-aws-rds issue 451
OTHER_VPC = "The DB instance and EC2 security group are in different VPCs. The DB instance is in vpc-1"


@pytest.mark.parametrize(
    ("code", "text", "settings", "option"),
    [
        ("KMSKeyNotAccessibleFault", "no such key", KEY, "kms_key_id"),
        ("InvalidSubnet", "not in a common VPC", SUBNETS, "db_subnet_group_name"),
        ("InvalidVPCNetworkStateFault", "not all Availability Zones", SUBNETS, "db_subnet_group_name"),
        ("InvalidParameterCombination", OTHER_VPC, GROUPS, "vpc_security_group_ids"),
        ("InvalidParameterValue", "Invalid security group , groupId= sg-2.", GROUPS, "vpc_security_group_ids"),
        ("InvalidParameterValue", "sg-2 cannot be used", GROUPS, "vpc_security_group_ids"),
    ],
)
def test_with_option_names_the_refused_option(code, text, settings, option):
    assert with_option(text, code, settings) == f"{option}: {text}. Use another value"


@pytest.mark.parametrize(
    ("code", "text", "settings"),
    [
        # the key of the managed master password, which extra_parameters sets
        ("KMSKeyNotAccessibleFault", "no such key", {}),
        ("InstanceQuotaExceeded", "no such key", KEY),
        ("InvalidParameterCombination", OTHER_VPC, SUBNETS),
        ("InvalidParameterValue", "Invalid storage size", GROUPS),
        ("InsufficientDBInstanceCapacity", "try another security group", GROUPS),
    ],
)
def test_with_option_without_such_an_option_is_unchanged(code, text, settings):
    assert with_option(text, code, settings) == text
