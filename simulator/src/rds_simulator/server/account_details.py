# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""GetAccountAuthorizationDetails in pages. moto returns everything at once, without the names of managed policies."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from moto.iam.exceptions import IAMException
from moto.iam.models import IAMBackend, ManagedPolicy

_Item = tuple[str, str, Any]
_DEFAULT_ITEMS = 100
_LARGEST = 1000
_FILTERS = ("User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy")


def account_details(backend: IAMBackend, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return one page; raise IAMException for an invalid request.

    Names, bounds, default and URL encoding: botocore's model ✓. The order of the items is not documented; managed
    policies of AWS are returned if the account has used them (?).
    """
    wanted = _filter(given.get("Filter") or [])
    size = _size(given.get("MaxItems", _DEFAULT_ITEMS))
    last = _last(given.get("Marker"))
    waiting = [item for item in _items(backend, wanted) if item[:2] > last]
    shown = waiting[:size]
    page: dict[str, Any] = {key: [] for key in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")}
    for section, _arn, item in shown:
        page[section[1:]].append(item)
    page["IsTruncated"] = len(waiting) > size
    if page["IsTruncated"]:
        page["Marker"] = base64.b64encode("\n".join(shown[-1][:2]).encode()).decode()
    return page


def _items(backend: IAMBackend, wanted: tuple[str, ...]) -> Iterator[_Item]:
    """Yield the items in the order of the pages: a section, whose first character is its position, and the ARN."""
    sections: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
        ("User", "0UserDetailList", backend.users),
        ("Group", "1GroupDetailList", backend.groups),
        ("Role", "2RoleDetailList", backend.roles),
    )
    for name, section, entities in sections:
        if name in wanted:
            yield from _sorted(section, entities.values(), lambda entity: entity)
    policies = [policy for policy in backend.managed_policies.values() if _policy_filter(policy) in wanted]
    yield from _sorted("3Policies", policies, _policy)


def _sorted(section: str, entities: Any, show: Callable[[Any], Any]) -> Iterator[_Item]:
    for entity in sorted(entities, key=lambda entity: str(entity.arn)):
        yield section, str(entity.arn), show(entity)


def _policy_filter(policy: ManagedPolicy) -> str:
    return "AWSManagedPolicy" if ":iam::aws:policy" in policy.arn else "LocalManagedPolicy"


def _policy(policy: ManagedPolicy) -> dict[str, Any]:
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version_id,
        "AttachmentCount": policy.attachment_count,
        "IsAttachable": True,
        "CreateDate": policy.create_date,
        "UpdateDate": policy.update_date,
        "PolicyVersionList": [
            {
                "Document": quote(version.document),
                "VersionId": version.version_id,
                "IsDefaultVersion": version.version_id == policy.default_version_id,
                "CreateDate": version.create_date,
            }
            for version in policy.versions
        ],
    }


def _filter(names: list[str]) -> tuple[str, ...]:
    for name in names:
        if name not in _FILTERS:
            raise IAMException("ValidationError", f"Value '{name}' at 'filter' failed to satisfy constraint")
    return tuple(names) or _FILTERS


def _size(given: Any) -> int:
    size = int(given)
    if not 1 <= size <= _LARGEST:
        raise IAMException("ValidationError", f"Value '{size}' at 'maxItems' failed to satisfy constraint")
    return size


def _last(marker: str | None) -> tuple[str, str]:
    """Return section and ARN of the last item of the previous page. The text of the refusal is not documented (?)."""
    if marker is None:
        return "", ""
    try:
        section, arn = base64.b64decode(marker, validate=True).decode().split("\n")
    except (binascii.Error, ValueError):
        raise IAMException("ValidationError", f"Invalid Marker: {marker}") from None
    return section, arn
