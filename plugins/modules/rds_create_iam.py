#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_create_iam
short_description: Create an Amazon RDS or Aurora database with IAM database authentication
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Creates a DB instance, a DB cluster with its members, or a read replica, with IAM database authentication on or off.
  - Engine version, class and parameter group are checked before anything exists.
  - A target that exists is accepted where its engine, or its source, is the same; nothing but its IAM setting is ever
    touched. For everything else about an existing database use M(amazon.aws.rds_instance).
options:
  source_db_instance_identifier:
    description:
      - Create a read replica of this DB instance, by name, or by ARN where it is in another region.
    type: str
  enable_iam_database_authentication:
    description:
      - Whether IAM database authentication is to be on or off. A read replica has a setting of its own.
    type: bool
    default: true
    aliases: [enabled]
  allocated_storage:
    description:
      - The size of the storage, in GiB.
    type: int
  backup_retention_period:
    description:
      - How many days automated backups are kept.
    type: int
  db_name:
    description:
      - The name of the database that is made in the new instance or cluster.
    type: str
  master_user_authentication:
    description:
      - How the master user logs in.
      - V(password) uses the password in O(master_user_password).
      - V(managed) lets RDS make a password and keep it in AWS Secrets Manager. AWS supports neither read replicas
        (except for SQL Server) nor blue/green deployments for such a DB instance or Multi-AZ DB cluster, and neither
        blue/green deployments, global databases nor read replicas in other Regions for such an Aurora cluster.
      - V(iam) creates a master user who logs in with an IAM token and never has a password. It is valid for RDS for
        PostgreSQL and Aurora PostgreSQL, requires O(enable_iam_database_authentication=true), and excludes both
        O(master_user_password) and O(manage_master_user_password). It requires botocore 1.40.22 or later. RDS does not
        report this property, so the module cannot compare it for a database that exists.
      - By default, the module uses V(password) if O(master_user_password) is set. Otherwise it uses V(managed) and
        warns about its limitations. In a global database, where AWS does not support a managed password, set
        O(master_user_password) or O(master_user_authentication=iam).
      - A read replica, a secondary cluster of a global database (C(GlobalClusterIdentifier) without
        O(master_username)), a cluster with C(ReplicationSourceIdentifier), and a cluster with
        C(WithExpressConfiguration) have no master password of their own. The module refuses these options for them.
    type: str
    choices: [password, managed, iam]
  storage_encrypted:
    description:
      - Whether the storage is encrypted.
    type: bool
notes:
  - Without O(master_user_password), RDS keeps the master password in AWS Secrets Manager, unless
    O(manage_master_user_password=false) or O(master_user_authentication=iam).
  - 'Permissions: those of M(passwordless.rds.rds_iam_auth), the Create action itself, C(rds:DescribeDBEngineVersions),
    C(rds:DescribeDBParameterGroups), and C(rds:AddTagsToResource) for tags.'
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - passwordless.rds._requirements
  - passwordless.rds._attributes
  - passwordless.rds._attributes.changing
  - passwordless.rds._change
  - passwordless.rds._provision
seealso:
  - module: passwordless.rds.rds_iam_auth
  - module: passwordless.rds.rds_restore_iam
  - module: amazon.aws.rds_instance
"""

EXAMPLES = r"""
- name: Create a DB instance without ever knowing a password
  passwordless.rds.rds_create_iam:
    db_instance_identifier: mydbinstance
    engine: MySQL
    db_instance_class: db.m6g.large
    allocated_storage: 20
    master_username: masterawsuser

- name: Create an Aurora cluster with one member
  passwordless.rds.rds_create_iam:
    db_cluster_identifier: newledger
    engine: aurora-postgresql
    master_username: masterawsuser
    cluster_instances:
      - db_instance_identifier: newledger-1
        db_instance_class: db.r6g.large

- name: Create a PostgreSQL DB instance whose master user has no password at all
  passwordless.rds.rds_create_iam:
    db_instance_identifier: newpg
    engine: postgres
    db_instance_class: db.m6g.large
    allocated_storage: 20
    master_username: masterawsuser
    master_user_authentication: iam

- name: Create a secondary cluster of an Aurora global database
  passwordless.rds.rds_create_iam:
    db_cluster_identifier: ledger-second
    engine: aurora-postgresql
    region: eu-central-1
    extra_parameters:
      GlobalClusterIdentifier: ledger-world
    cluster_instances:
      - db_instance_identifier: ledger-second-1
        db_instance_class: db.r6g.large

- name: Create a read replica that can be logged in to by IAM
  passwordless.rds.rds_create_iam:
    db_instance_identifier: shop-reports
    source_db_instance_identifier: shop
"""

RETURN = r"""
created:
  description:
    - Whether the target was made, or would be made, by this task. False where it existed.
    - Also false if the response to the request was lost. C(changed) is then true, because the outcome is unknown.
    - Also false if the target was deleted while the task waited for it, and somebody else created another database of
      the same name. C(changed) is then true.
  returned: always, once the target has been looked up
  type: bool
  sample: true
