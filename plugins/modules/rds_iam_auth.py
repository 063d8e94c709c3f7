#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_iam_auth
short_description: Enable or disable IAM database authentication on Amazon RDS and Aurora
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Enables or disables IAM database authentication on existing DB instances and DB clusters. One task can change many
    databases, by name or selected by engine, tags and patterns.
  - At least one of O(db_instance_identifiers), O(db_cluster_identifiers) and O(select) is required. O(select) is
    mutually exclusive with the other two.
  - The module runs all checks before it modifies anything. By default, a problem with one database stops the whole
    task. Set O(on_problem=skip) to continue with the others.
  - A Modify request contains only the identifier, the setting and its timing. The module never changes any other
    setting of the database.
  - A change is complete when RDS reports the new value. The status C(available) alone is not sufficient.
  - The module detects a change that is already queued for the maintenance window, so a second run changes nothing. It
    cancels a queued change to the opposite value.
options:
  include_read_replicas:
    description:
      - Whether to include the read replicas of the named or selected databases, recursively. Each read replica has its
        own setting.
      - The module excludes read replicas in another Region and warns about them.
    type: bool
    default: false
  enable_iam_database_authentication:
    description:
      - Whether to enable or disable IAM database authentication.
      - If you disable it, database users who log in with IAM are locked out. See O(unused_for).
    type: bool
    default: true
    aliases: [enabled]
  on_problem:
    description:
      - What to do if a database has a problem.
      - V(fail) modifies nothing and fails the task.
      - V(skip) excludes that database with a warning and continues with the others. A name that does not exist still
        fails the task.
    type: str
    choices: [fail, skip]
    default: fail
  unused_for:
    description:
      - Disables the setting only on databases without successful IAM logins in this time, for example V(24h). The time
        is a whole number and a unit, C(s), C(m), C(h) or C(d). The minimum is V(1h), and the maximum is V(63d).
      - The module reads the metrics C(IamDbAuthConnectionRequests) and C(IamDbAuthConnectionSuccess) of the instance,
        or of every member of the cluster, from Amazon CloudWatch, in check mode too. A database with successful logins
        has the problem V(in_use).
      - The problem is V(usage_unknown) if CloudWatch has no datapoint of C(IamDbAuthConnectionRequests) in this time,
        if there were requests but CloudWatch has no datapoint of C(IamDbAuthConnectionSuccess), if the credentials do
        not allow reading the metrics, or if the instance or a member was created within this time. AWS does not say
        whether CloudWatch has datapoints while no user tries to log in with IAM.
      - CloudWatch shows a login only after a few minutes. Logins to deleted members, and logins before an instance was
        renamed, do not count. The module shows a warning about this.
      - The time ends at the current time of AWS. The clock of the host does not affect it.
      - If the task enables the setting, the option has no effect and the module shows a warning.
      - By default, and if the value is blank, the module does not check whether the database is in use.
    type: str
  return_unchanged:
    description:
      - Whether RV(databases) lists the databases that need no change. RV(summary) always counts them.
      - Set it to V(false) for a task with many databases of which only a few change.
    type: bool
    default: true
  max_changes:
    description:
      - The maximum number of databases that the task may change. If more databases would change, the task fails before
        it modifies anything, in check mode too.
      - The message and RV(databases[].planned_outcome) then show which databases would have changed, and how.
    type: int
  expect_plan_id:
    description:
      - The RV(plan_id) of an approved run in check mode. If the current plan is different, the task fails before it
        modifies anything. If nothing is left to change, the task succeeds.
      - The plan contains the databases that change and their changes. It does not depend on the time.
      - After an interrupted run, the plan consists of the remaining changes. Preview and approve it again.
    type: str
notes:
  - For DB instances, the module requires the permissions C(rds:DescribeDBInstances) and C(rds:ModifyDBInstance).
  - For DB clusters, it requires C(rds:DescribeDBClusters) and C(rds:ModifyDBCluster). To enable the setting on a
    cluster, it also requires C(rds:DescribeDBInstances), because it checks the members.
  - To enable the setting, it also requires C(rds:DescribeOrderableDBInstanceOptions). For PostgreSQL, it requires
    C(rds:DescribeDBParameters) or C(rds:DescribeDBClusterParameters), unless O(ssl_parameter=ignore).
  - O(unused_for) requires C(cloudwatch:GetMetricData), and for DB clusters also C(rds:DescribeDBInstances).
  - O(ssl_parameter=enforce) requires C(rds:ModifyDBParameterGroup) or C(rds:ModifyDBClusterParameterGroup).
  - Enabling IAM database authentication satisfies the Security Hub controls RDS.10 (instances) and RDS.12 (clusters).
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - passwordless.rds._requirements
  - passwordless.rds._attributes
  - passwordless.rds._attributes.changing
  - passwordless.rds._targets
  - passwordless.rds._change
