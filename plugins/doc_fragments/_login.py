# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The options of the modules that log in to a database. Each module describes the database and the user itself."""

    DOCUMENTATION = r"""
options:
  db_cluster_identifier:
    description:
      - The name or ARN of an Aurora or Multi-AZ DB cluster. The module logs in at its writer endpoint.
    type: str
  login_port:
    description:
      - The port of O(login_host). The default is V(5432) for PostgreSQL, and V(3306) for MySQL and MariaDB.
    type: int
  engine:
    description:
      - The engine of the database at O(login_host). Required with O(login_host), and invalid without it.
    type: str
    choices: [aurora-mysql, aurora-postgresql, mariadb, mysql, postgres]
  connect_host:
    description:
      - The host to which the module connects, if it is not the endpoint itself, for example V(127.0.0.1) for a tunnel.
      - The token and the verification of the certificate still use the endpoint.
    type: str
  connect_port:
    description:
      - The port to which the module connects. The default is the port of the endpoint.
    type: int
  ca_cert:
    description:
      - The path of the CA bundle that verifies the certificate of the server, on the host that runs the module.
      - AWS publishes the bundle at U(https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem).
    type: path
    required: true
requirements:
  - psycopg >= 3.1 with libpq 12 or later, for PostgreSQL
  - PyMySQL >= 1.2, for MySQL and MariaDB. Older versions send the token without encryption if the server does not offer
    TLS, so the module refuses them.
"""
