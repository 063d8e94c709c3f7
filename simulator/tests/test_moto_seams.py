# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The parts of moto that the simulator uses. A change in a new moto fails the test that names it."""

from __future__ import annotations

import inspect
import io
import json
import urllib.request
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.exceptions import ServiceException
from moto.core.parse import QueryParser
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.iam.responses import IamResponse
from moto.kms.models import kms_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends
from moto.sts.responses import TokenResponse
from moto.utilities.utils import get_partition, load_resource
from rds_simulator.errors import modelled_statuses
from rds_simulator.server import cloudwatch_service, iam_service, sts_service
from rds_simulator.server.responses import WireRequest

POLICY = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'


def test_seam_service_model() -> None:
    """moto.core.utils.get_service_model: one cached model, with shapes, outputs and errors."""
    model = get_service_model("rds")
    assert model is get_service_model("rds")
    assert "ModifyDBInstance" in model.operation_names
    assert model.operation_model("ModifyDBInstance").output_shape is not None
    assert model.shape_for("DBInstance").members["TagList"].type_name == "list"
    assert any(shape.name == "DBInstanceNotFoundFault" for shape in model.error_shapes)


def test_seam_query_parser() -> None:
    """moto.core.parse.QueryParser(model).parse({"values": form}) types the parameters."""
    form = {
        "DBInstanceIdentifier": "orders",
        "EnableIAMDatabaseAuthentication": "true",
        "AllocatedStorage": "20",
        "VpcSecurityGroupIds.VpcSecurityGroupId.1": "sg-1",
    }
    model = get_service_model("rds").operation_model("ModifyDBInstance")
    assert QueryParser(model).parse({"values": form}) == {
        "DBInstanceIdentifier": "orders",
        "EnableIAMDatabaseAuthentication": True,
        "AllocatedStorage": 20,
        "VpcSecurityGroupIds": ["sg-1"],
    }


def _environ(body: bytes) -> dict[str, Any]:
    scope = "AKIAIOSFODNN7EXAMPLE/20261102/eu-south-1/rds/aws4_request"
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "RAW_URI": "/",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost:80",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=a, Signature=b",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }


def test_seam_setup_class() -> None:
    """BaseResponse.setup_class(request) determines action, Region, account and partition."""
    response = BaseResponse(service_name="rds")
    assert response.automated_parameter_parsing is False
    response.setup_class(WireRequest(_environ(b"Action=DescribeDBInstances&Version=2014-10-31")))
    assert response._get_action() == "DescribeDBInstances"
    assert (response.region, response.partition) == ("eu-south-1", "aws")
    assert response.current_account == "123456789012"
    assert response.normalized_request.form["Version"] == "2014-10-31"


def test_seam_authorization(sim: Any, connect: Any) -> None:
    """BaseResponse._authenticate_and_authorize_normal_action(resource), /moto-api/reset-auth.

    moto checks signature and policies with the simulator's resource. The text is that of AWS.
    """
    parameters = inspect.signature(BaseResponse._authenticate_and_authorize_normal_action).parameters
    assert list(parameters) == ["self", "resource"]
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql"}]})
    keys = _user_who_may(connect, "rds:Describe*")
    _authorize(sim, b"0")
    try:
        limited = connect(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
        )
        assert limited.describe_db_instances(DBInstanceIdentifier="orders")["DBInstances"]
        with pytest.raises(ClientError) as caught:
            limited.modify_db_instance(DBInstanceIdentifier="orders", BackupRetentionPeriod=2)
    finally:
        _authorize(sim, b"inf")
    answer = caught.value.response
    assert answer["Error"]["Code"] == "AccessDenied"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert answer["Error"]["Message"] == (
        "User: arn:aws:iam::123456789012:user/automation is not authorized to perform: "
        "rds:ModifyDBInstance on resource: arn:aws:rds:eu-west-1:123456789012:db:orders because "
        "no identity-based policy allows the rds:ModifyDBInstance action"
    )


