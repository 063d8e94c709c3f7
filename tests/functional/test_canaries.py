# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""No playbook and no role writes a marked secret anywhere, also with ``-vvvv`` and in failures.

The tests of modules, lookups and filters are in ``tests/unit``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import pathlib
import subprocess
import threading
import typing as t
import urllib.request

import psutil
import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, KEYS, ROOT, Ansible
from ansible_collections.passwordless.rds.tests.functional.user_moves import (
    ACCOUNT,
    BY_ROLE,
    CONTROLLER,
    PILOT,
    ROLE,
    TRUST,
    UserMoves,
)
from ansible_collections.passwordless.rds.tests.unit.canaries import SECRETS, Searched, written_files
from moto.sts.models import sts_backends
from rds_simulator.requirements import missing_for_mariadb, missing_packages
from rds_simulator.server import server

pytest.importorskip("pymysql")
pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_packages() or missing_for_mariadb()), reason="logins are not installed"),
]
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
FILTERS = sorted(path.stem for path in (ROOT / "plugins" / "filter").glob("*.py"))
# filters for users, which no playbook or role applies
OWN_FILTERS = ["rds_connect_policy"]
MASTER, PASSWORD = SECRETS["master_user_password"], SECRETS["password"]
# the characters that RDS does not accept in a password
PASSWORDS = {name: "".join(c for c in text if c not in "/@\" '%é<>") for name, text in SECRETS.items()}
KEY = {"access_key_id": KEYS["AWS_ACCESS_KEY_ID"], "secret_access_key": SECRETS["profile_secret_key"]}


class CanaryRun:
    """Runs ``ansible-playbook`` with a profile, a log, a fact cache and temporary files, and searches all of them."""

    def __init__(self, simulator: t.Any, folder: pathlib.Path, *secrets: str) -> None:
        self.simulator = simulator
        self.folder = folder
        self.ansible = Ansible(simulator.url, folder)
        self.profile = folder / "credentials"
        self.profile.write_text(
            f"[default]\naws_access_key_id = {KEY['access_key_id']}\n"
            f"aws_secret_access_key = {KEY['secret_access_key']}\n"
        )
        self.answers = folder / "answers.json"
        self.searched = Searched([KEY["secret_access_key"], *secrets])
        self.processes = 0

    def environment(self) -> dict[str, str]:
        changes = {
            "AWS_SHARED_CREDENTIALS_FILE": str(self.profile),
            "RECORD_FILE": str(self.folder / "results"),
            "ANSIBLE_PIPELINING": "0",
            "ANSIBLE_KEEP_REMOTE_FILES": "0",
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "local_tmp"),
            "ANSIBLE_REMOTE_TMP": str(self.folder / "remote_tmp"),
            "ANSIBLE_LOG_PATH": str(self.folder / "ansible.log"),
            "ANSIBLE_LOG_VERBOSITY": "4",
            "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(self.folder / "facts"),
            "TMPDIR": str(self.folder),
        }
        found = self.ansible.environment(**changes)
        return {
            name: value for name, value in found.items() if name not in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        }

    def play(self, playbook: str, answers: dict[str, t.Any], *more: str) -> tuple[int, str]:
        """Run a playbook with answers from a file, and search everything that it has written."""
        self.answers.write_text(json.dumps(answers))
        command = ["ansible-playbook", playbook, "-vvvv", "--diff", "-e", f"@{self.answers}", *more]
        with (
            subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            ) as process,
            self._sampled(process.pid),
        ):
            output, _none = process.communicate(timeout=HANG)
        self._add_sessions()
        self.searched.check("output with -vvvv and --diff", output)
        self._search_files()
        self._search_simulator()
        assert self.processes > 0
        return process.returncode, output

    @contextlib.contextmanager
    def _sampled(self, process_id: int) -> t.Iterator[None]:
        """Sample the command lines and environments of the children. Search them at the end, for all secrets."""
        seen: set[str] = set()
        ended = threading.Event()

        def sample() -> None:
            while not ended.wait(0.02):
                with contextlib.suppress(psutil.Error):
                    for child in psutil.Process(process_id).children(recursive=True):
                        with contextlib.suppress(psutil.Error):
                            seen.update((" ".join(child.cmdline()), json.dumps(child.environ())))

        thread = threading.Thread(target=sample, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self._add_sessions()
            self.processes += len(seen)
            for text in seen:
                self.searched.check("command lines and environments of processes", text)

    def _add_sessions(self) -> None:
        roles = [role for backend in sts_backends[ACCOUNT].values() for role in backend.assumed_roles]
        found = [secret for role in roles for secret in (role.secret_access_key, role.session_token)]
        self.searched.secrets = tuple(dict.fromkeys([*self.searched.secrets, *found]))

    def _search_files(self) -> None:
        for name, text in written_files(self.folder, self.profile, self.answers).items():
            self.searched.check(f"file {name.partition('/')[0]}", text, where=name)

    def _search_simulator(self) -> None:
        for name in ("calls", "settings", "databases", "logins", "clock", "health"):
            with urllib.request.urlopen(f"{self.simulator.url}/simulator/{name}") as answer:
                self.searched.check(f"GET /simulator/{name}", answer.read().decode())
        self.searched.check("representation of the journal", repr(self.simulator.calls))


@pytest.fixture(scope="module")
def places():
    """Print the places that the tests have searched."""
    found: dict[str, int] = {}
    yield found
    print("\nSearched for secrets:")
    for place, size in sorted(found.items()):
        print(f"  {place} ({size} characters)")


@pytest.fixture
def run(tmp_path, places, caplog):
    """Return a function that starts a simulator and returns a CanaryRun."""
    caplog.set_level(logging.DEBUG, logger="rds_simulator")
    runs = []
    with contextlib.ExitStack() as stack:

        def start(*secrets, speed=120.0):
            simulator = stack.enter_context(server.Simulator(port=0, speed=speed))
            runs.append(CanaryRun(simulator, tmp_path, *secrets))
            return runs[-1]

        yield start
    for one in runs:
        one.searched.check("log of the simulator", caplog.text)
        for place, size in one.searched.places.items():
            places[place] = places.get(place, 0) + size


def test_each_playbook_role_and_filter_is_run():
    assert sorted(SCENARIOS) == PLAYBOOKS
    text = "".join(path.read_text() for folder in ("playbooks", "roles") for path in (ROOT / folder).rglob("*.yml"))
    playbooks = "".join((ROOT / "playbooks" / f"{name}.yml").read_text() for name in SCENARIOS)
    assert [role for role in ROLES if f"name: passwordless.rds.{role}" not in playbooks] == []
    assert [name for name in FILTERS if f"passwordless.rds.{name}" not in text] == OWN_FILTERS


def role(iam, name):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]}))


