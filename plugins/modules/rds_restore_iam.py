#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_restore_iam
short_description: Restore an Amazon RDS or Aurora database with the desired IAM database authentication setting
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Restores a DB instance or DB cluster from a snapshot, to a point in time, or from S3. The target gets the requested
    IAM database authentication setting, or the setting of its source.
  - The AWS documentation is inconsistent about the setting of a restored database if the request does not contain it.
    This module always includes the setting in the request, verifies the result, and corrects it immediately if it
    differs.
  - The module accepts an existing target if it can be the result of this restore. It then changes
    only the IAM database authentication setting.
  - To complete an interrupted run, run the task again.
options:
  db_snapshot_identifier:
    description:
      - The name or ARN of the DB snapshot to restore. The name of an automated snapshot begins with V(rds:). A snapshot
        of another account requires the ARN.
      - You can restore a snapshot of MySQL or PostgreSQL to an Aurora cluster.
      - Exactly one of O(db_snapshot_identifier), O(db_cluster_snapshot_identifier), O(source_db_instance_identifier),
        O(source_dbi_resource_id), O(source_db_instance_automated_backups_arn), O(source_db_cluster_identifier),
        O(source_db_cluster_resource_id) and O(s3_bucket_name) is required. Blank values do not count.
    type: str
  db_cluster_snapshot_identifier:
    description:
      - The name or ARN of the DB cluster snapshot to restore. You can restore a snapshot of a Multi-AZ DB cluster to a
        DB instance.
    type: str
  source_db_instance_identifier:
    description:
      - The DB instance to restore to a point in time.
    type: str
  source_dbi_resource_id:
    description:
      - The resource ID of the DB instance to restore to a point in time. You can specify a deleted instance.
    type: str
  source_db_instance_automated_backups_arn:
    description:
      - The ARN of the automated backups to restore to a point in time. They may come from another Region.
    type: str
  source_db_cluster_identifier:
    description:
      - The DB cluster to restore to a point in time.
    type: str
  source_db_cluster_resource_id:
    description:
      - The resource ID of the DB cluster to restore to a point in time. You can specify a deleted cluster.
    type: str
  s3_bucket_name:
    description:
      - The S3 bucket that contains the MySQL backup to restore.
    type: str
  s3_prefix:
    description:
      - The prefix of the backup in the S3 bucket. The option is valid only with O(s3_bucket_name).
    type: str
  s3_ingestion_role_arn:
    description:
      - The ARN of the IAM role that RDS uses to read the S3 bucket. The option is valid only with O(s3_bucket_name).
    type: str
  source_engine:
    description:
      - The engine of the backup in S3, which is V(mysql). The option is valid only with O(s3_bucket_name).
    type: str
  source_engine_version:
    description:
      - The engine version of the database that was backed up to S3. The option is valid only with O(s3_bucket_name).
    type: str
  restore_time:
    description:
      - The point in time, in ISO 8601 format with a time zone, for example V(2026-11-24T03:30:00Z). The module checks
        that it is within the restorable window before it sends the restore request.
      - A restore to a point in time requires exactly one of O(restore_time) and O(use_latest_restorable_time).
    type: str
  use_latest_restorable_time:
    description:
      - Whether to restore to the latest restorable time.
    type: bool
    default: false
  enable_iam_database_authentication:
    description:
      - Whether to enable or disable IAM database authentication. By default, a new database gets the setting of its
        source, and an existing database keeps its setting. A backup in S3 has no setting, so it remains disabled.
      - A database that exists but has never been available counts as new. An Aurora cluster without DB instances also
        counts as new if the task creates instances for it.
      - The option C(master_user_authentication) of M(passwordless.rds.rds_create_iam) is not available here, because no
        restore operation of RDS accepts it. To use it, modify the database after the restore.
    type: bool
    aliases: [enabled]
  if_exists:
    description:
      - What to do if the target exists.
      - V(check) accepts a target that can be the result of this restore. It must have an engine of the same family and
        must have been created after the snapshot or the restore time.
      - V(fail) fails the task if the target exists.
      - A target that is still being created must also match the properties that the task sets, such as class, parameter
        group, tags and subnet group. Otherwise, the task fails with C(target_exists).
    type: str
    choices: [check, fail]
    default: check
  inherit_settings_from_source:
    description:
      - Whether a new database gets the current settings of the database from which the source was created. By default,
        RDS uses default values for most of them, and the module warns.
      - The settings are O(db_parameter_group_name) or O(db_cluster_parameter_group_name), O(option_group_name),
        O(db_subnet_group_name), O(vpc_security_group_ids), O(db_instance_class), and O(multi_az) unless
        O(availability_zone) is set. An Aurora cluster also gets O(serverless_v2_scaling_configuration). They appear in
        RV(diff), in check mode too. An option of the task always takes precedence.
      - An Aurora cluster also gets as many DB instances as the source cluster has, unless O(cluster_instances) is set,
        even to an empty list. Their names are the name of the target with C(-1), C(-2) and so on. The first one
        corresponds to the writer, the others to the readers in the order of promotion tier and name. Each has the
        class, DB parameter group, promotion tier and public accessibility of its counterpart. Availability Zones and
        tags are not inherited. Readers that Aurora Auto Scaling created are excluded.
      - A second run creates the missing instances if the cluster has none, or if the cluster or one of its instances is
        incomplete. It is incomplete if it is still being created, or if it was created less than an hour ago and has a
        transitional status. Otherwise, the run creates none and warns. It never changes existing instances.
      - If the engine or the kind of database differs, only compatible settings are inherited. For example, an Aurora
        cluster inherits only the subnet group and security groups from a snapshot of a DB instance. An option group
        requires the same major engine version. With O(db_subnet_group_name), the security groups are inherited only if
        that subnet group is in the VPC of the source. The module warns if it does not inherit them.
      - If the source database no longer exists in this Region, the module warns and inherits nothing.
    type: bool
    default: false
