# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The decisions for users of PostgreSQL: changes, refusals and their order."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.database_users import read_user_requests
from ansible_collections.passwordless.rds.plugins.module_utils._rules.postgresql_roles import read_server
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration_postgresql import (
    PostgresqlMigration,
)
from ansible_collections.passwordless.rds.tests.unit.user_migrations import member, pg_facts, pg_role, plan, plan_one

OPTIONS = " WITH INHERIT TRUE, SET TRUE"
LEGACY = pg_role("legacy", connection_limit=7, valid_until="2027-01-01 00:00:00+00")
MAPPED = [member("app", "legacy"), member("app", "rds_iam")]
DONE = [("app", "", "role=legacy")]
REPLACE = {"name": "app", "replaces": "legacy"}
SAME = {"connection_limit": 7, "valid_until": LEGACY["valid_until"]}


def test_alongside_new_user_is_one_transaction():
    settings = [("legacy", "", "work_mem=64MB"), ("legacy", "sales", 'search_path="$user", public')]
    found = plan_one(REPLACE, pg_facts(LEGACY, settings=settings))
    assert found["statements"] == [
        "SET LOCAL createrole_self_grant TO ''",
        "CREATE ROLE \"app\" LOGIN CONNECTION LIMIT 7 VALID UNTIL '2027-01-01 00:00:00+00'",
        f'GRANT "legacy" TO "app"{OPTIONS}',
        'ALTER ROLE "app" SET "role" TO \'legacy\'',
        'ALTER ROLE "app" SET "work_mem" TO \'64MB\'',
        'ALTER ROLE "app" IN DATABASE "sales" SET "search_path" TO \'$user\', \'public\'',
        f'GRANT "rds_iam" TO "app"{OPTIONS}',
    ]
    assert found["undo"] == ['REVOKE "rds_iam" FROM "app"', 'ALTER ROLE "app" NOLOGIN']
    assert (found["outcome"], found["problems"], found["is_mapped"]) == ("created", [], True)


def test_alongside_before_version_16_grants_without_options():
    found = plan_one(REPLACE, pg_facts(pg_role("legacy"), version=150004))
    assert found["statements"] == [
        'CREATE ROLE "app" LOGIN',
        'GRANT "legacy" TO "app"',
        'ALTER ROLE "app" SET "role" TO \'legacy\'',
        'GRANT "rds_iam" TO "app"',
    ]


def test_alongside_second_run_changes_nothing():
    found = plan_one(REPLACE, pg_facts(LEGACY, pg_role("app", **SAME), members=MAPPED, settings=DONE))
    assert (found["outcome"], found["statements"], found["undo"]) == ("unchanged", [], [])


@pytest.mark.parametrize(
    ("role", "members", "settings", "statements"),
    [
        (SAME, [member("app", "legacy", can_set=False), MAPPED[1]], DONE, [f'GRANT "legacy" TO "app"{OPTIONS}']),
        (SAME, [member("app", "legacy", inherits=False), MAPPED[1]], DONE, [f'GRANT "legacy" TO "app"{OPTIONS}']),
        (SAME, MAPPED, [], ['ALTER ROLE "app" SET "role" TO \'legacy\'']),
        ({**SAME, "connection_limit": 3}, MAPPED, DONE, ['ALTER ROLE "app" CONNECTION LIMIT 7']),
        ({**SAME, "login": False}, MAPPED, DONE, ['ALTER ROLE "app" LOGIN']),
        ({**SAME, "inherits": False}, MAPPED, DONE, ['ALTER ROLE "app" INHERIT']),
    ],
)
def test_alongside_repairs_only_what_differs(role, members, settings, statements):
    found = plan_one(REPLACE, pg_facts(LEGACY, pg_role("app", **role), members=members, settings=settings))
    assert (found["statements"], found["outcome"]) == (statements, "updated")


def test_alongside_role_of_replaced_user_is_copied():
    found = plan_one(REPLACE, pg_facts(pg_role("legacy"), pg_role("owner"), settings=[("legacy", "", "role=owner")]))
    assert 'ALTER ROLE "app" SET "role" TO \'owner\'' in found["statements"]


