# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The names of secrets, and how secrets are masked."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._model.secrets import (
    HIDDEN,
    hide_secrets,
    is_distinctive,
    is_secret_name,
    mask_secrets,
    secrets_in,
)
from ansible_collections.passwordless.rds.plugins.module_utils._options.password import check


@pytest.mark.parametrize(
    "name",
    [
        "MasterUserPassword",
        "MasterUserPasword",
        "MasterUserPasswrd",
        "MasterUserPassord",
        "masteruserpassowrd",
        "master_user_password",
        "TdeCredentialPassword",
        "TdeCredentialPasswod",
        "AuthToken",
        "ClientSecret",
        "DbPwd",
        "masterpswd",
        "MasterPswrd",
        "MasterUserPssword",
        "PRIVATE_KEY",
    ],
)
def test_is_secret_name_of_secret_is_true(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Domain",
        "Port",
        "VpcSecurityGroupIds",
        "StorageThroughput",
        "MasterUsername",
        "ProcessorFeatures",
        "DBName",
        "PreferredBackupWindow",
    ],
)
def test_is_secret_name_of_other_setting_is_false(name):
    assert not is_secret_name(name)


def test_masked_numbers_lists_and_nested_values_are_hidden():
    given = {
        "MasterUserPassword": 1234567890123,
        "Tokens": ["one", 2],
        "Tags": [{"Key": "password", "Value": "three"}, {"Key": "team", "Value": "payments"}],
        "ScalingConfiguration": {"MinCapacity": 1, "Password": {"Inner": "four"}},
        "ManageMasterUserPassword": True,
        "Secret": None,
    }
    assert mask_secrets(given) == {
        "MasterUserPassword": HIDDEN,
        "Tokens": HIDDEN,
        "Tags": [{"Key": "password", "Value": HIDDEN}, {"Key": "team", "Value": "payments"}],
        "ScalingConfiguration": {"MinCapacity": 1, "Password": HIDDEN},
        "ManageMasterUserPassword": True,
        "Secret": None,
    }
    assert secrets_in(given) == {"1234567890123", "one", "2", "three", "four"}


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        ("hunter2-hunter2", "not hunter2-hunter2 but hunter2-hunter2b", "not ******** but hunter2-hunter2b"),
        ("correcthorsebattery", "correcthorsebattery is not strong", "******** is not strong"),
        ("98765432109876", "98765432109876 is not strong", "******** is not strong"),
        # an ordinary word, and an account id
        ("available", "database is not available: password is not valid", None),
        ("database", "The database is busy", None),
        ("123456789012", "arn:aws:rds:eu-west-1:123456789012:db:orders", None),
        ("available", "password 'available' is weak", "password '********' is weak"),
        ("available", '"available" is weak', '"********" is weak'),
        ("available", "The password available is weak", "The password ******** is weak"),
        ("available", "MasterUserPassword: available", "MasterUserPassword: ********"),
        ("available", "MasterUserPassword=available", "MasterUserPassword=********"),
        ("available", "the password is available", "the password is ********"),
    ],
)
def test_hide_replaces_secrets_and_no_ordinary_words(secret, text, expected):
    assert hide_secrets(text, [secret]) == (text if expected is None else expected)


@pytest.mark.parametrize("name", ["MasterUserSecretKmsKeyId", "ClientSecretArn", "DomainAuthSecretArn", "secret_arn"])
def test_secrets_in_secret_reference_is_empty(name):
    assert secrets_in({name: "alias/available"}) == set()
    assert mask_secrets({name: "alias/available"}) == {name: HIDDEN}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("short", False), ("database", False), ("123456789012", False), ("hunter2-hunter2", True), ("s3cr3t!!", True)],
)
def test_is_distinctive(text, expected):
    assert is_distinctive(text) is expected


# Source: API reference of CreateDBInstance and CreateDBCluster, MasterUserPassword
@pytest.mark.parametrize(
    ("engine", "is_cluster", "longest"),
    [
        ("mysql", False, 41),
        ("mariadb", False, 41),
        ("MySQL", False, 41),
        ("postgres", False, 128),
        ("oracle-ee", False, 30),
        ("sqlserver-se", False, 128),
        ("db2-se", False, 255),
        ("aurora-postgresql", True, 41),
        ("postgres", True, 41),
        ("", False, 255),
        ("", True, 41),
    ],
)
def test_check_password_length(engine, is_cluster, longest):
    for length in (8, longest):
        check("p" * length, engine=engine, is_cluster=is_cluster)
    for length, words in ((7, "fewer than 8 characters"), (longest + 1, f"more than {longest} characters")):
        with pytest.raises(InputError, match=words) as caught:
            check("p" * length, engine=engine, is_cluster=is_cluster)
        assert "ppp" not in caught.value.message


@pytest.mark.parametrize("character", ["/", '"', "@", "é", "\n"])
def test_check_password_refused_character(character):
    with pytest.raises(InputError, match="a character that RDS does not accept") as caught:
        check(f"long-enough{character}", engine="mysql", is_cluster=False)
    assert "long-enough" not in caught.value.message


def test_check_password_oracle_refuses_more():
    for password in ("long-enough&", "long-enough'"):
        check(password, engine="postgres", is_cluster=False)
        with pytest.raises(InputError):
            check(password, engine="oracle-ee", is_cluster=False)
