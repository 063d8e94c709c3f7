# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Tags of instances, clusters, snapshots, and groups."""

from __future__ import annotations

from typing import Any

from ..api.registry import ApiRequest, operation
from ..errors import AwsError
from ..kinds import CLUSTER, INSTANCE
from ..state.lookup import find_by_arn
from .networks import network_of
from .option_groups import find_option_group
from .parameter_groups import find_group
from .snapshots import find_snapshot, kind_of_arn

_GROUPS = {"pg": INSTANCE, "cluster-pg": CLUSTER}

# Each raises an AwsError if the group does not exist.
_LOOKUPS = {"subgrp": network_of, "og": find_option_group}


def _tags(request: ApiRequest) -> list[dict[str, str]]:
    """Return the live list of tags of the resource with an ARN; raise AwsError if it does not exist."""
    arn = request.parameters["ResourceName"]
    database = find_by_arn(request.backend, arn)
    if database is not None:
        tags: list[dict[str, str]] = database.record["TagList"]
        return tags
    snapshot = kind_of_arn(arn)
    if snapshot is not None:
        found: list[dict[str, str]] = find_snapshot(request.backend, snapshot, arn).record["TagList"]
        return found
    for arn_type, kind in _GROUPS.items():
        prefix = request.backend.arn(arn_type, "")
        if arn.startswith(prefix):
            name = arn[len(prefix) :]
            if find_group(request.backend, kind, name) is None:
                raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
            return request.backend.group_tags.setdefault(arn, [])
    for arn_type, lookup in _LOOKUPS.items():
        prefix = request.backend.arn(arn_type, "")
        if arn.startswith(prefix):
            lookup(request.backend, arn[len(prefix) :])
            return request.backend.group_tags.setdefault(arn, [])
    raise AwsError("InvalidParameterValue", f"Invalid resource name: {arn}")


@operation("ListTagsForResource")
def list_tags_for_resource(request: ApiRequest) -> dict[str, Any]:
    """Return all tags of one resource."""
    return {"TagList": _tags(request)}


@operation("AddTagsToResource")
def add_tags_to_resource(request: ApiRequest) -> dict[str, Any]:
    """Add tags, or replace the values of existing ones."""
    tags = _tags(request)
    for added in request.parameters["Tags"]:
        tags[:] = [tag for tag in tags if tag["Key"] != added["Key"]]
        tags.append({"Key": added["Key"], "Value": added.get("Value", "")})
    return {}


@operation("RemoveTagsFromResource")
def remove_tags_from_resource(request: ApiRequest) -> dict[str, Any]:
    """Remove tags by key; unknown keys are ignored."""
    tags = _tags(request)
    keys = request.parameters["TagKeys"]
    tags[:] = [tag for tag in tags if tag["Key"] not in keys]
    return {}
