# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Invalid input: the error names the option or the database, and no request to AWS changes anything."""

from __future__ import annotations

import difflib
import re

import pytest

PG = {"db_instances": [{"identifier": "orders", "engine": "mysql"}, {"identifier": "shop", "engine": "mysql"}]}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param({}, "db_instance_identifiers, db_cluster_identifiers: no database is named", id="nothing"),
        pytest.param({"db_instance_identifiers": [" ", ""]}, "no database is named", id="blanks"),
        pytest.param({"db_instance_identifier": "", "db_cluster_identifier": "\n"}, "no database", id="empty-survey"),
        pytest.param(
            {"db_instance_identifier": "arn:aws:rds:us-east-1:123456789012:db:orders"},
            "Set region to us-east-1",
            id="arn-elsewhere",
        ),
        pytest.param(
            {"db_instance_identifier": "arn:aws:rds:eu-west-1:123456789012:cluster:orders"},
            "db_cluster_identifiers",
            id="arn-of-another-kind",
        ),
        pytest.param({"db_instance_identifier": "orders", "wait_delay": 0}, "wait_delay: 0", id="no-delay"),
        pytest.param({"db_instance_identifier": "orders", "wait_delay": -1}, "wait_delay: -1", id="delay-back"),
        pytest.param({"db_instance_identifier": "orders", "wait_timeout": -5}, "wait_timeout: -5", id="timeout"),
        pytest.param({"db_instance_identifier": "orders", "wait_timeout": 604801}, "1 to 604800 seconds", id="weeks"),
        pytest.param({"db_instance_identifier": "orders", "wait_timeout": 10**400}, "wait_timeout: 1000", id="huge"),
        pytest.param({"db_instance_identifier": "orders", "wait_delay": float("inf")}, "wait_delay: inf", id="inf"),
        pytest.param({"db_instance_identifier": "orders", "wait_delay": float("nan")}, "wait_delay: nan", id="nan"),
        pytest.param({"db_instance_identifier": "orders", "wait_delay": 3601}, "at most 3600", id="slow"),
        pytest.param({"db_instance_identifier": "orders", "max_changes": -1}, "max_changes: -1", id="no-changes"),
        pytest.param({"db_instance_identifier": "orders", "max_changes": 10**400}, "max_changes: 1", id="changes"),
        pytest.param({"db_instance_identifier": "orders", "wait_timeout": "soon"}, "wait_timeout", id="no-number"),
        pytest.param({"db_instance_identifier": "orders", "wait_timeout": True}, "wait_timeout: true", id="bool"),
        pytest.param({"db_instance_identifier": "orders", "max_changes": False}, "max_changes: false", id="bool-0"),
        pytest.param({"db_instance_identifier": "orders", "ssl_parameter": "on"}, "ssl_parameter", id="choice"),
        pytest.param({"db_instance_identifier": "orders", "enabled": "perhaps"}, "enable_iam", id="no-bool"),
        pytest.param({"db_instance_identifier": "orders", "aply_immediately": True}, "aply_immediately", id="typo"),
        pytest.param({"db_instance_identifier": "orders", "region": "mars-north"}, "region: 'mars-north'", id="region"),
        pytest.param({"db_instance_identifier": "orders", "region": None}, "requires a region", id="no-region"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_input_invalid_is_refused(sim, run, monkeypatch, check, options, words):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    sim.seed(PG)
    result = run.fails(check=check, **options)
    assert words in result["msg"]
    assert sim.calls == []


@pytest.mark.parametrize(
    "names", ["orders,shop", "orders, shop", "orders\nshop\n", " orders ,, \n shop ", ["ORDERS", "shop"]]
)
def test_input_names_accept_every_form(sim, run, names):
    sim.seed(PG)
    result = run.ok(db_instance_identifiers=names, db_cluster_identifiers="")
    assert result.outcomes == {"instance/orders": "scheduled", "instance/shop": "scheduled"}


def test_input_arn_equals_name(sim, run):
    sim.seed(PG)
    result = run.ok(db_instance_identifier="arn:aws:rds:eu-west-1:123456789012:db:orders")
    assert result.outcomes == {"instance/orders": "scheduled"}


@pytest.mark.parametrize("check", [True, False])
def test_input_arn_of_another_account_is_not_found(sim, run, check):
    sim.seed(PG)
    arn = "arn:aws:rds:eu-west-1:999999999999:db:orders"
    result = run.fails(check=check, db_instance_identifiers=[arn, "shop"], on_problem="skip", apply_immediately=True)
    assert result.codes == ["not_found"]
    assert "account 999999999999" in result["msg"]
    assert "account 123456789012" in result["msg"]
    assert result.database("orders")["arn"] is None
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]


