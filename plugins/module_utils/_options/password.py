# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Check a master password by the rules that AWS publishes, before the module sends it.

No message contains the password.

Source: API reference of CreateDBInstance and CreateDBCluster, MasterUserPassword.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.errors import InputError

_SHORTEST = 8

# the maximum length by the prefix of the engine name
_LONGEST = {
    "aurora": 41,
    "custom-oracle": 30,
    "custom-sqlserver": 128,
    "db2": 255,
    "mariadb": 41,
    "mysql": 41,
    "oracle": 30,
    "postgres": 128,
    "sqlserver": 128,
}
_LONGEST_OF_ALL = 255
_LONGEST_OF_A_CLUSTER = 41

# The API model lists all of these except the space. RDS also refuses a space: "Only printable ASCII characters besides
# '/', '@', '"', ' ' may be used."
_REFUSED = '/"@ '
_REFUSED_BY_ORACLE = "&'"


def check(password: str, *, engine: str, is_cluster: bool) -> None:
    """Raise InputError for a password that RDS refuses. ``engine`` is empty if it is not known yet."""
    longest = _longest(engine.lower(), is_cluster)
    if not _SHORTEST <= len(password) <= longest:
        which = "fewer" if len(password) < _SHORTEST else "more"
        bound = _SHORTEST if len(password) < _SHORTEST else longest
        raise InputError(
            f"master_user_password: it has {which} than {bound} characters. Use {_SHORTEST} to {longest} characters"
            f"{f' for {engine.lower()}' if engine else ''}."
        )
    refused = _REFUSED + (_REFUSED_BY_ORACLE if "oracle" in engine.lower() else "")
    if any(character in refused or not "!" <= character <= "~" for character in password):
        raise InputError(
            "master_user_password: it contains a character that RDS does not accept. Use printable ASCII "
            f"characters except {' '.join(refused.strip())} and the space."
        )


def _longest(engine: str, is_cluster: bool) -> int:
    if is_cluster:
        return _LONGEST_OF_A_CLUSTER
    return next((length for name, length in _LONGEST.items() if engine.startswith(name)), _LONGEST_OF_ALL)


def check_master_password(settings: t.Mapping[str, t.Any], *, is_cluster: bool) -> None:
    """Raise InputError if the settings of a task contain a password that RDS refuses."""
    password = settings.get("master_user_password")
    if password is not None:
        check(password, engine=str(settings.get("engine") or ""), is_cluster=is_cluster)
