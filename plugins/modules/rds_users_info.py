#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_users_info
short_description: Report how the users of an Amazon RDS or Aurora database log in
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Logs in to a PostgreSQL, MySQL or MariaDB database as an administrator, and returns how each database user
    authenticates, for example with a token or a password.
  - The module verifies the TLS certificate of the server. It signs a new token with the AWS credentials of the task, or
    uses O(password).
  - It does not change anything, and it does not read password hashes.
options:
  db_instance_identifier:
    description:
      - The name or ARN of a DB instance. The module describes it to find its endpoint, its master user and the
        setting.
      - Set exactly one of O(db_instance_identifier), O(db_cluster_identifier) and O(login_host).
      - Read replicas and members of a cluster have the same users as their source or their cluster.
    type: str
  login_host:
    description:
      - An endpoint as RDS shows it, for example the reader endpoint of a cluster. The module then makes no API call,
        and the result contains neither the setting nor the master user.
      - The token is signed for this name, and the certificate is verified against it. Use O(connect_host) for a tunnel.
    type: str
  username:
    description:
      - The administrator who reads the users. The name is case-sensitive.
      - In PostgreSQL, every user who can log in can read what this module returns.
      - In MySQL, the user needs the privilege C(SELECT) on C(mysql.user), and in MariaDB on C(mysql.global_priv). To
        report sessions, it also needs the global privilege C(PROCESS), and to count logins C(SELECT) on
        C(performance_schema.accounts). The master user has these privileges.
    type: str
    required: true
  password:
    description:
      - The password of O(username). Without it, the administrator logs in with a token.
    type: str
  database:
    description:
      - The database on the server. The default is V(postgres) for PostgreSQL, and none for MySQL and MariaDB. The users
        are the same in every database of the server.
    type: str
  timeout:
    description:
      - The number of seconds that the login and the queries may take, from V(1) to V(300).
    type: int
    default: 10
notes:
  - With O(db_instance_identifier), the module requires the permission C(rds:DescribeDBInstances), and for a member of a
    cluster also C(rds:DescribeDBClusters). With O(db_cluster_identifier), it requires C(rds:DescribeDBClusters).
  - Without O(password), the credentials need C(rds-db:connect) for O(username).
  - RDS for Oracle, SQL Server and Db2 have no IAM database authentication, and the module refuses them.
  - PostgreSQL - Only a superuser can read whether a role has a password, and Amazon RDS does not provide superusers.
    The module therefore returns V(password_possible) for every role that may log in and has neither C(rds_iam) nor
    C(rds_ad). This applies to all versions.
  - PostgreSQL - A membership in C(rds_iam) counts if the user inherits it. AWS does not document whether other
    memberships count. The module lists them in RV(users[].notes).
  - PostgreSQL - The server stores neither the time of the last login nor the number of logins.
  - MySQL and MariaDB - The server does not store the time of the last login. It counts logins since its start only if
    the Performance Schema is enabled, which is the default of MySQL and not of MariaDB.
  - MySQL and MariaDB - The server counts sessions and logins by user name, not by account. All accounts with the same
    user name therefore have the same numbers.
  - MySQL - The server does not distinguish roles from users. Roles are locked accounts.
  - The module is tested with PostgreSQL and MariaDB servers. MySQL is implemented according to its documentation.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - passwordless.rds._requirements
  - passwordless.rds._login
  - passwordless.rds._attributes
  - passwordless.rds._attributes.info
seealso:
  - module: passwordless.rds.rds_login_check
  - module: passwordless.rds.rds_connect_policies_info
  - module: passwordless.rds.rds_iam_auth_info
  - plugin: passwordless.rds.rds_connect_policy
    plugin_type: filter
  - name: Creating a database account using IAM authentication
    description: How users are mapped to IAM database authentication in each engine.
    link: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
"""

EXAMPLES = r"""
- name: List the users of a database as its master user
  passwordless.rds.rds_users_info:
    db_instance_identifier: orders
    username: postgres
    password: "{{ master_password }}"
    ca_cert: /etc/ssl/rds/global-bundle.pem
  register: orders

- name: Show the users who can still log in with a password
  ansible.builtin.debug:
    msg: "{{ orders.users | rejectattr('is_system') | selectattr('authentication', 'match', 'password') }}"

- name: List the users through a tunnel, as an administrator who logs in with a token
  passwordless.rds.rds_users_info:
    db_cluster_identifier: ledger
    connect_host: 127.0.0.1
    connect_port: 15432
    username: admin_token
    ca_cert: /etc/ssl/rds/global-bundle.pem
  register: ledger

- name: Fail if users can or may log in with a password
  ansible.builtin.assert:
    that:
      - ledger.summary.password_users == 0
      - ledger.summary.unknown == 0
    fail_msg: "{{ ledger.msg }}"
