# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The data of databases that accept logins: what happens to them when a request creates, restores or changes one."""

from __future__ import annotations

from typing import Any

from ..api.registry import ApiRequest
from ..engines import catalogue
from ..login.opening import open_logins
from ..requirements import missing_for_mariadb
from ..state.backend import Database
from ..state.login_service import DataImage
from ..state.world import World

_FIRST_DATABASE = ("DBName", "DatabaseName")
_EXISTING = ("postgres", "rdsadmin", "template0", "template1")
_MARIADB = ("mysql", "mariadb", "aurora-mysql")


def image_of(database: Database | None) -> DataImage | None:
    """Return the data as they are now, or None if the database does not accept logins."""
    return database.data.image() if database is not None and database.data is not None else None


def copy_data(world: World, source: Database, copy: Database) -> None:
    """Give a database a copy of the data of another one, if that accepts logins."""
    image = image_of(source)
    if image is not None and copy.data is None:
        copy.data = open_logins(world, "login", source.engine).new_volume(image)


def add_data(request: ApiRequest, database: Database, source: DataImage | None) -> None:
    """Give a new database the data of its source or, with the setting ``logins``, new ones."""
    if source is None and request.world.settings.logins and _accepts_logins(database.engine):
        source = _new_image(request.parameters, database)
    if source is not None:
        database.data = open_logins(request.world, "logins", database.engine).new_volume(source)
        change_master(request.parameters, database)


def change_master(parameters: dict[str, Any], database: Database) -> None:
    """Set the requested password of the master user, or make it log in with tokens."""
    if database.data is None:
        return
    if parameters.get("MasterUserPassword") is not None:
        database.data.set_master_password(parameters["MasterUserPassword"])
    if parameters.get("MasterUserAuthenticationType") == "iam-db-auth":
        database.data.use_tokens_for_master()


def _accepts_logins(engine: str) -> bool:
    """Return whether new databases accept logins: MySQL and MariaDB only where their packages are installed."""
    return catalogue.is_postgresql(engine) or (engine in _MARIADB and not missing_for_mariadb())


def _new_image(parameters: dict[str, Any], database: Database) -> DataImage:
    # The import takes time, and most simulators need no logins.
    from ..login.mariadb.users import EXISTING_DATABASES, MariadbAccounts
    from ..login.users import Accounts
    from ..login.volume import Image

    record, is_postgresql = database.record, catalogue.is_postgresql(database.engine)
    existing = _EXISTING if is_postgresql else EXISTING_DATABASES
    named = [record[member] for member in _FIRST_DATABASE if record.get(member)]
    accounts = (Accounts if is_postgresql else MariadbAccounts)(
        master=str(record["MasterUsername"]),
        password=parameters.get("MasterUserPassword"),
        databases=tuple(name for name in named if name not in existing),
    )
    return Image(accounts)
