# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The settings of a new database: the options, their names in the RDS API, and their values as the API takes them.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import CLUSTER
from .._model.errors import InputError

_SCALING_SPEC = {
    "min_capacity": {"type": "float"},
    "max_capacity": {"type": "float"},
    "seconds_until_auto_pause": {"type": "int"},
}

# options of every module that creates databases: the names of the API in snake case
COMMON_SPEC: dict[str, dict[str, t.Any]] = {
    "availability_zone": {"type": "str"},
    "copy_tags_to_snapshot": {"type": "bool"},
    "db_cluster_parameter_group_name": {"type": "str"},
    "db_instance_class": {"type": "str"},
    "db_parameter_group_name": {"type": "str"},
    "db_subnet_group_name": {"type": "str"},
    "deletion_protection": {"type": "bool"},
    "engine": {"type": "str"},
    "engine_version": {"type": "str"},
    "iops": {"type": "int"},
    "kms_key_id": {"type": "str"},
    "manage_master_user_password": {"type": "bool", "no_log": False},
    "master_user_password": {"type": "str", "no_log": True},
    "master_username": {"type": "str"},
    "multi_az": {"type": "bool"},
    "option_group_name": {"type": "str"},
    "port": {"type": "int"},
    "publicly_accessible": {"type": "bool"},
    "serverless_v2_scaling_configuration": {"type": "dict", "options": _SCALING_SPEC},
    "storage_type": {"type": "str"},
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "vpc_security_group_ids": {"type": "list", "elements": "str"},
}
CREATE_SPEC: dict[str, dict[str, t.Any]] = {
    "allocated_storage": {"type": "int"},
    "backup_retention_period": {"type": "int"},
    "db_name": {"type": "str"},
    "master_user_authentication": {"type": "str", "choices": ["password", "managed", "iam"]},
    "storage_encrypted": {"type": "bool"},
}
_API_NAMES = {
    "db_cluster_parameter_group_name": "DBClusterParameterGroupName",
    "db_instance_class": "DBInstanceClass",
    "db_name": "DBName",
    "db_parameter_group_name": "DBParameterGroupName",
    "db_subnet_group_name": "DBSubnetGroupName",
    "master_user_authentication": "MasterUserAuthenticationType",
    "multi_az": "MultiAZ",
    "serverless_v2_scaling_configuration": "ServerlessV2ScalingConfiguration",
}

# these settings have another name in the operations that create clusters
_CLUSTER_NAMES = {"db_instance_class": "DBClusterInstanceClass", "db_name": "DatabaseName"}


def api_name(option: str, kind: str) -> str:
    """Return the parameter of the API for an option. ``kind`` is that of the database that the operation creates."""
    if kind == CLUSTER and option in _CLUSTER_NAMES:
        return _CLUSTER_NAMES[option]
    return _API_NAMES.get(option) or _camel(option)


def given_settings(params: t.Mapping[str, t.Any], options: t.Iterable[str]) -> dict[str, t.Any]:
    """Return the settings of a task: option -> value. Blank values are omitted, but an explicit false is kept."""
    return {option: params[option] for option in options if params.get(option) not in (None, "", [])}


def check_password(settings: t.Mapping[str, t.Any]) -> None:
    """Raise InputError if a task sets a password and also requests a managed one."""
    # not mutually_exclusive in the argument spec, which would refuse a blank password and an explicit false
    if "master_user_password" in settings and settings.get("manage_master_user_password"):
        raise InputError(
            "master_user_password, manage_master_user_password: both are set. Set the password, or let RDS manage one "
            "in AWS Secrets Manager."
        )


def api_value(option: str, value: t.Any) -> t.Any:
    """Return the value of an option as the API takes it."""
    if option == "tags":
        return tag_list(value)
    if option == "engine":
        return value.lower()
    if option == "master_user_authentication":
        return {"iam": "iam-db-auth"}.get(value, value)
    if isinstance(value, dict):
        return {_camel(name): inner for name, inner in value.items() if inner is not None}
    return value


def tag_list(tags: t.Mapping[str, t.Any]) -> list[dict[str, str]]:
    """Return tags as the API takes them, in a stable order."""
    return [{"Key": str(key), "Value": tag_value(value)} for key, value in sorted(tags.items())]


def tag_value(value: t.Any) -> str:
    """Return the value of a tag as a string. None becomes an empty string."""
    return "" if value is None else str(value)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
