#!/usr/bin/python
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_restore_iam
short_description: Restore an Amazon RDS or Aurora database with IAM database authentication on, off, or as it was
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Restores a DB instance or DB cluster from a snapshot, to a point in time, or from S3, with exactly the IAM setting
    that is asked for, or knowingly with that of its source.
  - AWS's own pages disagree about the setting of a restored database for which nothing is said. This module always
    says it, looks at the result, and corrects it at once where it differs.
  - A target that exists is accepted where it can be this restore; nothing but its IAM setting is ever touched. A run
    that died half-way is finished by running it again.
options:
  db_snapshot_identifier:
    description:
      - Restore from this DB snapshot, by name or ARN. An automated one begins with V(rds:), one of another account
        needs its ARN.
      - A snapshot of MySQL or PostgreSQL may become an Aurora cluster.
    type: str
  db_cluster_snapshot_identifier:
    description:
      - Restore from this DB cluster snapshot, by name or ARN. That of a Multi-AZ DB cluster may become an instance.
    type: str
  source_db_instance_identifier:
    description:
      - Restore this DB instance to a point in time.
    type: str
  source_dbi_resource_id:
    description:
      - Restore a DB instance to a point in time, which may be deleted, by its resource id.
    type: str
  source_db_instance_automated_backups_arn:
    description:
      - Restore to a point in time from these automated backups, which may come from another region.
    type: str
  source_db_cluster_identifier:
    description:
      - Restore this DB cluster to a point in time.
    type: str
  source_db_cluster_resource_id:
    description:
      - Restore a DB cluster to a point in time, which may be deleted, by its resource id.
    type: str
  s3_bucket_name:
    description:
      - Restore a backup of MySQL that lies in this S3 bucket.
    type: str
  s3_prefix:
    description:
      - Where in the bucket the backup lies.
    type: str
  s3_ingestion_role_arn:
    description:
      - The IAM role with which RDS reads the bucket.
    type: str
  source_engine:
    description:
      - The engine of the backup in S3, V(mysql).
    type: str
  source_engine_version:
    description:
      - The version of the database that was backed up to S3.
    type: str
  restore_time:
    description:
      - The point in time, in ISO 8601 with a time zone, like V(2026-11-24T03:30:00Z). It is held against the restorable
        window before anything is asked of AWS.
      - For a point in time, exactly one of O(restore_time) and O(use_latest_restorable_time) is needed.
    type: str
  use_latest_restorable_time:
    description:
      - Whether to restore to the latest time that can be restored to.
    type: bool
    default: false
  enable_iam_database_authentication:
    description:
      - Whether IAM database authentication is to be on or off. Left out, a new database gets the setting of its source,
        and one that exists is left as it is. From S3 there is none to inherit, and it stays off.
      - A database that exists but has never been available counts as new, as does an Aurora cluster without DB
        instances for which the task creates some.
      - The option C(master_user_authentication) of M(passwordless.rds.rds_create_iam) is not available here, because no
        restore operation of RDS accepts it. To use it, modify the database after the restore.
    type: bool
    aliases: [enabled]
  if_exists:
    description:
      - What to do about a target that exists. V(check) accepts one that can be this restore, of an engine of the same
        family and created after the snapshot or the restore time; V(fail) accepts none.
      - One that is still being created also has to match the properties that the task sets, such as class, parameter
        group, tags and subnet group. Otherwise, the task fails with C(target_exists).
    type: str
    choices: [check, fail]
    default: check
  inherit_settings_from_source:
    description:
      - Whether a new database gets the settings of the database that its source comes from, as that database has them
        now. Without it, RDS uses defaults for most of them, and the module warns.
      - The settings are O(db_parameter_group_name) or O(db_cluster_parameter_group_name), O(option_group_name),
        O(db_subnet_group_name), O(vpc_security_group_ids), O(db_instance_class), and O(multi_az) unless
        O(availability_zone) is set. An Aurora cluster also gets O(serverless_v2_scaling_configuration). They appear in
        RV(diff), in check mode too. An option of the task always takes precedence.
      - An Aurora cluster also gets as many DB instances as the source cluster has, unless O(cluster_instances) is set,
        even to an empty list. Their names are the name of the target with C(-1), C(-2) and so on. The first one
        corresponds to the writer, the others to the readers in the order of promotion tier and name. Each has the
        class, DB parameter group, promotion tier and public accessibility of its counterpart. Availability Zones and
        tags are not inherited. Readers that Aurora Auto Scaling created are left out.
      - A second run creates the instances that are missing if the cluster has none, or if the cluster or one of its
        instances is still being created or was created less than an hour ago and is in a transitional status.
        Otherwise, it creates none and warns. It never changes the instances that exist.
      - If the engine or the kind of database differs, only compatible settings are inherited. For example, an Aurora
        cluster inherits only the subnet group and security groups from a snapshot of a DB instance. An option group
        requires the same major engine version. With O(db_subnet_group_name), the security groups are inherited only if
        that subnet group is in the VPC of the source. The module warns where it does not inherit them.
      - If the source database does not exist in this region any more, the module warns and inherits nothing.
    type: bool
    default: false
notes:
  - 'Permissions: those of M(passwordless.rds.rds_iam_auth), the Restore action itself, C(rds:CreateDBInstance) for
    members, C(rds:AddTagsToResource) for tags, the Describe action of the source, and C(rds:DescribeDBParameterGroups)
    and C(rds:DescribeDBEngineVersions) for a parameter group or another engine or version.'
  - A restored database has a resource id of its own. Policies for C(rds-db:connect) that name that of the source do not
    match it. The module warns.
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
- name: Restore a snapshot with IAM database authentication on
  passwordless.rds.rds_restore_iam:
    db_instance_identifier: orders-drill
    db_snapshot_identifier: orders-monday
    enable_iam_database_authentication: true
    db_parameter_group_name: orders-pg16
    vpc_security_group_ids: [sg-0a1b2c3d4e5f60001]

- name: Restore an Aurora cluster to the latest time, with the setting that it has, and give it a member
  passwordless.rds.rds_restore_iam:
    db_cluster_identifier: ledger-drill
    source_db_cluster_identifier: ledger
    use_latest_restorable_time: true
    cluster_instances:
      - db_instance_identifier: ledger-drill-1
        db_instance_class: db.r6g.large
  register: drill

- name: Say which resource the policy has to name now
  ansible.builtin.debug:
    msg: "{{ drill.database.dbuser_arn_prefix }}"
"""

RETURN = r"""
restored:
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
  description: What it is restored from; null where that does not exist.
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
      description:
        - The point in time to which the target was or would be restored, in UTC and ISO 8601 format.
        - With O(use_latest_restorable_time=true), it is the latest restorable time that RDS reported just before the
          request.
        - Null for a snapshot. Also null if the target already existed and the task requests the latest restorable time.
      returned: always
      type: str
      sample: "2026-11-24T03:30:00Z"
    snapshot_time:
      description: When the snapshot was taken, even if it was copied since. Null for other sources. UTC, ISO 8601.
      returned: always
      type: str
      sample: "2026-11-23T03:12:00Z"
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
