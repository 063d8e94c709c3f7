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
  - Creates a DB instance, a DB cluster with its members, or a read replica, with IAM database authentication enabled or
    disabled.
  - The module checks engine version, class and parameter group before it creates anything.
  - The module accepts an existing target if the engine or the source is the same. It then changes only the IAM database
    authentication setting. To manage other settings of a database, use M(amazon.aws.rds_instance).
options:
  source_db_instance_identifier:
    description:
      - The source DB instance of the read replica. Use the ARN if the instance is in another Region.
    type: str
  enable_iam_database_authentication:
    description:
      - Whether to enable IAM database authentication. A read replica has its own setting.
    type: bool
    default: true
    aliases: [enabled]
  allocated_storage:
    description:
      - The size of the storage, in GiB.
    type: int
  backup_retention_period:
    description:
      - The number of days for which RDS retains automated backups.
    type: int
  db_name:
    description:
      - The name of the database that RDS creates in the new instance or cluster.
    type: str
  master_user_authentication:
    description:
      - How the master user logs in.
      - V(password) uses the password in O(master_user_password).
      - V(managed) lets RDS generate a password and manage it in AWS Secrets Manager. For such a DB instance or Multi-AZ
        DB cluster, AWS supports neither read replicas (except for SQL Server) nor blue/green deployments. For such an
        Aurora cluster, AWS supports neither blue/green deployments, global databases nor read replicas in other
        Regions.
      - V(iam) creates a master user who logs in with an IAM token and never has a password. It is valid for RDS for
        PostgreSQL and Aurora PostgreSQL, requires O(enable_iam_database_authentication=true), and excludes both
        O(master_user_password) and O(manage_master_user_password). It requires botocore 1.40.22 or later. RDS does not
        report this property, so the module cannot compare it for a database that exists.
      - By default, the module uses V(password) if O(master_user_password) is set. Otherwise it uses V(managed) and
        warns about its limitations. In a global database, where AWS does not support a managed password, set
        O(master_user_password) or O(master_user_authentication=iam).
      - A read replica, a secondary cluster of a global database (C(GlobalClusterIdentifier) without
        O(master_username)), a cluster with C(ReplicationSourceIdentifier), and a cluster with
        C(WithExpressConfiguration) do not have a separate master password. The module refuses these options for them.
    type: str
    choices: [password, managed, iam]
  storage_encrypted:
    description:
      - Whether the storage is encrypted.
    type: bool
notes:
  - Without O(master_user_password), RDS manages the master password in AWS Secrets Manager, unless
    O(manage_master_user_password=false) or O(master_user_authentication=iam).
  - The module requires the permissions of M(passwordless.rds.rds_iam_auth), the permission for the Create action,
    C(rds:DescribeDBEngineVersions), C(rds:DescribeDBParameterGroups), and C(rds:AddTagsToResource) for tags.
    O(db_subnet_group_name) requires C(rds:DescribeDBSubnetGroups), and O(option_group_name) requires
    C(rds:DescribeOptionGroups).
  - The module does not call AWS KMS or Amazon EC2. RDS checks O(kms_key_id) and O(vpc_security_group_ids) when it
    receives the request. Check mode therefore does not detect a key or a security group that RDS refuses. If RDS
    refuses the request, no database is created, and the message names the option.
  - With O(ssl_parameter=enforce), the module sets C(ssl=1) before it sends the request, because RDS refuses the setting
    without it. If RDS refuses the request for another reason, the parameter group keeps the value. The message and
    RV(parameter_groups) name the group.
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
- name: Create a DB instance whose master password RDS manages in AWS Secrets Manager
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

- name: Create a PostgreSQL DB instance whose master user has no password
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

- name: Create a read replica with IAM database authentication
  passwordless.rds.rds_create_iam:
    db_instance_identifier: shop-reports
    source_db_instance_identifier: shop
"""

RETURN = r"""
created:
  description:
    - Whether this task created, or would create, the target. V(false) if the target already existed.
    - It is also V(false) if the response to the request was lost. C(changed) is then V(true),
      because the outcome is unknown.
    - It is also V(false) if the target was deleted while the task waited for it, and somebody
      else created another database with the same name. C(changed) is then V(true).
  returned: always, once the target has been looked up
  type: bool
  sample: true
database:
  description: The target.
  returned: always, once the target has been looked up
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
      description: The ARN of the database. In check mode, this and all other values that RDS
        assigns are null if the database does not exist yet.
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
        - V(failed) if the change failed or a problem prevented it. See RV(database.problems).
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
            - V(source_not_found) if the source does not exist.
            - V(source_not_available) if the source is not available, for example because a snapshot
              is not finished.
            - V(source_not_restorable) if RDS cannot create the target from the source.
            - V(target_exists) if the target exists and the task does not accept it.
            - V(member_exists) if a DB instance of O(cluster_instances) exists and the task does
              not accept it.
            - V(engine_not_offered) if RDS does not offer the engine.
            - V(engine_version_not_offered) if RDS does not offer the engine version.
            - V(class_not_offered) if RDS does not offer the DB instance class.
            - V(subnet_group_not_found) if the DB subnet group does not exist.
            - V(option_group_not_found) if the option group does not exist.
            - V(parameter_group_not_found) if the parameter group does not exist.
            - V(parameter_group_unsuited) if the parameter group is for another engine version.
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
source:
  description: The source of a read replica. Null for other targets.
  returned: always, once the target has been looked up
  type: dict
  contains:
    kind:
      description: The kind of source, which is V(db_snapshot), V(db_cluster_snapshot), V(db_instance),
        V(db_cluster), V(db_instance_automated_backup), V(db_cluster_automated_backup) or V(s3).
      returned: always
      type: str
      sample: db_snapshot
    arn:
      description: The ARN of the source.
      returned: always
      type: str
      sample: arn:aws:rds:eu-west-1:123456789012:snapshot:orders-2026-11-23
    iam_database_authentication_enabled:
      description: The setting of the source.
      returned: always
      type: bool
      sample: true
    resource_id:
      description: The resource ID of the database from which the source was created. Policies
        for that database contain this ID.
      returned: always
      type: str
      sample: db-ABCDEFGHIJKL01234
    restored_to:
      description: Always null. M(passwordless.rds.rds_restore_iam) returns the point in time
        here.
      returned: always
      type: str
      sample: null
    snapshot_time:
      description: Always null. M(passwordless.rds.rds_restore_iam) returns the time of the snapshot
        here.
      returned: always
      type: str
      sample: null
seconds:
  description:
    - The duration of each step in seconds. Steps that were not necessary or did not finish are
      omitted.
    - In check mode, it contains only C(checks) and C(total).
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
    - The names of the requested DB instances that belong to the cluster.
    - In check mode, the list also contains the instances that would be created.
    - The list does not contain a DB instance of somebody else that has the same name.
  returned: always, once the target has been looked up
  type: list
  elements: str
  sample:
    - ledger-drill-1
diff:
  description:
    - The state before and after for everything that changes, under the keys C(instance/NAME),
      C(cluster/NAME) and C(parameter_group/NAME). A new database has no state before.
    - If the response to a request was lost and the task never saw its effect, RDS may have carried
      the request out. C(changed) is then V(true) and the message states this, but the diff does
      not show the request.
  returned: always, once the target has been looked up
  type: dict
  sample:
    before: {}
    after:
      instance/orders-drill:
        iam_database_authentication: enabled
        pending: null
msg:
  description: The result for the target in one line, or the reason why the task failed.
  returned: always
  type: str
  sample: 'instance/orders-drill: restored, applied.'
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