notes:
  - The module requires the permissions of M(passwordless.rds.rds_iam_auth), and those for the Restore action and the
    Describe action of the source.
  - It also requires C(rds:CreateDBInstance) for members and C(rds:AddTagsToResource) for tags.
  - For a parameter group, or another engine or version, it also requires C(rds:DescribeDBParameterGroups) and
    C(rds:DescribeDBEngineVersions). O(db_subnet_group_name) requires C(rds:DescribeDBSubnetGroups), and
    O(option_group_name) requires C(rds:DescribeOptionGroups).
  - A restored database has its own resource ID. Policies for C(rds-db:connect) that contain the resource ID of the
    source do not match it. The module warns about this.
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
  - module: passwordless.rds.rds_create_iam
"""

EXAMPLES = r"""
- name: Restore a snapshot with IAM database authentication enabled
  passwordless.rds.rds_restore_iam:
    db_instance_identifier: orders-drill
    db_snapshot_identifier: orders-monday
    enable_iam_database_authentication: true
    db_parameter_group_name: orders-pg16
    vpc_security_group_ids: [sg-0a1b2c3d4e5f60001]

- name: Restore a DB instance to a point in time
  passwordless.rds.rds_restore_iam:
    db_instance_identifier: shop-before-upgrade
    source_db_instance_identifier: shop
    restore_time: "2026-11-02T09:30:00Z"

- name: Restore a DB instance with the parameter group, security groups, class and other settings of its source
  passwordless.rds.rds_restore_iam:
    db_instance_identifier: orders-copy
    source_db_instance_identifier: orders
    use_latest_restorable_time: true
    inherit_settings_from_source: true

- name: Restore a deleted DB instance from its retained automated backups
  passwordless.rds.rds_restore_iam:
    db_instance_identifier: reports
    source_dbi_resource_id: db-ABCDEFGHIJKLMNOPQRSTUVWXYZ
    use_latest_restorable_time: true

- name: Create a DB instance from a MySQL backup in an S3 bucket
  passwordless.rds.rds_restore_iam:
    db_instance_identifier: migrated
    engine: mysql
    db_instance_class: db.m6g.large
    s3_bucket_name: mysql-backups
    s3_prefix: monday
    s3_ingestion_role_arn: arn:aws:iam::123456789012:role/rds-s3-ingestion
    source_engine: mysql
    source_engine_version: 8.0.40
    master_username: admin
    manage_master_user_password: true
    enable_iam_database_authentication: true

- name: Restore an Aurora cluster with one member and the setting of its source to the latest restorable time
  passwordless.rds.rds_restore_iam:
    db_cluster_identifier: ledger-drill
    source_db_cluster_identifier: ledger
    use_latest_restorable_time: true
    cluster_instances:
      - db_instance_identifier: ledger-drill-1
        db_instance_class: db.r6g.large
  register: drill

- name: Show the prefix of the resource for a policy
  ansible.builtin.debug:
    msg: "{{ drill.database.dbuser_arn_prefix }}"
"""

RETURN = r"""
restored:
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
  description: The source from which the target is restored. Null if the source does not exist.
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
      description:
        - The point in time to which the target was or would be restored, in UTC and ISO 8601
          format.
        - With O(use_latest_restorable_time=true), it is the latest restorable time that RDS reported
          just before the request.
        - Null for a snapshot. It is also null if the target already existed and the task requests
          the latest restorable time.
      returned: always
      type: str
      sample: '2026-11-24T03:30:00Z'
    snapshot_time:
      description: The time when the snapshot was taken, in UTC and ISO 8601 format. For a copied
        snapshot, it is the time of the original. Null for other sources.
      returned: always
      type: str
      sample: '2026-11-23T03:12:00Z'
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
from ..module_utils._model.restore_source import S3_OPTIONS, SOURCE_OPTIONS
from ..module_utils._module import run_module
from ..module_utils._options.change import CHANGE_SPEC, PROVISION_SPEC, read_change_options
from ..module_utils._options.cluster_instances import CLUSTER_INSTANCES_SPEC
from ..module_utils._options.settings import COMMON_SPEC
from ..module_utils._run.context import RunContext
from ..module_utils._run.provision_result import ProvisionResult
from ..module_utils._run.restore import restore

ARGUMENT_SPEC = {
    **{option: {"type": "str"} for option in (*SOURCE_OPTIONS, *S3_OPTIONS)},
    "restore_time": {"type": "str"},
    "use_latest_restorable_time": {"type": "bool", "default": False},
    "enable_iam_database_authentication": {"type": "bool", "aliases": ["enabled"]},
    "if_exists": {"type": "str", "choices": ["check", "fail"], "default": "check"},
    "inherit_settings_from_source": {"type": "bool", "default": False},
    "cluster_instances": CLUSTER_INSTANCES_SPEC,
    **PROVISION_SPEC,
    **COMMON_SPEC,
    **CHANGE_SPEC,
}


def run(params: t.Mapping[str, t.Any], context: RunContext[ProvisioningApi]) -> ProvisionResult:
    """Restore the target."""
    return restore(params, read_change_options(params), context)


def main() -> None:
    """Run the module."""
    run_module(ARGUMENT_SPEC, run, ProvisioningClient)


if __name__ == "__main__":
    main()
