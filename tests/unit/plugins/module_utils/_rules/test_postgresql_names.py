# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Names and values in SQL for PostgreSQL."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_names import (
    identifier,
    literal,
    setting_value,
)


def test_identifier_and_literal_are_escaped():
    assert identifier('a"b') == '"a""b"'
    assert literal("o'brien") == "E'o\\'brien'"
    assert literal("plain") == "'plain'"
    assert literal("a\\b") == "E'a\\\\b'"


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("work_mem", "64MB", "'64MB'"),
        ("search_path", '"$user", public', "'$user', 'public'"),
        ("search_path", 'Mixed, "Mixed Case","a""b"', "'mixed', 'Mixed Case', 'a\"b'"),
        ("search_path", '""', "''"),
        ("search_path", "", "''"),
        ("temp_tablespaces", "fast", "'fast'"),
        ("application_name", "a, b", "'a, b'"),
    ],
)
def test_setting_value_is_written_as_postgresql_reads_it(name, value, written):
    assert setting_value(name, value) == written
