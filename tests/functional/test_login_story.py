# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The way from a password to a login with a token, in playbooks against real servers, and what is written meanwhile.

Everything runs at -vvvv. The output of Ansible, its log and the output of the simulator must not contain any secret.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import typing as t
import urllib.request

import boto3
import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, KEYS, Ansible
from rds_simulator.requirements import missing_packages

psycopg = pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt"),
    pytest.mark.skipif(sys.platform != "linux", reason="loopback endpoints need Linux"),
]

MASTER_PASSWORD = "master-password-of-the-story"
SEED = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres", "login": True, "master_user_password": MASTER_PASSWORD},
    ],
}
PASSWORD_REFUSED = 'FATAL:  password authentication failed for user "app"'
TOKEN_REFUSED = 'FATAL:  PAM authentication failed for user "app"'
ACCOUNT = "123456789012"
CHECK = "passwordless.rds.rds_login_check"


class Story:
    """A simulator in a process of its own, the session of a role, and all that is written."""

    def __init__(self, url: str, folder: pathlib.Path) -> None:
        self.url = url
        self.folder = folder
        self.ansible = Ansible(url, folder)
        self.log = folder / "ansible.log"
        self.written: list[str] = []
        self.ca_file = folder / "ca.pem"
        with urllib.request.urlopen(f"{url}/simulator/ca", timeout=30) as answer:
            self.ca_file.write_bytes(answer.read())
        self.session = self._session()

    def _session(self) -> dict[str, str]:
        """Return the credentials of a role that has no policy yet."""
        trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        keys = (KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"])
        role = self.client("iam", *keys).create_role(RoleName="developer", AssumeRolePolicyDocument=document)["Role"]
        return self.client("sts", *keys).assume_role(RoleArn=role["Arn"], RoleSessionName="story")["Credentials"]

    def client(self, service: str, access_key: str, secret_key: str, token: str | None = None) -> t.Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=KEYS["AWS_REGION"],
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=token,
        )

    def endpoint(self, name: str) -> tuple[str, int]:
        with urllib.request.urlopen(f"{self.url}/simulator/logins", timeout=30) as answer:
            (found,) = [one for one in json.load(answer)["logins"] if one["name"] == name]
        return found["endpoint"], found["port"]

    def play(self, *tasks: dict[str, t.Any]) -> dict[str, dict[str, t.Any]]:
        """Run tasks at -vvvv with a log file. Returns the name of each task and its result."""
        given = {
            "region": KEYS["AWS_REGION"],
            "access_key": self.session["AccessKeyId"],
            "secret_key": self.session["SecretAccessKey"],
            "session_token": self.session["SessionToken"],
            "username": "app",
            "ca_cert": str(self.ca_file),
            "admin_username": "postgres",
            "admin_password": MASTER_PASSWORD,
            "fail_on": "never",
            # the first login starts the server, which takes longer on a busy machine
            "timeout": 60,
        }
        defaults = {CHECK: given, "group/passwordless.rds.aws": {"region": KEYS["AWS_REGION"]}}
        playbook = [{"hosts": "localhost", "gather_facts": False, "module_defaults": defaults, "tasks": list(tasks)}]
        (self.folder / "story.yml").write_text(yaml.safe_dump(playbook, sort_keys=False))
        ran = self.ansible.run(
            "ansible-playbook", "-vvvv", "story.yml", ANSIBLE_LOG_PATH=str(self.log), ANSIBLE_INJECT_INVOCATION="1"
        )
        self.written.append(ran.output)
        assert ran.code == 0, ran.output
        return {task.name: task.result for task in ran.tasks}

    def sql(self, name: str, user: str, password: str, *statements: str) -> t.Any:
        """Run statements in one session, and return the rows of the last one."""
        host, port = self.endpoint(name)
        with psycopg.connect(
            host=host,
            port=port,
            user=user,
            password=password,
            dbname="postgres",
            sslmode="verify-full",
            sslrootcert=str(self.ca_file),
            gssencmode="disable",
            autocommit=True,
        ) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else None

    def token(self, name: str) -> str:
        host, port = self.endpoint(name)
        keys = (self.session["AccessKeyId"], self.session["SecretAccessKey"], self.session["SessionToken"])
        return str(self.client("rds", *keys).generate_db_auth_token(host, port, "app"))


@pytest.fixture
def story(tmp_path):
    seed = tmp_path / "seed.yml"
    seed.write_text(yaml.safe_dump(SEED))
    output = tmp_path / "simulator.log"
    command = [sys.executable, "-m", "rds_simulator", "--port", "0", "--speed", "120"]
    with output.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        url = process.stdout.readline().removeprefix("listening on ").strip()
        post(url, "settings", "endpoints: loopback")
        post(url, "seed", seed.read_text())
        story = Story(url, tmp_path)
        yield story
    finally:
        process.terminate()
        rest, _nothing = process.communicate(timeout=HANG)
    scan(story, [rest, output.read_text()])


