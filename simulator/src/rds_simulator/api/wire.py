# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""XML responses, generated from botocore's output shapes.

moto's serializer takes 160 ms for a page of 100 instances. This module compiles each shape once into a tree of
writers. A record member that the shape does not have is an error, so that a response contains only what RDS could
return.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from moto.core.utils import get_service_model

from ..errors import AwsError

_NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/"
_Writer = Callable[[Any, list[str]], None]

# Members that RDS returns today and that older models of botocore lack (the oldest supported one is 1.34). An older
# client does not see them, as with the real RDS.
_NEWER = frozenset(("DatabaseInsightsMode", "EngineLifecycleSupport", "InternetAccessGatewayEnabled"))

# The same for members that other shapes have had for longer.
_NEWER_OF_BACKUPS = {
    "DBSnapshot": ("BackupRetentionPeriod", "PreferredBackupWindow"),
    "DBClusterSnapshot": ("BackupRetentionPeriod", "PreferredBackupWindow"),
    "DBInstanceAutomatedBackup": ("PreferredBackupWindow", "TagList"),
    "DBClusterAutomatedBackup": ("PreferredBackupWindow", "TagList"),
}

# "Returned only when there are pending changes" (model ✓). The model states the same about instances, but real
# responses for instances contain an empty structure (△).
_ABSENT_WHEN_EMPTY = {"DBCluster": "PendingModifiedValues"}


def result_xml(operation: str, result: dict[str, Any], request_id: str) -> str:
    """Return the XML of a successful response."""
    wrapper, write = _operation_writer(operation)
    parts = [f'<{operation}Response xmlns="{_NAMESPACE}">']
    if wrapper is not None:
        parts.append(f"<{wrapper}>")
        write(result, parts)
        parts.append(f"</{wrapper}>")
    parts.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>")
    return "".join(parts)


def check(shape_name: str, value: dict[str, Any]) -> None:
    """Raise ValueError if a value has a member or a type that a shape of the model does not have."""
    try:
        _writer(shape_name)(value, [])
    except TypeError as error:
        raise ValueError(str(error)) from None


def error_xml(error: AwsError, request_id: str) -> str:
    """Return the XML of an error response."""
    kind = "Receiver" if error.status >= 500 else "Sender"
    return (
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>{kind}</Type>'
        f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )


@cache
def _operation_writer(operation: str) -> tuple[str | None, _Writer]:
    shape = get_service_model("rds").operation_model(operation).output_shape
    if shape is None:
        return None, _write_text
    wrapper = shape.serialization.get("resultWrapper", f"{operation}Result")
    return wrapper, _writer(shape.name)


@cache
def _writer(shape_name: str) -> _Writer:
    shape = get_service_model("rds").shape_for(shape_name)
    compilers = {"structure": _structure_writer, "list": _list_writer}
    if shape.type_name in compilers:
        return compilers[shape.type_name](shape)
    if shape.type_name == "map":
        raise NotImplementedError(f"no writer for the map {shape_name}")
    scalars = {"boolean": _write_boolean, "timestamp": _write_timestamp, "string": _write_text}
    return scalars.get(shape.type_name, _write_number)


def _structure_writer(shape: Any) -> _Writer:
    members: dict[str, tuple[str, str, _Writer]] = {}
    newer = _NEWER.union(_NEWER_OF_BACKUPS.get(shape.name, ()))
    absent = _ABSENT_WHEN_EMPTY.get(shape.name)

    def write(value: dict[str, Any], parts: list[str]) -> None:
        if not members:  # compiled at first use, because shapes can contain themselves
            for name, member in shape.members.items():
                tag = member.serialization.get("name", name)
                members[name] = (f"<{tag}>", f"</{tag}>", _writer(member.name))
        if not isinstance(value, dict):
            raise TypeError(f"{shape.name}: {value!r}: must be a dictionary")
        for name, item in value.items():
            if item is None or (name in newer and name not in members) or (name == absent and not item):
                continue
            try:
                opening, closing, writer = members[name]
            except KeyError:
                raise TypeError(f"{shape.name} has no member {name}") from None
            parts.append(opening)
            writer(item, parts)
            parts.append(closing)

    return write


def _list_writer(shape: Any) -> _Writer:
    tag = shape.member.serialization.get("name", "member")
    opening, closing = f"<{tag}>", f"</{tag}>"
    writer = _writer(shape.member.name)

    def write(value: list[Any], parts: list[str]) -> None:
        if not isinstance(value, list):
            raise TypeError(f"{shape.name}: {value!r}: must be a list")
        for item in value:
            parts.append(opening)
            writer(item, parts)
            parts.append(closing)

    return write


def _write_text(value: Any, parts: list[str]) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{value!r}: must be a string")
    parts.append(escape(value) if "&" in value or "<" in value or ">" in value else value)


def _write_number(value: Any, parts: list[str]) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r}: must be a number")
    parts.append(str(value))


def _write_boolean(value: Any, parts: list[str]) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r}: must be true or false")
    parts.append("true" if value else "false")


def _write_timestamp(value: Any, parts: list[str]) -> None:
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r}: must be a time")
    parts.append(value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z")
