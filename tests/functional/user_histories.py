# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Random users that the role ``database_users`` moves, and clients that log in while it does."""

from __future__ import annotations

import contextlib
import json
import pathlib
import random
import threading
import typing as t
from dataclasses import dataclass, field

import psycopg
import pymysql
import pytest
from ansible.release import __version__ as ansible_version
from ansible_collections.passwordless.rds.tests.functional.conftest import Ran, Task
from ansible_collections.passwordless.rds.tests.functional.preloaded_ansible import (
    CORE,
    Kill,
    PreloadedAnsible,
    PreloadedRun,
)
from ansible_collections.passwordless.rds.tests.functional.user_moves import BY_ROLE, PASSWORD, Moved, UserMoves
from rds_simulator.requirements import missing_for_mariadb, missing_packages
from rds_simulator.server import server

MISSING = {"postgres": missing_packages, "mariadb": missing_for_mariadb}
LOGIN_ERRORS = (psycopg.Error, pymysql.MySQLError)
# {} is the number of the user
_NAMES = ("app{}", "App{}", 'we"ird{}', "O'Brien{}", "a.b{}", "ten%{}", "with space{}", "order-{}", "back\\slash{}")
# the approximate number of steps of a run with one user: steps next to a change, and all steps
_STEPS = {"postgresql": (60, 150), "mysql": (14, 240)}


@contextlib.contextmanager
def started(engine: str, folder: pathlib.Path, **seed: t.Any) -> t.Iterator[tuple[UserMoves, PreloadedAnsible]]:
    """Start one database for many runs, and the process that is forked for each of them."""
    if not ansible_version.startswith(f"{CORE}."):
        pytest.skip(f"preloaded_ansible replaces methods of ansible-core {CORE}, and this is {ansible_version}")
    missing = MISSING[engine]()
    if missing:
        pytest.skip(f"logins are not installed: {missing}")
    with server.Simulator(port=0) as simulator:
        moves = UserMoves(simulator, folder, engine=engine, **seed)
        environment = moves.ansible.environment(RECORD_FILE=str(folder / "record"))
        with PreloadedAnsible(folder, environment) as ansible:
            yield moves, ansible


def move(
    moves: UserMoves,
    ansible: PreloadedAnsible,
    *users: dict[str, t.Any],
    kill: Kill | None = None,
    options: t.Sequence[str] = (),
    **changes: t.Any,
) -> Moved:
    """Run the playbook for these users."""
    record = moves.ansible.folder / "record"
    record.write_text("")
    variables = json.dumps(moves.variables(*users, **changes))
    done = ansible.run(["passwordless.rds.users", "-e", variables, *options], kill)
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    tasks = [Task(line["task"], line["state"], line["result"]) for line in lines]
    return Moved(Ran(done.code, done.output, tasks))


def quoted(moves: UserMoves, name: str) -> str:
    """Return a name as SQL."""
    if moves.protocol == "mysql":
        return "'{}'@'%'".format(name.replace("\\", "\\\\").replace("'", "''"))
    return '"{}"'.format(name.replace('"', '""'))


@dataclass
class MovedUser:
    """A user with a password, and the request that moves it. ``name`` is equal to ``old`` if it is moved in place."""

    old: str
    name: str
    request: dict[str, t.Any]

    @property
    def in_place(self) -> bool:
        return self.old == self.name


class Identity:
    """A client of one user. It has a password, a token, or both.

    A token may fail until the first login, unless the user is ``mapped`` from the start. A password of a user that is
    moved in place may fail if the token works, and must fail from then on.
    """

    def __init__(
        self, moves: UserMoves, user: str, *, password: str = "", token: str = "", mapped: bool = False
    ) -> None:
        self._moves = moves
        self.user = user
        self._password = password
        self._token = token
        self._by_token = mapped
        self._lock = threading.Lock()
        self.logins = 0
        self.failures: list[str] = []

    def log_in(self) -> None:
        with self._lock:
            errors: list[str] = []
            by_password = self._try(self._password, errors)
            by_token = not by_password and self._try(self._token, errors)
            self.logins += by_password or by_token
            if by_password and self._by_token:
                self.failures.append(f"{self.user}: the password works after a login with a token")
            if not (by_password or by_token) and (self._password or self._by_token):
                self.failures.append(f"{self.user}: {errors}")
            self._by_token = self._by_token or by_token

    def _try(self, secret: str, errors: list[str]) -> bool:
        if not secret:
            return False
        try:
            self._moves.sql(self.user, secret, "SELECT 1")
        except LOGIN_ERRORS as error:
            errors.append(str(error))
            return False
        return True


