#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_iam_auth_info
short_description: Show where databases stand with IAM database authentication
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Says of DB instances and DB clusters whether IAM database authentication is on, whether a change is pending, and
    what stands in the way of enabling it.
  - Without O(db_instance_identifiers), O(db_cluster_identifiers) and O(select), all databases of the region that own
    the setting are described, those included whose engine has no IAM database authentication. O(select) goes without
    the other two.
  - If you name a member of an Aurora or Multi-AZ DB cluster, the module returns the setting, the readiness and the
    problems of its cluster, which owns the setting.
  - Nothing is changed.
options:
  check_readiness:
    description:
      - Whether to find out, for databases that have the setting off, whether it could be enabled. That asks RDS once
        for each distinct engine version and instance class, and reads once each PostgreSQL parameter group.
      - Where RDS does not say, or the credentials may not ask, the readiness is V(unknown), with a warning in the
        second case.
    type: bool
    default: true
notes:
  - 'Permissions: C(rds:DescribeDBInstances) and C(rds:DescribeDBClusters). For O(check_readiness=true) also
    C(rds:DescribeOrderableDBInstanceOptions), C(rds:DescribeDBParameters) and C(rds:DescribeDBClusterParameters).'
  - For a named DB cluster, the module also describes its members, and for a named member its cluster. Without the
    permission for that, the module warns and shows the rest.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - passwordless.rds._requirements
  - passwordless.rds._attributes
  - passwordless.rds._attributes.info
  - passwordless.rds._targets
seealso:
  - module: passwordless.rds.rds_iam_auth
  - name: Security Hub controls for Amazon RDS
    description: What RDS.10 and RDS.12 look at.
    link: https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html
"""

EXAMPLES = r"""
- name: Describe all databases of the region
  passwordless.rds.rds_iam_auth_info:
  register: fleet

- name: Show the coverage, and what is in the way of the rest
  ansible.builtin.debug:
    msg:
      - "{{ fleet.summary.coverage_percent }} % of the databases that can have it"
      - "{{ fleet.databases | selectattr('readiness', 'equalto', 'blocked')
        | items2dict(key_name='identifier', value_name='problems') }}"

- name: Describe the production databases that Security Hub would report
  passwordless.rds.rds_iam_auth_info:
    select:
      tags: {env: prod}
  register: production

- name: Name them
  ansible.builtin.debug:
    msg: "{{ production.databases | selectattr('security_controls', 'search', 'FAILED') | map(attribute='arn') }}"

- name: Count the findings of Security Hub controls RDS.10 and RDS.12
  ansible.builtin.debug:
    msg: "{{ fleet.findings | selectattr('status', 'equalto', 'FAILED') | length }} of
      {{ fleet.findings | length }} failed"

- name: Describe two databases without looking at anything else
  passwordless.rds.rds_iam_auth_info:
    db_instance_identifiers: [orders, shop]
    check_readiness: false
