# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Checks of requests for new databases, and the defaults for omitted parameters.

Marks: ✓ AWS's pages or model, △ field reports, ? uncertain (mostly codes and texts).
"""

from __future__ import annotations

import re
from typing import Any

from ..api.registry import ApiRequest
from ..engines import catalogue
from ..engines.engines import Engine
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules.identifiers import checked_name
from ..state.backend import Backend
from .parameter_groups import default_group, find_group

_TAKEN = {
    INSTANCE: ("DBInstanceAlreadyExists", "DB instance already exists"),
    CLUSTER: ("DBClusterAlreadyExistsFault", "DB Cluster already exists"),
}
_GROUP_MISSING = {INSTANCE: "DBParameterGroupNotFound", CLUSTER: "DBClusterParameterGroupNotFound"}
_SHORTEST_PASSWORD = 8
_LONGEST_OF_A_CLUSTER = 41

# By engine, including editions (model, MasterUserPassword of CreateDBInstance ✓).
_LONGEST_PASSWORD = {"db2": 255, "mariadb": 41, "sqlserver": 128, "mysql": 41, "oracle": 30, "postgres": 128}


def unused_name(backend: Backend, kind: str, parameter: str, given: str) -> str:
    """Return the name of a new database; raise AwsError if it is in use or invalid (codes: model ✓; texts △)."""
    name = checked_name(parameter, given)
    if name in backend.database_store(kind):
        raise AwsError(*_TAKEN[kind])
    return name


def find_engine(backend: Backend, given: str, *, clustered: bool) -> Engine:
    """Return an engine by name, ignoring case (an AWS example uses ``MySQL``); code and text ?."""
    engine = backend.world.engines.get(given.lower())
    fits = engine is not None and (not clustered or engine.aurora or engine.name in catalogue.MULTI_AZ_ENGINES)
    if engine is None or not fits:
        raise AwsError("InvalidParameterValue", f"Invalid DB engine: {given}")
    return engine


def choose_version(engine: Engine, given: str | None) -> str:
    """Return the requested version: the default one, or the newest that matches a prefix such as ``16`` (△)."""
    if given is None or given in engine.versions:
        return given or engine.default
    minors = [version for version in engine.versions if version.startswith(f"{given}.")]
    if not minors:
        raise AwsError("InvalidParameterCombination", f"Cannot find version {given} for {engine.name}")
    return engine.default if engine.default in minors else minors[-1]


def refuse_class(engine: Engine, version: str, db_class: str) -> None:
    """Refuse a class that cannot be ordered for a version (code and text △)."""
    if not re.fullmatch(r"db\.[a-z0-9-]+(\.[a-z0-9.-]+)?", db_class):
        raise AwsError("InvalidParameterValue", f"Invalid DB Instance class: {db_class}")
    if not catalogue.is_orderable(engine, version, db_class):
        raise AwsError(
            "InvalidParameterCombination",
            "RDS does not support creating a DB instance with the following combination: "
            f"DBInstanceClass={db_class}, Engine={engine.name}, EngineVersion={version}, "
            f"LicenseModel={engine.licence}. For supported combinations of instance class and database engine "
            "version, see the documentation.",
        )


def refuse_cluster_class(engine: Engine, version: str, db_class: str | None) -> None:
    """Require a suitable class for Multi-AZ DB clusters (model ✓), and none for others (△)."""
    if engine.aurora:
        if db_class is not None:
            raise AwsError(
                "InvalidParameterCombination",
                f"DBClusterInstanceClass isn't supported for DB engine {engine.name}.",
            )
        return
    if db_class is None:
        raise AwsError("InvalidParameterCombination", "The parameter DBClusterInstanceClass must be provided.")
    refuse_class(engine, version, db_class)
    if not catalogue.makes_clusters(engine.name, db_class):
        raise AwsError(
            "InvalidParameterCombination",
            f"The DB instance class {db_class} isn't supported for Multi-AZ DB clusters.",
        )


def parameter_group(backend: Backend, kind: str, given: str | None, engine: str, version: str) -> str:
    """Return the requested group, of the right family, or the default one (✓; mismatch △)."""
    if given is None:
        return default_group(backend, kind, engine, version)
    group = find_group(backend, kind, given)
    if group is None:
        raise AwsError(_GROUP_MISSING[kind], f"{_GROUP_MISSING[kind].removesuffix('NotFound')} not found: {given}")
    family = catalogue.family(engine, version)
    if group["DBParameterGroupFamily"] != family:
        raise AwsError(
            "InvalidParameterCombination",
            f"The Parameter Group {given} with DBParameterGroupFamily {group['DBParameterGroupFamily']} can't be used "
            f"for this instance. Please use a Parameter Group with DBParameterGroupFamily {family}.",
        )
    return given.lower()


def option_group(backend: Backend, given: str | None, engine: str, version: str) -> str:
    """Return the requested group, of the right major version, or the default one (✓; mismatch ?)."""
    usual = catalogue.default_option_group(engine, version)
    if given is None or given.lower() == usual:
        return usual
    group = backend.option_groups.get(given.lower())
    if group is None:
        raise AwsError("OptionGroupNotFoundFault", f"Specified OptionGroupName: {given} not found.")
    if catalogue.default_option_group(group["engine"], group["engine_version"]) != usual:
        raise AwsError(
            "InvalidParameterCombination",
            f"The option group {given} is associated with another engine or major version than {engine} {version}.",
        )
    return str(group["name"])


def inherited_option_group(backend: Backend, source: dict[str, Any]) -> str | None:
    """Return the option group of the source if it has permanent options, which stay (user guide ✓)."""
    names = [str(item["OptionGroupName"]) for item in source.get("OptionGroupMemberships", [])]
    permanent = [name for name in names if backend.option_groups.get(name, {}).get("permanent")]
    return permanent[0] if permanent else None


def refuse_master(request: ApiRequest, kind: str, engine: str) -> None:
    """Check name and password of the master user (model ✓; codes and texts △)."""
    parameters = request.parameters
    password, managed = parameters.get("MasterUserPassword"), parameters.get("ManageMasterUserPassword")
    if not parameters.get("MasterUsername"):
        raise AwsError("InvalidParameterValue", "The parameter MasterUsername must be provided and must not be blank.")
    if managed and password is not None:
        raise AwsError(
            "InvalidParameterCombination",
            "You can't specify MasterUserPassword when ManageMasterUserPassword is turned on.",
        )
    by_iam = parameters.get("MasterUserAuthenticationType") == "iam-db-auth"
    if password is not None:
        refuse_password(request, kind, engine)
    elif not managed and not by_iam:
        raise AwsError("InvalidParameterValue", "Invalid master password")


def refuse_password(request: ApiRequest, kind: str, engine: str) -> None:
    """Check length and characters of a password.

    Model, MasterUserPassword ✓; texts: alphagov/govuk-infrastructure pull request 1270 △. The model excludes "/", the
    double quote and "@" from the printable characters. The error message of RDS also lists the space, so it is a
    switch.
    """
    password = str(request.parameters["MasterUserPassword"])
    longest = _LONGEST_OF_A_CLUSTER if kind == CLUSTER else _longest_password(engine)
    if not _SHORTEST_PASSWORD <= len(password) <= longest:
        short = len(password) < _SHORTEST_PASSWORD
        bound = f"shorter than {_SHORTEST_PASSWORD}" if short else f"longer than {longest}"
        raise AwsError(
            "InvalidParameterValue",
            f"The parameter MasterUserPassword is not a valid password because it is {bound} characters.",
        )
    refused = '/@"' + ("" if request.world.settings.password_may_contain_space else " ")
    refused += "&'" if kind == INSTANCE and "oracle" in engine else ""
    if not password.isascii() or not password.isprintable() or set(password) & set(refused):
        raise AwsError(
            "InvalidParameterValue",
            "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides "
            + ", ".join(f"'{character}'" for character in refused)
            + " may be used.",
        )


def _longest_password(engine: str) -> int:
    """Return the maximum for an instance, by engine; the largest one for engines not in the model (?)."""
    return next(
        (length for name, length in _LONGEST_PASSWORD.items() if name in engine), max(_LONGEST_PASSWORD.values())
    )


def refuse_retention(days: int | None, *, least: int) -> None:
    """Require 0 to 35 days for instances, 1 to 35 for clusters (model ✓; text ?)."""
    if days is not None and not least <= days <= 35:
        text = f"Invalid backup retention period: {days}. Must be between {least} and 35."
        raise AwsError("InvalidParameterValue", text)