database:
  description: The target.
  returned: always, once the target has been looked up
  type: dict
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
      description: The ARN of the database. Null in check mode where the database does not exist yet, as is all that RDS
        assigns.
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
        - V(failed), see RV(database.problems).
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
            - About the source, V(source_not_found), V(source_not_available) or V(source_not_restorable).
            - About a name that is taken, V(target_exists) or V(member_exists).
            - About what RDS offers, V(engine_not_offered), V(engine_version_not_offered) or V(class_not_offered).
            - About the parameter group, V(parameter_group_not_found), V(parameter_group_unsuited) or V(ssl_disabled).
            - About the IAM setting, V(engine_unsupported), V(deployment_unsupported), V(class_unsupported),
              V(always_on), V(kerberos_enabled), V(cluster_member), V(not_modifiable) or V(other_pending_changes).
            - About the progress of the task, V(not_found) if the database was deleted in the meantime, V(superseded),
              V(refused) or V(timeout).
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
source:
  description: The source of a read replica; else null.
  returned: always, once the target has been looked up
  type: dict
  contains:
    kind:
      description: V(db_snapshot), V(db_cluster_snapshot), V(db_instance), V(db_cluster),
        V(db_instance_automated_backup), V(db_cluster_automated_backup) or V(s3).
      returned: always
      type: str
      sample: db_snapshot
    arn:
      description: Its ARN.
      returned: always
      type: str
      sample: arn:aws:rds:eu-west-1:123456789012:snapshot:orders-2026-11-23
    iam_database_authentication_enabled:
      description: Its setting.
      returned: always
      type: bool
      sample: true
    resource_id:
      description: The resource id of the database that it comes from, which the policies written for that one name.
      returned: always
      type: str
      sample: db-ABCDEFGHIJKL01234
    restored_to:
      description: Always null. M(passwordless.rds.rds_restore_iam) returns the point in time here.
      returned: always
      type: str
      sample: null
    snapshot_time:
      description: Always null. M(passwordless.rds.rds_restore_iam) returns the time of the snapshot here.
      returned: always
      type: str
      sample: null
seconds:
  description:
    - How long each step took, in seconds. Steps that were not necessary or did not finish are omitted.
    - In check mode it contains C(checks) and C(total) only.
  returned: always, once the target has been looked up
  type: dict
  contains:
    checks:
      description: Describing the databases and running the checks.
      returned: if all checks passed
      type: float
      sample: 1.204
    database:
      description: From the request until the database was available.
      returned: if the task waited for the database
      type: float
      sample: 612.5
    cluster_instances:
      description: From the request for the DB instances of a cluster until all were available.
      returned: if the task waited for DB instances
      type: float
      sample: 305.11
    setting:
      description: Verifying the IAM setting, and correcting it if necessary.
      returned: if the setting was verified
      type: float
      sample: 0.61
    total:
      description: The whole task.
      returned: always
      type: float
      sample: 919.424
cluster_instances:
  description:
    - The members that were asked for and belong to the cluster, by name.
    - In check mode, also those that would be created.
    - A DB instance of somebody else that has the same name is not included.
  returned: always, once the target has been looked up
  type: list
  elements: str
  sample: [ledger-drill-1]
diff:
  description:
    - Before and after of what changes, keyed C(instance/NAME), C(cluster/NAME) and C(parameter_group/NAME). What is
      made has no before.
    - If the response to a request was lost and the task never saw its effect, RDS may have carried the request out.
      C(changed) is then V(true) and the message says so, but the diff does not show the request.
  returned: always, once the target has been looked up
  type: dict
  sample:
    before: {}
    after:
      instance/orders-drill: {iam_database_authentication: enabled, pending: null}
msg:
  description: What became of the target, in one line; or what stands against it.
  returned: always
  type: str
  sample: "instance/orders-drill: restored, applied."
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

from ..module_utils._aws.provisioning_client import ProvisioningClient
from ..module_utils._gateway.provisioning import ProvisioningApi
from ..module_utils._module import run_module
from ..module_utils._options.change import CHANGE_SPEC, PROVISION_SPEC, read_change_options
from ..module_utils._options.cluster_instances import CLUSTER_INSTANCES_SPEC
from ..module_utils._options.settings import COMMON_SPEC, CREATE_SPEC
from ..module_utils._run.context import RunContext
from ..module_utils._run.create import create
from ..module_utils._run.provision_result import ProvisionResult

ARGUMENT_SPEC = {
    "source_db_instance_identifier": {"type": "str"},
    "enable_iam_database_authentication": {"type": "bool", "default": True, "aliases": ["enabled"]},
    "cluster_instances": CLUSTER_INSTANCES_SPEC,
    **PROVISION_SPEC,
    **COMMON_SPEC,
    **CREATE_SPEC,
    **CHANGE_SPEC,
}


def run(params: t.Mapping[str, t.Any], context: RunContext[ProvisioningApi]) -> ProvisionResult:
    """Create the target."""
    return create(params, read_change_options(params), context)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, ProvisioningClient)


if __name__ == "__main__":
    main()
