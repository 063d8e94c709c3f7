# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The TLS requirements of accounts of MySQL and MariaDB, in the format of the module ``mysql_user``.

Sources: MySQL Reference Manual, "CREATE USER SSL/TLS Options"; MariaDB, "CREATE USER". An account has SSL, X509, or any
of CIPHER, ISSUER and SUBJECT. ISSUER and SUBJECT require a certificate, as X509 does. CIPHER does not.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

Requirement = t.Mapping[str, t.Any]
SSL, X509, CIPHER, ISSUER, SUBJECT = "SSL", "X509", "CIPHER", "ISSUER", "SUBJECT"


def combined_tls(*requirements: Requirement) -> dict[str, t.Any] | None:
    """Return the TLS requirement that is as strong as each of these, and at least TLS.

    Return None if no account can have it: another value for the same option, or CIPHER and X509 without a name.
    """
    details: dict[str, t.Any] = {}
    for requirement in requirements:
        for option in (CIPHER, ISSUER, SUBJECT):
            if option in requirement and details.setdefault(option, requirement[option]) != requirement[option]:
                return None
    needs_certificate = any(X509 in requirement for requirement in requirements)
    if not details:
        return {X509: None} if needs_certificate else {SSL: None}
    if needs_certificate and not {ISSUER, SUBJECT} & details.keys():
        return None
    return details


def tls_text(requirement: Requirement) -> str:
    """Return a requirement as SQL shows it after REQUIRE."""
    return " AND ".join(name if value is None else f"{name} '{value}'" for name, value in sorted(requirement.items()))
