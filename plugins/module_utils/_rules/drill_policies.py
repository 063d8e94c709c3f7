# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The inline policies that let the principals of a drill log in to the restored database.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from .._model.errors import InputError
from .._options.login_resources import read_login_resources
from .connect_policy import connect_policies

Result = t.Mapping[str, t.Any]

_ACTION = "rds-db:connect"
# "IAM and AWS STS quotas" (IAM User Guide): characters of all inline policies of a user, and of a role
_QUOTA = {"user": 2048, "role": 10240}
_LITERAL = re.compile(r"\$\{([*?$])\}")


def drill_policies(plan: Result, database: Result, found: t.Sequence[Result]) -> list[dict[str, t.Any]]:
    """Return one policy for each principal of the plan. The policy keeps the users that it already contains.

    ``found`` contains the results of ``amazon.aws.iam_policy_info`` in the order of the principals. In check mode, a
    database that does not exist yet has no resource id. The list is then empty.

    Raises InputError if the existing policy contains anything else, and if the policy is too large.
    """
    if not database.get("resource_id"):
        return []
    (resource,) = read_login_resources([database])
    name = f"passwordless-rds-{database['resource_id']}"
    policies = []
    for principal, result in zip(plan["principals"], found):
        users = {user["name"] for user in plan["users"] if principal["arn"] in user["principals"]}
        existing = _document(result, name)
        kept = set() if existing is None else _users(existing, resource.prefix, f"{principal['arn']}: {name}")
        quota = _QUOTA[principal["iam_type"]]
        policies.append(
            {
                **principal,
                "policy_name": name,
                "users": sorted(users),
                "existed": existing is not None,
                "document": connect_policies([resource], sorted(users | kept), max_size=quota, split=False),
            }
        )
    return policies


def _document(result: Result, name: str) -> Result | None:
    found = [one["policy_document"] for one in result.get("policies") or [] if one["policy_name"] == name]
    return found[0] if found else None


def _users(document: Result, prefix: str, where: str) -> set[str]:
    """Return the users in a policy that the role wrote. Raises InputError for any other policy."""
    statements = _listed(document.get("Statement"))
    resources = [resource for statement in statements for resource in _listed(statement.get("Resource"))]
    names = [resource[len(prefix) :] for resource in resources if resource.startswith(prefix)]
    is_ours = all(
        statement.get("Effect") == "Allow"
        and _listed(statement.get("Action")) == [_ACTION]
        and set(statement) <= {"Sid", "Effect", "Action", "Resource"}
        for statement in statements
    )
    if not is_ours or len(names) != len(resources) or any(set("*?$") & set(_LITERAL.sub("", name)) for name in names):
        raise InputError(
            f"{where}: the inline policy exists and contains more than {_ACTION} for users of this database. Move the "
            "other statements to another policy."
        )
    return {_LITERAL.sub(r"\1", name) for name in names}


def _listed(value: t.Any) -> list[t.Any]:
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]