LONG = "a" * 200_000


@pytest.mark.parametrize(
    "options",
    [
        {"db_instance_identifier": LONG},
        {"db_cluster_identifier": LONG},
        {"db_instance_identifier": f"arn:{LONG}"},
        {"db_instance_identifier": f"arn:aws:rds:eu-west-1:123456789012:cluster:{LONG}"},
        {"db_instance_identifier": f"arn:aws:rds:us-east-1:123456789012:db:{LONG}"},
        {"db_instance_identifier": f"arn:aws:rds:eu-west-1:123456789012:{LONG}:orders"},
        {"select": {"include": [LONG]}},
        {"select": {"tags": {LONG: 5}}},
    ],
    ids=lambda options: str(options)[:90],
)
def test_input_long_name_is_shortened_in_message(sim, run, options):
    sim.seed(PG)
    result = run.fails(**options)
    assert len(result["msg"]) < 1500
    assert re.search(r"aaaa'?\.\.\. \(\d{6} characters\)", result["msg"])


def test_input_without_credentials_fails(sim, run, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    result = run.fails(db_instance_identifier="orders", access_key=None, secret_key=None)
    assert "no AWS credentials were found. Set access_key and secret_key" in result["msg"]
    assert sim.calls == []


def test_input_endpoint_down_fails(sim, run):
    result = run.fails(db_instance_identifier="orders", endpoint_url="http://127.0.0.1:9")
    assert "Could not connect" in result["msg"]
    assert "Check region, endpoint_url and the network" in result["msg"]
    assert result["error"]["code"] == "EndpointConnectionError"


@pytest.mark.parametrize(
    "operation",
    ["DescribeDBInstances", "DescribeOrderableDBInstanceOptions", "DescribeDBParameters", "ModifyDBInstance"],
)
def test_input_missing_permission_names_the_action(sim, run, operation):
    sim.seed({"db_instances": [{"identifier": "orders", "engine": "postgres"}]})
    sim.faults.add(operation=operation, deny=True)
    result = run.fails(db_instance_identifier="orders", apply_immediately=True)
    assert f"rds:{operation}" in result["msg"]
    assert "Nothing was modified" in result["msg"]
    assert result["changed"] is False
    assert sim.database("instance", "orders")["IAMDatabaseAuthenticationEnabled"] is False
    if operation not in ("DescribeDBInstances", "ModifyDBInstance"):
        assert result.outcomes == {"instance/orders": "skipped"}


@pytest.mark.parametrize("wrong", ["hush\nquiet", "hush\r\n", "\nhush"])
@pytest.mark.parametrize("option", ["session_token", "access_key"])
def test_input_credential_invalid_in_header_fails_at_once(sim, run, option, wrong):
    sim.seed(PG)
    began = sim.clock.monotonic()
    result = run.fails(db_instance_identifier="orders", **{option: wrong})
    assert sim.clock.monotonic() == began
    assert "invalid in an HTTP header from access_key, session_token and endpoint_url" in result["msg"]
    assert sim.calls == []
    assert "hush" not in result["msg"]


def test_input_credentials_are_hidden(sim, run):
    sim.seed(PG)
    for result in (run(db_instance_identifier="orders"), run(db_instance_identifier="nowhere")):
        assert result is not None
        assert "wJalrXUtnFEMI" not in run.output


def test_input_not_found_needs_no_permission_for_clusters(sim, run):
    sim.seed(PG)
    sim.faults.add(operation="DescribeDBClusters", deny=True)
    result = run.fails(db_instance_identifier="order")
    assert result.codes == ["not_found"]
    assert "Similar: orders" in result["msg"]


def test_input_many_misspelt_names_limits_comparisons(sim, run, monkeypatch):
    compared = []
    real = difflib.SequenceMatcher.set_seq1
    monkeypatch.setattr(difflib.SequenceMatcher, "set_seq1", lambda self, a: (compared.append(a), real(self, a))[1])
    sim.seed({"db_instances": [{"identifier": "orders-{n}", "count": 300, "engine": "mysql"}]})
    result = run.fails(db_instance_identifiers=[f"ordres-{n}" for n in range(1, 301)])
    assert result["summary"]["failed"] == 300
    assert "Similar: orders-1" in result.database("ordres-1")["problems"][0]["message"]
    assert len([text for text in compared if text]) <= 100 * 20  # not 300 * 300
