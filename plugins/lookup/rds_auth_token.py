# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: rds_auth_token
short_description: Return a token for IAM database authentication
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns a token with which a database user logs in to Amazon RDS or Aurora in place of a password.
  - A token is valid for 15 minutes, and not longer than the session credentials with which it is signed. A connection
    stays open after the token has expired.
  - botocore signs the token on the controller. AWS receives no request, and does not check whether the user exists or
    has the permission C(rds-db:connect).
  - Every evaluation returns a new token. Use C(no_log) for tasks that contain a token, and do not store it as a fact.
  - Do not use a token in C(environment) or on a command line. With C(-vvv), Ansible prints both, even with C(no_log).
options:
  _terms:
    description:
      - One or more databases. The lookup returns one result for each.
      - C(HOST:PORT) is the endpoint of a DB instance, a DB cluster or an RDS Proxy. The lookup makes no API call. Use
        the DNS name that AWS shows, because RDS refuses a token for a CNAME record or an IP address.
      - An identifier or an ARN names a DB instance or a DB cluster. The lookup describes it to find the endpoint and
        the port. It warns if IAM database authentication is disabled.
      - C(instance/NAME) and C(cluster/NAME) name a database of one kind. Use them if both kinds have the same name.
        They also save an API call.
    type: list
    elements: str
    required: true
  username:
    description:
      - The database user. The name is case-sensitive. PostgreSQL stores names in lower case unless they are quoted
        when the user is created.
      - The name of a PostgreSQL user has at most 63 bytes, of a MySQL user 32 characters, and of a MariaDB user 128
        characters.
    type: str
    required: true
  reader:
    description:
      - Whether to use the reader endpoint of a DB cluster. It is an error for a DB instance and for C(HOST:PORT).
    type: bool
    default: false
  min_validity:
    description:
      - The number of seconds for which the result must be valid, from V(0) to V(900). The lookup fails if the
        credentials expire sooner.
      - The expiry of the credentials is known for profiles, IAM roles and IAM Identity Center, and for environment
        variables if E(AWS_CREDENTIAL_EXPIRATION) is set. For a O(session_token) from another source, it is unknown.
    type: int
    default: 0
  result:
    description:
      - V(token) returns the token as a string.
      - V(postgresql) returns a dictionary of login options for the modules of C(community.postgresql) 2.3.0 and
        later.
      - V(mysql) returns a dictionary of login options for the modules of C(community.mysql). The host that runs these
        modules needs PyMySQL 1.2 or later. Older versions send the token without encryption if the server does not
        offer TLS.
    type: str
    choices: [token, postgresql, mysql]
    default: token
  ca_cert:
    description:
      - The path of the CA bundle with which the database module verifies the certificate of the server. The path is
        on the host that runs that module. The lookup does not read the file.
      - Required if O(result=postgresql) or O(result=mysql).
      - AWS publishes the bundle at U(https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem).
    type: str
notes:
  - A DB instance requires the permission C(rds:DescribeDBInstances), and a DB cluster C(rds:DescribeDBClusters). A name
    without its kind requires both. C(HOST:PORT) requires neither.
  - The identity that signs the token needs C(rds-db:connect) for the user. The database checks it at the login.
extends_documentation_fragment:
  - amazon.aws.boto3
  - amazon.aws.common.plugins
  - amazon.aws.region.plugins
seealso:
  - plugin: passwordless.rds.rds_connect_policy
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Query a PostgreSQL database with psql. The lookup makes no API call
  ansible.builtin.shell:
    cmd: read -r PGPASSWORD && export PGPASSWORD && psql --no-align --tuples-only --command "SELECT current_user"
    stdin: "{{ lookup('passwordless.rds.rds_auth_token', host ~ ':5432', username='app', region='eu-west-1') }}"
  environment:
    PGHOST: "{{ host }}"
    PGPORT: "5432"
    PGUSER: app
    PGDATABASE: orders
    PGSSLMODE: verify-full
    PGSSLROOTCERT: /etc/ssl/rds/global-bundle.pem
    PGGSSENCMODE: disable
  vars:
    host: orders.c0ffee.eu-west-1.rds.amazonaws.com
  changed_when: false
  no_log: true

- name: Query the reader endpoint of a cluster, with a token that is valid for at least five minutes
  community.postgresql.postgresql_query:
    login_db: ledger
    query: SELECT current_user
  module_defaults:
    community.postgresql.postgresql_query: "{{ lookup('passwordless.rds.rds_auth_token', 'cluster/ledger',
      username='app', reader=true, min_validity=300, result='postgresql', ca_cert='/etc/ssl/rds/global-bundle.pem') }}"

- name: Query a MySQL database. The host that runs the module needs PyMySQL 1.2 or later
  community.mysql.mysql_query:
    login_db: shop
    query: SELECT CURRENT_USER()
  module_defaults:
    community.mysql.mysql_query: "{{ lookup('passwordless.rds.rds_auth_token', 'instance/shop', username='app',
      result='mysql', ca_cert='/etc/ssl/rds/global-bundle.pem') }}"
"""

RETURN = r"""
_raw:
  description:
    - One result for each term, in the order of the terms.
    - For O(result=token), the token.
    - For O(result=postgresql), a dictionary with the keys C(login_host), C(login_port), C(login_user),
      C(login_password), C(ca_cert), C(ssl_mode) (C(verify-full)) and C(connect_params).
    - For O(result=mysql), a dictionary with the keys C(login_host), C(login_port), C(login_user), C(login_password),
      C(ca_cert), C(check_hostname) (V(true)) and C(config_file) (an empty string, so that no file replaces the
      options).
  type: list
  elements: raw
"""

import typing as t

from ansible.errors import AnsibleLookupError
from ansible_collections.amazon.aws.plugins.plugin_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.plugin_utils.lookup import AWSLookupBase
from ansible_collections.passwordless.rds.plugins.module_utils._aws.clock import SystemClock
from ansible_collections.passwordless.rds.plugins.module_utils._aws.rds_client import RdsClient
from ansible_collections.passwordless.rds.plugins.module_utils._aws.tokens import BotoTokens, open_session
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.retrying import RetryingGateway
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import RdsError
from ansible_collections.passwordless.rds.plugins.module_utils._run.auth_tokens import TokenContext, auth_tokens

# A template waits for the result, so that the API is retried for a shorter time than in a module.
_RETRY_SECONDS = 60
_RETRY_DELAY = 2


class LookupModule(AWSLookupBase):
    """Ansible's entry point."""

    def run(self, terms: t.Sequence[t.Any], variables: t.Any = None, **kwargs: t.Any) -> list[t.Any]:
        super().run(terms, variables, **kwargs)
        region, endpoint_url, parameters = get_aws_connection_info(self)
        clock = SystemClock()
        try:
            signer = open_session(region, endpoint_url, parameters, seconds=_RETRY_SECONDS, clock=clock)
            context = TokenContext(signer, lambda: _gateway(signer, clock), self.warn)
            return auth_tokens(terms, self.get_options(), context)
        except RdsError as error:
            raise AnsibleLookupError(error.message) from None


def _gateway(signer: BotoTokens, clock: SystemClock) -> RetryingGateway:
    api = RdsClient(signer.client, signer.region)
    return RetryingGateway(api, Deadline.after(_RETRY_SECONDS, clock), _RETRY_DELAY)
