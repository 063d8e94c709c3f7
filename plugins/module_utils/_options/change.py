# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options that all changing modules share: their specification, and how they are read and checked.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.change import ChangeOptions
from .._model.errors import InputError
from .unused_for import read_unused_for

CHANGE_SPEC: dict[str, dict[str, t.Any]] = {
    "apply_immediately": {"type": "bool", "default": False},
    "apply_other_pending_changes": {"type": "bool", "default": False},
    "ssl_parameter": {
        "type": "str",
        "choices": ["require", "enforce", "ignore"],
        "default": "require",
    },
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 1800},
    "wait_delay": {"type": "float", "default": 5.0},
}

# options of the modules that create databases
PROVISION_SPEC: dict[str, dict[str, t.Any]] = {
    "db_instance_identifier": {"type": "str"},
    "db_cluster_identifier": {"type": "str"},
    "extra_parameters": {"type": "dict"},
}

# seconds: a week, an hour
_LONGEST_WAIT, _LONGEST_DELAY = 604800, 3600

# integers of the RDS API have 32 bits
_LARGEST = 2**31 - 1


def check_numbers(spec: t.Mapping[str, t.Mapping[str, t.Any]], params: t.Mapping[str, t.Any]) -> None:
    """Raise InputError for a number outside the range of the RDS API, including in suboptions."""
    for option, described in spec.items():
        value = params.get(option)
        if isinstance(value, bool) and described.get("type") in ("int", "float"):
            # Ansible converts a boolean to 0 or 1
            raise InputError(f"{option}: {str(value).lower()}: the value is a boolean. Use a number.")
        if isinstance(value, (int, float)):
            _check_number(option, value)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict) and "options" in described:
                check_numbers(described["options"], inner)


def _check_number(option: str, value: float) -> None:
    if not -_LARGEST <= value <= _LARGEST:  # nan is in no range
        raise InputError(
            f"{option}: {_shown(value)}: the value is out of range. Use a number from -{_LARGEST} to {_LARGEST}."
        )


def _shown(value: float) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 20 else f"{text[:10]}... ({len(text)} digits)"


def read_change_options(params: t.Mapping[str, t.Any]) -> ChangeOptions:
    """Return the options of a change. Raises InputError for an invalid time or number."""
    if not 0 < params["wait_delay"] <= _LONGEST_DELAY:
        raise InputError(
            f"wait_delay: {params['wait_delay']:g}: the value is out of range. Use more than 0 and at most "
            f"{_LONGEST_DELAY} seconds."
        )
    if not 0 < params["wait_timeout"] <= _LONGEST_WAIT:
        raise InputError(
            f"wait_timeout: {params['wait_timeout']}: the value is out of range. Use 1 to {_LONGEST_WAIT} seconds, "
            "or set wait to false."
        )
    if (params.get("max_changes") or 0) < 0:
        raise InputError(f"max_changes: {params['max_changes']}: the value is negative. Use 0 or more.")
    return ChangeOptions(
        desired=bool(params["enable_iam_database_authentication"]),
        apply_immediately=params["apply_immediately"],
        apply_other_pending_changes=params["apply_other_pending_changes"],
        ssl_parameter=params["ssl_parameter"],
        skip_problems=params.get("on_problem") == "skip",
        include_read_replicas=bool(params.get("include_read_replicas")),
        max_changes=params.get("max_changes"),
        expect_plan_id=(params.get("expect_plan_id") or "").strip() or None,
        unused_for=read_unused_for(params.get("unused_for")),
        return_unchanged=bool(params.get("return_unchanged", True)),
        wait=params["wait"],
        wait_timeout=float(params["wait_timeout"]),
        wait_delay=float(params["wait_delay"]),
    )
