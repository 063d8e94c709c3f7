# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Option groups: CreateOptionGroup, ModifyOptionGroup, DeleteOptionGroup, and the two Describe operations.

The options of each engine come from moto, which has them from RDS.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from moto.core.utils import get_service_model
from moto.utilities.utils import load_resource

from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..engines import catalogue
from ..engines.engines import ENGINES
from ..errors import AwsError, not_implemented
from ..kinds import INSTANCE
from ..rules.identifiers import checked_name
from ..state.backend import Backend

_LONGEST = 255
_PREFIX = "default:"

# CreateOptionGroup in the model (✓): not Aurora, RDS Custom, or engines outside RDS.
_WITHOUT = ("aurora", "custom", "neptune", "docdb")


@lru_cache(maxsize=1)
def _default_groups() -> dict[str, tuple[str, str, str]]:
    """Return engine, major version and newest minor version of each default group."""
    groups = {}
    for engine in ENGINES.values():
        for version in engine.versions:
            name = catalogue.default_option_group(engine.name, version)
            major = name.removeprefix(f"{_PREFIX}{engine.name}-").replace("-", ".")
            groups[name] = (engine.name, major, version)
    return groups


def _majors(engine: str) -> dict[str, str]:
    """Return the major versions of an engine, each with its newest minor version."""
    return {major: version for name, major, version in _default_groups().values() if name == engine}


def find_option_group(backend: Backend, given: str) -> dict[str, Any]:
    """Return a group by name, ignoring case; raise OptionGroupNotFoundFault if it does not exist.

    The default groups exist from the start.
    """
    name = given.lower()
    if name in _default_groups():
        engine, _major, version = _default_groups()[name]
        return {"name": name, "engine": engine, "engine_version": version}
    if name not in backend.option_groups:
        raise AwsError("OptionGroupNotFoundFault", f"Specified OptionGroupName: {given} not found.")
    return backend.option_groups[name]


def _shown(backend: Backend, group: dict[str, Any]) -> dict[str, Any]:
    name, engine = str(group["name"]), str(group["engine"])
    usual = catalogue.default_option_group(engine, str(group["engine_version"]))
    major = usual.removeprefix(f"{_PREFIX}{engine}-").replace("-", ".")
    described = f"Default option group for {engine} {major}" if name.startswith(_PREFIX) else name
    return {
        "OptionGroupName": name,
        "OptionGroupDescription": group.get("description", described),
        "EngineName": engine,
        "MajorEngineVersion": major,
        "Options": list(group.get("options", {}).values()),
        "AllowsVpcAndNonVpcInstanceMemberships": True,
        "OptionGroupArn": backend.arn("og", name),
    }


@operation("CreateOptionGroup")
def create_option_group(request: ApiRequest) -> dict[str, Any]:
    """Create a group without options (model ✓; texts as in moto △)."""
    backend, parameters = request.backend, request.parameters
    name = checked_name("OptionGroupName", parameters["OptionGroupName"], longest=_LONGEST)
    if name in backend.option_groups:
        raise AwsError("OptionGroupAlreadyExistsFault", f"An option group named {name} already exists.")
    engine, major = parameters["EngineName"].lower(), parameters["MajorEngineVersion"]
    _refuse_version(engine, major)
    backend.option_groups[name] = {
        "name": name,
        "engine": engine,
        "engine_version": _majors(engine)[major],
        "permanent": False,
        "description": parameters["OptionGroupDescription"],
        "options": {},
    }
    tags = [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in parameters.get("Tags", ())]
    backend.group_tags[backend.arn("og", name)] = tags
    return {"OptionGroup": _shown(backend, backend.option_groups[name])}


def _refuse_version(engine: str, major: str | None) -> None:
    if engine not in ENGINES or engine.startswith(_WITHOUT):
        raise AwsError("InvalidParameterValue", f"Invalid DB engine: {engine}")
    if major is not None and major not in _majors(engine):
        raise AwsError("InvalidParameterCombination", f"Cannot find major version {major} for {engine}")


@operation("DescribeOptionGroups")
def describe_option_groups(request: ApiRequest) -> dict[str, Any]:
    """Return one group by name, or those of an engine and major version (model ✓; code and text ?).

    A request cannot combine both.
    """
    backend, parameters = request.backend, request.parameters
    if parameters.get("Filters"):
        raise not_implemented("Filters of DescribeOptionGroups")
    given, engine = parameters.get("OptionGroupName"), parameters.get("EngineName")
    if given and (engine or parameters.get("MajorEngineVersion")):
        text = "OptionGroupName can't be used together with EngineName or MajorEngineVersion."
        raise AwsError("InvalidParameterCombination", text)
    names = [given] if given else sorted({*backend.option_groups, *_defaults_in_use(backend)})
    rows = [_shown(backend, find_option_group(backend, name)) for name in names]
    for member in ("EngineName", "MajorEngineVersion"):
        rows = [row for row in rows if parameters.get(member) in (None, row[member])]
    return page(request, "OptionGroupsList", rows, key=lambda row: str(row["OptionGroupName"]))


def _defaults_in_use(backend: Backend) -> Iterator[str]:
    """Return the default groups that a database has used; only these are listed (△)."""
    for name, _user in _memberships(backend):
        if name in _default_groups():
            yield name


