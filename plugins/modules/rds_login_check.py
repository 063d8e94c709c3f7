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
  login_host:
    description:
      - An endpoint as RDS shows it, for example the reader endpoint of a cluster or the endpoint of a member. If the
        login succeeds, the module makes no API call.
      - The token is signed for this name, and the certificate is verified against it. Use O(connect_host) for a tunnel.
    type: str
  username:
    description:
      - The database user. The name is case-sensitive.
    type: str
    required: true
  database:
    description:
      - The database on the server. The default is V(postgres) for PostgreSQL, and none for MySQL and MariaDB.
    type: str
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
  simulate_principals:
    description:
      - The ARNs of other IAM roles and users. The module simulates with IAM whether they may log in as O(username), and
        returns RV(simulations). The login itself proves this only for the credentials of the task.
      - The simulation requires C(iam:SimulatePrincipalPolicy), and with O(login_host) also
        C(rds:DescribeDBInstances) and C(rds:DescribeDBClusters). It never fails the task.
    type: list
    elements: str
  fail_on:
    description:
      - V(any) fails the task if the login fails.
      - V(never) returns the cause without failing the task.
    type: str
    choices: [any, never]
    default: any
notes:
  - With O(db_instance_identifier), the module requires the permission C(rds:DescribeDBInstances). With
    O(db_cluster_identifier), it requires C(rds:DescribeDBClusters). A successful login makes no other call.
  - The credentials need C(rds-db:connect) for the user. The database checks this permission at the login.
  - To find the cause of a failed login, the module also uses both Describe actions, C(iam:SimulatePrincipalPolicy),
    C(iam:GetRole), C(iam:GetAccountAuthorizationDetails), C(logs:FilterLogEvents) and C(cloudwatch:GetMetricData). If
    a permission is missing, the witness that needs it is unavailable, and the result names the witness.
  - The decision of IAM does not include session policies, and it includes organization policies only in part. If only
    these can be the cause, the module returns V(unknown) or V(policy_session_or_organization).
  - The module evaluates the English messages of the server. For messages in another language, the cause is V(unknown)
    unless another witness decides it.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - passwordless.rds._requirements
  - passwordless.rds._login
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
logged_in:
  description: Whether the login succeeded.
  returned: always
  type: bool
  sample: false
user:
  description: The user of the session, as the server reports it. Null if the login failed.
  returned: always
  type: str
  sample: app
host:
  description:
    - The host of the account that MySQL or MariaDB selected for the login, which can contain
      wildcards. It depends on the host of the client, so other accounts with the same name can
      exist.
    - Null for PostgreSQL, and if the login failed.
  returned: always
  type: str
  sample: '%'
endpoint:
  description: The endpoint for which the token was signed. Null if the database could not be
    described.
  returned: always
  type: dict
  contains:
    address:
      description: The host name.
      returned: always
      type: str
      sample: orders.abcdefghij12.eu-west-1.rds.amazonaws.com
    port:
      description: The TCP port.
      returned: always
      type: int
      sample: 5432
engine_version:
  description: The engine version that RDS reports. Null with O(login_host).
  returned: always
  type: str
  sample: '16.4'
server_version:
  description: The version that the server reports. Null if the login failed.
  returned: always
  type: str
  sample: '16.4'
tls:
  description: The encryption of the connection. Null if the login failed.
  returned: always
  type: dict
  contains:
    verified:
      description: Always V(true). The module does not send a token over a connection that is
        not verified.
      returned: always
      type: bool
      sample: true
    version:
      description: The version of TLS. Null if the server does not show it.
      returned: always
      type: str
      sample: TLSv1.3
seconds:
  description: The duration of the login, in seconds.
  returned: always
  type: float
  sample: 0.042
