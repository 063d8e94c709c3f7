# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The facts about servers as the role ``database_users`` reads them, and its plans, for table tests."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._rules import user_migration_plan as rules

ACCOUNT = "123456789012"
PREFIX = f"arn:aws:rds-db:eu-west-1:{ACCOUNT}:dbuser:db-ORDERS/"
ROLE, OTHER_ROLE, IAM_USER = (
    f"arn:aws:iam::{ACCOUNT}:role/app",
    f"arn:aws:iam::{ACCOUNT}:role/path/batch",
    f"arn:aws:iam::{ACCOUNT}:user/deploy",
)
POLICY_NAME = "passwordless-rds-db-ORDERS"
IDENTITY = f"arn:aws:iam::{ACCOUNT}:user/administrator"


def target(protocol: str = "postgresql", **changes: t.Any) -> dict[str, t.Any]:
    """Return the database of the role."""
    return {
        "kind": "instance",
        "identifier": "orders",
        "engine": "postgres" if protocol == "postgresql" else "mariadb",
        "protocol": protocol,
        "account": ACCOUNT,
        "region": "eu-west-1",
        "arn": f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:orders",
        "resource_id": "db-ORDERS",
        "dbuser_arn_prefix": PREFIX,
        "endpoint": {"address": "orders.c9.eu-west-1.rds.amazonaws.com", "port": 5432},
        "status": "available",
        "iam_database_authentication_enabled": True,
        **changes,
    }


def pg_role(name: str, *, login: bool = True, attributes: t.Sequence[str] = (), **changes: t.Any) -> dict[str, t.Any]:
    role = {"name": name, "can_login": login, "inherits": True, "attributes": list(attributes)}
    return {**role, "connection_limit": -1, "valid_until": "", **changes}


def member(role: str, of: str, **changes: t.Any) -> dict[str, t.Any]:
    """Return the membership of ``role`` in ``of``."""
    return {"role": of, "member": role, "inherits": True, "can_set": True, "grantor": "postgres", **changes}


def pg_facts(
    *roles: dict[str, t.Any],
    members: t.Sequence[dict[str, t.Any]] = (),
    settings: t.Sequence[tuple[str, str, str]] = (),
    sessions: t.Mapping[str, int] | None = None,
    databases: t.Sequence[dict[str, t.Any]] | None = None,
    **server: t.Any,
) -> list[t.Any]:
    """Return the results of the queries of the role. The administrator is ``postgres``."""
    about = {"version": 180000, "administrator": "postgres", "is_reader": False, **server}
    public = [{"name": name, "readable": True, "grantees": ["PUBLIC"]} for name in ("postgres", "sales")]
    fixed = [
        pg_role("postgres", attributes=["CREATEROLE"]),
        pg_role("rds_iam", login=False),
        pg_role("rds_ad", login=False),
    ]
    return [
        [about],
        [*fixed, *roles],
        list(members),
        [{"role": role, "database": database, "setting": setting} for role, database, setting in settings],
        public if databases is None else list(databases),
        [{"name": name, "sessions": count} for name, count in (sessions or {}).items()],
    ]


def mysql_user(name: str, host: str = "%", plugin: str = "mysql_native_password", **more: t.Any) -> dict[str, t.Any]:
    return {"name": name, "host": host, "plugin": plugin, "plugin_hash_string": "*SECRET", **more}


def mysql_facts(
    *users: dict[str, t.Any],
    grants: t.Mapping[str, t.Sequence[str]] | None = None,
    create: t.Mapping[str, str] | None = None,
    sessions: t.Mapping[str, int] | None = None,
    read_only: str = "OFF",
    administrator: str = "GRANT SELECT, PROCESS, CREATE USER ON *.* TO `admin`@`%`",
) -> dict[str, t.Any]:
    """Return the facts of the role. ``grants`` and ``create`` are the answers by the name of the user."""
    rights: list[t.Any] = []
    for user in users:
        rights.append([{"grants": line} for line in (grants or {}).get(user["name"], ())])
        rights.append([{"create": (create or {}).get(user["name"], "CREATE USER")}])
    server = [
        [{"administrator": "admin@%"}],
        [{"Variable_name": "read_only", "Value": read_only}],
        [{"name": name, "sessions": count} for name, count in (sessions or {}).items()],
        [{"Grants for admin@%": administrator}],
    ]
    return {"users_info": list(users), "server": server, "rights": rights}


def plan(users: t.Sequence[dict[str, t.Any]], facts: t.Any, **state: t.Any) -> dict[str, t.Any]:
    """Return the plan of the role."""
    protocol = "mysql" if isinstance(facts, dict) else "postgresql"
    database = target(protocol)
    if isinstance(facts, dict):
        facts = rules.mysql_facts(users, database, facts)
        assert "SECRET" not in json.dumps(facts)
    return rules.plan_users(users, {"target": database, "facts": facts, **state})


def plan_one(user: dict[str, t.Any], facts: t.Any, **state: t.Any) -> dict[str, t.Any]:
    """Return the plan of a single user. A pilot that is already mapped is before it."""
    pilot = {"name": "pilot"}
    if isinstance(facts, dict):
        mapped = mysql_user("pilot", plugin="AWSAuthenticationPlugin", tls_requires={"SSL": None})
        facts = {**facts, "users_info": [mapped, *facts["users_info"]]}
        facts["rights"] = [[], [{"create": ""}], *facts["rights"]]
    else:
        facts = [*facts]
        facts[1] = [*facts[1], pg_role("pilot")]
        facts[2] = [*facts[2], member("pilot", "rds_iam")]
    found = plan([pilot, user], facts, **state)["users"]
    assert found[0]["actions"] == []
    return found[1]
