# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""A login by token from the first request to the repair after a restore, with real clients and servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from login.simulated_logins import MASTER_PASSWORD, Logins, needs_logins
from rds_simulator import Simulator

pytestmark = needs_logins
PAM = 'FATAL:  PAM authentication failed for user "app"'
PASSWORD = 'FATAL:  password authentication failed for user "app"'


@pytest.fixture(scope="module")
def logins() -> Iterator[Logins]:
    with Simulator() as simulator:
        simulator.seed(
            {
                "db_instances": [
                    {
                        "identifier": "orders",
                        "engine": "postgres",
                        "login": True,
                        "master_user_password": MASTER_PASSWORD,
                        "databases": ["shop"],
                    }
                ]
            }
        )
        yield Logins(simulator)


def test_login_by_token_from_setting_to_restore(logins: Logins) -> None:
    simulator, rds = logins.simulator, logins.rds
    orders = logins.where("orders")
    key = logins.add_caller("developer")
    logins.allow("developer", logins.resource_id("orders"), "app")

    # The master user maps a database user. The setting is off, so a token is only a wrong password.
    logins.run_as_master("orders", "CREATE USER app; GRANT rds_iam TO app")
    logins.run_as_master("orders", "CREATE TABLE items (name text); GRANT SELECT ON items TO app", dbname="shop")
    logins.run_as_master("orders", "INSERT INTO items VALUES ('bolt')", dbname="shop")
    assert PASSWORD in logins.refused(orders, "app", logins.token(key, orders, "app"))

    # A pending value changes nothing.
    rds.modify_db_instance(DBInstanceIdentifier="orders", EnableIAMDatabaseAuthentication=True)
    simulator.clock.advance(60)
    assert PASSWORD in logins.refused(orders, "app", logins.token(key, orders, "app"))

    # With the setting on, the token opens a session as that role, with its rights and no more.
    rds.modify_db_instance(DBInstanceIdentifier="orders", EnableIAMDatabaseAuthentication=True, ApplyImmediately=True)
    simulator.clock.advance(60)
    with logins.connect(orders, "app", logins.token(key, orders, "app"), dbname="shop") as session:
        assert session.execute("SELECT current_user, session_user").fetchone() == ("app", "app")
        assert session.execute("SELECT name FROM items").fetchall() == [("bolt",)]
        with pytest.raises(Exception, match="permission denied for table items"):
            session.execute("INSERT INTO items VALUES ('nut')")
    assert PAM in logins.refused(orders, "app", MASTER_PASSWORD)

    # A restored database has the data, and another resource id, which the policy does not allow.
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="before")
    logins.run_as_master("orders", "DELETE FROM items", dbname="shop")
    simulator.clock.advance(120)
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="restored", DBSnapshotIdentifier="before")
    simulator.clock.advance(600)
    restored = logins.where("restored")
    assert logins.resource_id("restored") != logins.resource_id("orders")
    assert PAM in logins.refused(restored, "app", logins.token(key, restored, "app"))
    assert PAM in logins.refused(restored, "app", logins.token(key, orders, "app"))

    # After the policy was extended, the login succeeds and finds the data of the snapshot.
    logins.allow("developer", logins.resource_id("restored"), "app", name="restored")
    rows = logins.run(restored, "app", logins.token(key, restored, "app"), "SELECT name FROM items", dbname="shop")
    assert rows == [("bolt",)]
    assert logins.run_as_master("orders", "SELECT name FROM items", dbname="shop") == []

    # The user is no longer mapped.
    logins.run_as_master("restored", "REVOKE rds_iam FROM app")
    assert PASSWORD in logins.refused(restored, "app", logins.token(key, restored, "app"))