def _memberships(backend: Backend) -> Iterator[tuple[str, str]]:
    """Yield group and user: instances, clusters and snapshots (user guide, deleting an option group ✓)."""
    for instance in backend.instances:
        for item in instance.record["OptionGroupMemberships"]:
            yield str(item["OptionGroupName"]), instance.name
    for cluster in backend.clusters:
        for item in cluster.record.get("DBClusterOptionGroupMemberships", []):
            yield str(item["DBClusterOptionGroupName"]), cluster.name
    for name, snapshot in backend.backup_store.snapshots[INSTANCE].items():
        yield str(snapshot.record.get("OptionGroupName")), name


def _custom_group(backend: Backend, given: str) -> dict[str, Any]:
    """Return a group that can be changed; raise AwsError for a default one (user guide ✓; code and text ?)."""
    group = find_option_group(backend, given)
    if str(group["name"]).startswith(_PREFIX):
        text = f"The default option group {group['name']} can't be modified or deleted."
        raise AwsError("InvalidOptionGroupStateFault", text)
    return group


@operation("DeleteOptionGroup")
def delete_option_group(request: ApiRequest) -> dict[str, Any]:
    """Delete a group that is not in use (user guide ✓; code: model ✓; text ?)."""
    backend = request.backend
    name = str(_custom_group(backend, request.parameters["OptionGroupName"])["name"])
    for used, user in _memberships(backend):
        if used == name:
            text = f"The option group {name} can't be deleted: {user} uses it."
            raise AwsError("InvalidOptionGroupStateFault", text)
    del backend.option_groups[name]
    backend.group_tags.pop(backend.arn("og", name), None)
    return {}


@operation("ModifyOptionGroup")
def modify_option_group(request: ApiRequest) -> dict[str, Any]:
    """Add, change and remove options (model ✓; texts as in moto △, for removals ?)."""
    backend, parameters = request.backend, request.parameters
    group = _custom_group(backend, parameters["OptionGroupName"])
    include, remove = parameters.get("OptionsToInclude", []), parameters.get("OptionsToRemove", [])
    if not include and not remove:
        raise AwsError("InvalidParameterValue", "At least one option must be added, modified, or removed.")
    used = any(name == group["name"] for name, _user in _memberships(backend))
    options = dict(group.get("options", {}))
    for name in remove:
        _refuse_removal(options.get(name), name, used=used)
        del options[name]
    offered = {row["Name"]: row for row in _offered(group["engine"], _shown(backend, group)["MajorEngineVersion"])}
    for item in include:
        if item["OptionName"] not in offered:
            raise AwsError("InvalidParameterValue", f"Invalid option name: {item['OptionName']}")
        options[item["OptionName"]] = _option(offered[item["OptionName"]], item)
    group["options"] = options
    group["permanent"] = bool(group.get("permanent")) or any(option["Permanent"] for option in options.values())
    return {"OptionGroup": _shown(backend, group)}


def _refuse_removal(option: dict[str, Any] | None, name: str, *, used: bool) -> None:
    """Refuse to remove permanent options, and persistent ones while the group is in use (user guide ✓)."""
    if option is None:
        raise AwsError("InvalidParameterValue", f"The option {name} is not in the option group.")
    if option["Permanent"] or (option["Persistent"] and used):
        what = "permanent" if option["Permanent"] else "persistent"
        raise AwsError("InvalidOptionGroupStateFault", f"The option {name} is {what} and can't be removed.")


def _option(offer: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    port = asked.get("Port", offer.get("DefaultPort"))
    groups = asked.get("VpcSecurityGroupMemberships", [])
    return {
        "OptionName": offer["Name"],
        "OptionDescription": offer["Description"],
        "Persistent": offer["Persistent"],
        "Permanent": offer["Permanent"],
        **({"Port": port} if port is not None else {}),
        **({"OptionVersion": asked["OptionVersion"]} if "OptionVersion" in asked else {}),
        "OptionSettings": [
            {"Name": setting.get("Name"), "Value": setting.get("Value")} for setting in asked.get("OptionSettings", [])
        ],
        "VpcSecurityGroupMemberships": [{"VpcSecurityGroupId": name, "Status": "active"} for name in groups],
    }


def _offered(engine: str, major: str | None) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = load_resource(f"rds/resources/option_group_options/{engine}.json")
    except FileNotFoundError:
        return []
    return [row for row in rows if major in (None, row["MajorEngineVersion"])]


@operation("DescribeOptionGroupOptions")
def describe_option_group_options(request: ApiRequest) -> dict[str, Any]:
    """Return the options of an engine, or of one of its major versions (model ✓)."""
    parameters = request.parameters
    if parameters.get("Filters"):
        raise not_implemented("Filters of DescribeOptionGroupOptions")
    engine, major = parameters["EngineName"].lower(), parameters.get("MajorEngineVersion")
    _refuse_version(engine, major)
    members = get_service_model("rds").shape_for("OptionGroupOption").members
    rows = [{key: value for key, value in row.items() if key in members} for row in _offered(engine, major)]
    numbered = zip((f"{number:08d}" for number in itertools.count()), rows)
    return page(request, "OptionGroupOptions", numbered, key=lambda item: item[0], show=lambda item: item[1])
