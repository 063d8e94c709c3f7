# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Logins of ``rds_login_check`` to real servers: check mode, second runs, endpoints of clusters, tunnels and names."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.login_faults import FAULTS
from ansible_collections.passwordless.rds.tests.unit.login_fleet import (
    MASTER,
    MASTER_PASSWORD,
    SEED,
    USER,
    LoginFleet,
)
from rds_simulator import Simulator
from rds_simulator.requirements import missing_packages

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt")

UNUSUAL = ('o"brien', "o'brien", "App", "application user", "a" * 63, "é" * 31, "100%", "a:b@c/d?e=f&g")


@pytest.fixture(scope="module")
def simulator():
    seed = copy.deepcopy(SEED)
    seed["db_instances"][0]["users"] += [{"name": name, "iam": True} for name in UNUSUAL]
    with Simulator(speed=1.0) as running:
        running.seed(seed)
        yield running


@pytest.fixture(params=["instance"])
def fleet(simulator, request):
    fleet = LoginFleet(simulator, request.param)
    with fleet.undo:
        yield fleet


@pytest.fixture
def run(fleet, capsys):
    """Return a function that runs the module, and makes sure that no secret is in the output."""
    runner = Runner("rds_login_check", fleet.simulator.url, capsys)

    def run(**options):
        found = runner(**{"session_token": None, **fleet.options, **options})
        for secret in ("X-Amz-Signature", "Action=connect", fleet.caller["secret_key"], MASTER_PASSWORD):
            assert secret not in runner.output
        assert not found["changed"]
        return found

    return run


def repeatable(result):
    """Return a result without the values that differ between two equal runs."""
    left_out = ("seconds", "invocation", "warnings", "deprecations")
    return {name: value for name, value in result.items() if name not in left_out}


def test_login_check_mode_and_second_run_return_the_same(run):
    first = run()
    assert first["logged_in"]
    assert repeatable(run(check=True)) == repeatable(first)
    assert repeatable(run()) == repeatable(first)


def test_login_refused_check_mode_and_second_run_return_the_same(fleet, run):
    fleet.allow(fleet.resource(resource_id="db-OTHER"))
    first = run()
    assert first["cause"] == "policy_other_resource"
    assert repeatable(run(check=True)) == repeatable(first)
    assert repeatable(run()) == repeatable(first)


def test_login_refused_fail_on_decides_whether_task_fails(fleet, run):
    fleet.change(IAMDatabaseAuthenticationEnabled=False)
    failed, returned = run(fail_on="any"), run(fail_on="never")
    assert failed["failed"]
    assert not returned.get("failed")
    assert returned["msg"].startswith(f"app cannot log in to {fleet.where['endpoint']}:5432: setting_off. ")
    assert repeatable(failed) == {**repeatable(returned), "failed": True}
    assert run(fail_on="any", check=True)["failed"]


@pytest.mark.parametrize("name", ["credentials_expired", "credentials_invalid"])
@pytest.mark.parametrize("fail_on", ["any", "never"])
def test_login_credentials_refused_by_describe_names_cause(fleet, run, tmp_path, name, fail_on):
    FAULTS[name].inject(fleet, tmp_path)
    secret = fleet.options["secret_key"]
    found = run(fail_on=fail_on)
    assert (found["cause"], found["endpoint"], found.get("failed", False)) == (name, None, fail_on == "any")
    assert [report["witness"] for report in found["evidence"]] == ["rds"]
    assert secret not in str(repeatable(found))


def test_login_through_tunnel_resolves_its_host(fleet, run):
    found = run(connect_host="localhost")
    assert found["logged_in"]
    assert found["endpoint"] == {"address": fleet.where["endpoint"], "port": 5432}


def test_login_tunnel_as_login_host_is_not_an_endpoint(fleet, run):
    """The token and the certificate belong to the endpoint, so that the tunnel cannot be named as the host."""
    fleet.use_host()
    found = run(login_host="localhost", login_port=fleet.where["listen_port"], connect_host=None, connect_port=None)
    assert not found["logged_in"]
    assert found["cause"] == "not_an_endpoint"
    assert "connect_host" in found["remedy"]


