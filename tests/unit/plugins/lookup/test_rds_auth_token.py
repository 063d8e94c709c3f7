# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The lookup as templates call it, against the simulator: results, API calls and errors."""

from __future__ import annotations

import datetime as dt
import urllib.parse

import boto3
import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError
from ansible_collections.amazon.aws.plugins.doc_fragments import common, region
from ansible_collections.passwordless.rds.plugins.lookup import rds_auth_token
from ansible_collections.passwordless.rds.tests.unit.harness import CREDENTIALS

NAME = "passwordless.rds.rds_auth_token"
ENDPOINT = "orders.c0ffee.eu-west-1.rds.amazonaws.com:5432"
FLEET = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "iam_database_authentication_enabled": True},
        {"identifier": "shop", "engine": "mysql", "iam_database_authentication_enabled": True},
        {"identifier": "both", "engine": "mariadb", "iam_database_authentication_enabled": True},
        {"identifier": "off", "engine": "postgres"},
    ],
    "db_clusters": [
        {"identifier": "ledger", "engine": "aurora-postgresql", "iam_database_authentication_enabled": True},
        {"identifier": "both", "engine": "aurora-mysql", "iam_database_authentication_enabled": True},
    ],
}
BUNDLE = {"ca_cert": "/ca.pem"}


class Lookup:
    """Calls the lookup, and records its warnings."""

    def __init__(self, simulator):
        self._simulator = simulator
        self.warnings = []

    def __call__(self, *terms, **options):
        given = {**CREDENTIALS, "endpoint_url": self._simulator.url, "username": "app", **options}
        plugin = rds_auth_token.LookupModule()
        plugin._load_name = NAME
        plugin.warn = self.warnings.append
        return plugin.run(list(terms), {}, **{name: value for name, value in given.items() if value is not None})

    def error(self, *terms, **options):
        with pytest.raises(AnsibleError) as raised:
            self(*terms, **options)
        return str(raised.value)

    @property
    def calls(self):
        return sorted(call.operation for call in self._simulator.calls)


@pytest.fixture(scope="module", autouse=True)
def _options_are_defined():
    """Define the options as the loader of plugins does, which needs an installed collection."""
    texts = (common.ModuleDocFragment.PLUGINS, region.ModuleDocFragment.PLUGINS, rds_auth_token.DOCUMENTATION)
    options = {name: option for text in texts for name, option in yaml.safe_load(text)["options"].items()}
    constants.config.initialize_plugin_configuration_definitions("lookup", NAME, options)


@pytest.fixture
def lookup(sim, monkeypatch):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    sim.seed(FLEET)
    return Lookup(sim)


def parsed(token):
    """The endpoint of a token, and its parameters."""
    parts = urllib.parse.urlsplit(f"https://{token}")
    assert parts.path == "/"
    return parts.netloc, dict(urllib.parse.parse_qsl(parts.query, strict_parsing=True))


def test_lookup_documentation_matches_entry_points():
    documentation = yaml.safe_load(rds_auth_token.DOCUMENTATION)
    assert documentation["name"] == NAME.rpartition(".")[2]
    assert set(documentation["options"]) == {"_terms", "username", "reader", "min_validity", "result", "ca_cert"}
    assert NAME in rds_auth_token.EXAMPLES


def test_lookup_host_and_port_signs_without_api_call(lookup):
    (token,) = lookup(ENDPOINT, endpoint_url="http://127.0.0.1:9")
    endpoint, signed = parsed(token)
    assert token.__class__ is str
    assert endpoint == ENDPOINT
    assert len(signed.pop("X-Amz-Signature")) == 64
    day = signed["X-Amz-Date"][:8]
    assert abs(dt.datetime.now() - dt.datetime.strptime(day, "%Y%m%d")) < dt.timedelta(days=2)
    assert {**signed, "X-Amz-Date": ""} == {
        "Action": "connect",
        "DBUser": "app",
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{CREDENTIALS['access_key']}/{day}/eu-west-1/rds-db/aws4_request",
        "X-Amz-Date": "",
        "X-Amz-Expires": "900",
        "X-Amz-SignedHeaders": "host",
    }
    assert lookup.calls == []


def test_lookup_session_token_is_part_of_the_token(lookup):
    (token,) = lookup(ENDPOINT, access_key="ASIAIOSFODNN7EXAMPLE", session_token="session/token==")
    assert parsed(token)[1]["X-Amz-Security-Token"] == "session/token=="


@pytest.mark.parametrize("username", ["App User", 'o"brien', "o'brien", "a&b=c", "{{ 1 + 1 }}", "é" * 31, "a" * 63])
def test_lookup_user_is_signed_exactly(lookup, username):
    (token,) = lookup("instance/orders", username=username)
    assert parsed(token)[1]["DBUser"] == username


