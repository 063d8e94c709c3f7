# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the statements of policy documents that are about ``rds-db:connect``.

This is private to the collection.
"""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass
from urllib.parse import unquote

from .._model.account_policies import AWS_MANAGED, Policy
from .login_pattern import LoginPattern, read_pattern
from .policy_match import matches_wildcards

ACTION = "rds-db:connect"
ALLOW, DENY = "Allow", "Deny"
_SERVICE_PREFIX = "rds-db:"
# policies of the older version have no policy variables (IAM User Guide, "IAM JSON policy elements: Version")
_WITH_VARIABLES = "2012-10-17"


class UnreadResource(t.NamedTuple):
    """A resource that cannot be analysed, and the reason."""

    text: str
    reason: str


@dataclass(frozen=True)
class ConnectStatement:
    """A statement that is, or may be, about ``rds-db:connect``.

    ``number`` counts from 0 in the document, and is None for a document that cannot be read. ``effect`` is empty if it
    is unknown. ``actions`` are the patterns that match the action. ``reason`` is why the statement cannot be analysed;
    ``patterns`` and ``unread`` are then empty.
    """

    policy: Policy
    number: int | None = None
    sid: str | None = None
    effect: str = ""
    actions: tuple[str, ...] = ()
    patterns: tuple[LoginPattern, ...] = ()
    unread: tuple[UnreadResource, ...] = ()
    reason: str | None = None

    @property
    def is_aws_managed(self) -> bool:
        return self.policy.kind == AWS_MANAGED

    def is_dedicated(self, pattern: LoginPattern) -> bool:
        """Return whether this resource of the statement is only about logins, and not part of wider permissions."""
        only_logins = all(action.lower().startswith(_SERVICE_PREFIX) for action in self.actions)
        return not self.is_aws_managed and (pattern.names_service or only_logins)


def read_statements(policy: Policy) -> list[ConnectStatement]:
    """Return the statements of a policy that are, or may be, about ``rds-db:connect``."""
    document = _decoded(policy.document)
    if not isinstance(document, t.Mapping):
        return [ConnectStatement(policy, reason="the policy document is not a JSON object")]
    listed = document.get("Statement")
    if isinstance(listed, t.Mapping):
        listed = [listed]
    if not isinstance(listed, list):
        return [ConnectStatement(policy, reason="Statement is neither an object nor a list")]
    variables = document.get("Version") == _WITH_VARIABLES
    read = (_statement(policy, number, item, variables) for number, item in enumerate(listed))
    return [statement for statement in read if statement is not None]


def _decoded(document: t.Any) -> t.Any:
    """Return the decoded document. IAM returns JSON text that is URL-encoded; botocore decodes it if it is valid."""
    if not isinstance(document, str):
        return document
    for text in (document, unquote(document)):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            continue
    return None


def _statement(policy: Policy, number: int, item: t.Any, variables: bool) -> ConnectStatement | None:
    """Return a statement, or None if it is certainly not about ``rds-db:connect``."""
    if not isinstance(item, t.Mapping):
        return ConnectStatement(policy, number, reason="the statement is not an object")
    sid, effect = item.get("Sid"), item.get("Effect")
    known_effect = effect if effect in (ALLOW, DENY) else ""
    read = _Elements(item)
    if read.cannot_concern():
        return None
    statement = ConnectStatement(
        policy, number, None if sid is None else str(sid), str(known_effect), tuple(read.matching_actions())
    )
    reason = read.problem() if known_effect else "Effect is neither Allow nor Deny"
    resources = read.resources if reason is None else None
    if resources is None:
        return _with(statement, reason=reason)
    patterns, unread = _patterns(resources, variables)
    if not patterns and not unread:
        return None
    return _with(statement, patterns=tuple(patterns), unread=tuple(unread))


def _with(statement: ConnectStatement, **changes: t.Any) -> ConnectStatement:
    values = {name: getattr(statement, name) for name in ("policy", "number", "sid", "effect", "actions")}
    return ConnectStatement(**values, **changes)


def _patterns(resources: t.Sequence[str], variables: bool) -> tuple[list[LoginPattern], list[UnreadResource]]:
    """Return the resources that can be database users, and those that cannot be analysed."""
    patterns, unread = [], []
    for text in dict.fromkeys(resources):
        read = read_pattern(text, variables=variables)
        if isinstance(read, str):
            # a variable in the ARN of another service does not concern logins
            names_other = text.startswith("arn:") and not _can_name_service(text)
            unread += [] if names_other else [UnreadResource(text, read)]
        elif read.can_be_login or (read.names_service and not read.is_complete):
            patterns.append(read)
    return patterns, unread


def _can_name_service(text: str) -> bool:
    parts = text.split(":", 5)
    return len(parts) < 3 or "$" in parts[2] or "$" in parts[1] or matches_wildcards(parts[2], "rds-db")


class _Elements:
    """The elements of a statement, of which each may have any JSON value."""

    def __init__(self, item: t.Mapping[str, t.Any]) -> None:
        self._item = item
        self._actions = _texts(item.get("Action"))
        self._other_actions = _texts(item.get("NotAction"))
        self.resources = _texts(item.get("Resource"))

    def cannot_concern(self) -> bool:
        """Whether a valid statement certainly concerns other actions."""
        if "Action" in self._item and "NotAction" not in self._item:
            return self._actions is not None and not self.matching_actions()
        if "NotAction" in self._item and "Action" not in self._item:
            return any(_matches(action) for action in self._other_actions or ())
        return False

    def matching_actions(self) -> list[str]:
        return [action for action in self._actions or () if _matches(action)]

    def problem(self) -> str | None:
        """Return why the statement cannot be analysed, or None."""
        item = self._item
        for name in ("Action", "Resource"):
            if f"Not{name}" in item and name not in item:
                return f"it has Not{name}, which covers everything that it does not list"
            if (name in item) == (f"Not{name}" in item):
                return f"it does not have exactly one of {name} and Not{name}"
        for name, texts in (("Action", self._actions), ("Resource", self.resources)):
            if texts is None:
                return f"{name} is neither a string nor a list of strings"
        if item.get("Condition"):
            return f"it has a condition{_condition_keys(item['Condition'])}, whose result depends on the request"
        return None


def _matches(action: str) -> bool:
    """Return whether a pattern matches the action. Actions are not case-sensitive."""
    return matches_wildcards(action.lower(), ACTION)


def _texts(value: t.Any) -> list[str] | None:
    """Return a list of strings, or None if the value is something else."""
    listed = value if isinstance(value, list) else [value]
    return listed if listed and all(isinstance(text, str) for text in listed) else None


def _condition_keys(block: t.Any) -> str:
    if not isinstance(block, t.Mapping):
        return ""
    keys = sorted({str(key) for tests in block.values() if isinstance(tests, t.Mapping) for key in tests})
    return f" on {', '.join(keys)}" if keys else ""