@pytest.mark.parametrize(
    ("method", "asked", "resource"),
    [
        (
            "restore_db_instance_from_db_snapshot",
            {"DBInstanceIdentifier": "new", "DBSnapshotIdentifier": "s"},
            "db:new",
        ),
        (
            "restore_db_instance_to_point_in_time",
            {"TargetDBInstanceIdentifier": "New", "SourceDBInstanceIdentifier": "orders"},
            "db:new",
        ),
        ("describe_db_snapshots", {"DBSnapshotIdentifier": "rds:a"}, "snapshot:rds:a"),
        ("describe_db_cluster_snapshots", {"DBClusterSnapshotIdentifier": "a"}, "cluster-snapshot:a"),
        ("describe_db_subnet_groups", {"DBSubnetGroupName": "a"}, "subgrp:a"),
    ],
)
def test_access_denied_names_resource(sim: Any, rds: Any, method: str, asked: dict[str, str], resource: str) -> None:
    """The text names the resource as policies do (Service Authorization Reference ✓)."""
    sim.faults.add(deny=True, identifier=next(iter(asked.values())))
    with pytest.raises(ClientError) as caught:
        getattr(rds, method)(**asked)
    assert f"on resource: arn:aws:rds:eu-west-1:123456789012:{resource} because" in str(caught.value)


def _user_who_may(connect: Any, action: str) -> dict[str, str]:
    iam = connect(service="iam")
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_user(UserName="automation")
    iam.put_user_policy(UserName="automation", PolicyName="some", PolicyDocument=document)
    keys: dict[str, str] = iam.create_access_key(UserName="automation")["AccessKey"]
    return keys


def _authorize(sim: Any, count: bytes) -> None:
    request = urllib.request.Request(
        f"{sim.url}/moto-api/reset-auth", data=count, headers={"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def test_seam_dispatcher(sim: Any, connect: Any) -> None:
    """DomainDispatcherApplication(create_backend_app) answers for every other service."""
    assert callable(DomainDispatcherApplication(create_backend_app))
    identity = connect(service="sts").get_caller_identity()
    assert identity["Account"] == "123456789012"
    assert [call.operation for call in sim.calls] == ["sts:GetCallerIdentity"]


def test_seam_reset(sim: Any, rds: Any) -> None:
    """POST /moto-api/reset resets moto's services and the simulator."""
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "mysql"}]})
    with urllib.request.urlopen(f"{sim.url}/moto-api/reset", data=b"") as answer:
        assert answer.status == 200
    assert rds.describe_db_instances()["DBInstances"] == []


def test_seam_account_header(sim: Any, connect: Any) -> None:
    """moto reads the account from the header x-moto-account-id."""
    sim.seed({"account": "999999999999", "db_instances": [{"identifier": "a", "engine": "mysql"}]})
    other = connect()

    def as_other_account(params: dict[str, Any], **_unused: Any) -> None:
        params["headers"]["x-moto-account-id"] = "999999999999"

    assert other.describe_db_instances()["DBInstances"] == []
    other.meta.events.register("before-call.rds", as_other_account)
    found = other.describe_db_instances()["DBInstances"]
    assert [row["DBInstanceArn"] for row in found] == ["arn:aws:rds:eu-west-1:999999999999:db:a"]


def test_seam_partition() -> None:
    """moto.utilities.utils.get_partition returns the partition of a Region."""
    regions = ("eu-west-1", "cn-north-1", "us-gov-west-1")
    assert [get_partition(region) for region in regions] == ["aws", "aws-cn", "aws-us-gov"]


