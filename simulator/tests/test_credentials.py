# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Services refuse credentials that AWS would refuse, if the setting asks for it, and faults reach other services."""

from __future__ import annotations

import email.utils
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

CALLS = {
    "rds": lambda client: client.describe_db_instances(),
    "sts": lambda client: client.get_caller_identity(),
    "iam": lambda client: client.list_users(),
    "logs": lambda client: client.describe_log_groups(),
    "cloudwatch": lambda client: client.list_metrics(),
}
ONCE = Config(retries={"total_max_attempts": 1})


def connect(sim, service, key, secret, token=None):
    return boto3.client(
        service,
        endpoint_url=sim.url,
        region_name="eu-west-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=ONCE,
    )


def refused(sim, service, *keys):
    with pytest.raises(ClientError) as raised:
        CALLS[service](connect(sim, service, *keys))
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return raised.value.response["Error"]["Code"]


@pytest.fixture
def keys(sim):
    """Return the access key and the secret key of an IAM user, while any credentials are still accepted."""
    iam = connect(sim, "iam", "any", "any")
    iam.create_user(UserName="deploy")
    created = iam.create_access_key(UserName="deploy")["AccessKey"]
    sim.settings.update(check_credentials=True)
    return created["AccessKeyId"], created["SecretAccessKey"]


@pytest.mark.parametrize("service", CALLS)
def test_check_credentials_valid_keys_are_accepted(sim, keys, service):
    CALLS[service](connect(sim, service, *keys))


@pytest.mark.parametrize("service", CALLS)
def test_check_credentials_wrong_keys_are_refused(sim, keys, service):
    assert refused(sim, service, "AKIAUNKNOWN", keys[1]) == "InvalidClientTokenId"
    assert refused(sim, service, keys[0], keys[1][::-1]) == "SignatureDoesNotMatch"
    assert refused(sim, service, *keys, "a token that the key does not have") == "InvalidClientTokenId"


@pytest.mark.parametrize("service", CALLS)
def test_check_credentials_session_expires(sim, keys, service):
    session = connect(sim, "sts", *keys).get_session_token(DurationSeconds=900)["Credentials"]
    keys = session["AccessKeyId"], session["SecretAccessKey"]
    CALLS[service](connect(sim, service, *keys, session["SessionToken"]))
    assert refused(sim, service, *keys) == "InvalidClientTokenId"
    sim.settings.update(login_clock_ahead=901)
    assert refused(sim, service, *keys, session["SessionToken"]) == "ExpiredToken"


@pytest.mark.parametrize("service", CALLS)
def test_check_credentials_off_accepts_any_keys(sim, service):
    CALLS[service](connect(sim, service, "any", "any"))


FAULTS = {
    "sts": "sts:GetCallerIdentity",
    "iam": "iam:ListUsers",
    "logs": "logs:DescribeLogGroups",
    "cloudwatch": "cloudwatch:ListMetrics",
}


@pytest.mark.parametrize(("service", "operation"), FAULTS.items())
def test_fault_other_service_denies_its_operation_only(sim, service, operation):
    sim.faults.add(operation=operation, deny=True)
    sim.faults.add(operation="*", code="Throttling")
    assert refused(sim, service, "any", "any") == "AccessDenied"
    for other in FAULTS.keys() - {service}:
        CALLS[other](connect(sim, other, "any", "any"))


def test_fault_other_service_returns_code_and_closes_connection(sim):
    sim.faults.add(operation="sts:GetCallerIdentity", code="ThrottlingException", times=1)
    with pytest.raises(ClientError, match="Rate exceeded"):
        CALLS["sts"](connect(sim, "sts", "any", "any"))
    sim.faults.add(operation="sts:GetCallerIdentity", cut="before")
    with pytest.raises(ConnectionClosedError):
        CALLS["sts"](connect(sim, "sts", "any", "any"))
    CALLS["sts"](connect(sim, "sts", "any", "any"))


@pytest.mark.parametrize("operation", ["sts:Nothing", "ec2:RunInstances", "sts:", ":ListUsers", "sts:*"])
def test_fault_unknown_operation_is_refused(sim, operation):
    with pytest.raises(ValueError, match="operation"):
        sim.faults.add(operation=operation, deny=True)


@pytest.mark.parametrize("ahead", [0, 3600])
def test_date_header_shows_clock_of_aws(sim, ahead):
    sim.settings.update(login_clock_ahead=ahead)
    offset = timedelta(seconds=ahead)
    before = datetime.now(timezone.utc).replace(microsecond=0)
    answer = CALLS["sts"](connect(sim, "sts", "any", "any"))
    date = email.utils.parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert before <= date - offset <= datetime.now(timezone.utc)


def test_check_credentials_signature_outside_ascii_refused(sim, keys):
    credential = f"Credential={keys[0]}/20261125/eu-west-1/rds/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=\xe9"
    body = b"Action=DescribeDBInstances&Version=2014-10-31"
    headers = {"Authorization": authorization, "Content-Type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(sim.url, data=body, headers=headers)
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(request, timeout=10)
    assert b"SignatureDoesNotMatch" in raised.value.read()
