# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The condition operators (IAM user guide, reference_policies_elements_condition_operators, ✓)."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from .patterns import Context, matches, matches_arn, resolve

_Match = Callable[[str, str, Context, bool], bool]
_SET_PREFIXES = {"forallvalues": "all", "foranyvalue": "any"}
_IF_EXISTS = "ifexists"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


@dataclass(frozen=True)
class Operator:
    """A condition operator: ``quantifier`` is ``all``, ``any`` or empty."""

    name: str
    quantifier: str = ""
    if_exists: bool = False


@dataclass(frozen=True)
class Condition:
    """One operator with one key. Its values are alternatives."""

    operator: Operator
    key: str
    values: tuple[str, ...]


def parse_operator(text: str) -> Operator | None:
    """Return the operator with this name, which is not case-sensitive, or None if there is none."""
    prefix, colon, base = text.lower().rpartition(":")
    if colon and prefix not in _SET_PREFIXES:
        return None
    if_exists = base.endswith(_IF_EXISTS)
    name = base.removesuffix(_IF_EXISTS)
    if name not in _OPERATORS and (name != "null" or if_exists):
        return None
    return Operator(name, _SET_PREFIXES.get(prefix, ""), if_exists)


def holds(condition: Condition, context: Context, *, variables: bool) -> bool:
    """Return whether a condition holds.

    A key that the request does not have: true for ``…IfExists``, for negated operators and for ForAllValues; otherwise
    false. ForAnyValue is false also with a negated operator (✓). A key with several values requires ForAllValues or
    ForAnyValue; without them, the condition does not hold (?).
    """
    operator, values = condition.operator, context.get(condition.key.lower(), ())
    if operator.name == "null":
        return any(value.lower() == ("false" if values else "true") for value in condition.values)
    match, negated = _OPERATORS[operator.name]

    def accepts(value: str) -> bool:
        return any(match(item, value, context, variables) for item in condition.values) is not negated

    if not values:
        return operator.if_exists or operator.quantifier == "all" or (negated and not operator.quantifier)
    if operator.quantifier:
        return all(map(accepts, values)) if operator.quantifier == "all" else any(map(accepts, values))
    return len(values) == 1 and accepts(values[0])


def _string_equals(item: str, value: str, context: Context, variables: bool) -> bool:
    return resolve(item, context, variables=variables) == value


def _string_equals_ignore_case(item: str, value: str, context: Context, variables: bool) -> bool:
    resolved = resolve(item, context, variables=variables)
    return resolved is not None and resolved.lower() == value.lower()


def _string_like(item: str, value: str, context: Context, variables: bool) -> bool:
    return matches(item, value, context, variables=variables)


def _arn_like(item: str, value: str, context: Context, variables: bool) -> bool:
    """ArnEquals and ArnLike are the same (✓)."""
    return matches_arn(item, value, context, variables=variables, complete=False)


def _bool(item: str, value: str, _context: Context, _variables: bool) -> bool:
    return item.lower() == value.lower() and value.lower() in ("true", "false")


def _ip_address(item: str, value: str, _context: Context, _variables: bool) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(item, strict=False)
    except ValueError:
        return False


def _binary(item: str, value: str, _context: Context, _variables: bool) -> bool:
    try:
        return base64.b64decode(item, validate=True) == base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _moment(text: str) -> float | None:
    """Return seconds since 1970 of a W3C ISO 8601 date or of an epoch time (✓)."""
    is_year = re.fullmatch(r"\d{4}", text)
    if _NUMBER.fullmatch(text) and not is_year:
        return float(text)
    try:
        parsed = datetime.fromisoformat(f"{text}-01-01" if is_year else text.upper().replace("Z", "+00:00"))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).timestamp()


def _compare(read: Callable[[str], float | None], test: Callable[[float, float], bool]) -> _Match:
    def match(item: str, value: str, _context: Context, _variables: bool) -> bool:
        wanted, given = read(item), read(value)
        return wanted is not None and given is not None and test(given, wanted)

    return match


def _comparisons(prefix: str, read: Callable[[str], float | None]) -> dict[str, tuple[_Match, bool]]:
    equal = _compare(read, lambda given, wanted: given == wanted)
    return {
        f"{prefix}equals": (equal, False),
        f"{prefix}notequals": (equal, True),
        f"{prefix}lessthan": (_compare(read, lambda given, wanted: given < wanted), False),
        f"{prefix}lessthanequals": (_compare(read, lambda given, wanted: given <= wanted), False),
        f"{prefix}greaterthan": (_compare(read, lambda given, wanted: given > wanted), False),
        f"{prefix}greaterthanequals": (_compare(read, lambda given, wanted: given >= wanted), False),
    }


# The name in lower case: how a policy value matches, and whether the operator is negated.
_OPERATORS: dict[str, tuple[_Match, bool]] = {
    "stringequals": (_string_equals, False),
    "stringnotequals": (_string_equals, True),
    "stringequalsignorecase": (_string_equals_ignore_case, False),
    "stringnotequalsignorecase": (_string_equals_ignore_case, True),
    "stringlike": (_string_like, False),
    "stringnotlike": (_string_like, True),
    "bool": (_bool, False),
    "binaryequals": (_binary, False),
    "ipaddress": (_ip_address, False),
    "notipaddress": (_ip_address, True),
    "arnequals": (_arn_like, False),
    "arnlike": (_arn_like, False),
    "arnnotequals": (_arn_like, True),
    "arnnotlike": (_arn_like, True),
    **_comparisons("numeric", _number),
    **_comparisons("date", _moment),
}