@pytest.mark.parametrize(
    ("terms", "options", "prefixes", "calls"),
    [
        (["orders"], {}, ["orders."], ["DescribeDBClusters", "DescribeDBInstances"]),
        (["instance/orders"], {}, ["orders."], ["DescribeDBInstances"]),
        (["cluster/ledger"], {}, ["ledger.cluster-"], ["DescribeDBClusters"]),
        (["cluster/ledger"], {"reader": True}, ["ledger.cluster-ro-"], ["DescribeDBClusters"]),
        (
            ["instance/both", "cluster/both"],
            {},
            ["both.", "both.cluster-"],
            ["DescribeDBClusters", "DescribeDBInstances"],
        ),
        (
            ["ledger", ENDPOINT, "orders", "shop", "orders"],
            {},
            ["ledger.cluster-", "orders.", "orders.", "shop.", "orders."],
            ["DescribeDBClusters", "DescribeDBInstances"],
        ),
        (["arn:aws:rds:eu-west-1:123456789012:cluster:ledger"], {}, ["ledger.cluster-"], ["DescribeDBClusters"]),
    ],
)
def test_lookup_database_uses_few_calls(lookup, terms, options, prefixes, calls):
    found = lookup(*terms, **options)
    assert [parsed(token)[0].startswith(prefix) for token, prefix in zip(found, prefixes)] == [True] * len(prefixes)
    assert len(found) == len(terms)
    assert lookup.calls == calls
    assert lookup.warnings == []


def test_lookup_result_postgresql_is_verified_login(lookup):
    (login,) = lookup("cluster/ledger", reader=True, result="postgresql", **BUNDLE)
    endpoint, signed = parsed(login.pop("login_password"))
    assert endpoint == f"{login['login_host']}:{login['login_port']}"
    assert signed["DBUser"] == login["login_user"] == "app"
    assert (login["ssl_mode"], login["ca_cert"]) == ("verify-full", "/ca.pem")


def test_lookup_result_mysql_is_verified_login(lookup):
    (login,) = lookup("shop", result="mysql", **BUNDLE)
    assert login["login_port"] == 3306
    assert (login["check_hostname"], login["ca_cert"], login["config_file"]) == (True, "/ca.pem", "")


def test_lookup_setting_off_warns(lookup):
    lookup("off", "off")
    assert lookup.warnings == [
        "instance/off: IAM database authentication is disabled, so RDS refuses the token. Enable it first"
    ]


@pytest.mark.parametrize(
    ("terms", "options", "error"),
    [
        ([], {}, "_terms: no database is named"),
        ([""], {}, "names no database"),
        (["orders.c0ffee.eu-west-1.rds.amazonaws.com"], {}, "has no port. Use HOST:PORT"),
        (["h:65536"], {}, "has no valid port"),
        (["[::1]:5432"], {}, "is an IPv6 address"),
        ([ENDPOINT], {"reader": True}, "reader: it needs the name of a DB cluster"),
        ([ENDPOINT], {"region": None}, "region: no Region is set. Set region, AWS_REGION, or a profile"),
        ([ENDPOINT], {"region": "mars-1"}, "region: 'mars-1' is not an AWS Region"),
        ([ENDPOINT], {"region": "us-east-1"}, "is in Region eu-west-1, but region is us-east-1"),
        ([ENDPOINT], {"username": None}, "username"),
        ([ENDPOINT], {"username": ""}, "username: '' is not the name of a database user"),
        ([ENDPOINT], {"username": "a\0"}, "username: 'a\\x00' contains a NUL character"),
        ([ENDPOINT], {"min_validity": 901}, "min_validity: '901' is out of range"),
        ([ENDPOINT], {"result": "json"}, "result"),
        ([ENDPOINT], {"result": "mysql"}, "ca_cert: it is required with result=mysql"),
        ([ENDPOINT], {"access_key": None, "secret_key": None}, "access_key: no AWS credentials were found"),
        ([ENDPOINT], {"secret_key": None}, "access_key, secret_key: only one of them is set"),
        ([ENDPOINT], {"access_key": None}, "access_key, secret_key: only one of them is set"),
        (
            [ENDPOINT],
            {"access_key": "ASIAIOSFODNN7EXAMPLE"},
            "session_token: it is not set, but access keys that start",
        ),
        (
            [ENDPOINT],
            {"access_key": None, "secret_key": None, "profile": "nobody"},
            "The config profile (nobody) could not be found",
        ),
        ([ENDPOINT], {"profile": "nobody"}, "Passing both a profile and access tokens is not supported"),
        (["both"], {}, "is the name of a DB instance and of a DB cluster. Use instance/both or cluster/both"),
        (["ordesr"], {}, "there is no DB instance or DB cluster with this identifier in Region eu-west-1. Similar: "),
        (
            ["instance/ledgre"],
            {},
            "there is no DB instance with this identifier in Region eu-west-1. Similar: cluster/",
        ),
        (["nothing-like-it"], {}, "Check the identifier and the Region"),
        (["orders"], {"username": "a" * 64}, "PostgreSQL accepts 63 bytes"),
        (["shop"], {"username": "a" * 33}, "MySQL accepts 32 characters"),
        (["orders"], {"reader": True}, "reader: instance/orders is a DB instance"),
        (["orders"], {"result": "mysql", **BUNDLE}, "Set result to postgresql"),
        (["arn:aws:rds:eu-west-1:999999999999:db:orders"], {}, "is in account 999999999999"),
    ],
)
def test_lookup_invalid_input_fails(lookup, terms, options, error):
    found = lookup.error(*terms, **options)
    assert error in found
    assert CREDENTIALS["secret_key"] not in found


