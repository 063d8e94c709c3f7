# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A simulated database whose users the role ``database_users`` moves, and clients with passwords and tokens."""

from __future__ import annotations

import contextlib
import json
import pathlib
import re
import ssl
import threading
import typing as t

import boto3
import yaml
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS, Ansible, Ran

ACCOUNT, REGION = "123456789012", KEYS["AWS_REGION"]
ROLE, PILOT_ROLE = f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:iam::{ACCOUNT}:role/pilot"
TRUST = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
BY_ROLE = {"principals": [ROLE], "verify_role_arn": ROLE}
PILOT = {"name": "pilot", "databases": ["sales"], "principals": [PILOT_ROLE], "verify_role_arn": PILOT_ROLE}
KEY = {"access_key_id": KEYS["AWS_ACCESS_KEY_ID"], "secret_access_key": KEYS["AWS_SECRET_ACCESS_KEY"]}
ALLOW = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": "*"}
# the credentials of the task may log in as every user
CONTROLLER = {
    "name": "controller",
    "access_keys": [KEY],
    "policies": {"login": {"Version": "2012-10-17", "Statement": [ALLOW]}},
}
MASTER_PASSWORD, PASSWORD = "master-password-1", "plain-password-1"
_PROTOCOLS = {"postgres": "postgresql", "mariadb": "mysql"}
_MASTERS = {"postgresql": "postgres", "mysql": "admin"}

# community.mysql closes a connection again when Python discards it
_CLOSED_TWICE = re.compile(r"Exception ignored in: <function mysql_connect.*?Already closed\n", re.DOTALL)


