# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decision of IAM for other principals, beside a login."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.clock import Deadline
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.retrying import RetryingGateway
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import POSTGRESQL, LoginRequest
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_evidence import PolicyFacts
from ansible_collections.passwordless.rds.plugins.module_utils._options.login import LOGIN_SPEC, read_login_options
from ansible_collections.passwordless.rds.plugins.module_utils._run.login_simulations import simulate_principals
from ansible_collections.passwordless.rds.plugins.module_utils._run.login_witnesses import Witnesses
from ansible_collections.passwordless.rds.tests.unit.builders import instance
from ansible_collections.passwordless.rds.tests.unit.login_fakes import ENDPOINT, HOST, FakeApi, FakeClock, denied

ROLE = "arn:aws:iam::123456789012:role/app"


def simulate(api, principals, database=None):
    clock = FakeClock()
    gateway = RetryingGateway(api, Deadline.after(1, clock), 1.0)
    request = LoginRequest(POSTGRESQL, HOST, 5432, HOST, 5432, "app", "token", "postgres", "/ca.pem", 10)
    return simulate_principals(principals, Witnesses(api, gateway, request, clock.now(), database))


@pytest.mark.parametrize(
    ("answer", "allowed", "detail"),
    [
        (PolicyFacts("allowed"), True, "allowed on arn:aws:rds-db:"),
        (PolicyFacts("implicitDeny"), False, "implicitDeny on "),
        (PolicyFacts("explicitDeny"), False, "explicitDeny on "),
        (PolicyFacts("allowed", missing_context=("aws:x",)), None, "which depends on aws:x"),
        (denied("SimulatePrincipalPolicy"), None, "SimulatePrincipalPolicy"),
    ],
)
def test_simulation_of_principal(answer, allowed, detail):
    database = instance(endpoint=ENDPOINT)
    (found,) = simulate(FakeApi(database, simulate=answer), [ROLE], database)
    assert (found.principal, found.allowed) == (ROLE, allowed)
    assert detail in found.detail
    assert found.render() == {"principal": ROLE, "allowed": allowed, "detail": found.detail}


def test_simulation_without_principals_makes_no_call():
    api = FakeApi()
    assert (simulate(api, []), api.calls) == ((), [])


def test_simulation_without_database_is_open():
    (found,) = simulate(FakeApi(page=denied("DescribeDBInstances")), [ROLE])
    assert (found.allowed, found.detail) == (None, "the database of the endpoint is not known")


def test_simulated_principal_must_be_role_or_user():
    params = dict.fromkeys(LOGIN_SPEC) | {"username": "app", "admin_username": None, "admin_password": None}
    params |= {"db_instance_identifier": "orders", "ca_cert": "/ca.pem", "timeout": 10, "fail_on": "any"}
    options = read_login_options({**params, "simulate_principals": [f" {ROLE} ", ""]}, region="eu-west-1")
    assert options.simulate_principals == (ROLE,)
    with pytest.raises(InputError) as raised:
        read_login_options({**params, "simulate_principals": ["app"]}, region="eu-west-1")
    assert raised.value.message.startswith("simulate_principals: 'app' is not the ARN of an IAM role or user.")
