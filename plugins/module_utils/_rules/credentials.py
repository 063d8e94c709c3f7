# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What an error of AWS says about the credentials of a request.

This is private to the collection.
"""

from __future__ import annotations

import re

from .._model import login_cause as cause

_EXPIRED_CODES = ("ExpiredToken", "ExpiredTokenException")
_SKEW_CODES = ("RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed")
_INVALID_CODES = (
    "AuthFailure",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
# AWS returns SignatureDoesNotMatch for such a request, too (aws-cli, issue 6676)
_SKEW_TEXT = re.compile(r"Signature (expired|not yet current)")


def credential_cause(code: str, message: str = "") -> str | None:
    """Return the cause that an error of AWS stands for, or None if the error is not about the credentials."""
    if code in _SKEW_CODES or _SKEW_TEXT.search(message):
        return cause.CLOCK_SKEW
    if code in _EXPIRED_CODES:
        return cause.CREDENTIALS_EXPIRED
    return cause.CREDENTIALS_INVALID if code in _INVALID_CODES else None
