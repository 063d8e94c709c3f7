# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Options under the API's names, with the API's values."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.settings import (
    api_name,
    api_value,
    check_password,
    given_settings,
    tag_list,
)


@pytest.mark.parametrize(
    ("option", "kind", "name"),
    [
        ("db_instance_class", INSTANCE, "DBInstanceClass"),
        ("db_instance_class", CLUSTER, "DBClusterInstanceClass"),
        ("db_name", INSTANCE, "DBName"),
        ("db_name", CLUSTER, "DatabaseName"),
        ("db_parameter_group_name", INSTANCE, "DBParameterGroupName"),
        ("multi_az", INSTANCE, "MultiAZ"),
        ("serverless_v2_scaling_configuration", CLUSTER, "ServerlessV2ScalingConfiguration"),
        ("master_user_authentication", INSTANCE, "MasterUserAuthenticationType"),
        ("vpc_security_group_ids", INSTANCE, "VpcSecurityGroupIds"),
        ("kms_key_id", CLUSTER, "KmsKeyId"),
        ("port", INSTANCE, "Port"),
    ],
)
def test_api_name(option, kind, name):
    assert api_name(option, kind) == name


@pytest.mark.parametrize(
    ("option", "value", "sent"),
    [
        ("engine", "MySQL", "mysql"),
        ("master_user_authentication", "iam", "iam-db-auth"),
        ("master_user_authentication", "password", "password"),
        ("tags", {"b": 1, "a": None}, [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "1"}]),
        (
            "serverless_v2_scaling_configuration",
            {"min_capacity": 0.5, "max_capacity": 8.0, "seconds_until_auto_pause": None},
            {"MinCapacity": 0.5, "MaxCapacity": 8.0},
        ),
        ("port", 3306, 3306),
        ("deletion_protection", False, False),
        ("vpc_security_group_ids", ["sg-1"], ["sg-1"]),
    ],
)
def test_api_value(option, value, sent):
    assert api_value(option, value) == sent


def test_tag_list_empty():
    assert tag_list({}) == []


@pytest.mark.parametrize(
    ("value", "given"), [(None, False), ("", False), ([], False), (False, True), (0, True), ("a", True), ({}, True)]
)
def test_given_settings_blank_values_are_omitted(value, given):
    assert given_settings({"option": value, "other": 1}, ["option"]) == ({"option": value} if given else {})


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"master_user_password": "secret"},
        {"manage_master_user_password": True},
        {"master_user_password": "secret", "manage_master_user_password": False},
    ],
)
def test_check_password_valid(settings):
    check_password(settings)


def test_check_password_given_and_managed_raises():
    with pytest.raises(InputError, match="manage_master_user_password") as raised:
        check_password({"master_user_password": "secret", "manage_master_user_password": True})
    assert "secret:" not in str(raised.value)