class UserMoves:
    """One database, the role of its application, and the playbook that moves its users."""

    def __init__(
        self,
        simulator: t.Any,
        folder: pathlib.Path,
        engine: str = "postgres",
        access_key: dict[str, str] = KEY,
        **seed: t.Any,
    ) -> None:
        simulator.settings.update(endpoints="loopback")
        database = {
            "identifier": "orders",
            "engine": engine,
            "login": True,
            "iam_database_authentication_enabled": True,
            "master_user_password": MASTER_PASSWORD,
            "databases": ["sales"],
        }
        controller = {**CONTROLLER, "access_keys": [access_key]}
        simulator.seed({"iam_users": [controller], "db_instances": [{**database, **seed}]})
        self.simulator = simulator
        self.ansible = Ansible(simulator.url, folder)
        self.protocol = _PROTOCOLS[engine]
        self.master = _MASTERS[self.protocol]
        (self.where,) = simulator.logins()
        document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        self.iam = self.client("iam")
        for role in ("app", "pilot"):
            self.iam.create_role(RoleName=role, AssumeRolePolicyDocument=document)

    def client(self, service: str) -> t.Any:
        return boto3.client(
            service,
            endpoint_url=self.simulator.url,
            region_name=REGION,
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )

    def variables(self, *users: dict[str, t.Any], **changes: t.Any) -> dict[str, t.Any]:
        """Return the variables of the playbook."""
        given = {
            "db_instance": "orders",
            "admin_username": self.master,
            "admin_password": MASTER_PASSWORD,
            "ca_cert": str(self.simulator.ca_file),
            "users": yaml.safe_dump(list(users)),
            # the first login starts the server, which takes longer on a busy machine
            "timeout": "60",
            **changes,
        }
        return {f"rds_users_{name}": value for name, value in given.items()}

    def move(self, *users: dict[str, t.Any], options: t.Sequence[str] = (), **changes: t.Any) -> Moved:
        """Run the playbook with survey answers."""
        variables = json.dumps(self.variables(*users, **changes))
        ran = self.ansible.run("ansible-playbook", "passwordless.rds.users", "-e", variables, *options)
        assert MASTER_PASSWORD not in ran.output
        assert "X-Amz-Signature" not in ran.output
        return Moved(ran)

    @contextlib.contextmanager
    def late_session(self, user: str) -> t.Iterator[None]:
        """Log in with a password in the next run, after the role has planned the changes and before it closes users."""
        self.simulator.calls_clear()
        opened: list[t.Any] = []
        stopped = threading.Event()

        def log_in() -> None:
            # the role describes the database first, and rds_login_check does so when it verifies a login
            while [call.operation for call in self.simulator.calls].count("DescribeDBInstances") < 2:
                if stopped.wait(0.05):
                    return
            opened.append(self.connect(user, PASSWORD))

        thread = threading.Thread(target=log_in, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()
            for connection in opened:
                connection.close()
        assert opened, "the role has verified no login"

    def policies(self) -> dict[str, list[str]]:
        """Return the users in each inline policy of the role of the application."""
        names = self.iam.list_role_policies(RoleName="app")["PolicyNames"]
        documents = {
            name: self.iam.get_role_policy(RoleName="app", PolicyName=name)["PolicyDocument"] for name in names
        }
        return {
            name: [resource.rpartition("/")[2] for resource in document["Statement"][0]["Resource"]]
            for name, document in documents.items()
        }

    def deny(self) -> None:
        """Deny every login with an inline policy of the application's role."""
        statement = {"Effect": "Deny", "Action": "rds-db:connect", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.iam.put_role_policy(RoleName="app", PolicyName="deny", PolicyDocument=document)

    def token(self, user: str) -> str:
        """Return a token that is signed with a session of the role of the application."""
        session = self.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="client")["Credentials"]
        client = boto3.client(
            "rds",
            endpoint_url=self.simulator.url,
            region_name=REGION,
            aws_access_key_id=session["AccessKeyId"],
            aws_secret_access_key=session["SecretAccessKey"],
            aws_session_token=session["SessionToken"],
        )
        return str(client.generate_db_auth_token(self.where["endpoint"], self.where["port"], user))

    def sql(self, user: str, password: str, *statements: str, database: str | None = "sales") -> t.Any:
        """Run statements in one session, and return the rows of the last one."""
        with self.connect(user, password, database) as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def admin(self, *statements: str, database: str = "sales") -> t.Any:
        return self.sql(self.master, MASTER_PASSWORD, *statements, database=database)

    def connect(self, user: str, password: str, database: str | None = "sales") -> t.Any:
        where = self.where
        if self.protocol == "mysql":
            import pymysql

            return pymysql.connect(
                host=where["endpoint"],
                port=where["port"],
                user=user,
                password=password,
                database=database,
                ssl=ssl.create_default_context(cafile=self.simulator.ca_file),
                autocommit=True,
            )
        import psycopg

        return psycopg.connect(
            host=where["endpoint"],
            port=where["port"],
            user=user,
            password=password,
            dbname=database,
            sslmode="verify-full",
            sslrootcert=str(self.simulator.ca_file),
            gssencmode="disable",
            autocommit=True,
        )


class Moved:
    """The result of a run of the playbook."""

    def __init__(self, ran: Ran) -> None:
        self.ran = ran
        self.text = " ".join(ran.output.split())

    @property
    def lines(self) -> list[str]:
        """The summary of each user."""
        shown = [task.result["msg"] for task in self.ran.tasks if task.name.endswith("Show the result for each user")]
        return list(shown[0]) if shown else []

    @property
    def entries(self) -> list[dict[str, t.Any]]:
        """The result of each user."""
        stats = [task.result for task in self.ran.tasks if "database_users_results" in str(task.result)]
        return list(stats[-1]["ansible_stats"]["data"]["database_users_results"]["localhost"]) if stats else []

    @property
    def outcomes(self) -> dict[str, str]:
        return {entry["name"]: entry["outcome"] for entry in self.entries}

    def ok(self) -> Moved:
        assert self.ran.code == 0, self.ran.output
        return self

    def fails(self) -> Moved:
        assert self.ran.code == 2, self.ran.output
        assert "Traceback" not in _CLOSED_TWICE.sub("", self.ran.output), self.ran.output
        return self

    @property
    def changed(self) -> bool:
        return "changed=0 " not in self.ran.output
