# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The exceptions of the collection. A module fails only with one of these exceptions.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .result import Result


class RdsError(Exception):
    """An error that fails the module. ``result`` contains the values that the module returns with the message."""

    def __init__(self, message: str, *, result: Result | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.result = result

    def render(self) -> dict[str, t.Any]:
        """Return the keys that the module returns beside the message."""
        rendered = self.result.render() if self.result else {}
        return {key: value for key, value in rendered.items() if key != "msg"}


_LONGEST_QUOTE = 200
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")


def quoted(text: str) -> str:
    """Return a text in quotation marks for an error message. A text longer than any name or ARN is shortened."""
    return f"{text[:_LONGEST_QUOTE]!r}{_rest(text)}"


def shortened(text: str) -> str:
    """Return a text for an error message like ``quoted``, without quotation marks."""
    return f"{text[:_LONGEST_QUOTE]}{_rest(text)}"


def _rest(text: str) -> str:
    return f"... ({len(text)} characters)" if len(text) > _LONGEST_QUOTE else ""


class InputError(RdsError):
    """An option has an invalid value. No change was requested from AWS."""


class MissingLibraryError(RdsError):
    """A Python library that the task needs cannot be imported. ``details`` is the traceback of the import."""

    def __init__(self, message: str, details: str) -> None:
        super().__init__(message)
        self.details = details

    def render(self) -> dict[str, t.Any]:
        """Return the traceback as Ansible shows it."""
        return {"exception": self.details}


class CallError(RdsError):
    """AWS refused an API call, or the call could not be made.

    ``code`` is the error code of AWS (``InvalidDBInstanceState``), or the name of the exception if no response arrived.

    - ``retryable``: the same call may succeed later, because it was throttled, cut off, or failed inside AWS.
    - ``outcome_unknown``: AWS may have carried out a call that changes something. This attempt or an earlier one got
      no response or an internal error.
    - ``fault``: AWS returned an internal error (HTTP 500 or above).
    - ``unsent``: AWS did not receive the call.
    - ``no_response``: AWS may have received the call, but sent no valid response.
    - ``unreachable``: no connection to the endpoint was possible.
    - ``missing``: the requested resource does not exist.
    - ``invalid_state``: the status of the database does not allow the call now.
    - ``exists``: the identifier is already in use.
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
    def denied(self) -> bool:
        """Whether the credentials lack the permission for the call."""
        return self.code in _DENIED

    @property
    def failure(self) -> str:
        """How the call failed: AWS refused it, did not respond to it, or never received it."""
        if self.unsent:
            return f"{self.operation} could not be sent to AWS"
        if self.no_response:
            return f"there was no valid response to {self.operation}"
        return f"AWS refused {self.operation}"

    @property
    def unknown_outcome_reason(self) -> str:
        """Why it is unknown whether AWS carried out a call with ``outcome_unknown``."""
        if self.fault:
            return f"AWS returned an internal error for {self.operation}, and may have carried it out"
        return f"the response to {self.operation} was lost, and RDS may have carried it out"
