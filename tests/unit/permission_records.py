# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The permissions that calls required, in the form of the permissions guide, and the callers that have them."""

from __future__ import annotations

import functools
import os
import re
import typing as t

from ansible_collections.passwordless.rds.scripts import policy_docs

from .harness import CREDENTIALS

# set by scripts/record_permissions: write what the calls require instead of comparing it
RECORDS = bool(os.environ.get("RECORD_PERMISSIONS"))
# the part of a resource that AWS chooses -> its form in a policy
_CHOSEN = (
    (re.compile(r"(?<=:(?:pg|og):)default\b.*"), "default*"),
    (re.compile(r"(?<=:cluster-pg:)default\b.*"), "default*"),
    (re.compile(r"(?<=:secret:rds!).*"), "*"),
    (re.compile(r"(?<=/iam-db-auth-error:).*"), "*"),
)
_LICENSE = policy_docs.ROOT.joinpath("scripts", "policy_docs.py").read_text().splitlines()[:4]
_HEADER = "\n".join(
    [
        "---",
        *_LICENSE,
        "",
        "# The permissions that the tests recorded. scripts/record_permissions writes this file.",
        "",
        "",
    ]
)


def required(sim: t.Any) -> policy_docs.Permissions:
    """Return the permissions of all calls and logins since the journal was cleared."""
    found = [permission for call in sim.calls for permission in call.permissions]
    found += sim.world.journal.logins()
    return policy_docs.smallest((one.action, _as_documented(one.resource)) for one in found)


def _as_documented(resource: str) -> str:
    for chosen, pattern in _CHOSEN:
        resource = chosen.sub(pattern, resource)
    return resource


def seed_caller(sim: t.Any, permissions: policy_docs.Permissions) -> None:
    """Give the credentials of the harness to a user who has these permissions, and enforce them."""
    mode: policy_docs.Mode = {"sid": "Test", "task": "", "permissions": permissions}
    key = {"access_key_id": CREDENTIALS["access_key"], "secret_access_key": CREDENTIALS["secret_key"]}
    user: dict[str, t.Any] = {"name": "automation", "access_keys": [key]}
    if permissions:
        user["policies"] = {"generated": policy_docs.policy([mode])}
    sim.seed({"iam_users": [user]})
    sim.settings.update(enforce_policies=True)


def without(permissions: policy_docs.Permissions, action: str, resource: str) -> policy_docs.Permissions:
    """Return permissions without one resource of an action."""
    return policy_docs.smallest(pair for pair in policy_docs.pairs_of(permissions) if pair != (action, resource))


@functools.lru_cache(maxsize=1)
def _source() -> dict[str, list[policy_docs.Mode]]:
    return policy_docs.load()


def recorded(name: str, sid: str) -> policy_docs.Permissions:
    """Return the recorded permissions of a mode. A mode without a record has none."""
    return next((mode["permissions"] for mode in _source().get(name, []) if mode["sid"] == sid), {})


def record(name: str, modes: t.Iterable[t.Any], found: t.Mapping[str, policy_docs.Permissions]) -> None:
    """Write the permissions of modes, in their order. A mode that did not run keeps its record."""
    source = policy_docs.load()
    source[name] = [
        {"sid": mode.sid, "task": mode.task, "permissions": found.get(mode.sid) or recorded(name, mode.sid)}
        for mode in modes
    ]
    policy_docs.SOURCE.write_text(_HEADER + policy_docs.dump(source))
