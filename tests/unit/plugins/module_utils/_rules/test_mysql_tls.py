# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A TLS requirement that is as strong as those of two accounts."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.mysql_tls import combined_tls, tls_text

TLS, CERTIFICATE = {"SSL": None}, {"X509": None}
CIPHER, ISSUER, SUBJECT = {"CIPHER": "AES"}, {"ISSUER": "/CN=ca"}, {"SUBJECT": "/CN=app"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, TLS),
        (TLS, {}, TLS),
        (CERTIFICATE, {}, CERTIFICATE),
        (CERTIFICATE, TLS, CERTIFICATE),
        (CIPHER, TLS, CIPHER),
        (ISSUER, CERTIFICATE, ISSUER),
        (SUBJECT, CERTIFICATE, SUBJECT),
        (ISSUER, SUBJECT, {**ISSUER, **SUBJECT}),
        (CIPHER, ISSUER, {**CIPHER, **ISSUER}),
        ({**CIPHER, **SUBJECT}, CERTIFICATE, {**CIPHER, **SUBJECT}),
        (CIPHER, CERTIFICATE, None),
        (CIPHER, {"CIPHER": "CHACHA"}, None),
        (ISSUER, {"ISSUER": "/CN=other"}, None),
    ],
)
def test_combined_requirement_is_as_strong_as_each(first, second, expected):
    assert combined_tls(first, second) == combined_tls(second, first) == expected


def test_requirement_as_text():
    assert [tls_text(one) for one in (TLS, {**SUBJECT, **CIPHER})] == ["SSL", "CIPHER 'AES' AND SUBJECT '/CN=app'"]
