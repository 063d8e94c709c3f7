# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The parameters of the engines' families: a realistic selection.

Each line has name, type, apply type, modifiable (y/n), default, and allowed values. ``-`` means none. Only parameters
that RDS itself sets have a default here. The API shows no value for the defaults of the engine (observed with
``default.*`` groups; △).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ..engines.catalogue import engine_of_family, is_postgresql
from .parameter_names import MYSQL, ORACLE, POSTGRES, SQLSERVER

_FORCE_SSL_ON = {"postgres": 15, "aurora-postgresql": 17}


def _line_to_row(line: str) -> dict[str, Any]:
    name, data_type, apply_type, modifiable, default, allowed = line.split()
    row: dict[str, Any] = {
        "ParameterName": name,
        "Description": f"{name} of the engine.",
        "Source": "system" if default != "-" else "engine-default",
        "ApplyType": apply_type,
        "DataType": data_type,
        "IsModifiable": modifiable == "y",
        "ApplyMethod": "pending-reboot",
    }
    if default != "-":
        row["ParameterValue"] = default
    if allowed != "-":
        row["AllowedValues"] = allowed
    return row


def _table(engine_name: str) -> str:
    if is_postgresql(engine_name):
        return POSTGRES
    if engine_name in ("mysql", "mariadb", "aurora-mysql"):
        return MYSQL
    return SQLSERVER if "sqlserver" in engine_name else ORACLE


@cache
def _rows(family: str, kind: str) -> tuple[dict[str, Any], ...]:
    engine_name = engine_of_family(family)
    if engine_name is None:
        raise ValueError(f"{family!r}: unknown parameter group family")
    rows = {row["ParameterName"]: row for row in map(_line_to_row, _table(engine_name).split("\n"))}
    if is_postgresql(engine_name):
        _adjust_postgresql(rows, engine_name, family)
    if engine_name == "aurora-mysql" and kind == "instance":
        # This is a cluster parameter in Aurora MySQL (Aurora user guide, ✓).
        rows.pop("require_secure_transport")
    if engine_name == "mariadb" and family in ("mariadb10.4",):
        rows.pop("require_secure_transport")
    if engine_name == "mariadb" and family == "mariadb11.8":
        rows["require_secure_transport"]["ParameterValue"] = "1"
        rows["require_secure_transport"]["Source"] = "system"
    return tuple(rows[name] for name in sorted(rows))


def _adjust_postgresql(rows: dict[str, dict[str, Any]], engine_name: str, family: str) -> None:
    """Adjust the parameters ssl and rds.force_ssl to the version.

    rds.force_ssl is on from 15 (RDS) or 17 (Aurora) (✓); ssl can be set on RDS up to 13 (△).
    """
    major = float(family[len(engine_name) :])
    forced = major >= _FORCE_SSL_ON[engine_name]
    rows["rds.force_ssl"]["ParameterValue"] = "1" if forced else "0"
    rows["ssl"]["IsModifiable"] = engine_name == "aurora-postgresql" or major < 14


def default_rows(family: str, kind: str) -> dict[str, dict[str, Any]]:
    """Return new rows of a family by parameter name, sorted; raise ValueError if the family does not exist.

    kind: ``instance`` or ``cluster``, the kind of the parameter group.
    """
    return {row["ParameterName"]: dict(row) for row in _rows(family, kind)}
