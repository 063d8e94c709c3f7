# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide which inline policies let the principals of a user log in to one database.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.errors import InputError
from .._model.iam_principal import IamPrincipal
from .._options.database_users import UserRequest
from .._options.login_resources import read_login_resources
from .connect_statements import ACTION
from .principal_policy import find_document, policy_document, policy_name, statements_of, users_of_statement
from .user_migration import PolicyChange

# the number of times that a run writes the policy of a principal for a user, if other runs replace it
ATTEMPTS = 20


class PrincipalPolicies:
    """The policies of the principals for one database. ``plan`` adds or removes one user after the other.

    found: the ARN of a principal -> the results of ``amazon.aws.iam_policy_info`` for it.
    """

    def __init__(self, database: t.Mapping[str, t.Any], found: t.Mapping[str, t.Mapping[str, t.Any]]) -> None:
        (self._resource,) = read_login_resources([database])
        self.policy_name = policy_name(self._resource.prefix.rpartition(":")[2].rstrip("/"))
        self._found = found
        self._users: dict[str, frozenset[str]] = {}

    def plan(self, request: UserRequest) -> tuple[list[PolicyChange], list[str]]:
        """Return the changes for a user, and the reasons why the policy of a principal cannot be changed."""
        changes: list[PolicyChange] = []
        problems: list[str] = []
        for principal in request.principals:
            try:
                change = self.change(principal, request.name, absent=request.absent)
            except InputError as error:
                problems.append(f"{request.option}.principals: {principal.arn}: {error.message}")
            else:
                changes += [change] if change else []
        return changes, problems

    def change(self, principal: IamPrincipal, user: str, *, absent: bool) -> PolicyChange | None:
        """Return the change of the policy of a principal, or None. Raises InputError for a policy of others."""
        before = self._users.get(principal.arn)
        before = self._current(principal) if before is None else before
        after = before - {user} if absent else before | {user}
        if after == before:
            return None
        document = policy_document(self._resource, after, principal.kind) if after else None
        self._users[principal.arn] = after
        return PolicyChange(principal.arn, user, absent, principal.kind, principal.name, self.policy_name, document)

    def _current(self, principal: IamPrincipal) -> frozenset[str]:
        """Return the users in the policy of a principal. Raises InputError if the policy is not one of this role."""
        found = self._found.get(principal.arn) or {}
        if "policies" not in found:
            reason = str(found.get("msg") or "its policies could not be read").rstrip(".")
            raise InputError(f"{reason}. Use a principal that exists and whose policies the task may read.")
        document = find_document(found["policies"], self.policy_name)
        if document is None:
            return frozenset()
        statements = statements_of(document)
        users = users_of_statement(statements[0], self._resource.prefix) if len(statements) == 1 else None
        if users is None:
            raise InputError(
                f"the inline policy {self.policy_name} contains more than {ACTION} for users of this database. Move "
                "the other statements to another policy."
            )
        return users


def remaining_change(
    planned: t.Mapping[str, t.Any],
    database: t.Mapping[str, t.Any],
    found: t.Mapping[str, t.Any],
    written: t.Sequence[t.Mapping[str, t.Any]],
) -> dict[str, t.Any]:
    """Return the planned change for the policy as it is now, or an empty dictionary if nothing is left to change.

    ``found`` is a new result of ``amazon.aws.iam_policy_info``, and ``written`` contains the changes of this run.

    Raises InputError if the policy cannot be changed, and if IAM has returned another version too often.
    """
    principal = IamPrincipal(planned["arn"], planned["iam_type"], planned["iam_name"])
    policies = PrincipalPolicies(database, {principal.arn: found})
    change = policies.change(principal, planned["user"], absent=planned["absent"])
    if change is None:
        return {}
    if sum(earlier["arn"] == principal.arn for earlier in written) >= ATTEMPTS:
        raise InputError(
            f"{principal.arn}: IAM returned another version of the inline policy {policies.policy_name} after each of "
            f"{ATTEMPTS} changes. Other runs may be replacing it: run the role again when they have ended."
        )
    return change.render()
