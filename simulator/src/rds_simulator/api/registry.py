# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The registry of operations, and the parsing and validation of requests.

moto parses a request, and the simulator validates it against botocore's input model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.utils import parse_timestamp
from botocore.validate import ParamValidator
from moto.core.parse import QueryParser
from moto.core.utils import get_service_model

from ..errors import AwsError, not_implemented

if TYPE_CHECKING:
    from ..state.backend import Backend
    from ..state.world import World
_ENVELOPE = ("Action", "Version")
_BOOLEANS = ("true", "false")


@dataclass(frozen=True)
class ApiRequest:
    """One request for one account and Region. ``parameters`` contains typed values by API name."""

    world: World
    backend: Backend
    operation: str
    parameters: dict[str, Any]


Handler = Callable[[ApiRequest], dict[str, Any]]
_HANDLERS: dict[str, Handler] = {}


def operation(name: str) -> Callable[[Handler], Handler]:
    """Register the function that implements an operation."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[name] = handler
        return handler

    return register


def implemented() -> list[str]:
    """Return the names of the implemented operations."""
    return sorted(_HANDLERS)


def find_handler(name: str) -> Handler:
    """Return the function that implements an operation; raise AwsError if there is none."""
    if name not in _HANDLERS:
        raise not_implemented(f"the operation {name}")
    return _HANDLERS[name]


def parse_parameters(operation_name: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the typed parameters of a request; raise AwsError if the model does not allow the request.

    Source: botocore's model; codes as in "Common errors" of the RDS API reference.
    """
    service = get_service_model("rds")
    if operation_name not in service.operation_names:
        raise AwsError(
            "InvalidAction",
            f"Could not find operation {operation_name} for version 2014-10-31",
        )
    model = service.operation_model(operation_name)
    if model.input_shape is None:
        return {}
    _refuse_unknown(model.input_shape, form)
    try:
        # The parser of the query protocol reads only the values of a request.
        asked: Any = {"values": form}
        parsed = QueryParser(model, timestamp_parser=parse_timestamp).parse(asked)
    except ValueError as error:
        raise AwsError("MalformedInput", str(error)) from None
    _refuse_invalid(parsed, model.input_shape)
    return dict(parsed)


def _refuse_unknown(shape: Any, form: Mapping[str, str]) -> None:
    known = {}
    for name, member in shape.members.items():
        known[member.serialization.get("name", name)] = member
    for key, value in form.items():
        top = key.partition(".")[0]
        if top in _ENVELOPE:
            continue
        if top not in known:
            raise AwsError("ValidationError", f"Unknown parameter: {top}")
        if known[top].type_name == "boolean" and value.lower() not in _BOOLEANS:
            raise AwsError("MalformedInput", f"Invalid value for boolean {top}: {value}")


def _refuse_invalid(parameters: dict[str, Any], shape: Any) -> None:
    for name in shape.required_members:
        if name not in parameters:
            raise AwsError("MissingParameter", f"The request must contain the parameter {name}")
    report = ParamValidator().validate(parameters, shape)
    if report.has_errors():
        raise AwsError("ValidationError", report.generate_report())
