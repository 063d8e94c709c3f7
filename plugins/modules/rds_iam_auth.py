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
  - Enables or disables IAM database authentication on DB instances and DB clusters that exist, one or many in one
    task, by name or selected by engine, tags and patterns. At least one of O(db_instance_identifiers),
    O(db_cluster_identifiers) and O(select) is needed; O(select) goes without the other two.
  - Everything is checked before anything is modified. With one problem on one database nothing at all is changed,
    unless O(on_problem=skip).
  - A Modify request carries the identifier, the setting and its timing. No other setting is ever touched.
  - A change is done when RDS shows the value, not when the status is C(available).
  - A change that is queued for the maintenance window is known as such, so that a second run changes nothing, and a
    queued change to the opposite value is cancelled.
options:
  include_read_replicas:
    description:
      - Whether the read replicas of the named or selected databases are meant too, and theirs in turn. Each has a
        setting of its own.
      - Read replicas in another region are left out with a warning.
    type: bool
    default: false
  enable_iam_database_authentication:
    description:
      - Whether IAM database authentication is to be on or off.
      - Switching it off locks out the database users who log in by IAM.
    type: bool
    default: true
    aliases: [enabled]
  on_problem:
    description:
      - What one database with a problem means for the others.
      - V(fail) modifies nothing at all and fails.
      - V(skip) leaves that database out with a warning, and goes on with the others. A name that does not exist
        still fails the task.
    type: str
    choices: [fail, skip]
    default: fail
  return_unchanged:
    description:
      - Whether RV(databases) lists the databases that need no change. RV(summary) counts them in any case.
      - Set it to V(false) for a task over many databases of which few change.
    type: bool
    default: true
  max_changes:
    description:
      - The greatest number of databases that the task may change. Where more would change, it fails before anything
        is modified, in check mode too. The message and RV(databases[].planned_outcome) say which databases would
        have changed, and how.
    type: int
  expect_plan_id:
    description:
      - The RV(plan_id) of a run in check mode that has been approved. Where the plan is another one now, the task
        fails before anything is modified. Where nothing is left to change, it passes.
      - The plan covers the databases that change and how, and nothing that depends on the time. After a run that was
        interrupted the plan is the rest, which has to be previewed and approved again.
    type: str
notes:
  - 'Permissions: C(rds:DescribeDBInstances) and C(rds:ModifyDBInstance) for instances, C(rds:DescribeDBClusters)
    and C(rds:ModifyDBCluster) for clusters, C(rds:DescribeDBInstances) also to enable the setting on clusters, whose
    members are looked at.'
  - 'To enable the setting also C(rds:DescribeOrderableDBInstanceOptions), and for PostgreSQL
    C(rds:DescribeDBParameters) or C(rds:DescribeDBClusterParameters) unless O(ssl_parameter=ignore).
    O(ssl_parameter=enforce) needs C(rds:ModifyDBParameterGroup) or C(rds:ModifyDBClusterParameterGroup).'
  - Enabling satisfies the Security Hub controls RDS.10 (instances) and RDS.12 (clusters).
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
    description: The page of the Amazon RDS User Guide.
    link: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Enabling.html
"""

EXAMPLES = r"""
- name: Enable IAM database authentication in the next maintenance window
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: orders

- name: Enable it now, and wait until it has taken
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: orders
    apply_immediately: true

- name: Enable it now on an Aurora cluster and on two instances
  passwordless.rds.rds_iam_auth:
    db_cluster_identifiers: [ledger]
    db_instance_identifiers: [orders, shop]
    apply_immediately: true

- name: Leave out what cannot be changed, and say why
  passwordless.rds.rds_iam_auth:
    db_instance_identifiers: "orders, legacy, shop"
    apply_immediately: true
    on_problem: skip
  register: switched

- name: Show the databases that were left out
  ansible.builtin.debug:
    msg: "{{ item.identifier }}: {{ item.problems | map(attribute='message') | join('; ') }}"
  loop: "{{ switched.databases | selectattr('outcome', 'equalto', 'skipped') }}"
  loop_control:
    label: "{{ item.identifier }}"

- name: Set ssl=1 in the PostgreSQL parameter group first, where it is 0
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: legacy
    ssl_parameter: enforce
    apply_immediately: true

- name: Include the read replicas
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: shop
    include_read_replicas: true
    apply_immediately: true

- name: Enable it on every database of a team, but not on more than fifty, and leave out what cannot be changed
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

- name: Make exactly the change that was previewed
  passwordless.rds.rds_iam_auth:
    select: {include: ["web-*"]}
    apply_immediately: true
    expect_plan_id: "{{ preview.plan_id }}"

- name: Disable it now
  passwordless.rds.rds_iam_auth:
    db_instance_identifier: payments
    enable_iam_database_authentication: false
    apply_immediately: true
