# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The roles of a PostgreSQL server and their memberships."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_roles import read_server
from ansible_collections.passwordless.rds.tests.unit.user_migrations import member, pg_facts, pg_role


def server(*members, **facts):
    roles = [pg_role(name) for name in ("a", "b", "c", "A")]
    return read_server(pg_facts(*roles, members=members, **facts))


def test_inherited_follows_chains_and_loops():
    chain = server(member("a", "b"), member("b", "c"), member("c", "rds_iam"))
    assert chain.inherited("a") == {"a", "b", "c", "rds_iam"}
    assert (chain.is_iam("a"), chain.members("c")) == (True, ["a", "b"])
    assert server(member("a", "b"), member("b", "a")).inherited("a") == {"a", "b"}
    assert not server(member("a", "b"), member("b", "rds_iam", inherits=False)).is_iam("a")


@pytest.mark.parametrize(
    ("members", "through"),
    [
        ([], None),
        ([member("a", "rds_iam")], "a"),
        ([member("a", "b"), member("b", "rds_iam")], "b"),
        ([member("a", "b", inherits=False), member("b", "rds_iam")], None),
        ([member("a", "rds_iam", inherits=False)], None),
    ],
)
def test_granted_through(members, through):
    assert server(*members).granted_through("a", "rds_iam") == through


def test_names_that_differ_in_case_are_similar():
    assert (server().similar("a"), server().similar("B"), server().similar("x")) == (["A"], ["b"], [])


def test_settings_are_read():
    settings = [("a", "", "work_mem=1MB"), ("a", "sales", "search_path=x=y, z")]
    assert server(settings=settings).settings == {
        ("a", ""): {"work_mem": "1MB"},
        ("a", "sales"): {"search_path": "x=y, z"},
    }


@pytest.mark.parametrize(("version", "has"), [(130011, False), (159999, False), (160000, True), (180000, True)])
def test_membership_options_exist_since_version_16(version, has):
    assert server(version=version).has_membership_options is has
