# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Logins to databases whose role rds_iam was changed by the master user."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from login.simulated_logins import MASTER, MASTER_PASSWORD, Logins, needs_logins
from rds_simulator import Simulator

pytestmark = needs_logins


@pytest.fixture
def logins() -> Iterator[Logins]:
    database = {
        "identifier": "orders",
        "engine": "postgres",
        "login": True,
        "iam_database_authentication_enabled": True,
        "master_user_password": MASTER_PASSWORD,
        "users": [{"name": "app", "iam": True}],
    }
    with Simulator() as simulator:
        simulator.seed({"db_instances": [database]})
        yield Logins(simulator)


def test_drop_rds_iam_by_master_user_fails(logins: Logins) -> None:
    with pytest.raises(psycopg.errors.DependentObjectsStillExist):
        logins.run_as_master("orders", "DROP ROLE rds_iam")


def test_login_after_rename_of_rds_iam_succeeds(logins: Logins) -> None:
    logins.run_as_master("orders", "ALTER ROLE rds_iam RENAME TO other")
    assert logins.run_as_master("orders", "SELECT current_user") == [(MASTER,)]
    assert "password authentication failed" in logins.refused(logins.where("orders"), "app", "wrong")
