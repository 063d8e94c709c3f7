#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_login_check
short_description: Log in to Amazon RDS or Aurora with a token, and find out why a login fails
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Logs in to a database with IAM database authentication, as an application does. The module signs a new token with
    the AWS credentials of the task, and verifies the TLS certificate of the server.
  - If the login fails, the module asks several witnesses for the cause. These are the server, RDS, STS, IAM, the log
    export C(iam-db-auth-error), the CloudWatch metrics, and an administrator of the database.
  - It returns the first cause that has to be corrected. If the available witnesses do not decide it, the cause is
    V(unknown), and the module returns the candidates.
  - The module does not change anything. A token is sent only over a verified TLS connection and is never returned.
options:
  db_instance_identifier:
    description:
      - The name or ARN of a DB instance. The module describes it to find its endpoint.
      - Set exactly one of O(db_instance_identifier), O(db_cluster_identifier) and O(login_host).
    type: str
  db_cluster_identifier:
    description:
      - The name or ARN of an Aurora or Multi-AZ DB cluster. The module logs in at its writer endpoint.
    type: str
  login_host:
    description:
      - An endpoint as RDS shows it, for example the reader endpoint of a cluster or the endpoint of a member. If the
        login succeeds, the module makes no API call.
      - The token is signed for this name, and the certificate is verified against it. Use O(connect_host) for a tunnel.
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
  username:
    description:
      - The database user. The name is case-sensitive.
    type: str
    required: true
  database:
    description:
      - The database on the server. The default is V(postgres) for PostgreSQL, and none for MySQL and MariaDB.
    type: str
  ca_cert:
    description:
      - The path of the CA bundle that verifies the certificate of the server, on the host that runs the module.
      - AWS publishes the bundle at U(https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem).
    type: path
    required: true
  admin_username:
    description:
      - A database user who may read the accounts of other users. The module asks this user only if the login fails.
    type: str
  admin_password:
    description:
      - The password of O(admin_username). Without it, the administrator logs in with a token.
    type: str
  timeout:
    description:
      - The number of seconds that a connection may take, from V(1) to V(300). The module also waits up to this time for
        an entry in the log export if the cause is still unknown.
    type: int
    default: 10
  fail_on:
    description:
      - V(any) fails the task if the login fails.
      - V(never) returns the cause without failing the task.
    type: str
    choices: [any, never]
    default: any
requirements:
  - psycopg >= 3.1 with libpq 12 or later, for PostgreSQL
  - PyMySQL >= 1.2, for MySQL and MariaDB. Older versions send the token without encryption if the server does not offer
    TLS, so the module refuses them.
notes:
  - With O(db_instance_identifier), the module requires the permission C(rds:DescribeDBInstances). With
    O(db_cluster_identifier), it requires C(rds:DescribeDBClusters). A successful login makes no other call.
  - The credentials need C(rds-db:connect) for the user. The permission is checked by the database, at the login.
  - To find the cause of a failed login, the module uses C(iam:SimulatePrincipalPolicy), C(iam:GetRole),
    C(iam:GetAccountAuthorizationDetails), C(logs:FilterLogEvents) and C(cloudwatch:GetMetricData). A permission that is
    missing makes a witness unavailable. The result says which.
  - The decision of IAM does not include session policies, and it includes organization policies only in part. If only
    these can be the cause, the module returns V(unknown) or V(policy_session_or_organization).
  - The module evaluates the English messages of the server. For messages in another language, the cause is V(unknown)
    unless another witness decides it.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - passwordless.rds._requirements
  - passwordless.rds._attributes
  - passwordless.rds._attributes.info
seealso:
  - module: passwordless.rds.rds_iam_auth
  - plugin: passwordless.rds.rds_auth_token
    plugin_type: lookup
  - plugin: passwordless.rds.rds_connect_policy
    plugin_type: filter
  - name: Troubleshooting for IAM database authentication
    description: The error messages of RDS and the log export.
    link: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Troubleshooting.html
"""

EXAMPLES = r"""
- name: Check that the application can log in
  passwordless.rds.rds_login_check:
    db_instance_identifier: orders
    username: app
    ca_cert: /etc/ssl/rds/global-bundle.pem

- name: Find out why a login through a tunnel fails
  passwordless.rds.rds_login_check:
    db_cluster_identifier: ledger
    connect_host: 127.0.0.1
    connect_port: 15432
    username: app
    database: ledger
    ca_cert: /etc/ssl/rds/global-bundle.pem
    admin_username: postgres
    admin_password: "{{ admin_password }}"
    fail_on: never
  register: check

- name: Show the cause and the remedy
  ansible.builtin.debug:
    msg: "{{ check.cause }}: {{ check.remedy }}"
  when: not check.logged_in
"""

RETURN = r"""
"""

import typing as t

from ..module_utils._aws.login_client import LoginClient
from ..module_utils._database import mysql, postgresql
from ..module_utils._gateway.login import LoginApi
from ..module_utils._model.login import MYSQL, POSTGRESQL
from ..module_utils._module import run_module
from ..module_utils._options.login import LOGIN_SPEC, read_login_options
from ..module_utils._run.context import RunContext
from ..module_utils._run.login_check import check_login
from ..module_utils._run.login_result import LoginResult

ARGUMENT_SPEC = {
    **LOGIN_SPEC,
    "username": {"type": "str", "required": True},
    "admin_username": {"type": "str"},
    "admin_password": {"type": "str", "no_log": True},
    "fail_on": {"type": "str", "choices": ["any", "never"], "default": "any"},
}


def run(params: t.Mapping[str, t.Any], context: RunContext[LoginApi]) -> LoginResult:
    """Log in, and find the cause if the login fails."""
    options = read_login_options(params, region=context.api.region)
    servers = {POSTGRESQL: postgresql.PostgresqlServer(), MYSQL: mysql.MysqlServer()}
    return check_login(options, servers, context)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, LoginClient, other_services=True)


if __name__ == "__main__":
    main()
