# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Write names and values in SQL statements for PostgreSQL.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

# The settings whose values are lists of quoted names (variable_is_guc_list_quote in the source of PostgreSQL). A value
# that is written as one literal would become one name.
_NAME_LISTS = {
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
}
_NAME = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,"]*?))\s*(?:,|$)')


def identifier(name: str) -> str:
    """Return a quoted identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def literal(text: str) -> str:
    """Return a string literal that does not depend on ``standard_conforming_strings``."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"E'{escaped}'" if "\\" in escaped else f"'{escaped}'"


def setting_value(name: str, value: str) -> str:
    """Return the value of a setting for ``ALTER ROLE ... SET name TO``, from the value that the catalog shows."""
    if name.lower() not in _NAME_LISTS:
        return literal(value)
    return ", ".join(literal(item) for item in _split_names(value)) or "''"


def _split_names(value: str) -> t.Iterator[str]:
    at = 0
    while at < len(value):
        found = _NAME.match(value, at)
        if found is None:  # not a list of names: keep the rest as one item
            yield value[at:]
            return
        quoted = found[1]
        yield quoted.replace('""', '"') if quoted is not None else found[2].lower()
        at = found.end()
