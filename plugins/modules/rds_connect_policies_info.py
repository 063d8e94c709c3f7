#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_connect_policies_info
short_description: Find stale and excessive IAM policies for logins to Amazon RDS and Aurora
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Reads all IAM policies of the account and returns the statements that allow or deny C(rds-db:connect). These are the
    inline policies of users, groups and roles, and the default versions of attached managed policies.
  - Compares the resources of the statements with the DB instances, DB clusters and RDS Proxies that exist in
    O(regions), and with the database users in O(users).
  - Returns findings, for example the resource ID of a deleted database or a wildcard, and proposes the smallest policy
    that keeps the needed logins of each user and role.
  - The module never changes a policy.
options:
  regions:
    description:
      - The Regions whose databases are described. The default is the Region of the task.
      - A resource in another Region is reported as V(unknown), never as V(dead).
    type: list
    elements: str
  users:
    description:
      - The database users, as a list of results of M(passwordless.rds.rds_users_info). Each result contains C(users)
        and C(database).
      - An entry can also be a dictionary with C(resource_id), C(user) and C(authentication), with the values of
        C(authentication) that M(passwordless.rds.rds_users_info) returns.
      - A user with C(authentication=iam) is mapped to IAM. If the users of a database are unknown, the module does not
        report missing users, and does not replace wildcards for its users.
    type: list
    elements: dict
  principals:
    description:
      - The ARNs of IAM users, groups and roles. Only statements that apply to them are returned.
    type: list
    elements: str
notes:
  - The module requires the permissions C(iam:GetAccountAuthorizationDetails), C(rds:DescribeDBInstances),
    C(rds:DescribeDBClusters) and C(rds:DescribeDBProxies). If a Region cannot be read, the module fails.
  - The module makes one call to IAM for every 1000 users, groups, roles and policies. In each Region, it makes one call
    for every 100 DB instances, DB clusters and RDS Proxies.
  - Conditions, C(NotAction), C(NotResource) and policy variables depend on the request or cover everything that they do
    not list. The module reports such statements as V(not_analysed) and does not evaluate them.
  - Session policies, resource policies and policies of the organization are not read. Permissions boundaries are listed
    and not evaluated.
  - A proposal is based on the users and databases that exist, and not on recorded logins.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - passwordless.rds._requirements
  - passwordless.rds._attributes
  - passwordless.rds._attributes.info
seealso:
  - module: passwordless.rds.rds_login_check
  - module: passwordless.rds.rds_users_info
  - plugin: passwordless.rds.rds_connect_policy
    plugin_type: filter
  - name: Creating and using an IAM policy for IAM database access
    description: The resources of C(rds-db:connect).
    link: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
"""

EXAMPLES = r"""
- name: Check the policies for logins
  passwordless.rds.rds_connect_policies_info:
    regions: [eu-west-1, eu-central-1]
  register: policies

- name: Show the resources that no longer exist
  ansible.builtin.debug:
    msg: "{{ policies.findings | selectattr('code', 'equalto', 'dead') | map(attribute='resource') }}"

- name: Check the policies of one role against the users of a database
  passwordless.rds.rds_connect_policies_info:
    principals: [arn:aws:iam::123456789012:role/orders-service]
    users:
      - {resource_id: db-ABCDEFGHIJKL01234, user: app, authentication: iam}
      - {resource_id: db-ABCDEFGHIJKL01234, user: reports, authentication: password}
  register: role

- name: Show the smallest policies
  ansible.builtin.debug:
    msg: "{{ role.proposed | map(attribute='policies') }}"
"""

RETURN = r"""
regions:
  description: The Regions whose databases were described.
  returned: always
  type: list
  elements: str
  sample:
    - eu-west-1
