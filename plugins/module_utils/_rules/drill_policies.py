# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The inline policies that let the principals of a drill log in to the restored database.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.errors import InputError
from .._options.login_resources import read_login_resources
from .connect_statements import ACTION
from .principal_policy import find_document, policy_document, policy_name, users_of_document

Result = t.Mapping[str, t.Any]


def drill_policies(plan: Result, database: Result, found: t.Sequence[Result]) -> list[dict[str, t.Any]]:
    """Return one policy for each principal of the plan. The policy keeps the users that it already contains.

    ``found`` contains the results of ``amazon.aws.iam_policy_info`` in the order of the principals. In check mode, a
    database that does not exist yet has no resource id. The list is then empty.

    Raises InputError if the existing policy contains anything else, and if the policy is too large.
    """
    if not database.get("resource_id"):
        return []
    (resource,) = read_login_resources([database])
    name = policy_name(database["resource_id"])
    policies = []
    for principal, result in zip(plan["principals"], found):
        users = {user["name"] for user in plan["users"] if principal["arn"] in user["principals"]}
        existing = find_document(result.get("policies") or [], name)
        kept = users_to_keep(existing, resource.prefix, f"{principal['arn']}: {name}")
        policies.append(
            {
                **principal,
                "policy_name": name,
                "users": sorted(users),
                "existed": existing is not None,
                "document": policy_document(resource, users | kept, principal["iam_type"]),
            }
        )
    return policies


def users_to_keep(existing: Result | None, prefix: str, where: str) -> frozenset[str]:
    """Return the users in the existing policy, if any. Raises InputError if the roles did not write the policy."""
    users = users_of_document(existing or {}, prefix)
    if users is None:
        raise InputError(
            f"{where}: the inline policy exists and contains more than {ACTION} for users of this database. Move the "
            "other statements to another policy."
        )
    return users