cause:
  description:
    - The first cause that has to be corrected, in the order of this list. Null if the login succeeded.
    - V(session_token_missing) if the access key is temporary and there is no session token.
    - V(credentials_expired) or V(credentials_invalid) if AWS does not accept the credentials.
    - V(region_mismatch) if the token is signed for another Region.
    - V(not_an_endpoint) if O(login_host) is not an endpoint of a database, for example a CNAME
      record.
    - V(database_not_available) if the database does not accept connections in its status, or
      is still being created and has no endpoint yet.
    - V(endpoint_unreachable) if no connection to the port is possible.
    - V(login_timed_out) if the port accepts connections, but the login did not end within O(timeout).
    - V(host_blocked) if MySQL or MariaDB has blocked the host of the client after too many failed
      connections.
    - V(tls_unavailable) if the server does not offer TLS.
    - V(ca_not_trusted) if O(ca_cert) does not verify the certificate of the server.
    - V(host_name_mismatch) if the certificate is not valid for the endpoint.
    - V(setting_off) or V(setting_pending) if IAM database authentication is disabled, or its
      change is pending.
    - V(user_missing) if the database user does not exist, and V(user_case) if its name differs
      in upper and lower case.
    - V(user_not_iam) if the user is not in C(rds_iam), or does not use C(AWSAuthenticationPlugin).
    - V(user_is_kerberos) if the user has both C(rds_ad) and C(rds_iam).
    - V(host_not_allowed) if MySQL or MariaDB does not accept the user from this host.
    - V(clock_skew) if the clocks differ so much that AWS considers the token expired or not yet
      valid.
    - V(policy_explicit_deny) if a policy denies C(rds-db:connect), and V(policy_boundary) if
      the permissions boundary does not allow it.
    - V(policy_other_region), V(policy_other_resource) or V(policy_other_user) if a policy allows
      it for another Region, resource ID or user only. V(policy_missing) if no policy allows it.
    - V(policy_session_or_organization) if IAM refuses the login although the policies of the
      principal allow it.
    - V(logins_throttled) if RDS throttles logins with IAM database authentication.
    - V(user_locked) if the user may not log in.
    - V(too_many_connections) if the server, the database or the user has reached its limit of
      connections.
    - V(database_missing) if O(database) does not exist.
    - V(connect_not_granted) if the user lacks the privilege to connect to O(database).
    - V(unknown) if the witnesses do not decide the cause.
  returned: always
  type: str
  sample: policy_other_resource
candidates:
  description: The possible causes if RV(cause) is V(unknown). Otherwise an empty list.
  returned: always
  type: list
  elements: str
  sample: []
evidence:
  description: What each witness reported, in the order in which the module asked them. Empty
    if the login succeeded.
  returned: always
  type: list
  elements: dict
  contains:
    witness:
      description:
        - V(server) is the answer to the login, and V(token) what the module knows of the token.
        - V(sts), V(rds), V(iam), V(log) and V(metrics) are the AWS services.
        - V(network) is a second connection after a timeout. V(administrator) is the user in O(admin_username).
      returned: always
      type: str
      sample: rds
    available:
      description: Whether the witness could be asked and had an answer.
      returned: always
      type: bool
      sample: true
    detail:
      description: What the witness reported, or why it was not available.
      returned: always
      type: str
      sample: 'instance/orders: status available, IAM database authentication enabled, resource
        id db-ABCDEFGHIJKL01234'
remedy:
  description: How to correct the cause. Null if the login succeeded.
  returned: always
  type: str
  sample: Wait for the maintenance window, or apply the pending change of instance/orders with
    apply_immediately.
simulations:
  description: The decision of IAM for each principal in O(simulate_principals).
  returned: always
  type: list
  elements: dict
  contains:
    principal:
      description: The ARN of the principal.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/orders-service
    allowed:
      description: Whether IAM allows the login. Null if the simulation failed, or if the decision
        depends on the request.
      returned: always
      type: bool
      sample: true
    detail:
      description: The decision of IAM and the resource, or the reason why there is no decision.
      returned: always
      type: str
      sample: allowed on arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app
msg:
  description: The result in one line.
  returned: always
  type: str
  sample: app has logged in to orders.c0ffee.eu-west-1.rds.amazonaws.com:5432 with a token.
"""

import typing as t

from ..module_utils._aws.login_client import LoginClient
from ..module_utils._database import mysql, postgresql
from ..module_utils._database.ca_bundle import check_ca_bundle
from ..module_utils._gateway.database import DatabaseServer
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
    "simulate_principals": {"type": "list", "elements": "str"},
    "fail_on": {"type": "str", "choices": ["any", "never"], "default": "any"},
}


def run(params: t.Mapping[str, t.Any], context: RunContext[LoginApi]) -> LoginResult:
    """Log in, and find the cause if the login fails."""
    options = read_login_options(params, region=context.api.region)
    check_ca_bundle(options.ca_cert)
    servers: dict[str, DatabaseServer] = {POSTGRESQL: postgresql.PostgresqlServer(), MYSQL: mysql.MysqlServer()}
    return check_login(options, servers, context)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, LoginClient, other_services=True)


if __name__ == "__main__":
    main()
