# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The names of database users, by the limits of each engine."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.database_user import check_user


@pytest.mark.parametrize(
    ("name", "engine"),
    [
        ("app", None),
        ("App User", "postgres"),
        (" app ", "postgres"),
        ('o"brien', "aurora-postgresql"),
        ("o'brien", "mysql"),
        ("a" * 63, "postgres"),
        ("é" * 31, "aurora-postgresql"),
        ("a" * 32, "aurora-mysql"),
        ("é" * 32, "mysql"),
        ("a" * 64, "mariadb"),
        ("a" * 128, None),
    ],
)
def test_check_user_valid_is_unchanged(name, engine):
    assert check_user(name, option="username", engine=engine) == name


@pytest.mark.parametrize(
    ("name", "engine", "error"),
    [
        ("", None, "username: '' is not the name of a database user"),
        ("  ", None, "is not the name of a database user"),
        (None, None, "is not the name of a database user"),
        (5, None, "'5' is not the name of a database user"),
        (["app"], None, "is not the name of a database user"),
        ("app\0", None, "contains a NUL character"),
        ("\ud800", None, "is not valid Unicode text"),
        ("a" * 64, "postgres", "has 64 bytes. PostgreSQL accepts 63 bytes"),
        ("é" * 32, "aurora-postgresql", "has 64 bytes. PostgreSQL accepts 63 bytes"),
        ("a" * 33, "mysql", "has 33 characters. MySQL accepts 32 characters"),
        ("a" * 33, "aurora-mysql", "has 33 characters. MySQL accepts 32 characters"),
        ("a" * 129, "mariadb", "has 129 characters. MariaDB accepts 128 characters"),
        ("a" * 129, None, "has 129 characters. The longest name of any engine has 128 characters"),
    ],
)
def test_check_user_invalid_raises(name, engine, error):
    with pytest.raises(InputError) as raised:
        check_user(name, option="username", engine=engine)
    assert error in raised.value.message
