# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The errors that RDS returns, by wire code (not by shape name)."""

from __future__ import annotations

from functools import lru_cache

from moto.core.exceptions import ServiceException
from moto.core.utils import get_service_model

# The service model lacks these codes; see "Common errors" in the RDS API reference.
_UNMODELLED_STATUS = {
    "AccessDenied": 403,
    "AccessDeniedException": 403,
    "ExpiredToken": 403,
    "InvalidClientTokenId": 403,
    "SignatureDoesNotMatch": 403,
    "OptInRequired": 403,
    "InternalFailure": 500,
    "InternalError": 500,
    "ServiceUnavailable": 503,
}


class AwsError(ServiceException):
    """An error response. ``code`` is the wire code, ``status`` the HTTP status."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """Return the HTTP status that AWS sends with this code, or 400 for an unknown code."""
        return _UNMODELLED_STATUS.get(self.code) or modelled_statuses().get(self.code, 400)


@lru_cache(maxsize=1)
def modelled_statuses() -> dict[str, int]:
    """Return the HTTP status of each wire code, from botocore's model of RDS."""
    statuses = {}
    for shape in get_service_model("rds").error_shapes:
        error = shape.metadata.get("error", {})
        statuses[error.get("code", shape.name)] = int(error.get("httpStatusCode", 400))
    return statuses


def not_implemented(what: str) -> AwsError:
    """Return the error for a feature of RDS that the simulator does not implement."""
    return AwsError("SimulatorNotImplemented", f"The simulator does not implement {what}.")
