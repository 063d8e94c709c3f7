# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Seeds of IAM users, groups, roles, policies and access keys, which moto's IAM stores."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from moto.core.exceptions import ServiceException
from moto.iam.models import Group, IAMBackend, Role, User, iam_backends

from ..state.backend import Backend
from ..state.managed_policies import ensure_aws_managed
from ..state.principal_policies import set_user_boundary
from ..state.principals import find_credentials
from ..state.sessions import RootKey


class PrincipalSeeder:
    """Adds principals, and removes them again if the rest of the seed is invalid."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.iam: IAMBackend = iam_backends[backend.account][backend.partition]
        self._undo: list[Callable[[], Any]] = []

    def add_all(self, document: dict[str, Any]) -> None:
        """Add everything; raise ValueError for a name that exists already or that does not exist."""
        steps: tuple[tuple[str, Callable[[dict[str, Any]], None]], ...] = (
            ("iam_policies", self._policy),
            ("iam_groups", self._group),
            ("iam_users", self._user),
            ("iam_roles", self._role),
            ("root_access_keys", self._root_key),
        )
        for section, add in steps:
            for number, item in enumerate(document[section]):
                try:
                    add(item)
                except ServiceException as error:
                    raise ValueError(f"{section}[{number}]: {error.message}") from None
                except ValueError as error:
                    raise ValueError(f"{section}[{number}]: {error}") from None

    def undo(self) -> None:
        """Remove everything that was added."""
        for undo in reversed(self._undo):
            undo()

    def _policy(self, item: dict[str, Any]) -> None:
        policy = self.iam.create_policy("", item.get("path", "/"), _text(item["document"]), item["name"], [])
        self._undo.append(partial(self.iam.managed_policies.pop, policy.arn))

    def _group(self, item: dict[str, Any]) -> None:
        group = self.iam.create_group(item["name"], item.get("path", "/"))
        self._undo.append(partial(self.iam.groups.pop, group.name))
        self._attach(group, item)

    def _user(self, item: dict[str, Any]) -> None:
        tags = [{"Key": str(key), "Value": str(value)} for key, value in item.get("tags", {}).items()]
        user = self.iam.create_user(self.backend.region, item["name"], item.get("path", "/"), tags)
        self._undo.append(partial(self.iam.users.pop, user.name))
        self._undo.append(partial(self.iam.tagger.delete_all_tags_for_resource, user.arn))
        self._attach(user, item)
        if "permissions_boundary" in item:
            set_user_boundary(user, self._managed_arn(item["permissions_boundary"]))
        for name in item.get("groups", []):
            group = self.iam.get_group(name)
            group.users.append(user)
            self._undo.append(partial(group.users.remove, user))
        for key in item.get("access_keys", []):
            self._access_key(user, key)

    def _access_key(self, user: User, item: dict[str, Any]) -> None:
        self._refuse_known(item["access_key_id"])
        key = user.create_access_key("AKIA", "Active" if item.get("active", True) else "Inactive")
        key.access_key_id, key.secret_access_key = item["access_key_id"], item["secret_access_key"]
        self.iam.access_keys[key.access_key_id] = key
        self._undo.append(partial(self.iam.access_keys.pop, key.access_key_id))

    def _role(self, item: dict[str, Any]) -> None:
        tags = [{"Key": str(key), "Value": str(value)} for key, value in item.get("tags", {}).items()]
        boundary = item.get("permissions_boundary")
        role = self.iam.create_role(
            item["name"],
            _text(item.get("trust") or _trust(self.backend)),
            item.get("path", "/"),
            self._managed_arn(boundary) if boundary else None,
            "",
            tags,
            "3600",
        )
        self._undo.append(partial(self.iam.roles.pop, role.id))
        self._attach(role, item)

    def _root_key(self, item: dict[str, Any]) -> None:
        self._refuse_known(item["access_key_id"])
        key = RootKey(item["access_key_id"], item["secret_access_key"], self.backend.account, self.backend.partition)
        keys = self.backend.world.root_keys
        keys[key.access_key_id] = key
        self._undo.append(partial(keys.pop, key.access_key_id))

    def _refuse_known(self, access_key_id: str) -> None:
        if access_key_id in self.iam.access_keys or find_credentials(self.backend.world, access_key_id) is not None:
            raise ValueError(f"access key {access_key_id}: already exists")

    def _attach(self, entity: User | Group | Role, item: dict[str, Any]) -> None:
        for name, document in item.get("policies", {}).items():
            entity.put_policy(str(name), _text(document))
        for name in item.get("managed_policies", []):
            policy = self.iam.get_policy(self._managed_arn(name))
            policy.attach_to(entity)
            self._undo.append(partial(policy.detach_from, entity))

    def _managed_arn(self, name: str) -> str:
        """Return the ARN of a managed policy that is given by its ARN, or by its name in the account."""
        if name.startswith("arn:"):
            ensure_aws_managed(self.iam, name)
            return self.iam.get_policy(name).arn
        prefix = f"arn:{self.backend.partition}:iam::{self.backend.account}:policy/"
        for policy in self.iam.managed_policies.values():
            if policy.name == name and policy.arn.startswith(prefix):
                return policy.arn
        raise ValueError(f"managed policy {name!r}: does not exist")


def _text(document: dict[str, Any] | str) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _trust(backend: Backend) -> dict[str, Any]:
    """Return the default trust policy: the account."""
    principal = {"AWS": f"arn:{backend.partition}:iam::{backend.account}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}
