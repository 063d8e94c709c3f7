# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Check the names of database users. A name is used exactly as given: neither stripped nor converted to lower case.

This is private to the collection.
"""

from __future__ import annotations

from .._model.engines import engine_family
from .._model.errors import InputError, quoted

# Sources: PostgreSQL, NAMEDATALEN - 1 bytes ("Identifiers and Key Words"; longer names are truncated); MySQL Reference
# Manual, "Identifier Length Limits"; MariaDB, "CREATE USER" (128 characters since 10.6, 80 before)
_POSTGRES_BYTES = 63
_LONGEST = {"mysql": ("MySQL", 32), "mariadb": ("MariaDB", 128)}
# no engine with IAM database authentication accepts a longer name
_LONGEST_OF_ALL = 128


def check_user(name: object, *, option: str, engine: str | None = None) -> str:
    """Return the name of a database user. ``engine`` is the engine of the database, or None if it is unknown.

    Raises InputError for an empty name, for a NUL character, and for a name that is too long for the engine.
    """
    if not isinstance(name, str) or not name.strip():
        raise InputError(f"{option}: {quoted(str(name))} is not the name of a database user. Set a string.")
    if "\0" in name:
        raise InputError(f"{option}: {quoted(name)} contains a NUL character, which no engine accepts. Remove it.")
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise InputError(f"{option}: {quoted(name)} is not valid Unicode text. Use a name that exists.") from None
    family = engine_family(engine) if engine else ""
    if family == "postgres" and size > _POSTGRES_BYTES:
        raise _too_long(option, name, f"{size} bytes", f"PostgreSQL accepts {_POSTGRES_BYTES} bytes")
    label, longest = _LONGEST.get(family, ("The longest name of any engine", _LONGEST_OF_ALL))
    if len(name) > longest:
        limit = f"{label} accepts {longest} characters" if family in _LONGEST else f"{label} has {longest} characters"
        raise _too_long(option, name, f"{len(name)} characters", limit)
    return name


def _too_long(option: str, name: str, size: str, limit: str) -> InputError:
    return InputError(f"{option}: {quoted(name)} has {size}. {limit}. Use a name that exists in the database.")