def test_seam_backends(sim: Any, connect: Any) -> None:
    """BackendDict.reset() resets moto's services; every kind of reset of the simulator calls it."""
    s3 = connect(service="s3", region="eu-west-1")
    for _time in range(2):
        # outside us-east-1, S3 refuses to create a bucket again that the account has
        s3.create_bucket(Bucket="seam", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        sim.reset()
    assert s3.list_buckets()["Buckets"] == []


def test_seam_service_exception() -> None:
    """ServiceException(code, message) is the base class of errors; statuses come from the model."""
    error = ServiceException("SomeCode", "some text")
    assert (error.code, error.message) == ("SomeCode", "some text")
    statuses = modelled_statuses()
    assert statuses["DBInstanceNotFound"] == statuses["DBClusterNotFoundFault"] == 404
    assert statuses["InvalidDBInstanceState"] == statuses["InvalidDBClusterStateFault"] == 400


def test_seam_s3(connect: Any) -> None:
    """moto.s3.models.s3_backends[account][partition].buckets[name].keys, for a restore from S3."""
    s3 = connect(service="s3", region="us-east-1")
    s3.create_bucket(Bucket="seam")
    s3.put_object(Bucket="seam", Key="full/backup.xbstream", Body=b"x")
    buckets = s3_backends["123456789012"]["aws"].buckets
    assert list(buckets["seam"].keys) == ["full/backup.xbstream"]
    assert buckets.get("no-such-bucket") is None


def test_seam_kms(connect: Any) -> None:
    """kms_backends[account][region]: get_key_id_from_alias and keys[id].arn, to resolve a KmsKeyId."""
    kms = connect(service="kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/seam", TargetKeyId=key["KeyId"])
    keys = kms_backends["123456789012"]["eu-west-1"]
    assert keys.keys[keys.get_key_id_from_alias("alias/seam")].arn == key["Arn"]
    assert keys.get_key_id_from_alias("alias/none") is None


def test_seam_ec2(connect: Any) -> None:
    """ec2_backends[account][region].describe_subnets(): id, vpc_id and availability_zone, for subnet groups."""
    ec2 = connect(service="ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", AvailabilityZone="eu-west-1b")["Subnet"]
    subnets = {subnet.id: subnet for subnet in ec2_backends["123456789012"]["eu-west-1"].describe_subnets()}
    found = subnets[made["SubnetId"]]
    assert (found.vpc_id, found.availability_zone) == (vpc, "eu-west-1b")


def test_seam_option_group_options() -> None:
    """load_resource("rds/resources/option_group_options/ENGINE.json"): the options of an engine."""
    rows = load_resource("rds/resources/option_group_options/oracle-ee.json")
    (row,) = (one for one in rows if (one["Name"], one["MajorEngineVersion"]) == ("TDE", "19"))
    assert (row["Permanent"], row["Persistent"], "Description" in row) == (True, True, True)
    with pytest.raises(FileNotFoundError):
        load_resource("rds/resources/option_group_options/none.json")


LACKING = {
    "DeleteUserPermissionsBoundary",
    "PutUserPermissionsBoundary",
    "SimulateCustomPolicy",
    "SimulatePrincipalPolicy",
}


def test_seam_other_services_responses() -> None:
    """moto finds operations by their method names. A version that has one that it lacked may replace ours."""
    for name, module, response in (
        ("iam", iam_service, IamResponse),
        ("sts", sts_service, TokenResponse),
        ("cloudwatch", cloudwatch_service, CloudWatchResponse),
    ):
        assert set(get_service_model(name).operation_names) >= module.OPERATIONS
        missing = {operation for operation in module.OPERATIONS if not hasattr(response, xform_name(operation))}
        assert missing == module.OPERATIONS & LACKING


def test_seam_iam_stores_policies_and_keys() -> None:
    """The attributes of moto's IAM that the evaluation of policies reads."""
    backend = iam_backends["123456789012"]["aws"]
    user = backend.create_user("us-east-1", "seam", "/", [])
    assert (user.policies, user.managed_policies, user.access_keys) == ({}, {}, [])
    assert backend.create_access_key("seam").status == "Active"
    policy = backend.create_policy("", "/", POLICY, "seam", [])
    assert policy.versions[0].version_id == policy.default_version_id
    role = backend.create_role("seam", "{}", "/", policy.arn, "", [], "3600")
    assert role.permissions_boundary_arn == policy.arn
    for names, name in ((backend.users, "seam"), (backend.roles, role.id), (backend.managed_policies, policy.arn)):
        del names[name]