def post(url, path, body):
    request = urllib.request.Request(f"{url}/simulator/{path}", data=body.encode(), method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200


def scan(story, more):
    """Search everything that was written for tokens, passwords and keys."""
    texts = [*story.written, story.log.read_text(), *more]
    # the arguments of the modules are shown, with hidden secrets
    assert "admin_username" in texts[0]
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in texts[0]
    assert "TASK [Log in" in story.log.read_text()
    secrets = {
        MASTER_PASSWORD,
        KEYS["AWS_SECRET_ACCESS_KEY"],
        story.session["SecretAccessKey"],
        story.session["SessionToken"],
        # every token contains these
        "Action=connect",
        "X-Amz-Signature",
    }
    found = [(text[max(0, text.find(one) - 80) :][:120]) for text in texts for one in secrets if one in text]
    assert found == []


def check(name, database="orders"):
    return {"name": name, CHECK: {"db_instance_identifier": database}}


def allow(name, databases):
    policy = f"{{{{ {databases} | passwordless.rds.rds_connect_policy(users=['app'], max_size=2048) }}}}"
    options = {"iam_type": "role", "iam_name": "developer", "policy_name": "login", "policy_json": policy}
    return {"name": name, "amazon.aws.iam_policy": {"region": KEYS["AWS_REGION"], **options}}


@pytest.mark.slow
def test_login_story_from_setting_off_to_repaired_copy(story):
    story.sql(
        "orders",
        "postgres",
        MASTER_PASSWORD,
        "CREATE USER app",
        "CREATE TABLE items (name text)",
        "INSERT INTO items VALUES ('bolt')",
        "GRANT SELECT ON items TO app",
    )
    enable = {"db_instance_identifier": "orders", "apply_immediately": True, "wait_delay": 0.2}
    before = story.play(
        check("Log in while the setting is off"),
        {"name": "Enable", "passwordless.rds.rds_iam_auth": enable},
        check("Log in before the user is mapped"),
    )
    off, unmapped = before["Log in while the setting is off"], before["Log in before the user is mapped"]
    assert (off["logged_in"], off["cause"]) == (False, "setting_off")
    assert PASSWORD_REFUSED in off["evidence"][0]["detail"]
    assert unmapped["cause"] == "user_not_iam"
    assert 'GRANT rds_iam TO "app"' in unmapped["remedy"]

    story.sql("orders", "postgres", MASTER_PASSWORD, "GRANT rds_iam TO app")
    describe = {"db_instance_identifiers": ["orders"], "check_readiness": False}
    mapped = story.play(
        check("Log in before the policy is attached"),
        {"name": "Describe", "passwordless.rds.rds_iam_auth_info": describe, "register": "found"},
        allow("Allow", "found.databases"),
        check("Log in"),
    )
    assert mapped["Log in before the policy is attached"]["cause"] == "policy_missing"
    assert TOKEN_REFUSED in mapped["Log in before the policy is attached"]["evidence"][0]["detail"]
    assert (mapped["Log in"]["logged_in"], mapped["Log in"]["user"]) == (True, "app")

    # the session has the rights of the role, and no more
    token = story.token("orders")
    who = "SELECT current_user, session_user, (SELECT name FROM items)"
    assert story.sql("orders", "app", token, who) == [("app", "app", "bolt")]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        story.sql("orders", "app", token, "INSERT INTO items VALUES ('nut')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        story.sql("orders", "app", token, "SELECT rolpassword FROM pg_authid")

    restore = {
        "db_instance_identifier": "copy",
        "source_db_instance_identifier": "orders",
        "use_latest_restorable_time": True,
        "inherit_settings_from_source": True,
        "wait_delay": 0.2,
    }
    after = story.play(
        {"name": "Restore", "passwordless.rds.rds_restore_iam": restore, "register": "restored"},
        check("Log in to the copy with the old policy", "copy"),
        {"name": "Describe", "passwordless.rds.rds_iam_auth_info": describe, "register": "found"},
        allow("Repair", "(found.databases + [restored.database])"),
        check("Log in to the copy", "copy"),
        check("Log in to the source"),
    )
    old = after["Log in to the copy with the old policy"]
    assert (old["logged_in"], old["cause"]) == (False, "policy_other_resource")
    assert TOKEN_REFUSED in old["evidence"][0]["detail"]
    assert after["Restore"]["database"]["resource_id"] in old["remedy"]
    assert after["Log in to the copy"]["logged_in"]
    assert after["Log in to the source"]["logged_in"]
    assert story.sql("copy", "app", story.token("copy"), who) == [("app", "app", "bolt")]
