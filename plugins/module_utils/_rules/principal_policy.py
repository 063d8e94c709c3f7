# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The inline policy that the roles put: one for each principal and database, with users of this database only.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t

from .._options.login_resources import LoginResource
from .connect_policy import connect_policies
from .connect_statements import ACTION

Document = t.Mapping[str, t.Any]

# "IAM and AWS STS quotas" (IAM User Guide): characters of all inline policies of a user, and of a role
_QUOTA = {"user": 2048, "role": 10240}
_LITERAL = re.compile(r"\$\{([*?$])\}")


def policy_name(resource_id: str) -> str:
    """Return the name of the policy for a database."""
    return f"passwordless-rds-{resource_id}"


def policy_document(resource: LoginResource, users: t.AbstractSet[str], iam_type: str) -> dict[str, t.Any]:
    """Return the policy of a principal. Raises InputError if it exceeds the quota of the ``user`` or ``role``."""
    document = connect_policies([resource], sorted(users), max_size=_QUOTA[iam_type], split=False)
    return t.cast("dict[str, t.Any]", document)


def find_document(policies: t.Iterable[Document], name: str) -> Document | None:
    """Return the policy with this name in a result of ``amazon.aws.iam_policy_info``."""
    return next((one["policy_document"] for one in policies if one["policy_name"] == name), None)


def statements_of(document: Document) -> list[Document]:
    """Return the statements of a policy, which can also be a single one."""
    return _listed(document.get("Statement"))


def users_of_statement(statement: Document, prefix: str) -> frozenset[str] | None:
    """Return the users in a statement that the roles wrote, or None for any other statement."""
    if set(statement) - {"Sid"} != {"Effect", "Action", "Resource"}:
        return None
    resources = [str(resource) for resource in _listed(statement["Resource"])]
    is_ours = statement["Effect"] == "Allow" and _listed(statement["Action"]) == [ACTION]
    if not is_ours or not all(resource.startswith(prefix) for resource in resources):
        return None
    names = [resource[len(prefix) :] for resource in resources]
    if any(set("*?$") & set(_LITERAL.sub("", name)) for name in names):
        return None  # the roles write no wildcards
    return frozenset(_LITERAL.sub(r"\1", name) for name in names)


def users_of_document(document: Document, prefix: str) -> frozenset[str] | None:
    """Return the users in all statements of a policy, or None if it has a statement that the roles did not write."""
    found: frozenset[str] = frozenset()
    for statement in statements_of(document):
        users = users_of_statement(statement, prefix)
        if users is None:
            return None
        found |= users
    return found


def _listed(value: t.Any) -> list[t.Any]:
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]
