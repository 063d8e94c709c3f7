# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options with which the database collections log in by token, over verified TLS.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import Endpoint
from .._options.token import POSTGRESQL, TOKEN, TokenOptions


def render_token(token: str, endpoint: Endpoint, options: TokenOptions) -> str | dict[str, t.Any]:
    """Return the token itself, or a dictionary of login options that contains it."""
    if options.result == TOKEN:
        return token
    login = {
        "login_host": endpoint.address,
        "login_port": endpoint.port,
        "login_user": options.username,
        "login_password": token,
        "ca_cert": options.ca_cert,
    }
    return {**login, **(_postgresql() if options.result == POSTGRESQL else _mysql())}


def _postgresql() -> dict[str, t.Any]:
    """Return the TLS options of community.postgresql.

    By default, libpq prefers GSSAPI encryption to TLS and then verifies no certificate.
    Source: the fragment ``postgres`` of community.postgresql. ``login_port`` is an option or an alias in all versions,
    and ``connect_params`` exists since 2.3.0.
    """
    return {"ssl_mode": "verify-full", "connect_params": {"gssencmode": "disable"}}


def _mysql() -> dict[str, t.Any]:
    """Return the TLS options of community.mysql, without the configuration file, which could replace them.

    Source: the fragment ``mysql`` of community.mysql. PyMySQL verifies the certificate if ``ca_cert`` is set, but only
    version 1.2 and later refuse a server that offers no TLS (PyMySQL, changelog of 1.2.0).
    """
    return {"check_hostname": True, "config_file": ""}
