# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The output of SHOW GRANTS, and the rights that one account lacks."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.mysql_grants import (
    MysqlGrants,
    has_several_methods,
    parse_grant_option,
    read_grants,
)

SELECT = "GRANT SELECT, INSERT ON `sales`.* TO `legacy`@`%`"


def test_grants_are_read():
    lines = [
        "GRANT USAGE ON *.* TO `a`@`%` REQUIRE SSL WITH MAX_USER_CONNECTIONS 5",
        SELECT,
        "GRANT ALL PRIVILEGES ON `my\\_db`.`t` TO `a`@`%`",
        "GRANT `reader`@`%`, `writer`@`%` TO `a`@`%`",
        "GRANT 'old' TO 'a'@'%'",
        "SET DEFAULT ROLE `reader` FOR `a`@`%`",
    ]
    found = read_grants(lines, "CREATE USER `a`@`%` IDENTIFIED WITH 'x' AS 'y' DEFAULT ROLE `writer`@`%` REQUIRE NONE")
    assert found.privileges == {"`sales`.*": {"SELECT", "INSERT"}, "`my\\_db`.`t`": {"ALL"}}
    assert found.roles == {"`reader`@`%`", "`writer`@`%`", "'old'"}
    assert found.default_roles == {"`writer`@`%`", "`reader`"}
    assert found.refused == ()


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ({"a.*": {"SELECT"}}, {}, {"a.*": {"SELECT"}}),
        ({"a.*": {"SELECT", "INSERT"}}, {"a.*": {"SELECT"}}, {"a.*": {"INSERT"}}),
        ({"a.*": {"SELECT"}}, {"a.*": {"ALL"}}, {}),
        ({"a.*": {"ALL"}}, {"a.*": {"SELECT"}}, {"a.*": {"ALL"}}),
        ({}, {"a.*": {"SELECT"}}, {}),
    ],
)
def test_missing_rights(old, new, missing):
    frozen = [{name: frozenset(granted) for name, granted in side.items()} for side in (old, new)]
    assert MysqlGrants(frozen[0]).missing_from(MysqlGrants(frozen[1])).privileges == missing


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("sales.*:SELECT,INSERT", ("`sales`.*", {"SELECT", "INSERT"})),
        ("*.*:USAGE", ("*.*", set())),
        ("`a b`.t:all privileges", ("`a b`.`t`", {"ALL"})),
        ("sales.*", None),
        ("SELECT ON sales.*", None),
    ],
)
def test_grant_option_is_parsed(text, parsed):
    assert parse_grant_option(text) == parsed


def test_several_methods_are_found():
    one = "CREATE USER `a`@`%` IDENTIFIED VIA mysql_native_password USING '*X'"
    assert not has_several_methods(one)
    assert has_several_methods(f"{one} OR ed25519 USING 'y'")
