# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Simulated databases that accept logins, and a caller with a policy. Faults can be injected and taken back."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import typing as t

import boto3

ACCOUNT, REGION = "123456789012", "eu-west-1"
MASTER, MASTER_PASSWORD = {"postgresql": "postgres", "mysql": "admin"}, "master-password-1"
USER = "app"

SEED = {
    "db_instances": [
        {
            "identifier": "orders",
            "engine": "postgres",
            "iam_database_authentication_enabled": True,
            "login": True,
            "master_user_password": MASTER_PASSWORD,
            "users": [{"name": USER, "iam": True}, {"name": "plain", "password": "plain-password-1"}],
            "databases": ["sales"],
        },
        {"identifier": "shop", "engine": "postgres", "login": True},
    ],
    "db_clusters": [
        {
            "identifier": "ledger",
            "engine": "aurora-postgresql",
            "iam_database_authentication_enabled": True,
            "members": 2,
            "login": True,
            "master_user_password": MASTER_PASSWORD,
            "users": [{"name": USER, "iam": True}, {"name": "plain", "password": "plain-password-1"}],
            "databases": ["sales"],
        }
    ],
}
_MYSQL = {
    "iam_database_authentication_enabled": True,
    "login": True,
    "master_user_password": MASTER_PASSWORD,
    "users": [
        {"name": USER, "iam": True},
        {"name": "plain", "password": "plain-password-1"},
        {"name": "distant", "iam": True, "host": "10.%"},
    ],
    "databases": ["sales"],
}
MYSQL_SEED = {
    "db_instances": [
        {"identifier": "orders", "engine": "mariadb", **_MYSQL},
        {"identifier": "shop", "engine": "mysql", "login": True},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql", "members": 2, **_MYSQL}],
}
NAMES = {"instance": "orders", "cluster": "ledger"}
ENGINES = {
    "postgresql": {"instance": "postgres", "cluster": "aurora-postgresql"},
    "mysql": {"instance": "mariadb", "cluster": "aurora-mysql"},
}


class LoginFleet:
    """One database of the fleet, the options of a login to it, and the callers of AWS.

    ``undo`` takes every injected fault back.
    """

    def __init__(self, simulator: t.Any, kind: str, protocol: str = "postgresql") -> None:
        self.simulator = simulator
        self.protocol = protocol
        self.kind = kind
        self.name = NAMES[kind]
        self.undo = contextlib.ExitStack()
        self.iam = self.client("iam")
        self.caller = self._caller()
        self.where = self.listener(self.name)
        self.options: dict[str, t.Any] = {
            f"db_{kind}_identifier": self.name,
            "username": USER,
            "ca_cert": str(simulator.ca_file),
            "connect_host": self.where["listen_host"],
            "connect_port": self.where["listen_port"],
            "endpoint_url": simulator.url,
            "region": REGION,
            "timeout": 20,
            **self.caller,
        }
        self.allow(self.resource())

    def client(self, service: str, **keys: str) -> t.Any:
        given = keys or {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, endpoint_url=self.simulator.url, region_name=REGION, **given)

    def use_host(self) -> None:
        """Name the endpoint instead of the database."""
        del self.options[f"db_{self.kind}_identifier"]
        engine = ENGINES[self.protocol][self.kind]
        self.options.update(login_host=self.where["endpoint"], login_port=self.where["port"], engine=engine)

    def use_administrator(self) -> None:
        self.options.update(admin_username=MASTER[self.protocol], admin_password=MASTER_PASSWORD)

    @property
    def user(self) -> str:
        """The user who logs in."""
        return str(self.options.get("username", USER))

    @property
    def record(self) -> dict[str, t.Any]:
        return self.simulator.database(self.kind, self.name)

    def change(self, **members: t.Any) -> None:
        """Change members of the record, without the delays of RDS."""
        record = self.record
        before = dict(record)
        record.update(members)
        self.undo.callback(lambda: (record.clear(), record.update(before)))

    def export_log(self) -> None:
        """Export the failed logins of this test. A test that sets the clock forward writes entries of the future."""
        self.change(EnabledCloudwatchLogsExports=["iam-db-auth-error"])
        self.undo.callback(self._delete_log)

    def _delete_log(self) -> None:
        logs = self.client("logs")
        for group in logs.describe_log_groups(logGroupNamePrefix="/aws/rds/")["logGroups"]:
            logs.delete_log_group(logGroupName=group["logGroupName"])

    def settings(self, **changes: t.Any) -> None:
        settings = self.simulator.settings
        before = {name: getattr(settings, name) for name in changes}
        settings.update(**changes)
        self.undo.callback(lambda: settings.update(**before))

    def deny(self, *operations: str) -> None:
        for operation in operations:
            self.simulator.faults.add(operation=operation, deny=True)
        self.undo.callback(self.simulator.faults.clear)

    def resource(self, *, resource_id: str | None = None, user: str | None = None, region: str = REGION) -> str:
        member = "DbiResourceId" if self.kind == "instance" else "DbClusterResourceId"
        return f"arn:aws:rds-db:{region}:{ACCOUNT}:dbuser:{resource_id or self.record[member]}/{user or self.user}"

    def allow(self, *resources: str, effect: str = "Allow", name: str = "login") -> None:
        """Put a policy of the caller; without resources, delete it."""
        if not resources:
            self.iam.delete_user_policy(UserName="deploy", PolicyName=name)
            return
        statement = {"Effect": effect, "Action": "rds-db:connect", "Resource": list(resources)}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.iam.put_user_policy(UserName="deploy", PolicyName=name, PolicyDocument=document)

    def run_sql(self, statement: str, undo: str | None = None, database: str = "postgres") -> None:
        """Run a statement as the master user."""
        if self.protocol == "mysql":
            self._run_mysql(statement)
        else:
            self._run_postgresql(statement, database)
        if undo:
            self.undo.callback(lambda: self.run_sql(undo, database=database))

    def connect(self, user: str, password: str, database: str = "postgres") -> t.Any:
        """Return a connection of a user with a password, which closes as a context manager."""
        if self.protocol == "mysql":
            return self._connect_to_mysql(user, password)
        return self._connect_to_postgresql(user, password, database)

    def _run_mysql(self, statement: str) -> None:
        with self.connect(MASTER["mysql"], MASTER_PASSWORD) as connection, connection.cursor() as cursor:
            cursor.execute(statement)

    def _connect_to_mysql(self, user: str, password: str) -> t.Any:
        import pymysql

        where = self.where
        connection = pymysql.connect(
            host=where["endpoint"],
            user=user,
            password=password,
            ssl=ssl.create_default_context(cafile=self.simulator.ca_file),
            autocommit=True,
            defer_connect=True,
        )
        connection.connect(socket.create_connection((where["listen_host"], where["listen_port"])))
        return connection

    def _run_postgresql(self, statement: str, database: str) -> None:
        with self.connect(MASTER["postgresql"], MASTER_PASSWORD, database) as connection:
            connection.execute(statement)

    def _connect_to_postgresql(self, user: str, password: str, database: str) -> t.Any:
        import psycopg

        where = self.where
        return psycopg.connect(
            host=where["endpoint"],
            hostaddr=where["listen_host"],
            port=where["listen_port"],
            user=user,
            password=password,
            dbname=database,
            sslmode="verify-full",
            sslrootcert=str(self.simulator.ca_file),
            autocommit=True,
        )

    def listener(self, name: str) -> dict[str, t.Any]:
        """Return where the endpoint of an instance, or the writer endpoint of a cluster, listens."""
        prefix = f"{name}.cluster-c9" if name == NAMES["cluster"] else f"{name}.c9"
        (found,) = [one for one in self.simulator.logins() if one["endpoint"].startswith(prefix)]
        return t.cast("dict[str, t.Any]", found)

    def _caller(self) -> dict[str, str]:
        self.iam.create_user(UserName="deploy")
        key = self.iam.create_access_key(UserName="deploy")["AccessKey"]
        self.undo.callback(self._delete_caller)
        return {"access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"]}

    def _delete_caller(self) -> None:
        for key in self.iam.list_access_keys(UserName="deploy")["AccessKeyMetadata"]:
            self.iam.delete_access_key(UserName="deploy", AccessKeyId=key["AccessKeyId"])
        for name in self.iam.list_user_policies(UserName="deploy")["PolicyNames"]:
            self.iam.delete_user_policy(UserName="deploy", PolicyName=name)
        self.iam.delete_user(UserName="deploy")
