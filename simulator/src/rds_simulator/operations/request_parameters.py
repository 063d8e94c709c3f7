# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The parameters of requests for new databases, and the record members that they set."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import AwsError, not_implemented
from ..state.backend import Backend
from .networks import default_security_group, network_of, refuse_other_vpc

_BOTH = {
    "AllocatedStorage": "AllocatedStorage",
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "BackupRetentionPeriod": "BackupRetentionPeriod",
    "CharacterSetName": "CharacterSetName",
    "CopyTagsToSnapshot": "CopyTagsToSnapshot",
    "DBSystemId": "DBSystemId",
    "DatabaseInsightsMode": "DatabaseInsightsMode",
    "DeletionProtection": "DeletionProtection",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "EngineLifecycleSupport": "EngineLifecycleSupport",
    "Iops": "Iops",
    "KmsKeyId": "KmsKeyId",
    "MasterUsername": "MasterUsername",
    "MonitoringInterval": "MonitoringInterval",
    "MonitoringRoleArn": "MonitoringRoleArn",
    "NetworkType": "NetworkType",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "PreferredBackupWindow": "PreferredBackupWindow",
    "PreferredMaintenanceWindow": "PreferredMaintenanceWindow",
    "PubliclyAccessible": "PubliclyAccessible",
    "StorageEncrypted": "StorageEncrypted",
    "StorageType": "StorageType",
}
INSTANCE_MEMBERS = {
    **_BOTH,
    "AvailabilityZone": "AvailabilityZone",
    "BackupTarget": "BackupTarget",
    "CustomIamInstanceProfile": "CustomIamInstanceProfile",
    "DBName": "DBName",
    "DedicatedLogVolume": "DedicatedLogVolume",
    "EnableCustomerOwnedIp": "CustomerOwnedIpEnabled",
    "LicenseModel": "LicenseModel",
    "MaxAllocatedStorage": "MaxAllocatedStorage",
    "MultiAZ": "MultiAZ",
    "MultiTenant": "MultiTenant",
    "NcharCharacterSetName": "NcharCharacterSetName",
    "ProcessorFeatures": "ProcessorFeatures",
    "PromotionTier": "PromotionTier",
    "ReplicaMode": "ReplicaMode",
    "StorageThroughput": "StorageThroughput",
    "TdeCredentialArn": "TdeCredentialArn",
    "Timezone": "Timezone",
}
CLUSTER_MEMBERS = {
    **_BOTH,
    "AvailabilityZones": "AvailabilityZones",
    "BacktrackWindow": "BacktrackWindow",
    "DBClusterInstanceClass": "DBClusterInstanceClass",
    "DatabaseName": "DatabaseName",
    "EnableHttpEndpoint": "HttpEndpointEnabled",
    "EnableInternetAccessGateway": "InternetAccessGatewayEnabled",
    "EnableVPCNetworking": "VPCNetworkingEnabled",
    "EngineMode": "EngineMode",
    "Port": "Port",
    "RdsCustomClusterConfiguration": "RdsCustomClusterConfiguration",
    "ScalingConfiguration": "ScalingConfigurationInfo",
    "ServerlessV2ScalingConfiguration": "ServerlessV2ScalingConfiguration",
}

# Handled below, or by the operation itself.
_SPECIAL = (
    "CACertificateIdentifier",
    "DBClusterIdentifier",
    "DBClusterParameterGroupName",
    "DBInstanceClass",
    "DBInstanceIdentifier",
    "DBParameterGroupName",
    "DBSubnetGroupName",
    "Domain",
    "DomainAuthSecretArn",
    "DomainDnsIps",
    "DomainFqdn",
    "DomainIAMRoleName",
    "DomainOu",
    "EnableIAMDatabaseAuthentication",
    "Engine",
    "EngineVersion",
    "ManageMasterUserPassword",
    "MasterUserSecretKmsKeyId",
    "OptionGroupName",
    "Port",
    "Tags",
    "VpcSecurityGroupIds",
)

# Secrets and other values that Describe does not show.
_NOT_SHOWN = (
    "MasterUserAuthenticationType",
    "MasterUserPassword",
    "TdeCredentialPassword",
    "UpgradeStorageConfig",
    "UseDefaultProcessorFeatures",
)
_DOMAIN = {
    "Domain": "Domain",
    "DomainFqdn": "FQDN",
    "DomainOu": "OU",
    "DomainAuthSecretArn": "AuthSecretArn",
    "DomainDnsIps": "DnsIps",
    "DomainIAMRoleName": "IAMRoleName",
}


