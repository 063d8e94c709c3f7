# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Parameter groups: their rows, the databases that use them, and the effect of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..engines import catalogue
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..rules.parameter_data import default_rows
from ..rules.refusals import FOLLOWED, keep_in_force, refuse_ssl_off
from ..state.backend import Backend, Database

_PREFIX = {INSTANCE: "DB", CLUSTER: "DBCluster"}
_ARN_TYPE = {INSTANCE: "pg", CLUSTER: "cluster-pg"}
MAXIMUM_PER_REQUEST = 20


def name_member(kind: str) -> str:
    """Return ``DBParameterGroupName`` or ``DBClusterParameterGroupName``."""
    return f"{_PREFIX[kind]}ParameterGroupName"


def add_group(backend: Backend, kind: str, *, name: str, family: str, description: str | None = None) -> dict[str, Any]:
    """Add a group with the rows of its family; raise ValueError for an unknown family.

    The record has the members of the API and ``Parameters``, which maps names to rows.
    """
    prefix = _PREFIX[kind]
    record = {
        f"{prefix}ParameterGroupName": name,
        "DBParameterGroupFamily": family,
        "Description": description or f"Parameter group for {family}",
        f"{prefix}ParameterGroupArn": backend.arn(_ARN_TYPE[kind], name),
        "Parameters": default_rows(family, kind),
    }
    backend.groups[kind][name] = record
    return record


def has_groups(kind: str, engine: str) -> bool:
    """Return whether an engine has groups of a kind; only engines with clusters have cluster groups."""
    clustered = catalogue.is_aurora(engine) or engine in catalogue.MULTI_AZ_ENGINES
    return kind == INSTANCE or clustered


def find_group(backend: Backend, kind: str, name: str) -> dict[str, Any] | None:
    """Return a group by name, ignoring case, or None. Default groups exist from the start."""
    lowered = name.lower()
    if lowered not in backend.groups[kind] and lowered.startswith("default."):
        family = lowered.removeprefix("default.")
        engine = catalogue.engine_of_family(family)
        if engine and has_groups(kind, engine):
            description = f"Default parameter group for {family}"
            add_group(backend, kind, name=lowered, family=family, description=description)
    return backend.groups[kind].get(lowered)


def default_group(backend: Backend, kind: str, engine: str, version: str) -> str:
    """Return the name of the default group of a version."""
    name = f"default.{catalogue.family(engine, version)}"
    find_group(backend, kind, name)
    return name


def databases_with_group(backend: Backend, kind: str, name: str) -> Iterator[Database]:
    """Return the databases that use a group."""
    for database in backend.database_store(kind):
        if kind == CLUSTER and database.record.get("DBClusterParameterGroup") == name:
            yield database
        if kind == INSTANCE and any(
            item["DBParameterGroupName"] == name for item in database.record["DBParameterGroups"]
        ):
            yield database


def set_apply_status(backend: Backend, kind: str, name: str, status: str) -> None:
    """Set on every database that uses a group how far its values have been applied."""
    for database in databases_with_group(backend, kind, name):
        for item in applied_to(database, name):
            item[status_member(kind)] = status


def status_member(kind: str) -> str:
    """Return where the apply status is shown: on the groups of an instance, or on the members of a cluster."""
    return "ParameterApplyStatus" if kind == INSTANCE else "DBClusterParameterGroupStatus"


def applied_to(database: Database, name: str) -> list[dict[str, Any]]:
    """Return the parts of a record that contain the apply status of a group."""
    if database.kind == CLUSTER:
        return list(database.record["DBClusterMembers"])
    groups = database.record["DBParameterGroups"]
    return [item for item in groups if item["DBParameterGroupName"] == name]


def _required(request: ApiRequest, kind: str) -> dict[str, Any]:
    name = request.parameters[name_member(kind)]
    found = find_group(request.backend, kind, name)
    if found is None:
        # One code for both kinds (botocore's model ✓).
        raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
    return found