def echo(run, operation):
    """Repeat the secrets of the profile in an error."""
    run.simulator.faults.add(
        operation=operation, code="InvalidParameterValue", message=f"echo {KEY['secret_access_key']}", times=None
    )


def enable(start):
    run = start(speed=120.0)
    run.simulator.seed({"db_instances": [{"identifier": "orders", "engine": "postgres"}]})
    answers = {
        "rds_iam_auth_instances": "orders",
        "rds_iam_auth_apply_immediately": "true",
        "rds_iam_auth_wait_delay": 1,
    }
    for more, code in ((("--check",), 0), ((), 0)):
        found, output = run.play("passwordless.rds.enable", answers, *more)
        assert found == code, output
    echo(run, "ModifyDBInstance")
    found, output = run.play("passwordless.rds.enable", {**answers, "rds_iam_auth_setting": "disabled"})
    assert (found, "echo ********" in output) == (2, True), output


def restore(start):
    run = start()
    run.simulator.seed(
        {
            "db_instances": [{"identifier": "orders", "engine": "postgres"}],
            "snapshots": [{"identifier": "monday", "source": "orders"}],
        }
    )
    answers = {
        "source_kind": "snapshot",
        "source_name": "monday",
        "target_kind": "instance",
        "target_name": "copy",
        "wait_delay": 1,
    }
    answers = {f"rds_restore_iam_{name}": value for name, value in answers.items()}
    for more in (("--check",), ()):
        found, output = run.play("passwordless.rds.restore", answers, *more)
        assert found == 0, output
    echo(run, "RestoreDBInstanceFromDBSnapshot")
    found, output = run.play("passwordless.rds.restore", {**answers, "rds_restore_iam_target_name": "other"})
    assert (found, "echo ********" in output) == (2, True), output