def plain_members(parameters: Mapping[str, Any], members: Mapping[str, str], own: Iterable[str]) -> dict[str, Any]:
    """Return the values that are copied to the record; raise SimulatorNotImplemented for others.

    own: the parameters that the operation handles itself.
    """
    plain = {}
    for name, value in parameters.items():
        if name in members:
            plain[members[name]] = copy.deepcopy(value)
        elif name not in _SPECIAL and name not in _NOT_SHOWN and name not in own:
            raise not_implemented(f"the parameter {name}")
    return plain


def choose_network(backend: Backend, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return subnet group and security groups; by default the default ones (user guides ✓)."""
    network = network_of(backend, parameters.get("DBSubnetGroupName"))
    refuse_other_vpc(backend, str(network["VpcId"]), parameters)
    names = parameters.get("VpcSecurityGroupIds") or [default_security_group(network)]
    return network, [{"VpcSecurityGroupId": name, "Status": "active"} for name in names]


def tags(parameters: Mapping[str, Any], inherited: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the requested tags or, without any, those of the source.

    Instances restored from a snapshot: model, CopyTagsToSnapshot (✓); to a point in time: user guide (✓).
    """
    given = [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in parameters.get("Tags", ())]
    return given or copy.deepcopy(inherited)


def domain_memberships(parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the membership in the requested directory."""
    joined = {member: parameters[name] for name, member in _DOMAIN.items() if name in parameters}
    return [{**joined, "Status": "joined"}] if "Domain" in joined or "FQDN" in joined else []


def add_secret(backend: Backend, record: dict[str, Any], parameters: Mapping[str, Any], resource_id: str) -> None:
    """Add the secret of ManageMasterUserPassword; its name contains the resource id (user guide △)."""
    if not parameters.get("ManageMasterUserPassword"):
        return
    prefix = f"arn:{backend.partition}:secretsmanager:{backend.region}:{backend.account}:secret"
    record["MasterUserSecret"] = {
        "SecretArn": f"{prefix}:rds!{resource_id.lower()}-{resource_id[-6:]}",
        "SecretStatus": "creating",
        "KmsKeyId": parameters.get("MasterUserSecretKmsKeyId")
        or f"arn:{backend.partition}:kms:{backend.region}:{backend.account}:alias/aws/secretsmanager",
    }


def set_encryption_key(backend: Backend, record: dict[str, Any]) -> None:
    """Set the key of an encrypted database, by default that of the account (user guide ✓).

    A key without encryption raises an AwsError.
    """
    if record.get("KmsKeyId") and not record["StorageEncrypted"]:
        raise AwsError("InvalidParameterCombination", "A KmsKeyId needs StorageEncrypted.")
    if not record["StorageEncrypted"]:
        record.pop("KmsKeyId", None)
    elif not record.get("KmsKeyId"):
        record["KmsKeyId"] = default_key(backend)


def default_key(backend: Backend) -> str:
    """Return the ARN of the default RDS key of the account."""
    return f"arn:{backend.partition}:kms:{backend.region}:{backend.account}:key/0f7c1e2a-5b3d-4c6e-8f90-a1b2c3d4e5f6"


def refuse_serverless(parameters: Mapping[str, Any]) -> None:
    """Refuse Serverless v1 (△), and v2 without both bounds (provider-upjet-aws issue 1165 △)."""
    if parameters.get("EngineMode") == "serverless":
        raise AwsError("InvalidParameterValue", "The engine mode serverless you requested is currently unavailable")
    scaling = parameters.get("ServerlessV2ScalingConfiguration")
    if scaling is not None and not {"MinCapacity", "MaxCapacity"} <= scaling.keys():
        raise AwsError(
            "InvalidParameterValue",
            "Both MinCapacity and MaxCapacity must be specified when you initialize Serverless v2 scaling "
            "configuration.",
        )


def certificate(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the requested certificate authority."""
    authority = parameters.get("CACertificateIdentifier")
    return (
        {"CACertificateIdentifier": authority, "CertificateDetails": {"CAIdentifier": authority}} if authority else {}
    )
