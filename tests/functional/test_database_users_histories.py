# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Users are moved in random histories of runs that are killed at any step, while clients log in continuously."""

from __future__ import annotations

import random

import pytest
from ansible_collections.passwordless.rds.tests.functional.user_moves import PASSWORD
from ansible_collections.passwordless.rds.tests.samples import sample_size

psycopg = pytest.importorskip("psycopg")
pytest.importorskip("pymysql")
from ansible_collections.passwordless.rds.tests.functional.user_histories import (
    LOGIN_ERRORS,
    Clients,
    History,
    Identity,
    started,
)

# the first history has one user, and is killed while the changes are tried
FIRST = 4
SEEDS = range(FIRST, FIRST + sample_size(1, 100))
ENGINES = ["postgres", "mariadb"]
BYSTANDER = {"name": "bystander", "password": PASSWORD}


@pytest.fixture(scope="module", params=ENGINES)
def server_of(request, tmp_path_factory):
    with started(request.param, tmp_path_factory.mktemp(request.param), users=[BYSTANDER]) as (moves, ansible):
        if moves.protocol == "mysql":
            moves.admin("GRANT SELECT ON sales.* TO bystander", "CREATE ROLE reporting")
            moves.admin("CREATE USER mapped IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL")
            moves.admin("GRANT SELECT ON sales.* TO mapped")
        else:
            moves.admin("GRANT CREATE ON SCHEMA public TO PUBLIC")
            moves.admin("CREATE ROLE mapped LOGIN", "GRANT rds_iam TO mapped")
        yield moves, ansible


@pytest.fixture
def history(server_of, seed):
    moves, ansible = server_of
    history = History(moves, ansible, random.Random(f"{moves.protocol} {seed}"), seed)
    history.create_users()
    yield history
    print(f"seed {seed}: {history.users}, {history.kills}")
    history.drop_users()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_killed_runs_interrupt_no_login(history):
    """Another run completes each killed run. The replaced users are closed in the same way."""
    moves, rng = history.moves, history.rng
    moved, others = history.identities(), unrelated(moves)
    with Clients([*moved, *others]) as clients:
        for _kill in range(rng.choice([1, 1, 2])):
            history.run_killed()
            clients.check()
        done = history.run()
        assert done.code == 0, done.output
        clients.check()
        if rng.random() < 0.3:
            again = history.run()
            assert (again.code, "changed=0 " in again.output) == (0, True), again.output
    for user in history.users:
        if user.in_place:
            assert moves.sql(user.name, moves.token(user.name), "SELECT 1") == [(1,)]
            with pytest.raises(LOGIN_ERRORS):
                moves.sql(user.old, PASSWORD, "SELECT 1")
        else:
            share_tables(moves, user)
    if rng.random() < 0.4:
        names = [user.name for user in history.users]
        close(history, [*others, *(identity for identity in moved if identity.user in names)])


def unrelated(moves):
    """Return the clients of users that are not moved. The credentials of the task can log in as every user."""
    token = moves.client("rds").generate_db_auth_token(moves.where["endpoint"], moves.where["port"], "mapped")
    return [Identity(moves, "bystander", password=PASSWORD), Identity(moves, "mapped", token=token, mapped=True)]


def share_tables(moves, user):
    """Create tables in turn. Each client reads and alters the table of the other."""
    secrets = {user.old: PASSWORD, user.name: moves.token(user.name)}
    for creator, other in ((user.old, user.name), (user.name, user.old)):
        moves.sql(creator, secrets[creator], "CREATE TABLE shared (id int)", "INSERT INTO shared VALUES (1)")
        moves.sql(other, secrets[other], "ALTER TABLE shared ADD note varchar(9)", "INSERT INTO shared VALUES (2, 'x')")
        assert moves.sql(creator, secrets[creator], "SELECT id, note FROM shared") == [(1, None), (2, "x")]
        moves.sql(other, secrets[other], "DROP TABLE shared")


def close(history, identities):
    """Close the replaced users. Their clients have stopped, and all others continue."""
    moves = history.moves
    with Clients(identities) as clients:
        history.run_killed(close_replaced=True)
        clients.check()
        done = history.run(close_replaced=True)
        assert done.code == 0, done.output
        clients.check()
    for user in history.users:
        if not user.in_place:
            with pytest.raises(LOGIN_ERRORS):
                moves.sql(user.old, PASSWORD, "SELECT 1")
