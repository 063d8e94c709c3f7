# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Plan the changes of all users of the role ``database_users``, before the first one.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import replace

from .._options.database_users import IN_PLACE, MYSQL, UserRequest, read_user_requests
from .._options.survey_values import is_true
from .mysql_accounts import MysqlServerFacts, queries, read_mysql_server
from .postgresql_roles import read_server
from .user_migration import EnginePlan, UserPlan
from .user_migration_mysql import MysqlMigration
from .user_migration_policies import PrincipalPolicies
from .user_migration_postgresql import PostgresqlMigration

Values = t.Mapping[str, t.Any]
# how community.postgresql.postgresql_query reports the error of a statement
_SQL_ERROR = re.compile(r"Cannot execute SQL .*? None: (.*?), query list: .*", re.DOTALL)


class EngineMigration(t.Protocol):
    """The decisions for one engine."""

    def plan(self, request: UserRequest) -> tuple[EnginePlan, list[str]]:
        """Return the changes for a user, and the reasons why it cannot be changed."""


def read_requests(users: t.Sequence[Values], target: Values) -> tuple[list[UserRequest], list[str]]:
    """Return the users of the task, and the errors in them."""
    return read_user_requests(
        users, protocol=target["protocol"], engine=target["engine"], account=target.get("account") or ""
    )


def plan_users(users: t.Sequence[Values], state: Values) -> dict[str, t.Any]:
    """Return ``users``, ``problems``, and ``scan``, the databases to search for ``session_user``.

    ``state`` has the keys ``target``, ``facts``, ``principals``, ``roles``, ``policy_timeout`` and ``check_mode``.
    Later, it also has ``scans`` and ``trials``, which are the results of loops.
    """
    requests, _errors = read_requests(users, state["target"])
    engine = _engine(state)
    policies = PrincipalPolicies(state["target"], _by_item(state.get("principals")))
    plans = [_plan_user(request, engine, policies, state) for request in requests]
    plans = [_with_pilot(plan, plans[:number]) for number, plan in enumerate(plans)]
    timeout = int(state.get("policy_timeout") or 0)
    scan: set[str] = set()
    if isinstance(engine, PostgresqlMigration):
        scan.update(*(engine.scannable(plan.request, plan.engine) for plan in plans))
    return {
        "users": [plan.render(policy_timeout=timeout, check_mode=is_true(state.get("check_mode"))) for plan in plans],
        "problems": [problem for plan in plans for problem in plan.problems],
        "scan": sorted(scan),
    }


def mysql_queries(users: t.Sequence[Values], target: Values, users_info: t.Sequence[Values]) -> list[str]:
    """Return the queries for the rights of the accounts that the task concerns."""
    return queries(users_info, read_requests(users, target)[0])


def mysql_facts(users: t.Sequence[Values], target: Values, results: Values) -> dict[str, t.Any]:
    """Return the facts for ``plan_users``, without password hashes, from the results of the tasks."""
    return read_mysql_server(results, read_requests(users, target)[0]).render()


def _engine(state: Values) -> EngineMigration:
    if state["target"]["protocol"] == MYSQL:
        return MysqlMigration(MysqlServerFacts.load(state["facts"]))
    scans = {item: _names(result) for item, result in _by_item(state.get("scans")).items()}
    return PostgresqlMigration(read_server(state["facts"]), scans)


def _plan_user(request: UserRequest, engine: EngineMigration, policies: PrincipalPolicies, state: Values) -> UserPlan:
    plan, reasons = engine.plan(request)
    problems = [f"{request.option}: {request.label}: {reason}" for reason in reasons]
    changes, policy_problems = policies.plan(request)
    problems += policy_problems
    problems += _failures(request, state)
    return UserPlan(request, tuple(problems), tuple(changes), plan)


def _failures(request: UserRequest, state: Values) -> t.Iterator[str]:
    """Yield why the administrator or the task may not do what the plan needs."""
    role = _by_item(state.get("roles")).get(request.verify_role_arn) or {}
    if request.verify_role_arn and not role.get("sts_creds"):
        reason = str(role.get("msg") or "it could not be assumed").rstrip(".")
        yield (
            f"{request.option}.verify_role_arn: {request.verify_role_arn}: {reason}. Allow the task to assume the role."
        )
    for trial in state.get("trials") or ():
        # the task never fails, so that the loop also tries the other users
        if "query_all_results" not in trial and trial["item"]["label"] == request.label:
            text = str(trial.get("msg") or "")
            found = _SQL_ERROR.fullmatch(text)
            yield (
                f"{request.option}: {request.label}: the administrator cannot make the change: "
                f"{(found[1] if found else text).strip()}"
            )


def _with_pilot(plan: UserPlan, before: t.Sequence[UserPlan]) -> UserPlan:
    """Add a problem if a password would become invalid before an earlier user has logged in with a token."""
    request = plan.request
    if not plan.engine.invalidates_password or request.strategy != IN_PLACE:
        return plan
    if any(not earlier.request.absent and not earlier.engine.invalidates_password for earlier in before):
        return plan
    problem = (
        f"{request.option}: {request.label}: strategy in_place makes its password invalid, and no earlier user in "
        "the list logs in with a token. Add a new user, or a user who is already mapped, before it."
    )
    return replace(plan, problems=(*plan.problems, problem))


def _by_item(results: t.Any) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for result in results or ():
        item = result.get("item")
        found[str(item["arn"] if isinstance(item, t.Mapping) else item)] = result
    return found


def _names(result: Values) -> list[str]:
    rows = result.get("query_result") or []
    return [str(row["name"]) for row in rows]