def test_alongside_reopens_user_of_interrupted_removal():
    found = plan_one(REPLACE, pg_facts(pg_role("legacy"), pg_role("app", login=False)))
    assert found["outcome"] == "created"
    assert found["statements"][0] == 'ALTER ROLE "app" LOGIN'


@pytest.mark.parametrize(
    ("user", "facts", "message"),
    [
        (REPLACE, pg_facts(), "replaces: there is no user 'legacy'."),
        (REPLACE, pg_facts(pg_role("Legacy")), "Similar: Legacy."),
        *(
            (
                REPLACE,
                pg_facts(pg_role("legacy", attributes=[power])),
                f"'legacy' has {power}, which a member does not inherit",
            )
            for power in ("CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS", "SUPERUSER")
        ),
        (REPLACE, pg_facts(pg_role("legacy"), members=[member("legacy", "rds_ad")]), "'legacy' has rds_ad"),
        (
            REPLACE,
            pg_facts(pg_role("legacy"), pg_role("g"), members=[member("legacy", "g"), member("g", "rds_iam")]),
            "'legacy' is already mapped to IAM through the role g",
        ),
        (REPLACE, pg_facts(LEGACY, pg_role("app")), "the user exists and may log in with a password"),
        (
            REPLACE,
            pg_facts(LEGACY, pg_role("app", login=False), pg_role("x"), members=[member("x", "app")]),
            "the roles x are members of it and would be able to log in",
        ),
        (REPLACE, pg_facts(LEGACY, is_reader=True), "connected to a reader"),
        (
            REPLACE,
            pg_facts(LEGACY, databases=[{"name": "secret", "readable": False, "grantees": ["legacy"]}]),
            "may not connect to database secret, so its row policies cannot be checked",
        ),
        ({"name": "app", "grants": ["nobody"]}, pg_facts(), "grants: there is no role 'nobody'."),
        ({"name": "app", "databases": ["none"]}, pg_facts(), "databases: there is no database 'none'."),
        ({"name": "app", "strategy": "in_place"}, pg_facts(pg_role("App")), "Similar: App."),
        (
            {"name": "app", "strategy": "in_place"},
            pg_facts(pg_role("app"), pg_role("report"), members=[member("report", "app")]),
            "the roles report are members of it and would also lose their passwords",
        ),
        ({"name": "postgres", "strategy": "in_place"}, pg_facts(), "is the administrator of this connection"),
        ({"name": "postgres", "state": "absent"}, pg_facts(), "is the administrator of this connection"),
        (
            {"name": "app", "state": "absent"},
            pg_facts(pg_role("app"), pg_role("g"), members=[member("app", "g"), member("g", "rds_iam")]),
            "mapped to IAM through the role g",
        ),
        (
            {"name": "app", "state": "absent"},
            pg_facts(pg_role("app"), members=[member("app", "rds_iam", grantor="dba")]),
            "dba granted rds_iam, and only the grantor can revoke it",
        ),
        (
            {**REPLACE, "close_replaced": True},
            pg_facts(LEGACY),
            "close_replaced: this run creates or changes the user",
        ),
        (
            {**REPLACE, "close_replaced": True},
            pg_facts(LEGACY, pg_role("app", **SAME), members=MAPPED, settings=DONE, sessions={"legacy": 2}),
            "'legacy' has 2 session(s) (source: pg_stat_activity",
        ),
    ],
)
def test_user_is_refused_with_reason(user, facts, message):
    found = plan_one(user, facts)
    assert found["outcome"] == "refused"
    assert message in " ".join(found["problems"])
    assert all(problem.startswith("database_users_users[1]: ") for problem in found["problems"])


def test_alongside_searches_databases_for_session_user():
    facts = pg_facts(LEGACY)
    assert plan([REPLACE], facts)["scan"] == ["postgres", "sales"]
    assert plan([{**REPLACE, "databases": ["sales"]}], facts)["scan"] == ["sales"]
    assert plan([{"name": "app"}], facts)["scan"] == []
    scans = [{"item": "sales", "query_result": [{"name": "row policy own on public.items"}]}]
    problems = plan([REPLACE], facts, scans=scans)["problems"]
    assert len(problems) == 1
    assert "database sales uses session_user" in problems[0]
    assert "row policy own on public.items. Use current_user there." in problems[0]


