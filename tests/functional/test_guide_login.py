# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The recipes of the login guide: against a real PostgreSQL server, and against servers that offer no TLS."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import typing as t

import boto3
import pytest
from ansible_collections.passwordless.rds.tests.functional import documents, servers_without_tls
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS, ROOT, Ansible
from ansible_collections.passwordless.rds.tests.samples import quick_first
from rds_simulator.server import server

RECIPES = documents.captioned("guide_login")
POSTGRESQL = ("psql.sh", "with_psycopg.py", "with_pg.js", "postgresql.yml")
TUNNEL = ("tunnel_psql.sh", "tunnel_pg.js", "tunnel_postgresql.yml")
MYSQL = ("with_pymysql.py", "mariadb.sh", "mysql.sh", "with_mysql2.js", "mysql.yml")
WITHOUT_ANSIBLE = [recipe for recipe in (*POSTGRESQL, *MYSQL) if not recipe.endswith(".yml")]
NODE_PATH = os.environ.get("NODE_PATH") or str(ROOT / ".venv" / "node" / "node_modules")
SECONDS = 120
REGION = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), KEYS["AWS_REGION"])
FLEET = {
    "db_instances": [
        {
            "identifier": "orders",
            "engine": "postgres",
            "iam_database_authentication_enabled": True,
            "login": True,
            "databases": ["orders"],
            "users": [{"name": "app", "iam": True}, {"name": "reports", "iam": True}],
        },
        {"identifier": "shop", "engine": "mysql", "iam_database_authentication_enabled": True},
    ]
}

MYSQL_FLEET = {
    "db_instances": [
        {
            **FLEET["db_instances"][1],
            "login": True,
            "databases": ["orders", "shop"],
            "users": [{"name": "app", "iam": True, "grants": ["SELECT ON orders.*", "SELECT ON shop.*"]}],
        }
    ]
}


class Database(t.NamedTuple):
    """A database that accepts logins, and the credentials of an IAM user that may log in as ``app``."""

    simulator: server.Simulator
    variables: dict[str, str]


@pytest.fixture(scope="module", params=["loopback", "aws"])
def database(request, tmp_path_factory):
    """A simulator, by the addresses of its endpoints. The policy is attached as the guide shows."""
    with server.Simulator(port=0) as simulator:
        try:
            simulator.settings.update(endpoints=request.param)
            simulator.seed(FLEET)
        except ValueError as missing:
            pytest.skip(str(missing))
        folder = tmp_path_factory.mktemp("policy")
        keys = iam_user(simulator)
        (folder / "policy.yml").write_text(RECIPES["policy.yml"])
        ran = Ansible(simulator.url, folder).run("ansible-playbook", "policy.yml")
        assert ran.code == 0, ran.output
        yield Database(simulator, variables(simulator, keys))


@pytest.fixture(scope="module")
def mysql_database():
    """A simulator with a MySQL database, to which the IAM user may log in."""
    with server.Simulator(port=0) as simulator:
        try:
            simulator.settings.update(endpoints="loopback")
            simulator.seed(MYSQL_FLEET)
        except ValueError as missing:
            pytest.skip(str(missing))
        keys = iam_user(simulator)
        resource_id = simulator.database("instance", "shop")["DbiResourceId"]
        resource = f"arn:aws:rds-db:{KEYS['AWS_REGION']}:123456789012:dbuser:{resource_id}/app"
        statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam_client(simulator).put_user_policy(UserName="orders-service", PolicyName="shop", PolicyDocument=document)
        yield Database(simulator, variables(simulator, keys))


def variables(simulator, keys):
    """Return the variables of the recipes, for the only login of a simulator."""
    (login,) = simulator.logins()
    return {
        **keys,
        "AWS_URL": simulator.url,
        "DB_HOST": login["endpoint"],
        "DB_PORT": str(login["port"]),
        "TUNNEL_PORT": str(login["listen_port"]),
        "DB_USER": "app",
        "DB_NAME": "orders",
        "DB_CA_BUNDLE": simulator.ca_file,
    }


def iam_client(simulator):
    return boto3.client(
        "iam",
        endpoint_url=simulator.url,
        region_name=KEYS["AWS_REGION"],
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )


def iam_user(simulator):
    """Create the IAM user of the guide; return its credentials."""
    iam = iam_client(simulator)
    iam.create_user(UserName="orders-service")
    key = iam.create_access_key(UserName="orders-service")["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        **REGION,
    }


class Ran(t.NamedTuple):
    code: int
    user: str
    output: str