def rollout(start):
    run = start()
    run.simulator.seed({"db_instances": [{"identifier": "orders", "engine": "mysql", "tags": {"env": "test"}}]})
    role(UserMoves.client(t.cast(t.Any, run), "iam"), "app")
    answers = {
        "waves": "- tags: {env: test}\n",
        "apply_immediately": "true",
        "wait_delay": "1",
        "role_arn": ROLE,
        "report_path": str(run.folder / "report.json"),
    }
    answers = {f"rds_rollout_{name}": value for name, value in answers.items()}
    found, output = run.play("passwordless.rds.rollout", answers, "--check")
    assert found == 0, output
    found, output = run.play("passwordless.rds.rollout", answers)
    assert found == 0, output
    assert len(run.searched.secrets) >= 5
    run.simulator.faults.add(operation="sts:AssumeRole", deny=True, times=None)
    found, output = run.play("passwordless.rds.rollout", answers)
    assert found == 2, output


def users(start):
    run = start(PASSWORDS["master_user_password"], PASSWORDS["password"], PASSWORDS["admin_password"])
    moves = UserMoves(
        run.simulator,
        run.folder,
        "mariadb",
        access_key=KEY,
        master_user_password=PASSWORDS["master_user_password"],
        users=[{"name": "worker", "password": PASSWORDS["password"], "grants": ["SELECT ON sales.*"]}],
    )
    worker = {"name": "worker", "strategy": "in_place", "databases": ["sales"], **BY_ROLE}
    pilot = {**PILOT, "grants": ["sales.*:SELECT"]}
    given = moves.variables(pilot, worker, admin_password=PASSWORDS["master_user_password"], policy_timeout=1)
    (row,) = moves.sql(
        moves.master,
        PASSWORDS["master_user_password"],
        "SELECT authentication_string FROM mysql.user WHERE user = 'worker'",
    )
    run.searched.secrets += (row[0],)
    wrong = {**given, "rds_users_admin_password": PASSWORDS["admin_password"]}
    found, output = run.play("passwordless.rds.users", wrong)
    assert found == 2, output
    found, output = run.play("passwordless.rds.users", given, "--check")
    assert found == 0, output
    moves.deny()
    found, output = run.play("passwordless.rds.users", given)
    assert (found, "worker@%: rolled_back" in output) == (2, True), output
    moves.iam.delete_role_policy(RoleName="app", PolicyName="deny")
    found, output = run.play("passwordless.rds.users", given)
    assert found == 0, output


def drill(start):
    run = start(PASSWORDS["master_user_password"], PASSWORDS["password"])
    run.simulator.settings.update(endpoints="loopback")
    run.simulator.seed(
        {
            "iam_users": [{**CONTROLLER, "access_keys": [KEY]}],
            "db_instances": [
                {
                    "identifier": "orders",
                    "engine": "postgres",
                    "login": True,
                    "master_user_password": PASSWORDS["master_user_password"],
                    "users": [{"name": "app", "iam": True}, {"name": "legacy", "password": PASSWORDS["password"]}],
                    "databases": ["sales"],
                }
            ],
        }
    )
    role(UserMoves.client(t.cast(t.Any, run), "iam"), "app")
    answers = {
        "source_kind": "database",
        "source_name": "orders",
        "target_kind": "instance",
        "target_name": "drill",
        "users": yaml.safe_dump(
            [
                {"name": "app", "principals": [ROLE], "verify_role_arn": ROLE},
                {"name": "legacy", "principals": [ROLE], "verify_role_arn": ROLE},
            ]
        ),
        "admin_username": "postgres",
        "admin_password": PASSWORDS["master_user_password"],
        "ca_cert": str(run.simulator.ca_file),
        "wait_delay": "1",
        "timeout": "60",
        "policy_timeout": "1",
        "cleanup": "true",
        "cleanup_on_failure": "true",
        "receipt_path": str(run.folder / "receipt.json"),
    }
    answers = {f"rds_drill_{name}": value for name, value in answers.items()}
    found, output = run.play("passwordless.rds.drill", answers, "--check")
    assert found == 0, output
    found, output = run.play("passwordless.rds.drill", answers)
    assert (run.folder / "receipt.json").exists()
    assert len(run.searched.secrets) >= 5, output


SCENARIOS = {"enable": enable, "restore": restore, "rollout": rollout, "users": users, "drill": drill}


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_playbook_writes_no_secret(run, playbook):
    SCENARIOS[playbook](run)


def test_search_finds_a_secret(run):
    """The other tests could not fail without this: a task that shows a secret, and the temporary files that stay."""
    run = run(PASSWORD)
    path = run.folder / "playbook.yml"
    task = {"ansible.builtin.debug": {"msg": "{{ shown }}"}}
    path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    with pytest.raises(AssertionError, match="contains"):
        run.play(str(path), {"shown": PASSWORD})