"""

RETURN = r"""
users:
  description:
    - Every user of the database, ordered by name. Roles that cannot log in are included.
    - For PostgreSQL, these are the roles of the server. For MySQL and MariaDB, each account,
      which is a user name and a host, has its own entry.
  returned: always
  type: list
  elements: dict
  contains:
    user:
      description: The name of the user, in the case that the server stores. It is empty for an
        anonymous account of MySQL or MariaDB.
      returned: always
      type: str
      sample: app
    host:
      description: The host of the account in MySQL and MariaDB, which can contain wildcards.
        It is empty for a role of MariaDB. Null for PostgreSQL.
      returned: always
      type: str
      sample: null
    authentication:
      description:
        - How the user logs in, according to the server.
        - V(iam) if the user logs in with a token. In PostgreSQL, the user inherits C(rds_iam).
          In MySQL and MariaDB, the account uses only C(AWSAuthenticationPlugin).
        - V(password) if the account has a plugin for passwords, in MySQL and MariaDB. This includes
          accounts whose password is empty or has expired, and accounts that can also log in with
          a token.
        - V(password_possible) if the user may log in and inherits neither C(rds_iam) nor C(rds_ad),
          in PostgreSQL. Whether the user has a password cannot be read in Amazon RDS.
        - V(kerberos) if the user inherits C(rds_ad), or the account uses a plugin for Kerberos.
        - V(none) if the user cannot log in. In PostgreSQL, the role has C(NOLOGIN), or its password
          has expired and is the only authentication method. In MySQL and MariaDB, the account
          is locked, is a role, or has no plugin for logins over the network.
        - V(unknown) if the user inherits both C(rds_iam) and C(rds_ad), or the account has a
          plugin that the module does not know. RV(users[].notes) has the reason.
      returned: always
      type: str
      sample: iam
    is_master:
      description: Whether the user is the master user. Null with O(login_host), because only
        RDS knows the master user.
      returned: always
      type: bool
      sample: false
    is_system:
      description: Whether the user or role belongs to the engine or to Amazon RDS. Do not change
        such a user.
      returned: always
      type: bool
      sample: false
    can_login:
      description: Whether the user may log in. V(false) for C(NOLOGIN), for a locked account
        and for a role.
      returned: always
      type: bool
      sample: true
    granted:
      description: The roles, plugins and TLS requirement that determine how the user authenticates.
      returned: always
      type: dict
      contains:
        roles:
          description:
            - The memberships in C(rds_iam) and C(rds_ad) that count, in PostgreSQL. Empty for
              MySQL and MariaDB.
            - A membership counts if the user inherits it. Since PostgreSQL 16, the option C(INHERIT)
              of the membership decides this, and in older versions the attribute C(INHERIT) of
              the role. A membership with only C(ADMIN OPTION) is in RV(users[].notes) instead.
          returned: always
          type: list
          elements: dict
          contains:
            role:
              description: V(rds_iam) or V(rds_ad).
              returned: always
              type: str
              sample: rds_iam
            through:
              description: The roles between the user and RV(users[].granted.roles[].role), starting
                with the one that is granted to the user. Empty if the membership is direct. If
                several roles that are granted to the user lead to it, each of them has an entry.
              returned: always
              type: list
              elements: str
              sample:
                - team
                - token_users
        plugins:
          description: The authentication plugins of the account, in MySQL and MariaDB. MariaDB
            can have several alternatives. Empty for PostgreSQL and for roles.
          returned: always
          type: list
          elements: str
          sample: []
        tls:
          description: The TLS requirement of the account, in MySQL and MariaDB. V(none), V(any),
            V(x509), or V(specified) for a certain issuer, subject or cipher. Null for PostgreSQL.
          returned: always
          type: str
          sample: null
    valid_until:
      description: The time at which the password expires, in PostgreSQL. It does not affect logins
        with a token. Null if the password does not expire, and for MySQL and MariaDB.
      returned: always
      type: str
      sample: '2027-01-01T00:00:00Z'
    password_expired:
      description:
        - Whether the password has expired.
        - In PostgreSQL, the user cannot log in with an expired password. In MySQL and MariaDB,
          the user can log in, but must set a new password.
      returned: always
      type: bool
      sample: false
    locked:
      description: Whether the account is locked, in MySQL and MariaDB. Null for PostgreSQL.
      returned: always
      type: bool
      sample: null
    is_role:
      description: Whether the account is a role, in MariaDB. Null for PostgreSQL and MySQL, which
        do not distinguish roles from users.
      returned: always
      type: bool
      sample: null
    sessions:
      description:
        - The number of current sessions of the user on this server, without the session of the
          module.
        - In MySQL and MariaDB, the number includes all accounts with this user name. Null if
          the administrator does not have the privilege C(PROCESS).
      returned: always
      type: int
      sample: 2
    login_count:
      description:
        - The number of logins since RV(users[].login_count_since), in MySQL and MariaDB. The
          number includes all accounts with this user name.
        - Null for PostgreSQL, which does not count logins. Null if the Performance Schema is
          disabled, has lost accounts, or cannot be read by the administrator.
        - No engine stores the time of the last login.
      returned: always
      type: int
      sample: null
    login_count_since:
      description: The time at which the server and its counter started. Null if RV(users[].login_count)
        is null.
      returned: always
      type: str
      sample: null
    notes:
      description: Additional information about the user, for example why RV(users[].authentication)
        is V(unknown).
      returned: always
      type: list
      elements: str
      sample: []
