# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The settings of a new database, and the members of a cluster."""

    DOCUMENTATION = r"""
options:
  db_instance_identifier:
    description:
      - The name of the target, if it is a DB instance. Exactly one of O(db_instance_identifier) and
        O(db_cluster_identifier) is required.
    type: str
  db_cluster_identifier:
    description:
      - The name of the target, if it is an Aurora or Multi-AZ DB cluster. A blank value does not count.
    type: str
  availability_zone:
    description:
      - The Availability Zone of the DB instance.
    type: str
  copy_tags_to_snapshot:
    description:
      - Whether RDS copies the tags of the database to its snapshots.
    type: bool
  db_cluster_parameter_group_name:
    description:
      - The parameter group of the cluster. By default, RDS uses the default group of the engine version.
    type: str
  db_instance_class:
    description:
      - The class of the DB instance, or of the members of a Multi-AZ DB cluster. For the members of an Aurora cluster,
        set the class in O(cluster_instances).
    type: str
  db_parameter_group_name:
    description:
      - The parameter group of the DB instance. By default, RDS uses the default group of the engine version.
    type: str
  db_subnet_group_name:
    description:
      - The DB subnet group.
    type: str
  deletion_protection:
    description:
      - Whether the database is protected from deletion.
    type: bool
  engine:
    description:
      - The database engine. The option is case-insensitive.
    type: str
  engine_version:
    description:
      - The version of the engine.
    type: str
  iops:
    description:
      - The provisioned I/O operations per second.
    type: int
  kms_key_id:
    description:
      - The KMS key that encrypts the storage, if the operation supports it.
    type: str
  manage_master_user_password:
    description:
      - Whether RDS manages the master password in AWS Secrets Manager, if the operation supports it. V(true) and
        O(master_user_password) are mutually exclusive.
    type: bool
  master_user_password:
    description:
      - The password of the master user, if the operation supports it.
      - The module checks the length and the characters against the rules of AWS before it sends any request.
      - If an ad hoc command fails or cannot be parsed, Ansible prints its arguments, including the password. Let RDS
        manage the password with O(manage_master_user_password=true), or use a playbook and store the password in
        Ansible Vault.
    type: str
  master_username:
    description:
      - The name of the master user, if the operation supports it.
    type: str
  multi_az:
    description:
      - Whether the DB instance has a standby in another Availability Zone.
    type: bool
  option_group_name:
    description:
      - The option group.
    type: str
  port:
    description:
      - The TCP port for connections to the database.
    type: int
  publicly_accessible:
    description:
      - Whether the database has a public IP address.
    type: bool
  serverless_v2_scaling_configuration:
    description:
      - The capacity limits of an Aurora Serverless v2 cluster.
    type: dict
    suboptions:
      min_capacity:
        description: The minimum number of Aurora capacity units.
        type: float
      max_capacity:
        description: The maximum number of Aurora capacity units.
        type: float
      seconds_until_auto_pause:
        description: The idle time in seconds after which Aurora pauses the cluster.
        type: int
  storage_type:
    description:
      - The storage type, for example V(gp3).
    type: str
  tags:
    description:
      - The tags of the database.
    type: dict
    aliases: [resource_tags]
  vpc_security_group_ids:
    description:
      - The VPC security groups. By default, RDS uses the default security group of the VPC.
    type: list
    elements: str
  extra_parameters:
    description:
      - Other parameters of the API operation, under the names that the API uses. The module checks names and types
        against the API model of the installed botocore before it sends any request.
      - The output shows these parameters. The module refuses parameters that the API defines as secrets. It masks
        every value whose name is or resembles that of a password, secret or token.
    type: dict
  cluster_instances:
    description:
      - The DB instances of an Aurora cluster. The module creates them after the cluster becomes available. It does not
        change instances that already exist.
      - The option requires O(db_cluster_identifier) and O(wait=true).
    type: list
    elements: dict
    suboptions:
      db_instance_identifier:
        description: The name of the DB instance.
        type: str
        required: true
      db_instance_class:
        description: The class of the DB instance, for example V(db.r6g.large) or V(db.serverless).
        type: str
        required: true
      availability_zone:
        description: The Availability Zone of the DB instance.
        type: str
      db_parameter_group_name:
        description: The DB parameter group of the DB instance. The module checks that the group exists and is for the
          engine version.
        type: str
      promotion_tier:
        description: The promotion tier, which determines the order in which Aurora promotes a member to the writer.
        type: int
      publicly_accessible:
        description: Whether the DB instance has a public IP address.
        type: bool
      tags:
        description: The tags of the DB instance.
        type: dict
"""