statements:
  description: The statements that are, or may be, about C(rds-db:connect). Statements of inline
    policies come first.
  returned: always
  type: list
  elements: dict
  contains:
    policy_name:
      description: The name of the policy.
      returned: always
      type: str
      sample: database-login
    policy_type:
      description: V(inline), V(customer_managed) or V(aws_managed).
      returned: always
      type: str
      sample: inline
    policy_arn:
      description: The ARN of a managed policy. Null for an inline policy.
      returned: always
      type: str
      sample: null
    attached_to:
      description: The ARNs of the users, groups and roles that contain the policy, or that it
        is attached to.
      returned: always
      type: list
      elements: str
      sample:
        - arn:aws:iam::123456789012:role/orders-service
    principals:
      description: The ARNs of the users and roles that the statement applies to. A policy of
        a group applies to its users. Empty for a managed policy that is not attached.
      returned: always
      type: list
      elements: str
      sample:
        - arn:aws:iam::123456789012:role/orders-service
    statement:
      description: The position of the statement in the policy, counted from 0. Null if the policy
        cannot be read.
      returned: always
      type: int
      sample: 0
    sid:
      description: The C(Sid) of the statement. Null if it has none.
      returned: always
      type: str
      sample: Login
    effect:
      description: V(Allow) or V(Deny). Null if it cannot be read.
      returned: always
      type: str
      sample: Allow
    actions:
      description: The actions of the statement that match C(rds-db:connect).
      returned: always
      type: list
      elements: str
      sample:
        - rds-db:connect
    resources:
      description: The resources of the statement that can be database users. Empty if the statement
        cannot be analysed.
      returned: always
      type: list
      elements: str
      sample:
        - arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app
findings:
  description: The problems of statements and of their resources, ordered by code.
  returned: always
  type: list
  elements: dict
  contains:
    code:
      description:
        - V(dead) if no database in the Region has the resource ID.
        - V(other_database) if the resource matches no login. For example, it contains the name
          of a database, or the resource ID of a member of a cluster, of a database in another
          Region or of one with another engine. Also if the resource does not contain a user.
        - V(user_missing) if the user exists on none of the databases.
        - V(user_not_mapped) if the user exists, but does not log in with a token.
        - V(wildcard) if the resource ID or the user contains a wildcard, which also matches databases
          or users that are created later.
        - V(unknown) if the resource is in a Region that was not read, in another account or in
          another partition.
        - V(deny) if the statement denies logins.
        - V(not_analysed) if the statement or the resource cannot be evaluated, for example because
          of a condition.
      returned: always
      type: str
      sample: dead
    resource:
      description: The resource, as the policy contains it. Null if the finding is about the statement.
      returned: always
      type: str
      sample: arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app
    message:
      description: The problem, and how to correct it.
      returned: always
      type: str
      sample: db-ABCDEFGHIJKL01234 does not exist in eu-west-1. A restored database has a new
        id. Remove the resource.
    policy_name:
      description: The name of the policy.
      returned: always
      type: str
      sample: database-login
    policy_type:
      description: V(inline), V(customer_managed) or V(aws_managed).
      returned: always
      type: str
      sample: inline
    policy_arn:
      description: The ARN of a managed policy. Null for an inline policy.
      returned: always
      type: str
      sample: null
    attached_to:
      description: The ARNs of the users, groups and roles that contain the policy, or that it
        is attached to.
      returned: always
      type: list
      elements: str
      sample:
        - arn:aws:iam::123456789012:role/orders-service
    principals:
      description: The ARNs of the users and roles that the statement applies to. A policy of
        a group applies to its users. Empty for a managed policy that is not attached.
      returned: always
      type: list
      elements: str
      sample:
        - arn:aws:iam::123456789012:role/orders-service
    statement:
      description: The position of the statement in the policy, counted from 0. Null if the policy
        cannot be read.
      returned: always
      type: int
      sample: 0
    sid:
      description: The C(Sid) of the statement. Null if it has none.
      returned: always
      type: str
      sample: Login
    effect:
      description: V(Allow) or V(Deny). Null if it cannot be read.
      returned: always
      type: str
      sample: Allow
implied:
  description:
    - Statements that allow logins as part of wider permissions. They belong to a policy that
      AWS manages, or allow an action such as C(*) or C(rds-db:*), or allow the resource C(*).
    - There are no findings for their resources C(*), and none for policies that AWS manages.
  returned: always
  type: list
  elements: dict
  contains:
    policy_name:
      description: The name of the policy.
      returned: always
      type: str
      sample: database-login
    policy_type:
      description: V(inline), V(customer_managed) or V(aws_managed).
      returned: always
      type: str
      sample: inline
    policy_arn:
      description: The ARN of a managed policy. Null for an inline policy.
      returned: always
      type: str
      sample: null
    attached_to:
      description: The ARNs of the users, groups and roles that contain the policy, or that it
        is attached to.
      returned: always
      type: list
      elements: str
      sample:
        - arn:aws:iam::123456789012:role/orders-service
    principals:
      description: The ARNs of the users and roles that the statement applies to. A policy of
        a group applies to its users. Empty for a managed policy that is not attached.
      returned: always
      type: list
      elements: str
      sample:
        - arn:aws:iam::123456789012:role/orders-service
    statement:
      description: The position of the statement in the policy, counted from 0. Null if the policy
        cannot be read.
      returned: always
      type: int
      sample: 0
    sid:
      description: The C(Sid) of the statement. Null if it has none.
      returned: always
      type: str
      sample: Login
    effect:
      description: V(Allow) or V(Deny). Null if it cannot be read.
      returned: always
      type: str
      sample: Allow
    reasons:
      description: Why the statement allows logins.
      returned: always
      type: list
      elements: str
      sample:
        - the policy is managed by AWS
        - it allows *
        - it allows the resource *