def run(recipe, variables, folder, endpoint=None):
    """Run a recipe as a reader does. With ``endpoint``, playbooks use it in place of the identifier."""
    require(recipe)
    path = folder / recipe
    text = RECIPES[recipe]
    path.write_text(re.sub(r"'instance/\w+'", f"'{endpoint}'", text) if endpoint else text)
    if path.suffix == ".yml":
        ran = Ansible(variables["AWS_URL"], folder).run("ansible-playbook", recipe, "-vvvv", **variables)
        shown = [str(task.result.get("query_result", "")) for task in ran.tasks]
        assert "X-Amz-Signature" not in ran.output
        answers = ("'current_user': 'app'", "'CURRENT_USER()': 'app@%'")
        return Ran(ran.code, "app" if any(text in "".join(shown) for text in answers) else "", ran.output)
    program = {".sh": "sh", ".py": sys.executable, ".js": "node"}[path.suffix]
    environment = {**os.environ, "NODE_PATH": NODE_PATH, **variables}
    environment["PATH"] += f"{os.pathsep}{ROOT / '.venv' / 'awscli' / 'bin'}"
    done = subprocess.run(
        [program, str(path)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Ran(done.returncode, done.stdout.strip(), done.stdout + done.stderr)


def require(recipe):
    """Skip the test if a client of the recipe is missing."""
    missing = [name for name in needs(recipe) if not available(name)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def needs(recipe):
    name, suffix = recipe.rpartition(".")[::2]
    if suffix == "sh":
        return ["aws", name.removeprefix("tunnel_")]
    if suffix == "js":
        return ["node", f"npm:{name.rpartition('_')[2]}", "npm:@aws-sdk/rds-signer"]
    if suffix == "yml":
        driver, collection = ("psycopg", "postgresql") if "postgresql" in name else ("pymysql", "mysql")
        return [f"collection:{collection}", f"python:{driver}"]
    return [f"python:{name.rpartition('_')[2]}"]


@functools.cache
def available(name):
    kind, colon, what = name.partition(":")
    if name == "mysql":
        return is_mysql_client()
    if not colon:
        return any(shutil.which(name, path=path) for path in (None, str(ROOT / ".venv" / "awscli" / "bin")))
    if kind == "collection":
        trees = [
            pathlib.Path(tree) for tree in os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep) if tree
        ]
        return any((tree / "ansible_collections" / "community" / what).is_dir() for tree in trees)
    command = {"npm": ["node", "-e", f"require.resolve('{what}')"], "python": [sys.executable, "-c", f"import {what}"]}
    environment = {**os.environ, "NODE_PATH": NODE_PATH}
    try:
        return subprocess.run(command[kind], env=environment, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def is_mysql_client():
    """Return whether ``mysql`` is the client of MySQL. MariaDB has a program of that name with other options."""
    if shutil.which("mysql") is None:
        return False
    shown = subprocess.run(["mysql", "--version"], capture_output=True, text=True, check=False).stdout
    return "MariaDB" not in shown


def test_guide_login_recipes_are_all_tested():
    assert {*POSTGRESQL, *TUNNEL, *MYSQL, "policy.yml", "check.yml"} == set(RECIPES)


def test_guide_login_variables_are_documented():
    text = (documents.GUIDES / "guide_login.rst").read_text()
    for name in (*REGION, "DB_HOST", "DB_PORT", "DB_USER", "DB_NAME", "DB_CA_BUNDLE"):
        assert f"{name}=" in text


@pytest.mark.parametrize("database", ["loopback"], indirect=True)
@pytest.mark.parametrize("recipe", POSTGRESQL)
def test_guide_login_recipe_logs_in(database, tmp_path, recipe):
    ran = run(recipe, database.variables, tmp_path)
    assert (ran.code, ran.user) == (0, "app"), ran.output


@pytest.mark.parametrize("recipe", MYSQL)
def test_guide_login_mysql_recipe_logs_in(mysql_database, tmp_path, recipe):
    if recipe == "with_mysql2.js":
        pytest.skip("mysql2 verifies DNS names only, and the endpoints of this test are IP addresses")
    ran = run(recipe, mysql_database.variables, tmp_path)
    assert (ran.code, ran.user.partition("@")[0]) == (0, "app"), ran.output


@pytest.mark.parametrize("recipe", ["with_pymysql.py", "mariadb.sh", "with_mysql2.js"])
def test_guide_login_mysql_recipe_wrong_authority_fails(mysql_database, other_authority, tmp_path, recipe):
    ran = run(recipe, {**mysql_database.variables, "DB_CA_BUNDLE": other_authority}, tmp_path)
    assert ran.code != 0
    assert "certificate" in ran.output.lower()


@pytest.mark.parametrize("database", ["aws"], indirect=True)
@pytest.mark.parametrize("recipe", quick_first(TUNNEL))
def test_guide_login_recipe_logs_in_through_tunnel(database, tmp_path, recipe):
    assert database.variables["DB_HOST"].endswith(".rds.amazonaws.com")
    ran = run(recipe, database.variables, tmp_path)
    assert (ran.code, ran.user) == (0, "app"), ran.output


@pytest.mark.parametrize("database", ["loopback"], indirect=True)
@pytest.mark.parametrize("recipe", ["psql.sh", "with_psycopg.py", "with_pg.js"])
def test_guide_login_policy_allows_no_other_user(database, tmp_path, recipe):
    ran = run(recipe, {**database.variables, "DB_USER": "reports"}, tmp_path)
    assert ran.code != 0
    assert 'PAM authentication failed for user "reports"' in ran.output


@pytest.mark.parametrize("database", ["loopback"], indirect=True)
@pytest.mark.parametrize(
    ("changes", "said"),
    [({}, "app has logged in to 127."), ({"AWS_SECRET_ACCESS_KEY": "x" * 40}, "app cannot log in to ")],
)
def test_guide_login_check_shows_result(database, tmp_path, changes, said):
    variables = {**database.variables, **changes}
    # the first login starts the server, which takes longer on a busy machine
    text = RECIPES["check.yml"].replace("fail_on: never", "fail_on: never\n        timeout: 60")
    (tmp_path / "check.yml").write_text(text)
    ran = Ansible(variables["AWS_URL"], tmp_path).run("ansible-playbook", "check.yml", "-vvvv", **variables)
    assert ran.code == 0, ran.output
    assert ran.tasks[-1].result["msg"].startswith(said)
    assert "X-Amz-Signature" not in ran.output


@pytest.fixture
def other_authority(tmp_path):
    """The path of a CA bundle that no server uses."""
    trustme = pytest.importorskip("trustme")
    path = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return str(path)


@pytest.mark.parametrize("database", ["loopback"], indirect=True)
@pytest.mark.parametrize("recipe", quick_first(POSTGRESQL, WITHOUT_ANSIBLE))
def test_guide_login_wrong_certificate_authority_fails(database, other_authority, tmp_path, recipe):
    ran = run(recipe, {**database.variables, "DB_CA_BUNDLE": other_authority}, tmp_path)
    assert ran.code != 0
    assert "certificate" in ran.output.lower()


@pytest.mark.parametrize("recipe", quick_first([*POSTGRESQL, *MYSQL], WITHOUT_ANSIBLE))
def test_guide_login_recipe_sends_no_token_without_tls(sim, other_authority, tmp_path, recipe):
    """The server offers no TLS. Each client must give up before it sends the token."""
    talk = servers_without_tls.mysql if recipe in MYSQL else servers_without_tls.postgresql
    with servers_without_tls.Recorder(talk) as recorder:
        variables = {
            **KEYS,
            **REGION,
            "AWS_URL": sim.url,
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(recorder.port),
            "DB_USER": "app",
            "DB_NAME": "orders",
            "DB_CA_BUNDLE": other_authority,
        }
        ran = run(recipe, variables, tmp_path, endpoint=f"127.0.0.1:{recorder.port}")
    assert ran.code != 0
    assert recorder.connections, ran.output
    for part in (b"X-Amz-", b"Action=connect", KEYS["AWS_ACCESS_KEY_ID"].encode()):
        assert part not in recorder.received


@pytest.mark.slow
def test_recorder_without_tls_receives_passwords():
    """The servers ask for a password in such a way that careless clients send it."""
    psycopg = pytest.importorskip("psycopg")
    pymysql = pytest.importorskip("pymysql")
    login = {"host": "127.0.0.1", "user": "app", "password": "Action=connect", "connect_timeout": 5}
    with servers_without_tls.Recorder(servers_without_tls.postgresql) as recorder, pytest.raises(psycopg.Error):
        psycopg.connect(port=recorder.port, sslmode="prefer", gssencmode="disable", **login)
    assert b"Action=connect" in recorder.received
    with servers_without_tls.Recorder(servers_without_tls.mysql) as recorder, pytest.raises(pymysql.Error):
        pymysql.connect(port=recorder.port, auth_plugin_map={"mysql_clear_password": ClearPassword}, **login)
    assert b"Action=connect" in recorder.received


class ClearPassword:
    """Sends the password in clear text, as PyMySQL itself does only over TLS."""

    def __init__(self, connection):
        self._connection = connection

    def authenticate(self, packet):
        self._connection.write_packet(self._connection.password + b"\0")
        return self._connection._read_packet()
