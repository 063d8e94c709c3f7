# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Responses that lack something or have another form are errors of the call, and nothing else is raised."""

from __future__ import annotations

import datetime as dt
import types
import typing as t

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws import (
    parse,
    parse_account,
    parse_iam,
    parse_sources,
)
from ansible_collections.passwordless.rds.plugins.module_utils._aws.call import call_operation
from ansible_collections.passwordless.rds.plugins.module_utils._aws.responses import (
    UNREADABLE,
    check_types,
    reads_responses,
    unreadable,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from ansible_collections.passwordless.rds.tests.samples import sample_size
from ansible_collections.passwordless.rds.tests.unit.hostile_values import TEXTS
from botocore.session import get_session
from hypothesis import given, settings
from hypothesis import strategies as st

RDS = get_session().get_service_model("rds")
IAM = get_session().get_service_model("iam")
LOGS = get_session().get_service_model("logs")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2)
)


@reads_responses
class Client:
    """Returns a value of a response."""

    def __init__(self, response: t.Any) -> None:
        shape = RDS.operation_model("DescribeDBInstances").output_shape
        model = types.SimpleNamespace(operation_model=lambda _name: types.SimpleNamespace(output_shape=shape))
        self.meta = types.SimpleNamespace(service_model=model)
        self.describe_db_instances = lambda: response

    def first(self) -> t.Any:
        return call_operation(self, "DescribeDBInstances", {})["DBInstances"][0]["DBInstanceIdentifier"]

    def without_call(self) -> t.Any:
        return {}["missing"]


def test_response_is_returned():
    assert Client({"DBInstances": [{"DBInstanceIdentifier": "orders"}]}).first() == "orders"


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ({}, "the response cannot be read: no 'DBInstances'"),
        ({"DBInstances": []}, "the response cannot be read: IndexError: list index out of range"),
        ({"DBInstances": [{}]}, "the response cannot be read: no 'DBInstanceIdentifier'"),
        ({"DBInstances": {}}, "TypeError: DBInstances is not a list"),
        ({"DBInstances": ["orders"]}, "TypeError: DBInstances is not a structure"),
        ({"DBInstances": [{"DBInstanceIdentifier": ["a", "b"]}]}, "DBInstanceIdentifier is not a string"),
        ({"DBInstances": [{"AllocatedStorage": "20"}]}, "AllocatedStorage is not a integer"),
    ],
)
def test_response_of_another_form_is_an_error_of_the_call(response, reason):
    with pytest.raises(CallError, match="DescribeDBInstances: the response cannot be read") as raised:
        Client(response).first()
    assert reason in raised.value.message
    assert raised.value.code == "InvalidResponse"


def test_fault_without_a_call_is_raised():
    """A fault of the collection must not look like one of AWS."""
    with pytest.raises(KeyError):
        Client({}).without_call()


@pytest.mark.parametrize("operation", ["ModifyDBInstance", "CreateDBCluster", "DescribeDBInstances"])
def test_outcome_of_change_is_unknown_after_unreadable_response(operation):
    found = unreadable(operation, ValueError("no number"))
    assert found.outcome_unknown is (operation != "DescribeDBInstances")


def test_request_that_cannot_be_encoded_is_not_sent():
    error = UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")
    found = unreadable("ModifyDBInstance", error)
    assert (found.unsent, found.outcome_unknown, found.code) == (True, False, "InvalidRequest")


def test_unreadable_hides_secrets():
    assert (
        "hunter-2-hunter"
        not in unreadable("CreateDBInstance", ValueError("hunter-2-hunter"), ["hunter-2-hunter"]).message
    )


def values_of(shape, depth=0):
    """Return a strategy for the values that botocore can return for a shape. Any member may be missing."""
    kind = shape.type_name
    if shape.name == "policyDocumentType":
        return st.sampled_from([*TEXTS.values(), {}, {"Statement": "x"}, {"Statement": [None, {"Effect": 1}]}, []])
    if kind == "structure":
        members = {} if depth > 4 else {name: values_of(inner, depth + 1) for name, inner in shape.members.items()}
        return st.fixed_dictionaries({}, optional=members)
    if kind == "list":
        return st.lists(values_of(shape.member, depth + 1), max_size=2)
    if kind == "map":
        return st.dictionaries(
            st.sampled_from(["orders", *TEXTS.values()]), values_of(shape.value, depth + 1), max_size=1
        )
    return {
        "boolean": st.booleans(),
        "integer": st.integers(),
        "long": st.integers(),
        "double": st.floats(),
        "timestamp": st.sampled_from([dt.datetime.min, dt.datetime(2026, 11, 2, tzinfo=dt.timezone.utc)]),
    }.get(kind, st.sampled_from(["", "orders", *TEXTS.values()]))


def member(model, operation, *path):
    shape = model.operation_model(operation).output_shape
    for name in path:
        shape = shape.members[name] if name else shape.member
    return shape


PARSERS = {
    "instance": (
        member(RDS, "DescribeDBInstances", "DBInstances", ""),
        lambda raw: parse.parse_instance(raw, region="eu-west-1"),
    ),
    "cluster": (
        member(RDS, "DescribeDBClusters", "DBClusters", ""),
        lambda raw: parse.parse_cluster(raw, region="eu-west-1"),
    ),
    "parameter": (member(RDS, "DescribeDBParameters", "Parameters", ""), parse.parse_parameter),
    "snapshot": (member(RDS, "DescribeDBSnapshots", "DBSnapshots", ""), parse_sources.parse_snapshot),
    "cluster_snapshot": (
        member(RDS, "DescribeDBClusterSnapshots", "DBClusterSnapshots", ""),
        parse_sources.parse_cluster_snapshot,
    ),
    "instance_backup": (
        member(RDS, "DescribeDBInstanceAutomatedBackups", "DBInstanceAutomatedBackups", ""),
        parse_sources.parse_instance_backup,
    ),
    "cluster_backup": (
        member(RDS, "DescribeDBClusterAutomatedBackups", "DBClusterAutomatedBackups", ""),
        parse_sources.parse_cluster_backup,
    ),
    "decision": (member(IAM, "SimulatePrincipalPolicy", "EvaluationResults", ""), parse_iam.parse_decision),
    "account": (member(IAM, "GetAccountAuthorizationDetails"), parse_account.parse_account_page),
    "documents": (
        member(IAM, "GetAccountAuthorizationDetails"),
        lambda raw: parse_iam.allowed_resources(parse_iam.principal_documents([raw], "orders")),
    ),
}


@pytest.mark.parametrize("name", PARSERS)
def test_parser_raises_only_what_becomes_an_error_of_the_call(name):
    shape, translate = PARSERS[name]

    @settings(max_examples=sample_size(10, 1000), deadline=None, derandomize=True, database=None)
    @given(values_of(shape))
    def check(raw):
        check_types(raw, shape)
        try:
            translate(raw)
        except UNREADABLE:
            pass

    check()


@settings(max_examples=sample_size(30, 2000), deadline=None, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(["events", "nextToken", "message"]), JSON))
def test_json_of_any_form_is_accepted_or_a_type_error(value):
    try:
        check_types(value, member(LOGS, "FilterLogEvents"))
    except TypeError as error:
        assert "is not a" in str(error)  # noqa: PT017
