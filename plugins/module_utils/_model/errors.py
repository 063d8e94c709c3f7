# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The exceptions that the collection raises itself. Everything that fails a module is one of them.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .result import Result


class RdsError(Exception):
    """Something that the user must hear of. ``result`` is what the module returns beside the message."""

    def __init__(self, message: str, *, result: Result | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.result = result

    def render(self) -> dict[str, t.Any]:
        """Return the keys that the module returns beside the message."""
        rendered = self.result.render() if self.result else {}
        return {key: value for key, value in rendered.items() if key != "msg"}


_LONGEST_QUOTE = 200


def quoted(text: str) -> str:
    """Return a text in quotation marks for an error message, shortened where it is longer than any name or ARN."""
    return f"{text[:_LONGEST_QUOTE]!r}{_rest(text)}"


def shortened(text: str) -> str:
    """Return a text for an error message like ``quoted``, without quotation marks."""
    return f"{text[:_LONGEST_QUOTE]}{_rest(text)}"


def _rest(text: str) -> str:
    return f"... ({len(text)} characters)" if len(text) > _LONGEST_QUOTE else ""


class InputError(RdsError):
    """An option says something that cannot be meant; nothing was asked of AWS to change."""


class CallError(RdsError):
    """AWS refused a call, or it could not be made.

    ``code`` is AWS's wire code (``InvalidDBInstanceState``), or the name of the exception where no answer came.
    ``passing``: the same call may well succeed a little later (throttled, cut off, AWS's own fault).
    ``unanswered``: no answer came to a call that changes something, or AWS failed at it, now or at an attempt before:
    it may have been carried out all the same. ``fault``: AWS failed at it (HTTP 500 and above).
    ``unsent``: AWS has never received it. ``no_response``: AWS may have received it, and sent no valid response.
    ``unreachable``: nothing answers at the endpoint. ``missing``: the thing asked for does not exist.
    ``wrong_state``: the database's status does not allow the call now. ``exists``: the name is taken.
    """

    def __init__(
        self,
        *,
        operation: str,
        code: str,
        message: str,
        request_id: str | None = None,
        retryable: bool = False,
        outcome_unknown: bool = False,
        fault: bool = False,
        unsent: bool = False,
        no_response: bool = False,
        unreachable: bool = False,
        missing: bool = False,
        invalid_state: bool = False,
        exists: bool = False,
    ) -> None:
        super().__init__(f"{operation}: {message} ({code})")
        self.operation = operation
        self.code = code
        self.detail = message
        self.request_id = request_id
        self.retryable = retryable
        self.outcome_unknown = outcome_unknown
        self.fault = fault
        self.unsent = unsent
        self.no_response = no_response
        self.unreachable = unreachable
        self.missing = missing
        self.invalid_state = invalid_state
        self.exists = exists

    def render(self) -> dict[str, t.Any]:
        """Return the error as the module returns it."""
        return {
            "error": {
                "operation": self.operation,
                "code": self.code,
                "message": self.detail,
                "request_id": self.request_id,
            }
        }

    @property
    def failure(self) -> str:
        """Return how the call failed: AWS refused it, did not answer it, or never received it."""
        if self.unsent:
            return f"{self.operation} could not be sent to AWS"
        if self.no_response:
            return f"there was no valid response to {self.operation}"
        return f"AWS refused {self.operation}"

    @property
    def unknown_outcome_reason(self) -> str:
        """Return why it is unknown whether an ``unanswered`` call was carried out."""
        if self.fault:
            return f"AWS returned an internal error for {self.operation}, and may have carried it out"
        return f"the response to {self.operation} was lost, and RDS may have carried it out"
