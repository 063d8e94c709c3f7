# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The certificate authority of the simulator."""

from __future__ import annotations

import ssl
from collections.abc import Iterable

import trustme


class CertificateAuthority:
    """Issues the certificates of the endpoints. Its own key exists in memory only."""

    def __init__(self) -> None:
        self._authority = trustme.CA(organization_name="RDS simulator")

    @property
    def pem(self) -> bytes:
        """Return the certificate of the authority, which clients have to trust."""
        return self._authority.cert_pem.bytes()

    def certificate(self, names: Iterable[str]) -> bytes:
        """Return a private key and a certificate for these names, as PEM, for a server that ends TLS itself."""
        return self._authority.issue_cert(*sorted(names)).private_key_and_cert_chain_pem.bytes()

    def server_context(self, names: Iterable[str]) -> ssl.SSLContext:
        """Return the TLS settings of a server, with a certificate for these host names and IP addresses."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["postgresql"])
        self._authority.issue_cert(*names).configure_cert(context)
        return context