def test_lookup_creating_database_has_no_endpoint(lookup, sim):
    keys = {"aws_access_key_id": CREDENTIALS["access_key"], "aws_secret_access_key": CREDENTIALS["secret_key"]}
    client = boto3.client("rds", region_name="eu-west-1", endpoint_url=sim.url, **keys)
    client.create_db_instance(
        DBInstanceIdentifier="new",
        Engine="postgres",
        DBInstanceClass="db.m6g.large",
        AllocatedStorage=20,
        MasterUsername="master",
        ManageMasterUserPassword=True,
    )
    assert "instance/new has no endpoint in status creating. Wait until its status is available" in lookup.error("new")


@pytest.mark.parametrize("code", ["ExpiredToken", "RequestExpired"])
def test_lookup_expired_session_credentials_fail(lookup, sim, code):
    sim.faults.add(code=code, message="The security token included in the request is expired")
    found = lookup.error("orders", access_key="ASIAIOSFODNN7EXAMPLE", session_token="old")
    assert f"is expired ({code}). The session credentials have expired. Get new ones." in found


@pytest.mark.parametrize(
    ("seconds", "needed", "works"), [(-5, 0, False), (60, 0, True), (60, 61, False), (60, 30, True)]
)
def test_lookup_expiry_in_environment_is_checked(lookup, sim, monkeypatch, seconds, needed, works):
    expiry = sim.clock.now() + dt.timedelta(seconds=seconds)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", expiry.strftime("%Y-%m-%dT%H:%M:%SZ"))
    options = {"access_key": "ASIAIOSFODNN7EXAMPLE", "session_token": "x", "min_validity": needed}
    if works:
        assert lookup(ENDPOINT, **options)
    else:
        assert "min_validity: the session credentials" in lookup.error(ENDPOINT, **options)
    # other keys do not expire then
    assert lookup(ENDPOINT, min_validity=900)


@pytest.mark.parametrize("expiration", ["soon", "2026-13-45T00:00:00Z"])
def test_lookup_expiry_unreadable_is_unknown(lookup, monkeypatch, expiration):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", CREDENTIALS["access_key"])
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", expiration)
    assert lookup(ENDPOINT, min_validity=900)


@pytest.mark.parametrize(
    ("seconds", "needed", "error"),
    [
        (-5, 0, "profile: the credentials cannot be used"),
        (300, 301, "min_validity: the session credentials expire in less than 301 seconds"),
        (300, 200, None),
    ],
)
def test_lookup_expiry_of_profile_is_checked(lookup, monkeypatch, tmp_path, seconds, needed, error):
    """The profile has a process that always returns the same session credentials."""
    expiry = dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=seconds)
    (tmp_path / "credentials.json").write_text(
        '{"Version": 1, "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "s", "SessionToken": "t",'
        f' "Expiration": "{expiry.isoformat()}"}}'
    )
    (tmp_path / "config").write_text(f"[profile app]\ncredential_process = cat {tmp_path}/credentials.json\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    options = {"access_key": None, "secret_key": None, "profile": "app", "min_validity": needed}
    if error:
        assert error in lookup.error(ENDPOINT, **options)
    else:
        assert parsed(lookup(ENDPOINT, **options)[0])[1]["X-Amz-Security-Token"] == "t"


def test_lookup_denied_names_forms_with_fewer_calls(lookup, sim):
    sim.faults.add(operation="DescribeDBClusters", deny=True)
    found = lookup.error("orders")
    assert "Use instance/NAME or cluster/NAME to describe only one kind, or HOST:PORT" in found
    assert lookup("instance/orders")


def test_lookup_throttled_is_retried(lookup, sim):
    sim.faults.add(operation="DescribeDBInstances", code="Throttling", times=8)
    assert lookup("instance/orders")