def test_alongside_searches_no_database_if_nothing_changes():
    facts = pg_facts(LEGACY, pg_role("app", **SAME), members=MAPPED, settings=DONE)
    assert plan([REPLACE], facts)["scan"] == []


def test_trial_that_failed_is_a_problem():
    failed = (
        "Cannot execute SQL 'GRANT x' None: permission denied to grant role \"legacy\"\nDETAIL:  why, query list: []"
    )
    trials = [
        {"failed": False, "item": {"label": "app"}, "msg": failed},
        {"failed": False, "item": {"label": "app"}, "query_all_results": [{}]},
    ]
    (problem,) = plan([REPLACE], pg_facts(LEGACY), trials=trials)["problems"]
    assert problem.endswith('cannot make the change: permission denied to grant role "legacy"\nDETAIL:  why')


def test_membership_with_admin_option_only_is_ignored():
    """PostgreSQL 16 makes the creator of a role a member that inherits nothing."""
    members = [member("postgres", "app", inherits=False, can_set=False)]
    found = plan_one({"name": "app", "strategy": "in_place"}, pg_facts(pg_role("app"), members=members))
    assert (found["problems"], found["outcome"]) == ([], "mapped")
    assert found["statements"] == [f'GRANT "rds_iam" TO "app"{OPTIONS}']
    assert found["undo"] == ['REVOKE "rds_iam" FROM "app"']
    assert found["invalidates_password"]


def test_in_place_mapped_through_group_is_unchanged():
    members = [member("app", "g"), member("g", "rds_iam")]
    found = plan_one({"name": "app", "strategy": "in_place"}, pg_facts(pg_role("app"), pg_role("g"), members=members))
    assert (found["outcome"], found["undo"]) == ("unchanged", [])


@pytest.mark.parametrize(
    ("before", "refused"),
    [
        ([], True),
        ([{"name": "gone", "state": "absent"}], True),
        ([{"name": "other", "strategy": "in_place"}], True),
        ([{"name": "new"}], False),
        ([{"name": "pilot"}], False),
    ],
)
def test_in_place_needs_earlier_user_with_token(before, refused):
    facts = pg_facts(pg_role("app"), pg_role("other"), pg_role("pilot"), members=[member("pilot", "rds_iam")])
    found = plan([*before, {"name": "app", "strategy": "in_place"}], facts)["users"][-1]
    assert ("no earlier user" in " ".join(found["problems"])) is refused


def test_new_user_gets_groups_and_databases():
    databases = [
        {"name": name, "readable": True, "grantees": grantees}
        for name, grantees in (("sales", []), ("all", ["PUBLIC"]))
    ]
    facts = pg_facts(pg_role("readers", login=False), databases=databases)
    found = plan_one({"name": "app", "grants": ["readers"], "databases": ["sales", "all"]}, facts)
    assert found["statements"][1:] == [
        'CREATE ROLE "app" LOGIN',
        f'GRANT "readers" TO "app"{OPTIONS}',
        'GRANT CONNECT ON DATABASE "sales" TO "app"',
        f'GRANT "rds_iam" TO "app"{OPTIONS}',
    ]
    assert found["undo"] == ['REVOKE "rds_iam" FROM "app"', 'ALTER ROLE "app" NOLOGIN']


def test_close_replaced_in_later_run():
    facts = pg_facts(LEGACY, pg_role("app", **SAME), members=MAPPED, settings=DONE)
    found = plan_one({**REPLACE, "close_replaced": True}, facts)
    assert (found["outcome"], found["close"]) == ("closed", ['ALTER ROLE "legacy" NOLOGIN'])
    assert found["statements"] == []
    closed = pg_facts(pg_role("legacy", login=False), pg_role("app"), members=MAPPED, settings=DONE)
    assert plan_one({**REPLACE, "close_replaced": True}, closed)["outcome"] == "unchanged"


