# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The request that creates a database."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Request
from ansible_collections.passwordless.rds.plugins.module_utils._rules.request import (
    build_request,
    complete_request,
    iam_value,
)

OPTION_NAMES = {"Engine": "engine", "Port": "port", "MasterUserPassword": "master_user_password"}
TARGET = {"DBInstanceIdentifier": "orders"}


@dataclass(frozen=True)
class Create:
    """An operation with few parameters."""

    name: str = "CreateDBInstance"
    accepts: t.Tuple[str, ...] = (
        *OPTION_NAMES,
        *TARGET,
        "EnableIAMDatabaseAuthentication",
        "TdeCredentialPassword",
        "MonitoringInterval",
    )
    required: t.Tuple[str, ...] = ("DBInstanceIdentifier", "Engine", "MonitoringInterval")
    secrets: t.Tuple[str, ...] = ("MasterUserPassword", "TdeCredentialPassword")
    wrong: t.List[str] = field(default_factory=list)

    def faults(self, parameters):
        return self.wrong


def build(operation=None, settings=(), extra=(), fixed=()):
    return build_request(
        operation or Create(),
        kind=INSTANCE,
        option_names=OPTION_NAMES,
        fixed={**TARGET, **dict(fixed)},
        settings=dict(settings),
        extra=dict(extra),
    )


def test_build_request_options_and_extra_parameters():
    built = build(settings={"engine": "MySQL", "port": 3307}, extra={"MonitoringInterval": 60})
    expected = {"Engine": "mysql", "Port": 3307, "MonitoringInterval": 60, **TARGET}
    assert built == Request("CreateDBInstance", expected)


def test_build_request_omits_what_the_operation_does_not_accept():
    assert build(fixed={"SourceRegion": "us-east-1"}).parameters == TARGET


@pytest.mark.parametrize(
    ("keywords", "names"),
    [
        ({"settings": {"kms_key_id": "k"}}, ["kms_key_id", "CreateDBInstance"]),
        ({"extra": {"DBInstanceIdentifier": "x"}}, ["extra_parameters", "DBInstanceIdentifier"]),
        (
            {"extra": {"EnableIAMDatabaseAuthentication": True}},
            ["extra_parameters", "EnableIAMDatabaseAuthentication"],
        ),
        ({"extra": {"MasterUserPassword": "s3cr3t"}}, ["extra_parameters", "master_user_password"]),
        ({"extra": {"TdeCredentialPassword": "s3cr3t"}}, ["extra_parameters", "TdeCredentialPassword"]),
        ({"extra": {"monitoring_interval": 60}}, ["extra_parameters", "MonitoringInterval"]),
        ({"extra": {"Wings": 2}}, ["extra_parameters", "Wings"]),
        ({"extra": {"Port": 1}}, ["extra_parameters", "port", "Port"]),
        ({"operation": Create(wrong=["Port: not an integer"])}, ["CreateDBInstance", "Port: not an integer"]),
    ],
    ids=["option", "target", "setting", "secret", "secret-no-option", "misspelt", "unknown", "has-option", "types"],
)
def test_build_request_invalid_raises(keywords, names):
    with pytest.raises(InputError) as raised:
        build(**keywords)
    assert [name for name in names if name not in str(raised.value)] == []
    assert "s3cr3t" not in str(raised.value)


@pytest.mark.parametrize(
    ("engine", "desired", "sent"),
    [
        ("mysql", True, True),
        ("mysql", None, None),
    ],
)
def test_iam_value(engine, desired, sent):
    assert iam_value(engine, desired) is sent


@pytest.mark.parametrize("engine", ["oracle-ee", "sqlserver-se", "db2-se", "custom-oracle-ee"])
def test_iam_value_unsupported_engine_omits_setting(engine):
    assert iam_value(engine, False) is None
    assert iam_value(engine, None) is None
    assert iam_value(engine, True) is True


@pytest.mark.parametrize("engine", ["mysql", "postgres", "mariadb", "aurora-mysql", "aurora-postgresql", ""])
def test_iam_value_supported_engine_sends_false(engine):
    assert iam_value(engine, False) is False


def test_complete_request_adds_what_the_operation_accepts():
    draft = Request("CreateDBInstance", {**TARGET, "MonitoringInterval": 60})
    more = {"Engine": "mysql", "Port": None, "SourceRegion": "us-east-1"}
    completed = complete_request(Create(), draft, more, OPTION_NAMES)
    assert completed.parameters == {**draft.parameters, "Engine": "mysql"}


def test_complete_request_names_what_is_missing():
    with pytest.raises(InputError) as raised:
        complete_request(Create(), Request("CreateDBInstance", TARGET), {}, OPTION_NAMES)
    assert "engine, MonitoringInterval in extra_parameters" in str(raised.value)