@pytest.mark.parametrize("name", UNUSUAL)
def test_login_unusual_user_name_is_used_as_given(fleet, run, name):
    fleet.allow(fleet.resource(user="*"))
    found = run(username=name)
    assert (found["logged_in"], found["user"]) == (True, name), found["msg"]


def test_login_missing_user_with_quote_has_valid_remedy(fleet, run):
    fleet.allow(fleet.resource(user="*"))
    fleet.use_administrator()
    found = run(username='no"body')
    assert found["cause"] == "user_missing"
    assert found["remedy"] == 'Create the user: CREATE USER "no""body"; GRANT rds_iam TO "no""body";'
    fleet.run_sql('CREATE USER "no""body"', 'DROP USER "no""body"')
    fleet.run_sql('GRANT rds_iam TO "no""body"')
    assert run(username='no"body')["logged_in"]


def test_login_wrong_administrator_password_is_reported(fleet, run):
    fleet.allow()
    found = run(admin_username=MASTER, admin_password="wrong-password-2")
    (report,) = [report for report in found["evidence"] if report["witness"] == "administrator"]
    assert not report["available"]
    assert "wrong-password-2" not in str(found)


@pytest.mark.parametrize("fleet", ["cluster"], indirect=True)
class TestEndpointsOfCluster:
    @pytest.fixture(params=["writer member", "reader member", "reader endpoint"])
    def endpoint(self, fleet, request):
        """Name an endpoint of the cluster that is not the writer endpoint."""
        fleet.use_host()
        logins = fleet.simulator.logins()
        if request.param == "reader endpoint":
            (where,) = [one for one in logins if ".cluster-ro-" in one["endpoint"]]
        else:
            is_writer = request.param == "writer member"
            members = fleet.record["DBClusterMembers"]
            (name,) = [one["DBInstanceIdentifier"] for one in members if one["IsClusterWriter"] == is_writer]
            (where,) = [one for one in logins if one["endpoint"].startswith(f"{name}.")]
        fleet.options.update(login_host=where["endpoint"], connect_port=where["listen_port"])
        return where

    def test_login_policy_for_cluster_id_succeeds(self, run, endpoint):
        found = run()
        assert (found["logged_in"], found["user"]) == (True, USER), found["msg"]
        assert found["endpoint"]["address"] == endpoint["endpoint"]

    def test_login_policy_for_member_id_is_other_resource(self, fleet, run, endpoint):
        members = fleet.record["DBClusterMembers"]
        records = [fleet.simulator.database("instance", one["DBInstanceIdentifier"]) for one in members]
        fleet.allow(*(fleet.resource(resource_id=record["DbiResourceId"]) for record in records))
        found = run(fail_on="never")
        assert found["cause"] == "policy_other_resource", found["evidence"]
        assert fleet.record["DbClusterResourceId"] in found["remedy"]
        assert "for a cluster the policy needs the id of the cluster" in found["remedy"]


def test_login_member_by_identifier_uses_policy_of_cluster(simulator, capsys):
    fleet = LoginFleet(simulator, "cluster")
    with fleet.undo:
        member = fleet.record["DBClusterMembers"][0]["DBInstanceIdentifier"]
        (where,) = [one for one in simulator.logins() if one["endpoint"].startswith(f"{member}.")]
        options = {**fleet.options, "db_instance_identifier": member, "connect_port": where["listen_port"]}
        del options["db_cluster_identifier"]
        found = Runner("rds_login_check", simulator.url, capsys)(**options)
        assert found["logged_in"], found["msg"]


def test_login_loopback_endpoint_needs_no_tunnel(capsys):
    with Simulator(speed=1.0) as simulator:
        simulator.settings.update(endpoints="loopback")
        simulator.seed(SEED)
        fleet = LoopbackFleet(simulator, "instance")
        with fleet.undo:
            fleet.options.update(connect_host=None, connect_port=None)
            found = Runner("rds_login_check", simulator.url, capsys)(**fleet.options)
    assert found["logged_in"], found["msg"]
    assert found["endpoint"] == {"address": fleet.where["endpoint"], "port": 5432}
    assert found["endpoint"]["address"].startswith("127.")


class LoopbackFleet(LoginFleet):
    """A fleet whose endpoints are addresses of this host, which do not contain the name of the database."""

    def listener(self, name):
        (found,) = [one for one in self.simulator.logins() if one["name"] == name]
        return found
