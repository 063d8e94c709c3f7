# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Policy documents, parsed and checked against the grammar of the IAM user guide (reference_policies_grammar)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .conditions import Condition, parse_operator

_VERSIONS = ("2012-10-17", "2008-10-17")
_TOP_ELEMENTS = {"Version", "Id", "Statement"}
_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


class PolicyError(ValueError):
    """A document that is not a valid identity-based policy."""


@dataclass(frozen=True)
class Statement:
    """One statement. ``number`` counts from 0 in the document."""

    number: int
    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    negated_actions: bool
    negated_resources: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Policy:
    """A policy document. ``name`` and ``source`` tell where it is attached, for the matched statements."""

    statements: tuple[Statement, ...]
    variables: bool
    text: str = ""
    name: str = ""
    source: str = "none"


def parse_policy(document: str | Mapping[str, Any], *, name: str = "", source: str = "none") -> Policy:
    """Return a policy; raise PolicyError, with the element, if the document is invalid."""
    text = document if isinstance(document, str) else json.dumps(document)
    statements, variables = _parse(text)
    return Policy(statements, variables, text, name, source)


@lru_cache(maxsize=2048)
def _parse(text: str) -> tuple[tuple[Statement, ...], bool]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise PolicyError(f"invalid JSON: {error}") from None
    if not isinstance(document, dict):
        raise PolicyError("must be a JSON object")
    _refuse_unknown(document, _TOP_ELEMENTS, "document")
    version = document.get("Version", _VERSIONS[1])
    if version not in _VERSIONS:
        raise PolicyError(f"Version: {version!r}: must be one of {', '.join(_VERSIONS)}")
    statements = document.get("Statement")
    listed = statements if isinstance(statements, list) else [statements]
    if not listed or not all(isinstance(item, dict) for item in listed):
        raise PolicyError("Statement: must be an object, or a list of objects")
    return tuple(_statement(number, item) for number, item in enumerate(listed)), version == _VERSIONS[0]


def _refuse_unknown(element: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(element.keys() - known)
    if unknown:
        raise PolicyError(f"{where}: unknown element {unknown[0]!r}")


def _statement(number: int, item: Mapping[str, Any]) -> Statement:
    where = f"Statement[{number}]"
    _refuse_unknown(item, _ELEMENTS, where)
    if item.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(f"{where}.Effect: must be Allow or Deny")
    actions, negated_actions = _one_of(item, "Action", where)
    resources, negated_resources = _one_of(item, "Resource", where)
    for action in actions:
        if action != "*" and not all(action.partition(":")):
            raise PolicyError(f"{where}: action {action!r}: must be '*' or SERVICE:ACTION")
    for resource in resources:
        if resource != "*" and not resource.startswith("arn:"):
            raise PolicyError(f"{where}: resource {resource!r}: must be '*' or an ARN")
    return Statement(
        number,
        str(item.get("Sid", "")),
        item["Effect"],
        actions,
        resources,
        negated_actions,
        negated_resources,
        tuple(_conditions(item.get("Condition", {}), where)),
    )


def _one_of(item: Mapping[str, Any], name: str, where: str) -> tuple[tuple[str, ...], bool]:
    """Return the values of an element or of its Not… form, and whether it is the latter."""
    present = [key for key in (name, f"Not{name}") if key in item]
    if len(present) != 1:
        raise PolicyError(f"{where}: must have either {name} or Not{name}")
    value = item[present[0]]
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(text, str) and text for text in values):
        raise PolicyError(f"{where}.{present[0]}: must be a string, or a list of strings")
    return tuple(values), present[0] != name


def _conditions(block: Any, where: str) -> list[Condition]:
    if not isinstance(block, dict):
        raise PolicyError(f"{where}.Condition: must be an object")
    conditions = []
    for operator, keys in block.items():
        parsed = parse_operator(operator)
        if parsed is None:
            raise PolicyError(f"{where}.Condition: unknown operator {operator!r}")
        if not isinstance(keys, dict):
            raise PolicyError(f"{where}.Condition.{operator}: must be an object")
        for key, value in keys.items():
            listed = value if isinstance(value, list) else [value]
            conditions.append(Condition(parsed, key, tuple(_scalar(item, f"{where}.{operator}") for item in listed)))
    return conditions


def _scalar(value: Any, where: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise PolicyError(f"{where}: {value!r}: must be a string, a number or a Boolean")