seealso:
  - module: passwordless.rds.rds_iam_auth_info
  - module: amazon.aws.rds_instance
  - module: amazon.aws.rds_cluster
  - name: Enabling and disabling IAM database authentication
    description: This topic in the Amazon RDS User Guide.
    link: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Enabling.html
"""

EXAMPLES = r"""
- name: Enable IAM database authentication in the next maintenance window
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: orders

- name: Enable it immediately and wait until the change has taken effect
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: orders
    apply_immediately: true

- name: Enable it immediately on an Aurora cluster and two DB instances
  passwordless.rds.rds_iam_auth:
    db_cluster_identifiers: [ledger]
    db_instance_identifiers: [orders, shop]
    apply_immediately: true

- name: Exclude the databases that cannot be changed
  passwordless.rds.rds_iam_auth:
    db_instance_identifiers: "orders, legacy, shop"
    apply_immediately: true
    on_problem: skip
  register: switched

- name: Show the excluded databases and the reasons
  ansible.builtin.debug:
    msg: "{{ item.identifier }}: {{ item.problems | map(attribute='message') | join('; ') }}"
  loop: "{{ switched.databases | selectattr('outcome', 'equalto', 'skipped') }}"
  loop_control:
    label: "{{ item.identifier }}"

- name: Set ssl to 1 in the PostgreSQL parameter group first if it is 0
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: legacy
    ssl_parameter: enforce
    apply_immediately: true

- name: Include the read replicas
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: shop
    include_read_replicas: true
    apply_immediately: true

- name: Enable it on at most 50 databases of a team, and exclude those that cannot be changed
  passwordless.rds.rds_iam_auth:
    select:
      engines: [mysql, postgres, aurora-mysql, aurora-postgresql]
      tags: {team: payments}
      exclude: ["*-scratch"]
    max_changes: 50
    on_problem: skip
    return_unchanged: false
    apply_immediately: true

- name: Preview a change
  passwordless.rds.rds_iam_auth:
    select: {include: ["web-*"]}
    apply_immediately: true
  check_mode: true
  register: preview

- name: Apply exactly the previewed change
  passwordless.rds.rds_iam_auth:
    select: {include: ["web-*"]}
    apply_immediately: true
    expect_plan_id: "{{ preview.plan_id }}"

- name: Disable it immediately
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: payments
    enable_iam_database_authentication: false
    apply_immediately: true

- name: Disable it only if no user has logged in with IAM for two weeks
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: payments
    enable_iam_database_authentication: false
    unused_for: 14d
    apply_immediately: true
"""

RETURN = r"""
databases:
  description:
    - The result for each database, in the order in which they were named, or by identifier with
      instances first.
    - Read replicas follow the other databases, and names that do not exist come last.
    - In check mode, this is the predicted result. With O(return_unchanged=false), the list excludes
      databases that need no change.
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
      description: The ARN of the database. This key and all keys up to RV(databases[].ssl) are
        null if the database does not exist.
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
    outcome:
      description:
        - V(unchanged) if no change was necessary, or the change was already queued.
        - V(applied) if the change has taken effect. V(applying) if RDS has accepted the change
          and O(wait=false).
        - V(scheduled) if the change is queued for the maintenance window.
        - V(cancelled) if the task cancelled a queued change to the opposite value.
        - V(skipped) if the task did not change the database, because of a problem with O(on_problem=skip),
          or because another database blocked the task.
        - V(failed) if the change failed or a problem prevented it. See RV(databases[].problems).
      returned: always
      type: str
      sample: applied
    planned_outcome:
      description:
        - The outcome that the task had planned for the database before it modified anything.
          If the task fails because of another database, O(max_changes) or O(expect_plan_id),
          it shows the outcome otherwise expected.
        - Null if the database has a problem, does not exist, or could not be checked.
      returned: always
      type: str
      sample: applied
    changed:
      description: Whether this database was changed, or may have been changed because the response
        of AWS was lost.
      returned: always
      type: bool
      sample: true
    problems:
      description: Why the database was not changed, or why the change failed.
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
            - V(always_on) if IAM database authentication cannot be disabled on the cluster.
            - V(kerberos_enabled) if the database uses Kerberos authentication, which excludes
              IAM database authentication.
            - V(class_unsupported) if the DB instance class does not support IAM database authentication.
            - V(ssl_disabled) if the PostgreSQL parameter C(ssl) is 0.
            - V(not_modifiable) if the status of the database does not allow a change.
            - V(other_pending_changes) if the request would also apply other pending changes.
            - V(in_use) if CloudWatch counts successful IAM logins within the time in O(unused_for).
            - V(usage_unknown) if it is unknown whether users logged in with IAM within the time
              in O(unused_for).
            - V(superseded) if somebody else changed the setting in the meantime.
            - V(refused) if a request to AWS failed.
            - V(timeout) if the task exceeded O(wait_timeout).
          returned: always
          type: str
          sample: ssl_disabled
        message:
          description: Why a change is blocked, and how to fix it.
          returned: always
          type: str
          sample: parameter ssl is 0 in parameter group legacy-pg16 (used by instance/legacy),
            and PostgreSQL on RDS requires ssl=1 for IAM authentication. Set ssl to 1 in the group,
            or set ssl_parameter to enforce to let the module do it
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
    dbuser_arn_prefix:
      description: The prefix for the resource of an C(rds-db:connect) policy. Append the name
        of a database user.
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
summary:
  description: Number of databases by outcome.
  returned: always, once the databases have been looked up
  type: dict
  sample:
    unchanged: 1
    applied: 2
    applying: 0
    scheduled: 0
    cancelled: 0
    skipped: 0
    failed: 0
    total: 3