"""

RETURN = r"""
databases:
  description: The databases, in the order in which they were named, or by identifier, instances first.
  returned: always, once the databases have been looked up
  type: list
  elements: dict
  contains:
    identifier:
      description: The name of the instance or cluster.
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
      description: The resource id, which C(rds-db:connect) policies name.
      returned: always
      type: str
      sample: db-ABCDEFGHIJKL01234
    engine:
      description: The engine.
      returned: always
      type: str
      sample: postgres
    engine_version:
      description: The engine version.
      returned: always
      type: str
      sample: "16.4"
    status:
      description: The status as last seen.
      returned: always
      type: str
      sample: available
    tags:
      description: The tags.
      returned: always
      type: dict
      sample: {env: prod}
    iam_database_authentication_enabled:
      description: Whether the setting is on.
      returned: always
      type: bool
      sample: true
    pending_iam_database_authentication:
      description: The value that is pending, or null.
      returned: always
      type: bool
      sample: null
    other_pending_changes:
      description: Everything else that is pending, with secrets masked.
      returned: always
      type: dict
      sample: {DBInstanceClass: db.r6g.large}
    preferred_maintenance_window:
      description: The weekly maintenance window, in UTC.
      returned: always
      type: str
      sample: sun:03:30-sun:04:00
    next_maintenance_window_start:
      description: When the next maintenance window starts, which is when a queued change is due. UTC, ISO 8601.
      returned: always
      type: str
      sample: "2026-11-29T03:30:00Z"
    endpoint:
      description: Where the database listens; null while there is no endpoint.
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
    members:
      description: The DB instances of a cluster.
      returned: always
      type: list
      elements: dict
      contains:
        identifier:
          description: The name of the member.
          returned: always
          type: str
          sample: ledger-1
        is_writer:
          description: Whether it is the writer.
          returned: always
          type: bool
          sample: true
    read_replicas:
      description: The read replicas, in this region (by name) and in others (by ARN).
      returned: always
      type: list
      elements: dict
      contains:
        identifier:
          description: The name or ARN of the read replica.
          returned: always
          type: str
          sample: shop-replica
        iam_database_authentication_enabled:
          description: Its own setting; null where it was not looked at.
          returned: always
          type: bool
          sample: false
    db_cluster_identifier:
      description: The DB cluster that the instance is a member of, which owns the setting; null for all others.
      returned: always
      type: str
      sample: null
    dbuser_arn_prefix:
      description: Append the name of a database user to get the resource of an C(rds-db:connect) policy. For a member
        of a cluster it holds the resource id of the cluster; null where the cluster could not be described.
      returned: always
      type: str
      sample: arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/
    ssl:
      description: The C(ssl) parameter of PostgreSQL, where it was looked up; else null.
      returned: always
      type: dict
      contains:
        parameter_group:
          description: The parameter group in force.
          returned: always
          type: str
          sample: default.postgres16
        value:
          description: The value; null where it is not set, which means on.
          returned: always
          type: str
          sample: "1"
    readiness:
      description:
        - V(enabled), the setting is on.
        - V(ready), it could be enabled.
        - V(blocked), see RV(databases[].problems).
        - V(unknown), it was not found out, as with O(check_readiness=false), or RDS does not say, as of a class that it
          no longer offers.
        - V(not_applicable), the engine has no IAM database authentication.
      returned: always
      type: str
      sample: blocked
    problems:
      description: What stands in the way of enabling it.
      returned: always
      type: list
      elements: dict
      contains:
        code:
          description:
            - One of V(not_found), V(cluster_member), V(engine_unsupported), V(deployment_unsupported),
              V(kerberos_enabled), V(class_unsupported), V(ssl_disabled) or V(not_modifiable), as in
              M(passwordless.rds.rds_iam_auth).
          returned: always
          type: str
          sample: ssl_disabled
        message:
          description: What stands against it, and the way out.
          returned: always
          type: str
          sample: "its status is 'stopped', in which RDS accepts no change; start it first, then run the task again"
    security_controls:
      description:
        - What Security Hub reports for this database, C(RDS.10) for an instance and C(RDS.12) for a cluster. V(PASSED),
          V(FAILED), or V(NOT_APPLICABLE) where the control does not evaluate the database, for example an Oracle
          database or a stopped instance.
        - RDS.10 evaluates RDS for MySQL, MariaDB and PostgreSQL and the members of Aurora clusters, in the statuses
          C(available), C(backing-up), C(storage-optimization) and C(storage-full).
      returned: always
      type: dict
      sample: {RDS.10: FAILED}
findings:
  description:
    - One entry for each AWS resource that a Security Hub control evaluates. Members of the clusters in RV(databases)
      have entries of their own, with the value of their cluster, because RDS.10 evaluates them. The number of entries
      is therefore the number of findings in Security Hub.
  returned: always, once the databases have been looked up
  type: list
  elements: dict
  contains:
    control:
      description: V(RDS.10) for DB instances, V(RDS.12) for DB clusters.
      returned: always
      type: str
      sample: RDS.10
    resource_arn:
      description: The ARN of the DB instance or DB cluster.
      returned: always
      type: str
      sample: arn:aws:rds:eu-west-1:123456789012:db:ledger-1
    status:
      description: V(PASSED) or V(FAILED).
      returned: always
      type: str
      sample: FAILED
    reason:
      description: The reason for the status.
      returned: always
      type: str
      sample: IAM database authentication is disabled on DB cluster ledger, which owns the setting of this member
summary:
  description: How many databases there are of each readiness, on how many a change of the setting is pending, and how
    many percent of those that can have the setting have it (V(100) where there are none).
  returned: always, once the databases have been looked up
  type: dict
  sample:
    total: 9
    enabled: 6
    ready: 1
    blocked: 1
    unknown: 0
    not_applicable: 1
    pending: 1
    coverage_percent: 75.0
msg:
  description: One line for people.
  returned: always
  type: str
  sample: 6 enabled, 1 ready, 1 blocked, 1 not_applicable of 9, coverage 75 %; a change is pending on 1.
"""

import typing as t

from ..module_utils._aws.rds_client import RdsClient
from ..module_utils._gateway.rds import RdsApi
from ..module_utils._module import run_module
from ..module_utils._options.selection import Selection
from ..module_utils._options.targets import TARGETS_SPEC, read_targets
from ..module_utils._run.context import RunContext
from ..module_utils._run.info import gather_info
from ..module_utils._run.info_result import InfoResult

ARGUMENT_SPEC = {
    **TARGETS_SPEC,
    "check_readiness": {"type": "bool", "default": True},
}


def run(params: t.Mapping[str, t.Any], context: RunContext[RdsApi]) -> InfoResult:
    """Describe the databases that are named or selected, or all of them."""
    everything = Selection(every=True, every_engine=True)
    targets = read_targets(params, region=context.api.region, otherwise=everything)
    return gather_info(targets, context, check_readiness=params["check_readiness"])


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, RdsClient)


if __name__ == "__main__":
    main()
