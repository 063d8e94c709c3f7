# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The exceptions that the collection raises itself. Everything that fails a module is one of them.

This is private to the collection.
"""

from __future__ import annotations

import typing as t


class RdsError(Exception):
    """Something that the user must hear of. ``result`` is what the module returns beside the message."""

    def __init__(self, message: str, *, result: t.Mapping[str, t.Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.result = dict(result or {})


class InputError(RdsError):
    """An option says something that cannot be meant; nothing was asked of AWS to change."""


class CallError(RdsError):
    """AWS refused a call, or it could not be made.

    ``code`` is AWS's wire code (``InvalidDBInstanceState``), or the name of the exception where no answer came.
    ``passing``: the same call may well succeed a little later (throttled, cut off, AWS's own fault).
    ``unanswered``: no answer came to a call that changes something, or AWS failed at it, now or at an attempt before:
    it may have been carried out all the same. ``fault``: AWS failed at it (HTTP 500 and above).
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
        passing: bool = False,
        unanswered: bool = False,
        fault: bool = False,
        unreachable: bool = False,
        missing: bool = False,
        wrong_state: bool = False,
        exists: bool = False,
    ) -> None:
        super().__init__(
            f"{operation}: {message} ({code})",
            result={
                "error": {
                    "operation": operation,
                    "code": code,
                    "message": message,
                    "request_id": request_id,
                }
            },
        )
        self.operation = operation
        self.code = code
        self.detail = message
        self.passing = passing
        self.unanswered = unanswered
        self.fault = fault
        self.unreachable = unreachable
        self.missing = missing
        self.wrong_state = wrong_state
        self.exists = exists

    @property
    def unknown_outcome_reason(self) -> str:
        """Return why it is unknown whether an ``unanswered`` call was carried out."""
        if self.fault:
            return f"AWS returned an internal error for {self.operation}, and may have carried it out"
        return f"the response to {self.operation} was lost, and RDS may have carried it out"