def test_absent_revokes_and_closes_and_never_drops():
    facts = pg_facts(pg_role("app"), members=[member("app", "rds_iam")])
    found = plan_one({"name": "app", "state": "absent"}, facts)
    assert found["statements"] == ['REVOKE "rds_iam" FROM "app"', 'ALTER ROLE "app" NOLOGIN']
    assert (found["outcome"], found["verify"]) == ("removed", False)
    for again in (pg_facts(), pg_facts(pg_role("app", login=False))):
        assert plan_one({"name": "app", "state": "absent"}, again)["outcome"] == "unchanged"


@pytest.mark.parametrize("name", ["select", "App", "o'brien", 'a"b', "a.b", "x; DROP ROLE y", "10%"])
def test_names_are_quoted_exactly(name):
    found = plan_one({"name": name}, pg_facts())
    quoted = name.replace('"', '""')
    assert found["statements"][1:] == [f'CREATE ROLE "{quoted}" LOGIN', f'GRANT "rds_iam" TO "{quoted}"{OPTIONS}']


def test_databases_that_cannot_be_read_are_not_searched():
    databases = [{"name": name, "readable": name == "sales", "grantees": []} for name in ("sales", "secret")]
    (request,), _errors = read_user_requests([REPLACE], protocol="postgresql", engine="postgres", account="")
    migration = PostgresqlMigration(read_server(pg_facts(LEGACY, databases=databases)), {})
    found, _problems = migration.plan(request)
    assert migration.databases_to_scan(request, found) == ["sales", "secret"]
    assert migration.scannable(request, found) == ["sales"]


def test_revert_closes_login_that_was_closed():
    found = plan_one({"name": "app", "strategy": "in_place"}, pg_facts(pg_role("app", login=False)))
    assert found["undo"] == ['REVOKE "rds_iam" FROM "app"', 'ALTER ROLE "app" NOLOGIN']


def test_removal_refuses_role_through_which_users_are_mapped():
    roles = [pg_role("apps", login=False), pg_role("first"), pg_role("second")]
    through = [member("apps", "rds_iam"), member("first", "apps"), member("second", "apps")]
    own = [*through, member("second", "rds_iam")]
    (problem,) = plan_one({"name": "apps", "state": "absent"}, pg_facts(*roles, members=own))["problems"]
    assert "apps: first are mapped to IAM through it" in problem
    own = [*own, member("first", "rds_iam")]
    assert plan_one({"name": "apps", "state": "absent"}, pg_facts(*roles, members=own))["outcome"] == "removed"


def test_trial_contains_revert_and_closing():
    found = plan_one({"name": "legacy", "strategy": "in_place"}, pg_facts(LEGACY))
    assert found["trial"] == [*found["statements"], 'REVOKE "rds_iam" FROM "legacy"']
    app = pg_role("app", **SAME)
    done = plan_one({**REPLACE, "close_replaced": True}, pg_facts(LEGACY, app, members=MAPPED, settings=DONE))
    assert (done["statements"], done["trial"]) == ([], ['ALTER ROLE "legacy" NOLOGIN'])


def test_infinite_validity_is_no_limit():
    app = pg_role("app", valid_until="infinity")
    facts = pg_facts(pg_role("legacy"), app, members=MAPPED, settings=DONE)
    assert plan_one(REPLACE, facts)["outcome"] == "unchanged"


@pytest.mark.parametrize(
    ("setting", "written"),
    [
        ("app.user=o'brien", "\"app.user\" TO E'o\\'brien'"),
        ("App.User=x", "\"App.User\" TO 'x'"),
        ("select.from=x", "\"select.from\" TO 'x'"),
        ('a."b=x', '"a.""b" TO \'x\''),
        # PostgreSQL 13 and older accept every name that contains a dot
        ("a.b TO 1; DROP ROLE legacy; --=x", "\"a.b TO 1; DROP ROLE legacy; --\" TO 'x'"),
        ("a.b=x; DROP ROLE legacy", "\"a.b\" TO 'x; DROP ROLE legacy'"),
        ("a.b=c\\'=d", "\"a.b\" TO E'c\\\\\\'=d'"),
    ],
)
@pytest.mark.parametrize(("database", "where"), [("", ""), ('sa"les', ' IN DATABASE "sa""les"')])
def test_names_and_values_of_settings_are_quoted(setting, written, database, where):
    facts = pg_facts(pg_role("legacy"), settings=[("legacy", database, setting)])
    statements = plan_one({"name": "app", "replaces": "legacy"}, facts)["statements"]
    assert f'ALTER ROLE "app"{where} SET {written}' in statements


