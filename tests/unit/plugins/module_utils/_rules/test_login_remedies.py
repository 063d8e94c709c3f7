# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each cause has a remedy, which names the objects that have to be changed."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model import login_cause as cause
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import (
    MYSQL,
    POSTGRESQL,
    AccountFacts,
    LoginRequest,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_evidence import (
    DatabaseFacts,
    LoginEvidence,
    TokenFacts,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules import login_answer as answer
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_diagnosis import Diagnosis
from ansible_collections.passwordless.rds.plugins.module_utils._rules.login_remedies import (
    login_remedy,
    quoted_user,
    remedy_values,
)
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import HOST, RESOURCE, USER_ARN


def values(protocol=POSTGRESQL, user="app", owner=None, principal=USER_ARN, **evidence):
    request = LoginRequest(protocol, HOST, 5432, "127.0.0.1", 15432, user, "hidden-password", "sales", "/ca.pem", 10)
    token = TokenFacts("eu-west-1", endpoint_region="us-east-1")
    found = LoginEvidence(protocol, answer.TOKEN_REFUSED, user, token, **evidence)
    return remedy_values(request, found, Diagnosis("unknown", ("setting_off", "policy_missing")), owner, principal)


# the host of the account decides, and not the host of the client
@pytest.mark.parametrize(
    ("hosts", "client_host", "expected"),
    [
        (("10.%", "192.168.0.%"), "192.168.0.7", "'app'@'192.168.0.%'"),
        (("10.%",), "192.168.0.7", "'app'@'10.%'"),
        (("10.%",), None, "'app'@'10.%'"),
        (("o'brien.example",), None, "'app'@'o\\'brien.example'"),
        (None, "10.0.0.1", "'app'@'%'"),
    ],
)
def test_remedy_for_mysql_user_names_host_of_account(hosts, client_host, expected):
    account = AccountFacts(exists=True, hosts=hosts)
    text = login_remedy(cause.USER_NOT_IAM, MYSQL, values(MYSQL, account=account, client_host=client_host))
    assert f"ALTER USER {expected} IDENTIFIED" in text


def test_remedy_for_host_names_client_and_accounts():
    account = AccountFacts(exists=True, hosts=("10.%",))
    text = login_remedy(cause.HOST_NOT_ALLOWED, MYSQL, values(MYSQL, account=account, client_host="192.168.0.7"))
    assert text == "Create the user for 192.168.0.7 or for '%'. It exists for '10.%' only."


KNOWN = {
    "owner": instance(),
    "resource_arn": RESOURCE,
    "database": DatabaseFacts(True, True, "stopped"),
    "account": AccountFacts(exists=False, other_spellings=("APP", "App")),
}


@pytest.mark.parametrize("protocol", [POSTGRESQL, MYSQL])
@pytest.mark.parametrize("code", [*cause.CAUSES, cause.UNKNOWN])
@pytest.mark.parametrize("known", [KNOWN, {}])
def test_remedy_of_each_cause_is_a_sentence_without_gaps(code, protocol, known):
    text = login_remedy(code, protocol, values(protocol, **known))
    assert text[0].isupper()
    assert text.endswith((".", ";"))
    assert "{" not in text
    assert "None" not in text
    assert "hidden-password" not in text


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        (cause.DATABASE_NOT_AVAILABLE, ["Its status is stopped."]),
        (cause.ENDPOINT_UNREACHABLE, ["127.0.0.1", "15432"]),
        (cause.HOST_NAME_MISMATCH, [HOST, "connect_host"]),
        (cause.SETTING_OFF, ["instance/orders", "passwordless.rds.rds_iam_auth"]),
        (cause.USER_CASE, ["APP, App"]),
        (cause.REGION_MISMATCH, ["Set region to us-east-1", "eu-west-1"]),
        (cause.POLICY_OTHER_RESOURCE, [RESOURCE, USER_ARN]),
        (cause.POLICY_MISSING, [RESOURCE, USER_ARN]),
        (cause.DATABASE_MISSING, ["sales"]),
        (cause.UNKNOWN, ["setting_off, policy_missing"]),
    ],
)
def test_remedy_names_objects(code, parts):
    text = login_remedy(code, POSTGRESQL, values(**KNOWN))
    assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize(
    ("name", "protocol", "quoted"),
    [
        ("app", POSTGRESQL, '"app"'),
        ('o"brien', POSTGRESQL, '"o""brien"'),
        ("app", MYSQL, "'app'@'%'"),
        ("o'brien\\", MYSQL, "'o\\'brien\\\\'@'%'"),
    ],
)
def test_remedy_quotes_user_for_sql(name, protocol, quoted):
    assert quoted_user(name, protocol) == quoted
