# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Secrets never appear in the output, and masking leaves ordinary text intact."""

from __future__ import annotations

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.passwordless.rds.tests.unit.harness import Runner

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
NEW = {
    "db_instance_identifier": "newshop",
    "engine": "mysql",
    "engine_version": "8.0",
    "db_instance_class": "db.m6g.large",
    "allocated_storage": 20,
    "master_username": "admin",
}


@pytest.fixture
def create(sim, capsys):
    return Runner("rds_create_iam", sim.url, capsys)


@pytest.fixture
def logged(monkeypatch):
    """Return the messages that the module writes to the system log."""
    lines = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, msg, log_args=None: lines.append(f"{msg} {log_args}"))
    return lines


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("extra", "secrets"),
    [
        ({"MasterUserPassword": 1234567890123}, ["1234567890123"]),
        ({"MasterUserPassword": ["hunter", "twelve"]}, ["hunter", "twelve"]),
        ({"MasterUserPasword": "hunter"}, ["hunter"]),
        ({"MasterUserPasswrd": 98765.25}, ["98765.25"]),
        ({"masterpswd": "hunter"}, ["hunter"]),
        ({"TdeCredentialPassword": "hunter"}, ["hunter"]),
        ({"AuthToken": {"Value": "hunter"}}, ["hunter"]),
        ({"ProcessorFeatures": {"Password": "hunter"}}, ["hunter"]),
        ({"ProcessorFeatures": [{"Name": "password", "Value": 4711815}], "Domain": 5}, ["4711815"]),
    ],
)
def test_create_secret_in_extra_parameters_is_hidden(create, logged, extra, secrets, check):
    create.fails(check=check, **NEW, extra_parameters={"Domain": "d-1234567890", **extra})
    for text in (create.output, *logged):
        assert not [secret for secret in secrets if secret in text]
    assert any("extra_parameters" in line for line in logged)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("extra", [["MasterUserPassword=hunterhunter12"], ["hunterhunter12", {"Port": 1}]], ids=str)
def test_create_list_as_extra_parameters_is_masked(create, logged, extra, check):
    result = create.fails(check=check, **NEW, extra_parameters=extra)
    assert not [text for text in (create.output, *logged) if "hunterhunter12" in text]
    assert result["invocation"]["module_args"]["extra_parameters"] == HIDDEN


def test_create_unknown_option_does_not_show_secrets(create):
    options = {"extra_parameters": {"MasterUserPassword": 1234567890123}, "master_user_password": "n"}
    result = create.fails(**NEW, **options, engin="mysql")
    assert "1234567890123" not in create.output
    assert "Unsupported parameters" in result["msg"]
    assert "********" not in create.output


def test_create_unreadable_extra_parameters_are_masked(create):
    create.fails(**NEW, extra_parameters="{MasterUserPassword hunter12")
    assert "hunter12" not in create.output


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "master_user_password: it has fewer than 8 characters. Use 8 to 41 characters for mysql"),
        ("e", "master_user_password: it has fewer than 8 characters. Use 8 to 41 characters for mysql"),
        ("characters" * 5, "master_user_password: it has more than 41 characters. Use 8 to 41 characters for mysql"),
        ("instance/1", "master_user_password: it contains a character that RDS does not accept"),
    ],
)
def test_create_invalid_password_message_is_complete(sim, create, password, words):
    result = create.fails(**NEW, master_user_password=password)
    assert words in result["msg"]
    assert "********" not in create.output
    assert result["invocation"]["module_args"]["master_user_password"] == HIDDEN
    assert [call.operation for call in sim.calls if call.operation.startswith("Create")] == []


@pytest.mark.parametrize("password", ["database", "instance", "123456789012", "available"])
def test_create_common_password_keeps_output_intact(create, password):
    result = create.ok(**NEW, master_user_password=password)
    assert "********" not in create.output
    assert result["database"]["kind"] == "instance"
    assert result["database"]["arn"] == "arn:aws:rds:eu-west-1:123456789012:db:newshop"
    assert result["invocation"]["module_args"]["master_user_password"] == HIDDEN


@pytest.mark.parametrize("password", ["correcthorsebattery", "hunter2-hunter2"])
def test_create_password_in_aws_error_is_hidden(sim, create, password):
    sim.faults.add(operation="CreateDBInstance", code="InvalidParameterValue", message=f"{password} is not strong")
    result = create.fails(**NEW, master_user_password=password)
    assert "******** is not strong" in result["msg"]
    assert password not in create.output


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("The database is not available: password is not valid", None),
        ("The password available is not valid", "The password ******** is not valid"),
    ],
)
def test_create_refused_with_common_password_is_readable(sim, create, said, shown):
    sim.faults.add(operation="CreateDBInstance", code="InvalidParameterValue", message=said)
    result = create.fails(**NEW, master_user_password="available")
    assert (shown or said) in result["msg"]


def test_create_refused_with_short_password_is_readable(sim, create):
    said = "The password is not valid because it is shorter than 8 characters: available"
    sim.faults.add(operation="CreateDBInstance", code="InvalidParameterValue", message=said)
    result = create.fails(**NEW, master_user_password="available-short")
    assert said in result["msg"]
