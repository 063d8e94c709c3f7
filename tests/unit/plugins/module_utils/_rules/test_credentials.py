# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The errors of AWS are translated to what they say about the credentials."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model import login_cause as cause
from ansible_collections.passwordless.rds.plugins.module_utils._rules.credentials import credential_cause


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ExpiredTokenException", cause.CREDENTIALS_EXPIRED),
        ("UnrecognizedClientException", cause.CREDENTIALS_INVALID),
        ("AccessDenied", None),
        ("Throttling", None),
    ],
)
def test_credential_cause_of_error_code(code, expected):
    assert credential_cause(code) == expected


# aws-cli, issue 6676; common errors of the API references
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("SignatureDoesNotMatch", "Signature expired: 20261125T000000Z is now earlier than 20261125T010000Z"),
        (
            "InvalidSignatureException",
            "Signature not yet current: 20261125T010000Z is still later",
        ),
        ("RequestExpired", "Request has expired."),
        ("RequestTimeTooSkewed", ""),
    ],
)
def test_credential_cause_wrong_clock_is_clock_skew(code, message):
    assert credential_cause(code, message) == cause.CLOCK_SKEW
