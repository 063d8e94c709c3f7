# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Convert every failure to read a response to a CallError. The endpoint can return any content.

This is private to the collection.
"""

from __future__ import annotations

import contextvars
import datetime as dt
import functools
import inspect
import typing as t

from .._model.errors import CallError, shortened
from .._model.secrets import hide_secrets

_C = t.TypeVar("_C")

# what botocore and the translation of a response raise if it has another form than the API model
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_ONLY_READ = ("Describe", "Filter", "Get", "List", "Simulate")

_TYPES: dict[str, t.Any] = {
    "blob": bytes,
    "boolean": bool,
    "double": (float, int),
    "float": (float, int),
    "integer": int,
    "list": list,
    "long": int,
    "map": dict,
    "string": str,
    "structure": dict,
    "timestamp": dt.datetime,
}
_POLICY = "policyDocumentType"

_operation: contextvars.ContextVar[str] = contextvars.ContextVar("operation")


def start_operation(operation: str) -> None:
    """Set the operation whose response the current thread reads."""
    _operation.set(operation)


def may_change(operation: str) -> bool:
    """Return whether an operation changes something."""
    return not operation.startswith(_ONLY_READ)


def check_types(value: t.Any, shape: t.Any, name: str = "response") -> None:
    """Raise TypeError if a value has another type than its shape in the API model.

    botocore returns the elements of XML if one that must be single is repeated, and any value of a JSON document.
    """
    kind = shape.type_name
    # botocore decodes the policy documents of IAM
    if not isinstance(value, _TYPES[kind]) and shape.name != _POLICY:
        raise TypeError(f"{name} is not a {kind}")
    for member, inner, expected in _inner(value, shape, name):
        check_types(inner, expected, member)


def _inner(value: t.Any, shape: t.Any, name: str) -> t.Iterator[tuple[str, t.Any, t.Any]]:
    """Yield the name, the value and the shape of each value inside a value."""
    kind = shape.type_name
    if kind == "structure":
        members = shape.members
        yield from ((member, inner, members[member]) for member, inner in value.items() if member in members)
    elif kind == "list":
        yield from ((name, inner, shape.member) for inner in value)
    elif kind == "map":
        yield from ((name, inner, shape.value) for inner in value.values())


def unreadable(operation: str, error: Exception, secrets: t.Collection[str] = ()) -> CallError:
    """Return the error for a response that cannot be read. A value that cannot be encoded was never sent."""
    unsent = isinstance(error, UnicodeEncodeError)
    reason = f"no {error}" if isinstance(error, KeyError) else f"{type(error).__name__}: {shortened(str(error))}"
    message = f"the {'request cannot be sent' if unsent else 'response cannot be read'}: {reason}"
    return CallError(
        operation=operation,
        code="InvalidRequest" if unsent else "InvalidResponse",
        message=hide_secrets(message, secrets),
        outcome_unknown=may_change(operation) and not unsent,
        unsent=unsent,
        no_response=not unsent,
    )


def reads_responses(client: type[_C]) -> type[_C]:
    """Make the public methods of a client raise CallError for a response that lacks something or has another form."""
    for name, method in list(vars(client).items()):
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(client, name, _checked(method))
    return client


def _checked(method: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    @functools.wraps(method)
    def call(*arguments: t.Any, **named: t.Any) -> t.Any:
        before = _operation.set("")
        try:
            return method(*arguments, **named)
        except UNREADABLE as error:
            operation = _operation.get()
            if not operation:  # no call was made, so this is a fault of the collection
                raise
            raise unreadable(operation, error) from error
        finally:
            _operation.reset(before)

    return call
