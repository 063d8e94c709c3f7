# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The characters of a master password."""

from __future__ import annotations

import string

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.password import check

# RDS: "Only printable ASCII characters besides '/', '@', '"', ' ' may be used."; the API model adds two for Oracle
REFUSED = '/@" '


def accepts(character, engine):
    try:
        check(f"abcd{character}efgh", engine=engine, is_cluster=False)
    except InputError:
        return False
    return True


@pytest.mark.parametrize("engine", ["mysql", "postgres", "mariadb", "oracle-ee", ""])
def test_password_characters_follow_rule_of_rds(engine):
    more = "&'" if engine == "oracle-ee" else ""
    visible = string.ascii_letters + string.digits + string.punctuation + " "
    assert {character for character in visible if not accepts(character, engine)} == {*REFUSED, *more}
    assert not accepts("\t", engine)
    assert not accepts("ü", engine)