class Clients(threading.Thread):
    """Logs in continuously as each identity."""

    def __init__(self, identities: t.Sequence[Identity]) -> None:
        super().__init__(daemon=True)
        self.identities = list(identities)
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.is_set():
            for identity in list(self.identities):
                identity.log_in()
                self._stopped.wait(0.1)

    def check(self) -> None:
        """Log in once more as each identity. No earlier login may have failed."""
        for identity in self.identities:
            identity.log_in()
        assert [failure for identity in self.identities for failure in identity.failures] == []

    def __enter__(self) -> Clients:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self.join()


@dataclass
class History:
    """Users that are moved together, and the runs that move them. Some of the runs are killed."""

    moves: UserMoves
    ansible: PreloadedAnsible
    rng: random.Random
    seed: int
    users: list[MovedUser] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)

    def create_users(self) -> None:
        """Create users with passwords, and random rights and settings."""
        for number in range(self.rng.choice([1, 1, 1, 2, 3])):
            base = self.rng.choice(_NAMES).format(f"_{self.seed}_{number}")
            # the first user is never moved in place: its login by token is required before
            in_place = number > 0 and self.rng.random() < 0.5
            name = base if in_place else f"{base}_iam"
            create = _create_postgresql if self.moves.protocol == "postgresql" else _create_mysql
            create(self.moves, base, self.rng)
            source = {"strategy": "in_place"} if in_place else {"replaces": base}
            self.users.append(MovedUser(base, name, {"name": name, "databases": ["sales"], **source, **BY_ROLE}))

    def identities(self) -> list[Identity]:
        """Return the clients of the users. Those with a token can log in only after the mapping."""
        found: list[Identity] = []
        for user in self.users:
            token = self.moves.token(user.name)
            if user.in_place:
                found.append(Identity(self.moves, user.old, password=PASSWORD, token=token))
            else:
                found.append(Identity(self.moves, user.old, password=PASSWORD))
                found.append(Identity(self.moves, user.name, token=token))
        return found

    def run(self, kill: Kill | None = None, **changes: t.Any) -> PreloadedRun:
        """Run the playbook for the users. The changes are for users that replace another one."""
        users = [{**user.request, **({} if user.in_place else changes)} for user in self.users]
        return self.ansible.run(["passwordless.rds.users", "-e", json.dumps(self.moves.variables(*users))], kill)

    def run_killed(self, **changes: t.Any) -> PreloadedRun:
        """Run the playbook, and kill it at a random step. It may end before that step."""
        at_change = self.rng.random() < 0.7
        last = _STEPS[self.moves.protocol][0 if at_change else 1] * len(self.users)
        done = self.run(Kill(self.rng.randrange(1, last), " the change " if at_change else ""), **changes)
        self.kills.append(f"{done.code} {done.steps[-1]}")
        return done

    def drop_users(self) -> None:
        """Drop all users, so that the next history has a small server."""
        for name in dict.fromkeys(name for user in self.users for name in (user.name, user.old)):
            user = quoted(self.moves, name)
            self.moves.admin(f"DROP {'USER' if self.moves.protocol == 'mysql' else 'ROLE'} IF EXISTS {user}")
        for name in self.moves.policies():
            self.moves.iam.delete_role_policy(RoleName="app", PolicyName=name)


def _create_postgresql(moves: UserMoves, name: str, rng: random.Random) -> None:
    role = quoted(moves, name)
    limit = rng.choice(["", " CONNECTION LIMIT 20"]) + rng.choice(["", " VALID UNTIL '2099-01-01'"])
    moves.admin(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'{limit}")
    for setting in rng.sample(["work_mem TO '5MB'", "search_path TO public, sales", "lock_timeout TO 0"], k=2):
        where = rng.choice(["", " IN DATABASE sales"])
        moves.admin(f"ALTER ROLE {role}{where} SET {setting}")


def _create_mysql(moves: UserMoves, name: str, rng: random.Random) -> None:
    account = quoted(moves, name)
    tls, limit = rng.choice(["", " REQUIRE SSL"]), rng.choice(["", " WITH MAX_USER_CONNECTIONS 20"])
    moves.admin(f"CREATE USER {account} IDENTIFIED BY '{PASSWORD}'{tls}{limit}")
    moves.admin(f"GRANT SELECT, INSERT, CREATE, ALTER, DROP ON sales.* TO {account}")
    if rng.random() < 0.5:
        moves.admin(f"GRANT reporting TO {account}", f"SET DEFAULT ROLE reporting FOR {account}")