summary:
  description:
    - The number of users by RV(users[].authentication). System users are counted only in C(system)
      and C(total).
    - C(password_users) is the sum of C(password) and C(password_possible), which is the number
      of users who can or may log in with a password.
  returned: always
  type: dict
  sample:
    iam: 3
    password: 0
    password_possible: 2
    kerberos: 0
    none: 4
    unknown: 0
    password_users: 2
    system: 16
    total: 25
database:
  description:
    - The DB instance or DB cluster that owns the setting. Null with O(login_host).
    - A setting that is disabled or pending does not change RV(users[].authentication), which
      describes only what the server has stored for the user.
  returned: always
  type: dict
  contains:
    identifier:
      description: The name of the DB instance or DB cluster.
      returned: always
      type: str
      sample: orders
    kind:
      description: V(instance) or V(cluster).
      returned: always
      type: str
      sample: instance
    arn:
      description: The ARN of the database.
      returned: always
      type: str
      sample: arn:aws:rds:eu-west-1:123456789012:db:orders
    resource_id:
      description: The resource ID, as used in C(rds-db:connect) policies.
      returned: always
      type: str
      sample: db-ABCDEFGHIJKL01234
    engine:
      description: The database engine.
      returned: always
      type: str
      sample: postgres
    engine_version:
      description: The version of the database engine.
      returned: always
      type: str
      sample: '16.4'
    status:
      description: The status that RDS last reported.
      returned: always
      type: str
      sample: available
    iam_database_authentication_enabled:
      description: Whether IAM database authentication is enabled.
      returned: always
      type: bool
      sample: true
    pending_iam_database_authentication:
      description: The pending value of the setting. Null if no change of the setting is pending.
      returned: always
      type: bool
      sample: null
    dbuser_arn_prefix:
      description: The prefix for the resource of an C(rds-db:connect) policy. Append the name
        of a database user.
      returned: always
      type: str
      sample: arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/
endpoint:
  description: The endpoint that the module logged in to.
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
server_version:
  description: The version that the server reports.
  returned: always
  type: str
  sample: '16.4'
notes:
  description: Information that the server does not provide, and how this limits the result.
  returned: always
  type: list
  elements: str
  sample:
    - PostgreSQL does not store the time of the last login.
msg:
  description: The result in one line, or the reason why the task failed.
  returned: always
  type: str
  sample: 'orders: 2 of 9 users can or may log in with a password; 3 iam, 2 password_possible,
    4 none.'
"""

import typing as t

from ..module_utils._aws.login_client import LoginClient
from ..module_utils._database.ca_bundle import check_ca_bundle
from ..module_utils._database.mysql_users import MysqlUserReader
from ..module_utils._database.postgresql_users import PostgresqlUserReader
from ..module_utils._gateway.database import UserReader
from ..module_utils._gateway.login import LoginApi
from ..module_utils._model.login import MYSQL, POSTGRESQL
from ..module_utils._module import run_module
from ..module_utils._options.login import LOGIN_SPEC, read_administrator_options
from ..module_utils._run.context import RunContext
from ..module_utils._run.users_info import report_users
from ..module_utils._run.users_result import UsersResult

ARGUMENT_SPEC = {
    **LOGIN_SPEC,
    "username": {"type": "str", "required": True},
    "password": {"type": "str", "no_log": True},
}


def run(params: t.Mapping[str, t.Any], context: RunContext[LoginApi]) -> UsersResult:
    """Log in as an administrator, and return the users."""
    options = read_administrator_options(params, region=context.api.region)
    check_ca_bundle(options.ca_cert)
    readers: dict[str, UserReader] = {POSTGRESQL: PostgresqlUserReader(), MYSQL: MysqlUserReader()}
    return report_users(options, readers, context)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, LoginClient, other_services=True)


if __name__ == "__main__":
    main()
