# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The settings that a database is made with, and the members of a cluster."""

    DOCUMENTATION = r"""
options:
  db_instance_identifier:
    description:
      - The DB instance to make. Exactly one of O(db_instance_identifier) and O(db_cluster_identifier) is needed.
    type: str
  db_cluster_identifier:
    description:
      - The Aurora or Multi-AZ DB cluster to make.
    type: str
  availability_zone:
    description:
      - The Availability Zone of the DB instance.
    type: str
  copy_tags_to_snapshot:
    description:
      - Whether snapshots of the database get its tags.
    type: bool
  db_cluster_parameter_group_name:
    description:
      - The parameter group of the cluster. Without it RDS uses the default group of the engine version.
    type: str
  db_instance_class:
    description:
      - The class of the DB instance, or of the members of a Multi-AZ DB cluster. The members of an Aurora cluster have
        theirs in O(cluster_instances).
    type: str
  db_parameter_group_name:
    description:
      - The parameter group of the DB instance. Without it RDS uses the default group of the engine version.
    type: str
  db_subnet_group_name:
    description:
      - The subnet group.
    type: str
  deletion_protection:
    description:
      - Whether the database is protected from being deleted.
    type: bool
  engine:
    description:
      - The database engine, in upper or lower case.
    type: str
  engine_version:
    description:
      - The version of the engine.
    type: str
  iops:
    description:
      - The provisioned input and output operations per second.
    type: int
  kms_key_id:
    description:
      - The KMS key that encrypts the storage, where the operation takes one.
    type: str
  manage_master_user_password:
    description:
      - Whether RDS keeps the master password in AWS Secrets Manager, where the operation takes it.
    type: bool
  master_user_password:
    description:
      - The password of the master user, where the operation takes one.
      - The module checks its length and characters by AWS's rules before it sends anything. Ansible itself prints the
        arguments of an ad hoc command that fails or cannot be parsed, the password included. Let RDS manage the
        password with O(manage_master_user_password=true), or use a playbook and keep the password in Ansible Vault.
    type: str
  master_username:
    description:
      - The name of the master user, where the operation takes one.
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
      - The TCP port on which the database listens.
    type: int
  publicly_accessible:
    description:
      - Whether the database has a public address.
    type: bool
  serverless_v2_scaling_configuration:
    description:
      - The limits between which an Aurora Serverless v2 cluster scales.
    type: dict
    suboptions:
      min_capacity:
        description: The least number of Aurora capacity units.
        type: float
      max_capacity:
        description: The greatest number of Aurora capacity units.
        type: float
      seconds_until_auto_pause:
        description: How long, in seconds, a cluster is idle before it is paused.
        type: int
  storage_type:
    description:
      - The type of the storage, like V(gp3).
    type: str
  tags:
    description:
      - The tags of the database.
    type: dict
    aliases: [resource_tags]
  vpc_security_group_ids:
    description:
      - The VPC security groups. Without them RDS uses the default security group of the VPC.
    type: list
    elements: str
  extra_parameters:
    description:
      - Everything else that the operation takes, under the API's own names. Names and types are checked against the
        API model of the installed botocore before anything is asked of AWS.
      - The output shows these parameters. The module refuses parameters that the API defines as secrets. It masks
        every value whose name is or resembles that of a password, secret or token.
    type: dict
  cluster_instances:
    description:
      - The DB instances that an Aurora cluster is to have. They are made once the cluster is available; those that are
        there already are left alone.
    type: list
    elements: dict
    suboptions:
      db_instance_identifier:
        description: The name of the DB instance.
        type: str
        required: true
      db_instance_class:
        description: Its class, like V(db.r6g.large) or V(db.serverless).
        type: str
        required: true
      availability_zone:
        description: Its Availability Zone.
        type: str
      db_parameter_group_name:
        description: Its DB parameter group. The module checks that it exists and suits the engine version.
        type: str
      promotion_tier:
        description: Its place in the order in which members become the writer.
        type: int
      publicly_accessible:
        description: Whether it has a public address.
        type: bool
      tags:
        description: Its tags.
        type: dict
"""