def test_setting_with_upper_case_is_copied_once():
    facts = pg_facts(
        pg_role("legacy"),
        pg_role("app"),
        members=[member("app", "legacy"), member("app", "rds_iam")],
        settings=[("legacy", "", "App.User=x"), ("app", "", "App.User=x"), ("app", "", "role=legacy")],
    )
    assert plan_one({"name": "app", "replaces": "legacy"}, facts)["statements"] == []


def test_removal_of_mapping_granted_by_role_of_administrator():
    """RDS gives the master user the right to grant rds_iam through rds_superuser, which is then the grantor."""
    roles = [pg_role("app"), pg_role("rds_superuser", login=False)]
    own = member("postgres", "rds_superuser")
    mapped = [member("app", "rds_iam", grantor=grantor) for grantor in ("rds_superuser", "postgres")]
    removal = {"name": "app", "state": "absent"}
    found = plan_one(removal, pg_facts(*roles, members=[own, mapped[0]]))
    assert found["statements"][0] == 'REVOKE "rds_iam" FROM "app" GRANTED BY "rds_superuser"'
    both = plan_one(removal, pg_facts(*roles, members=[own, *mapped]))
    assert both["statements"][:2] == [
        'REVOKE "rds_iam" FROM "app"',
        'REVOKE "rds_iam" FROM "app" GRANTED BY "rds_superuser"',
    ]
    before = plan_one(removal, pg_facts(*roles, members=[own, mapped[0]], version=150004))
    assert before["statements"][0] == 'REVOKE "rds_iam" FROM "app"'
    without_inherit = [{**own, "inherits": False}, mapped[0]]
    assert (
        "rds_superuser granted rds_iam" in plan_one(removal, pg_facts(*roles, members=without_inherit))["problems"][0]
    )


def test_revert_keeps_membership_that_was_not_inherited():
    """An administrator has rds_iam with ADMIN OPTION only, which REVOKE would also remove."""
    in_place = {"name": "dba", "strategy": "in_place"}
    for can_set, option in ((True, "TRUE"), (False, "FALSE")):
        members = [member("dba", "rds_iam", inherits=False, can_set=can_set)]
        found = plan_one(in_place, pg_facts(pg_role("dba"), members=members))
        assert found["statements"] == [f'GRANT "rds_iam" TO "dba"{OPTIONS}']
        assert found["undo"] == [f'GRANT "rds_iam" TO "dba" WITH INHERIT FALSE, SET {option}']


def test_role_without_inherit_is_refused_before_version_16():
    """It would not inherit rds_iam there. Since PostgreSQL 16, GRANT has its own INHERIT option."""
    batch = pg_role("batch", inherits=False)
    members = [member("batch", "rds_iam", inherits=False)]
    in_place = {"name": "batch", "strategy": "in_place"}
    for facts in (pg_facts(batch, version=150004), pg_facts(batch, members=members, version=150004)):
        (problem,) = plan_one(in_place, facts)["problems"]
        assert "'batch' has NOINHERIT. Before PostgreSQL 16" in problem
    assert plan_one(in_place, pg_facts(batch))["outcome"] == "mapped"
    again = pg_role("app", inherits=False, login=False)
    found = plan_one(REPLACE, pg_facts(pg_role("legacy"), again, version=150004))
    assert (found["problems"], found["statements"][0]) == ([], 'ALTER ROLE "app" LOGIN INHERIT')


def test_in_place_mapped_user_names_revoke_statement():
    facts = pg_facts(pg_role("app"), members=[member("app", "rds_iam")])
    found = plan_one({"name": "app", "strategy": "in_place"}, facts)
    assert (found["outcome"], found["restore_password"]) == ("unchanged", 'REVOKE "rds_iam" FROM "app"')
    assert plan_one({"name": "app"}, facts)["restore_password"] == ""
    assert plan_one({"name": "app", "strategy": "in_place"}, pg_facts(pg_role("app")))["restore_password"] == ""
