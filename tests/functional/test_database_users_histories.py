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
    print(f"seed {seed}: {history.movers}, {history.kills}")
    history.drop_users()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_runs_killed_at_any_step_fail_no_login(history):
    """Recover from each by another run, and then close the replaced users in the same way."""
    moves, chance = history.moves, history.chance
    moving, others = history.identities(), bystanders(moves)
    with Clients([*moving, *others]) as clients:
        for _kill in range(chance.choice([1, 1, 2])):
            history.run_killed()
            clients.check()
        done = history.run()
        assert done.code == 0, done.output
        clients.check()
        if chance.random() < 0.3:
            again = history.run()
            assert (again.code, "changed=0 " in again.output) == (0, True), again.output
    for mover in history.movers:
        if mover.in_place:
            assert moves.sql(mover.name, moves.token(mover.name), "SELECT 1") == [(1,)]
            with pytest.raises(LOGIN_ERRORS):
                moves.sql(mover.old, PASSWORD, "SELECT 1")
        else:
            share_tables(moves, mover)
    if chance.random() < 0.4:
        names = [mover.name for mover in history.movers]
        close(history, [*others, *(identity for identity in moving if identity.user in names)])


def bystanders(moves):
    """Return the clients of users that are not moved. The credentials of the task may log in as every user."""
    token = moves.client("rds").generate_db_auth_token(moves.where["endpoint"], moves.where["port"], "mapped")
    return [Identity(moves, "bystander", password=PASSWORD), Identity(moves, "mapped", token=token, mapped=True)]


def share_tables(moves, mover):
    """Create tables in turn. Each client reads and alters the table of the other."""
    secrets = {mover.old: PASSWORD, mover.name: moves.token(mover.name)}
    for creator, other in ((mover.old, mover.name), (mover.name, mover.old)):
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
    for mover in history.movers:
        if not mover.in_place:
            with pytest.raises(LOGIN_ERRORS):
                moves.sql(mover.old, PASSWORD, "SELECT 1")