proposed:
  description:
    - The smallest policies for each user and role whose customer policies have statements about
      logins.
    - Statements that allow C(*) on C(*), and policies that are managed by AWS, do not count.
  returned: always
  type: list
  elements: dict
  contains:
    principal:
      description: The ARN of the user or role.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/orders-service
    permissions_boundary:
      description: The ARN of its permissions boundary, which the module does not evaluate. Null
        if it has none.
      returned: always
      type: str
      sample: null
    needed:
      description:
        - The logins that the statements allow, for databases that exist and users that are mapped
          to IAM. Logins that a statement without a condition denies are not included.
        - If the users of a database are unknown, the users in the statements count as mapped.
      returned: always
      type: list
      elements: dict
      contains:
        kind:
          description: V(instance), V(cluster) or V(proxy).
          returned: always
          type: str
          sample: instance
        identifier:
          description: The name of the DB instance, DB cluster or RDS Proxy.
          returned: always
          type: str
          sample: orders
        region:
          description: The Region of the database.
          returned: always
          type: str
          sample: eu-west-1
        resource_id:
          description: The resource ID of the database.
          returned: always
          type: str
          sample: db-ABCDEFGHIJKL01234
        user:
          description: The database user.
          returned: always
          type: str
          sample: app
    policies:
      description: Policy documents that allow RV(proposed[].needed) and nothing else. Each has
        at most 6144 characters, as a managed policy. Empty if no login is needed.
      returned: always
      type: list
      elements: dict
      sample:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: rds-db:connect
              Resource:
                - arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app
    complete:
      description: Whether the proposal can replace the current statements. V(false) if RV(proposed[].unresolved)
        is not empty.
      returned: always
      type: bool
      sample: true
    unresolved:
      description: Permissions that the statements grant, or may grant, and that the proposal
        does not contain.
      returned: always
      type: list
      elements: dict
      contains:
        resource:
          description: The resource. Null if the statement cannot be analysed.
          returned: always
          type: str
          sample: arn:aws:rds-db:*:123456789012:dbuser:*/app
        reason:
          description: Why the proposal does not contain it.
          returned: always
          type: str
          sample: it matches Regions that were not read
    minimal:
      description: Whether the current statements already name exactly the proposed resources.
      returned: always
      type: bool
      sample: false
boundaries:
  description: The permissions boundaries of the users and roles in RV(statements[].principals).
    A boundary may prevent logins that the statements allow.
  returned: always
  type: list
  elements: dict
  contains:
    principal:
      description: The ARN of the user or role.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/orders-service
    policy_arn:
      description: The ARN of the policy.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:policy/limit
summary:
  description: The number of statements, of users and roles that they apply to, of implied statements,
    and of findings by code.
  returned: always
  type: dict
  sample:
    statements: 3
    principals: 2
    implied: 1
    dead: 1
    other_database: 0
    user_missing: 0
    user_not_mapped: 0
    wildcard: 1
    unknown: 0
    deny: 0
    not_analysed: 0
msg:
  description: Human-readable summary.
  returned: always
  type: str
  sample: '3 statements about rds-db:connect: 1 dead, 1 wildcard; 1 implied.'
"""

import typing as t

from ..module_utils._aws.policies_client import PoliciesClient
from ..module_utils._gateway.policies import PoliciesApi
from ..module_utils._module import run_module
from ..module_utils._options.connect_policies import CONNECT_POLICIES_SPEC, read_connect_policies_options
from ..module_utils._run.connect_policies import gather_connect_policies
from ..module_utils._run.connect_policies_result import ConnectPoliciesResult
from ..module_utils._run.context import RunContext

ARGUMENT_SPEC = dict(CONNECT_POLICIES_SPEC)


def run(params: t.Mapping[str, t.Any], context: RunContext[PoliciesApi]) -> ConnectPoliciesResult:
    """Compare the policies for logins with the databases and users that exist."""
    options = read_connect_policies_options(params, region=context.api.region)
    return gather_connect_policies(options, context)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, PoliciesClient, other_services=True)


if __name__ == "__main__":
    main()
