# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Logins to the databases of a simulator, as boto3 and psycopg make them."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from api_requests import ACCESS_KEY, SECRET_KEY
from rds_simulator import Simulator
from rds_simulator.requirements import missing_packages

REGION = "eu-west-1"
ACCOUNT = "123456789012"
MASTER = "postgres"
MASTER_PASSWORD = "it's a secret"
needs_logins = pytest.mark.skipif(
    bool(missing_packages()), reason="logins are not installed: pip install 'rds-simulator[login]' psycopg[binary]"
)


def refusal(error: Exception) -> str:
    """Return the text of a refused login without the address, which differs between runs."""
    return str(error).partition("failed: ")[2].strip()


class Logins:
    """A user of a running simulator: an administrator of the account, and callers with policies of their own."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.rds = self.client("rds")
        self.iam = self.client("iam")

    def client(self, service: str, region: str = REGION) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.simulator.url,
            region_name=region,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )

    def add_caller(self, name: str) -> dict[str, str]:
        """Create an IAM user without policies, and return its access key."""
        self.iam.create_user(UserName=name)
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}

    def allow(self, caller: str, resource_id: str, user: str, *, effect: str = "Allow", name: str = "connect") -> None:
        """Add a policy about a database user, or replace the one with this name."""
        resource = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:{resource_id}/{user}"
        statement = {"Effect": effect, "Action": "rds-db:connect", "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.iam.put_user_policy(UserName=caller, PolicyName=name, PolicyDocument=document)

    def resource_id(self, name: str, kind: str = "instance") -> str:
        return self.simulator.database(kind, name)["DbiResourceId" if kind == "instance" else "DbClusterResourceId"]

    def where(self, name: str, infix: str = "") -> dict[str, Any]:
        """Return the endpoint of a database; infix is ``cluster-`` or ``cluster-ro-`` for those of a cluster."""
        found = [one for one in self.simulator.logins() if one["endpoint"].startswith(f"{name}.{infix}c9")]
        assert len(found) == 1, f"{name}: {found}"
        return found[0]

    def token(self, key: dict[str, str], where: dict[str, Any], user: str) -> str:
        signer = boto3.client("rds", region_name=REGION, **key)
        return signer.generate_db_auth_token(where["endpoint"], where["port"], user)

    def connect(self, where: dict[str, Any], user: str, password: str, **options: Any) -> Any:
        import psycopg

        return psycopg.connect(
            **{
                "host": where["endpoint"],
                "hostaddr": where["listen_host"],
                "port": where["listen_port"],
                "user": user,
                "password": password,
                "dbname": "postgres",
                "sslmode": "verify-full",
                "sslrootcert": self.simulator.ca_file,
                "connect_timeout": 30,
                "gssencmode": "disable",
                "autocommit": True,
                **options,
            }
        )

    def run(self, where: dict[str, Any], user: str, password: str, statement: str, **options: Any) -> list[Any]:
        """Log in, run a statement and return its rows."""
        with self.connect(where, user, password, **options) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def run_as_master(self, name: str, statement: str, infix: str = "", **options: Any) -> list[Any]:
        return self.run(self.where(name, infix), MASTER, MASTER_PASSWORD, statement, **options)

    def refused(self, where: dict[str, Any], user: str, password: str, **options: Any) -> str:
        """Log in, which must fail; return the error of the server."""
        import psycopg

        with pytest.raises(psycopg.OperationalError) as caught:
            self.connect(where, user, password, **options).close()
        return refusal(caught.value)