def _describe_groups(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    if request.parameters.get(name_member(kind)):
        groups = [_required(request, kind)]
    else:
        for family, engine in catalogue.families(request.world.engines).items():
            if has_groups(kind, engine):
                find_group(request.backend, kind, f"default.{family}")
        groups = [group for _name, group in sorted(request.backend.groups[kind].items())]
    shown = [{k: v for k, v in group.items() if k != "Parameters"} for group in groups]
    names = name_member(kind)
    return page(request, f"{_PREFIX[kind]}ParameterGroups", shown, key=lambda item: item[names])


def _describe_parameters(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    rows = list(_required(request, kind)["Parameters"].values())
    source = request.parameters.get("Source")
    if source:
        rows = [row for row in rows if row["Source"] == source]
    for item in request.parameters.get("Filters", []):
        if item["Name"] != "parameter-name":
            raise AwsError("InvalidParameterValue", f"Unrecognized filter name: {item['Name']}")
        rows = [row for row in rows if row["ParameterName"] in item["Values"]]
    return page(request, "Parameters", rows, key=lambda row: row["ParameterName"])


def _checked_change(group: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return the row that a change is for; raise AwsError if RDS refuses the change (texts: △)."""
    name = change.get("ParameterName", "")
    row = group["Parameters"].get(name)
    if row is None:
        raise AwsError("InvalidParameterValue", f"Could not find parameter with name: {name}")
    if not row["IsModifiable"]:
        raise AwsError("InvalidParameterValue", f"The parameter {name} cannot be modified.")
    if change.get("ApplyMethod") == "immediate" and row["ApplyType"] == "static":
        raise AwsError("InvalidParameterCombination", "cannot use immediate apply method for static parameter")
    allowed = str(row.get("AllowedValues", "")).split(",")
    if row["DataType"] == "boolean" and change.get("ParameterValue") not in allowed:
        value = change.get("ParameterValue")
        raise AwsError(
            "InvalidParameterValue",
            f"Invalid parameter value: {value} for: {name} allowed values are: {','.join(allowed)}",
        )
    return dict(row)


def _modify_group(request: ApiRequest, *, kind: str) -> dict[str, Any]:
    group = _required(request, kind)
    name = group[name_member(kind)]
    changes = request.parameters["Parameters"]
    if name.startswith("default."):
        raise AwsError("InvalidParameterValue", "Cannot modify a default parameter group.")
    if not changes or len(changes) > MAXIMUM_PER_REQUEST:
        text = f"Number of parameters must be between 1 and {MAXIMUM_PER_REQUEST}"
        raise AwsError("InvalidParameterValue", text)
    rows = [_checked_change(group, change) for change in changes]
    for change in changes:
        refuse_ssl_off(request.world.settings, change, databases_with_group(request.backend, kind, name))
    for change in changes:
        if change["ParameterName"] in FOLLOWED:
            _update_in_force(request.backend, databases_with_group(request.backend, kind, name), change)
    for row, change in zip(rows, changes, strict=True):
        row["ParameterValue"] = change["ParameterValue"]
        row["ApplyMethod"] = change.get("ApplyMethod", "pending-reboot")
        row["Source"] = "user"
        group["Parameters"][row["ParameterName"]] = row
    reboot = any(row["ApplyMethod"] == "pending-reboot" for row in rows)
    _apply(request, kind, name, "pending-reboot" if reboot else "in-sync")
    return {name_member(kind): name}


def _update_in_force(backend: Backend, databases: Iterator[Database], change: dict[str, Any]) -> None:
    """Determine when a new value takes effect: immediately or later.

    It takes effect immediately also in a group that waits for its reboot: dynamic parameters of a newly associated
    group are applied immediately (Aurora user guide, Aurora.Modifying, 2023 △).
    """
    for database in databases:
        if change.get("ApplyMethod") == "immediate":
            database.in_force.pop(change["ParameterName"], None)
        else:
            keep_in_force(backend, database, change["ParameterName"])


def _apply(request: ApiRequest, kind: str, name: str, final: str) -> None:
    set_apply_status(request.backend, kind, name, "applying")
    request.world.clock.after(
        request.world.settings.parameter_apply_seconds,
        partial(set_apply_status, request.backend, kind, name, final),
    )


def _register() -> None:
    actions: list[tuple[str, Callable[..., dict[str, Any]]]] = [
        ("Describe{}ParameterGroups", _describe_groups),
        ("Describe{}Parameters", _describe_parameters),
        ("Modify{}ParameterGroup", _modify_group),
    ]
    for kind, prefix in _PREFIX.items():
        for name, carry_out in actions:
            operation(name.format(prefix))(partial(carry_out, kind=kind))


_register()