"""

RETURN = r"""
databases:
  description: The result for each database, in the order in which they were named, or by identifier, instances first.
    Read replicas follow, and names that do not exist come last. In check mode, the predicted result. With
    O(return_unchanged=false), the list excludes databases that need no change.
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
      description: The ARN of the database. This and all keys up to RV(databases[].ssl) are null for a name
        that does not exist.
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
    outcome:
      description:
        - V(unchanged), nothing had to be done, or the value was queued already.
        - V(applied), the value has taken. V(applying), RDS has accepted it and O(wait=false).
        - V(scheduled), the value is queued for the maintenance window.
        - V(cancelled), a queued change to the opposite value is gone.
        - V(skipped), it was left alone, because of its own problems with O(on_problem=skip), or because another
          database blocked the task.
        - V(failed), see RV(databases[].problems).
      returned: always
      type: str
      sample: applied
    planned_outcome:
      description:
        - The outcome that the task had planned for the database before it modified anything. If the task fails
          because of another database, O(max_changes) or O(expect_plan_id), it shows the outcome otherwise expected.
        - Null if the database has a problem, does not exist, or could not be checked.
      returned: always
      type: str
      sample: applied
    changed:
      description: Whether this database was changed, or may have been changed because the response of AWS was lost.
      returned: always
      type: bool
      sample: true
    problems:
      description: Why it was not changed, or why the change did not end well.
      returned: always
      type: list
      elements: dict
      contains:
        code:
          description:
            - One of V(not_found), V(cluster_member), V(engine_unsupported), V(deployment_unsupported),
              V(always_on), V(kerberos_enabled), V(class_unsupported), V(ssl_disabled), V(not_modifiable),
              V(other_pending_changes), V(superseded), V(refused), V(timeout).
          returned: always
          type: str
          sample: ssl_disabled
        message:
          description: What stands against it, and the way out.
          returned: always
          type: str
          sample: "parameter ssl is 0 in parameter group legacy-pg16 (used by instance/legacy), and PostgreSQL
            on RDS takes IAM
            authentication with ssl=1 only; set ssl to 1 in it, or let this task do that with ssl_parameter=enforce"
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
    dbuser_arn_prefix:
      description: Append the name of a database user to get the resource of an C(rds-db:connect) policy.
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
summary:
  description: How many databases ended how.
  returned: always, once the databases have been looked up
  type: dict
  sample: {unchanged: 1, applied: 2, applying: 0, scheduled: 0, cancelled: 0, skipped: 0, failed: 0, total: 3}
plan_id:
  description: Names what is going to change and how. The same plan has the same id, in check mode and for real, in
    any order and at any time. Give it to O(expect_plan_id).
  returned: always, once the plan has been made
  type: str
  sample: 3f6d1c0a9b8e7d65
parameter_groups:
  description: The parameter groups in which C(ssl) was set to V(1) (or would be), with O(ssl_parameter=enforce).
  returned: always, once the databases have been looked up
  type: list
  elements: dict
  contains:
    name:
      description: The name of the group.
      returned: always
      type: str
      sample: legacy-pg16
    kind:
      description: V(instance) for a DB parameter group, V(cluster) for a DB cluster parameter group.
      returned: always
      type: str
      sample: instance
    parameter:
      description: The parameter.
      returned: always
      type: str
      sample: ssl
    before:
      description: Its value before.
      returned: always
      type: str
      sample: "0"
    after:
      description: Its value after.
      returned: always
      type: str
      sample: "1"
    databases:
      description: All databases of the region that use the group.
      returned: always
      type: list
      elements: str
      sample: [instance/legacy]
diff:
  description:
    - The databases and parameter groups that changed, keyed C(instance/NAME), C(cluster/NAME) and
      C(parameter_group/NAME).
    - If the response to a request was lost and the task never saw its effect, RDS may have carried the request out.
      The database then counts as changed and its problem says so, but it is not in the diff, because its new state
      is unknown.
  returned: always, once the databases have been looked up
  type: dict
  sample:
    before: {instance/orders: {iam_database_authentication: disabled, pending: null}}
    after: {instance/orders: {iam_database_authentication: enabled, pending: null}}
msg:
  description:
    - Human-readable summary. First the problems, grouped by code, then the number of databases by outcome, with those
      that changed first.
    - In check mode it says what the task would do, for example C(2 would be applied, 1 would stay unchanged).
    - If a problem with one database blocks the task, the message says how many databases are blocked, how many others
      were not changed because of that, and how to continue without the blocked ones.
  returned: always
  type: str
  sample: 2 applied, 1 unchanged.
error:
  description: AWS's own words, where a call failed before any database could be decided on.
  returned: when such a call failed
  type: dict
  contains:
    operation:
      description: The API operation.
      returned: always
      type: str
      sample: DescribeDBInstances
    code:
      description: AWS's error code, or the name of the exception where no answer came.
      returned: always
      type: str
      sample: AccessDenied
    message:
      description: AWS's message.
      returned: always
      type: str
      sample: "User: arn:aws:iam::123456789012:user/ops is not authorized to perform: rds:DescribeDBInstances"
    request_id:
      description: The id of the request, for AWS support.
      returned: always
      type: str
      sample: 5c5f7e9e-6c5e-4a3e-8f7e-1a2b3c4d5e6f
"""

import typing as t

from ..module_utils._aws.rds_client import RdsClient
from ..module_utils._gateway.rds import RdsApi
from ..module_utils._module import run_module
from ..module_utils._options.change import CHANGE_SPEC, read_change_options
from ..module_utils._options.targets import TARGETS_SPEC, read_targets
from ..module_utils._run.context import RunContext
from ..module_utils._run.modify import modify_databases
from ..module_utils._run.modify_result import ModifyResult

ARGUMENT_SPEC = {
    **TARGETS_SPEC,
    "include_read_replicas": {"type": "bool", "default": False},
    "max_changes": {"type": "int"},
    "expect_plan_id": {"type": "str"},
    "enable_iam_database_authentication": {"type": "bool", "default": True, "aliases": ["enabled"]},
    "on_problem": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
    "return_unchanged": {"type": "bool", "default": True},
    **CHANGE_SPEC,
}


def run(params: t.Mapping[str, t.Any], context: RunContext[RdsApi]) -> ModifyResult:
    """Switch the databases that are named or selected."""
    asked = read_change_options(params)
    return modify_databases(read_targets(params, region=context.api.region), asked, context)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, RdsClient)


if __name__ == "__main__":
    main()
