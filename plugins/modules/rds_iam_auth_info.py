#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_iam_auth_info
short_description: Gather information about IAM database authentication on Amazon RDS and Aurora
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns whether IAM database authentication is enabled on DB instances and DB clusters, whether a change is pending,
    and why it cannot be enabled.
  - Without O(db_instance_identifiers), O(db_cluster_identifiers) and O(select), the module describes all databases of
    the Region that own the setting. These include databases whose engine does not support IAM database authentication.
  - O(select) is mutually exclusive with the other two options.
  - If you name a member of an Aurora or Multi-AZ DB cluster, the module returns the setting, the readiness and the
    problems of its cluster, which owns the setting.
  - The module does not change anything.
options:
  check_readiness:
    description:
      - Whether to check if the setting can be enabled on the databases where it is off.
      - The module then sends one request for each distinct engine version and instance class, and reads each PostgreSQL
        parameter group once.
      - The readiness is V(unknown) if RDS does not provide the information. It is also V(unknown), with a warning, if
        the credentials lack a permission.
    type: bool
    default: true
notes:
  - The module requires the permissions C(rds:DescribeDBInstances) and C(rds:DescribeDBClusters).
  - O(check_readiness=true) also requires C(rds:DescribeOrderableDBInstanceOptions), C(rds:DescribeDBParameters) and
    C(rds:DescribeDBClusterParameters).
  - For a named DB cluster, the module also describes its members. For a named member, it also describes its cluster.
    Without the permission for this, the module warns and returns the remaining information.
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
    description: What the controls RDS.10 and RDS.12 evaluate.
    link: https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html
"""

EXAMPLES = r"""
- name: Describe all databases of the Region
  passwordless.rds.rds_iam_auth_info:
  register: fleet

- name: Show the coverage and the problems of the blocked databases
  ansible.builtin.debug:
    msg:
      - "{{ fleet.summary.coverage_percent }} % of the databases that support it"
      - "{{ fleet.databases | selectattr('readiness', 'equalto', 'blocked')
        | items2dict(key_name='identifier', value_name='problems') }}"

- name: Describe the production databases
  passwordless.rds.rds_iam_auth_info:
    select:
      tags: {env: prod}
  register: production

- name: Show the ARNs of the databases that fail a control
  ansible.builtin.debug:
    msg: "{{ production.databases | selectattr('security_controls', 'search', 'FAILED') | map(attribute='arn') }}"

- name: Count the findings of Security Hub controls RDS.10 and RDS.12
  ansible.builtin.debug:
    msg: "{{ fleet.findings | selectattr('status', 'equalto', 'FAILED') | length }} of
      {{ fleet.findings | length }} failed"

- name: Describe two databases without the readiness check
  passwordless.rds.rds_iam_auth_info:
    db_instance_identifiers: [orders, shop]
    check_readiness: false
"""

RETURN = r"""
databases:
  description: The databases, in the order in which they were named, or by identifier with instances
    first.
  returned: always, once the databases have been looked up
  type: list
  elements: dict
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
    tags:
      description: The tags of the database.
      returned: always
      type: dict
      sample:
        env: prod
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
    other_pending_changes:
      description: All other pending changes. Secrets are masked.
      returned: always
      type: dict
      sample:
        DBInstanceClass: db.r6g.large
    preferred_maintenance_window:
      description: The weekly maintenance window, in UTC.
      returned: always
      type: str
      sample: sun:03:30-sun:04:00
    next_maintenance_window_start:
      description: The start of the next maintenance window, in UTC and ISO 8601 format. RDS then
        applies a queued change.
      returned: always
      type: str
      sample: '2026-11-29T03:30:00Z'
    endpoint:
      description: Connection endpoint. Null if the database has no endpoint yet.
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
          description: Whether the member is the writer.
          returned: always
          type: bool
          sample: true
    read_replicas:
      description: The read replicas, by name in this Region and by ARN in other Regions.
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
          description: The setting of the read replica. Null if the module did not look it up.
          returned: always
          type: bool
          sample: false
    db_cluster_identifier:
      description: The DB cluster that the instance is a member of and that owns the setting.
        Null for all other databases.
      returned: always
      type: str
      sample: null
    dbuser_arn_prefix:
      description:
        - The prefix for the resource of an C(rds-db:connect) policy. Append the name of a database
          user.
        - For a member of a cluster, it contains the resource ID of the cluster. Null if the module
          could not describe the cluster.
      returned: always
      type: str
      sample: arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/
    ssl:
      description: The PostgreSQL parameter C(ssl). Null if the module did not look it up.
      returned: always
      type: dict
      contains:
        parameter_group:
          description: The parameter group in force.
          returned: always
          type: str
          sample: default.postgres16
        value:
          description: The value. Null if the parameter is not set, which means that it is on.
          returned: always
          type: str
          sample: '1'
    readiness:
      description:
        - V(enabled) if the setting is on.
        - V(ready) if the setting can be enabled.
        - V(blocked) if a problem prevents it. See RV(databases[].problems).
        - V(unknown) if the readiness was not determined, for example with O(check_readiness=false)
          or for a class that RDS no longer offers.
        - V(not_applicable) if the engine does not support IAM database authentication.
      returned: always
      type: str
      sample: blocked
    problems:
      description: Why IAM database authentication cannot be enabled.
      returned: always
      type: list
      elements: dict
      contains:
        code:
          description:
            - V(not_found) if the database does not exist, or was deleted while the task ran.
            - V(cluster_member) if the database is a member of an Aurora or Multi-AZ DB cluster,
              which owns the setting.
            - V(engine_unsupported) if the engine does not support IAM database authentication.
            - V(deployment_unsupported) if the deployment, such as RDS on Outposts, does not support
              IAM database authentication.
            - V(kerberos_enabled) if the database uses Kerberos authentication, which excludes
              IAM database authentication.
            - V(class_unsupported) if the DB instance class does not support IAM database authentication.
            - V(ssl_disabled) if the PostgreSQL parameter C(ssl) is 0.
            - V(not_modifiable) if the status of the database does not allow a change.
          returned: always
          type: str
          sample: ssl_disabled
        message:
          description: Why a change is blocked, and how to fix it.
          returned: always
          type: str
          sample: its status is 'stopped', in which RDS does not accept a change. Start it first,
            then run the task again
    security_controls:
      description:
        - What Security Hub reports for this database, under C(RDS.10) for an instance and C(RDS.12)
          for a cluster.
        - The value is V(PASSED), V(FAILED), or V(NOT_APPLICABLE) if the control does not evaluate
          the database, for example an Oracle database or a stopped instance.
        - RDS.10 evaluates RDS for MySQL, MariaDB and PostgreSQL and the members of Aurora clusters,
          in the statuses C(available), C(backing-up), C(storage-optimization) and C(storage-full).
      returned: always
      type: dict
      sample:
        RDS.10: FAILED
findings:
  description:
    - One entry for each AWS resource that a Security Hub control evaluates. The number of entries
      is therefore the number of findings in Security Hub.
    - Members of the clusters in RV(databases) have separate entries, because RDS.10 evaluates
      them. Their entries show the value of their cluster.
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
      sample: IAM database authentication is disabled on DB cluster ledger, which owns the setting
        of this member
summary:
  description:
    - Number of databases by readiness, and the number of databases with a pending change of the
      setting.
    - C(coverage_percent) is the percentage of databases with the setting enabled among those
      that can have it (V(100) if there are none).
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
  description: Human-readable summary.
  returned: always
  type: str
  sample: 6 enabled, 1 ready, 1 blocked, 1 not_applicable of 9, coverage 75 %; a change is pending
    on 1.
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
