# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Check the CA bundle that verifies the certificate of a server, before a connection is opened.

This is private to the collection.
"""

from __future__ import annotations

import ssl

from .._model.errors import InputError, quoted

_REMEDY = "Download the bundle from https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem."


def check_ca_bundle(path: str) -> None:
    """Read the CA bundle. Raises InputError if the file cannot be read, or contains no certificate in PEM format."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        raise InputError(
            f"ca_cert: {quoted(path)}: the file contains no certificate in PEM format. {_REMEDY}"
        ) from None
    except OSError as error:
        reason = f"the file cannot be read on the host that runs the module ({error.strerror})"
        raise InputError(f"ca_cert: {quoted(path)}: {reason}. {_REMEDY}") from None
