# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The certificates of endpoints, which are issued at the first login."""

from __future__ import annotations

import ssl

from .endpoints import Endpoint
from .tls import CertificateAuthority


def endpoint_context(authority: CertificateAuthority, endpoint: Endpoint) -> ssl.SSLContext:
    """Return the TLS settings of an endpoint.

    The certificate is issued when a handshake needs it, so that many endpoints cost little, and again after the
    endpoint got another name.
    """
    issued: dict[str, ssl.SSLContext] = {}

    def choose(connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        address = endpoint.address
        if address not in issued:
            issued.clear()
            issued[address] = authority.server_context([address])
        connection.context = issued[address]

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["postgresql"])
    # The callback also runs for clients that send no name. The certificate does not depend on the name.
    context.sni_callback = choose
    return context