plan_id:
  description:
    - An identifier of the planned changes. The same plan always has the same ID, regardless of
      check mode, the order of the databases and the time.
    - Pass it to O(expect_plan_id).
  returned: always, once the plan has been made
  type: str
  sample: 3f6d1c0a9b8e7d65
parameter_groups:
  description: The parameter groups in which the task set, or would set, C(ssl) to V(1) with O(ssl_parameter=enforce).
  returned: always, once the databases have been looked up
  type: list
  elements: dict
  contains:
    name:
      description: The name of the parameter group.
      returned: always
      type: str
      sample: legacy-pg16
    kind:
      description: V(instance) for a DB parameter group, V(cluster) for a DB cluster parameter
        group.
      returned: always
      type: str
      sample: instance
    parameter:
      description: The name of the parameter.
      returned: always
      type: str
      sample: ssl
    before:
      description: The value before the change.
      returned: always
      type: str
      sample: '0'
    after:
      description: The value after the change.
      returned: always
      type: str
      sample: '1'
    databases:
      description: All databases of the Region that use the parameter group.
      returned: always
      type: list
      elements: str
      sample:
        - instance/legacy
diff:
  description:
    - The databases and parameter groups that changed, under the keys C(instance/NAME), C(cluster/NAME)
      and C(parameter_group/NAME).
    - If the response to a request was lost and the task never saw its effect, RDS may have carried
      the request out. The database then counts as changed and its problem states this. It is
      not in the diff, because its new state is unknown.
  returned: always, once the databases have been looked up
  type: dict
  sample:
    before:
      instance/orders:
        iam_database_authentication: disabled
        pending: null
    after:
      instance/orders:
        iam_database_authentication: enabled
        pending: null
msg:
  description:
    - Human-readable summary. It begins with the problems, grouped by code. The number of databases
      by outcome follows, with the changed databases first.
    - In check mode, it describes the planned result, for example C(2 would be applied, 1 would
      stay unchanged).
    - If a problem with one database blocks the task, the message contains the number of blocked
      databases and the number of others that were not changed for this reason. It also explains
      how to continue.
  returned: always
  type: str
  sample: 2 applied, 1 unchanged.
error:
  description: The error returned by AWS if a call failed before the task could decide on any
    database.
  returned: when such a call failed
  type: dict
  contains:
    operation:
      description: The API operation.
      returned: always
      type: str
      sample: DescribeDBInstances
    code:
      description: The AWS error code, or the name of the exception if no response arrived.
      returned: always
      type: str
      sample: AccessDenied
    message:
      description: The AWS error message.
      returned: always
      type: str
      sample: 'User: arn:aws:iam::123456789012:user/ops is not authorized to perform: rds:DescribeDBInstances'
    request_id:
      description: The ID of the request, for AWS Support.
      returned: always
      type: str
      sample: 5c5f7e9e-6c5e-4a3e-8f7e-1a2b3c4d5e6f
"""

import typing as t

from ..module_utils._aws.usage_client import UsageClient
from ..module_utils._gateway.clock import Deadline
from ..module_utils._gateway.usage import UsageApi
from ..module_utils._module import run_module
from ..module_utils._options.change import CHANGE_SPEC, read_change_options
from ..module_utils._options.targets import TARGETS_SPEC, read_targets
from ..module_utils._run.context import RunContext
from ..module_utils._run.modify import modify_databases
from ..module_utils._run.modify_result import ModifyResult
from ..module_utils._run.usage_check import usage_check

ARGUMENT_SPEC = {
    **TARGETS_SPEC,
    "include_read_replicas": {"type": "bool", "default": False},
    "max_changes": {"type": "int"},
    "expect_plan_id": {"type": "str"},
    "enable_iam_database_authentication": {"type": "bool", "default": True, "aliases": ["enabled"]},
    "on_problem": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
    "unused_for": {"type": "str"},
    "return_unchanged": {"type": "bool", "default": True},
    **CHANGE_SPEC,
}


def run(params: t.Mapping[str, t.Any], context: RunContext[UsageApi]) -> ModifyResult:
    """Switch the databases that are named or selected."""
    asked = read_change_options(params)
    targets = read_targets(params, region=context.api.region)
    deadline = Deadline.after(asked.wait_timeout, context.clock)
    return modify_databases(targets, asked, context, deadline, usage_check(asked, context, deadline))


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, UsageClient, other_services=True)


if __name__ == "__main__":
    main()
