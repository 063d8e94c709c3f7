# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The plan for one user of the role ``database_users``: the changes, and the reasons why they are not possible.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass, field

from .._options.database_users import UserRequest

# the number of seconds between two logins while a new policy takes effect
RETRY_DELAY = 5

# outcomes of a user; the first ones are predicted in check mode
UNCHANGED, CREATED, MAPPED, UPDATED = "unchanged", "created", "mapped", "updated"
CLOSED, REMOVED = "closed", "removed"
REFUSED, NOT_STARTED, ROLLED_BACK, FAILED, PASSWORD_LOST = (
    "refused",
    "not_started",
    "rolled_back",
    "failed",
    "password_lost",
)
SUCCESSFUL = (UNCHANGED, CREATED, MAPPED, UPDATED, CLOSED, REMOVED)


@dataclass(frozen=True)
class PolicyChange:
    """An inline policy to attach or to delete, in order to add or remove a user. ``document`` is None to delete it."""

    arn: str
    user: str
    absent: bool
    iam_type: str
    iam_name: str
    policy_name: str
    document: dict[str, t.Any] | None

    @property
    def text(self) -> str:
        if self.document is None:
            return f"delete the inline policy {self.policy_name} of {self.iam_type} {self.iam_name}"
        return f"attach the inline policy {self.policy_name} to {self.iam_type} {self.iam_name}"

    def render(self) -> dict[str, t.Any]:
        return {**asdict(self), "state": "absent" if self.document is None else "present", "text": self.text}


@dataclass(frozen=True)
class EnginePlan:
    """The changes of one user in the database.

    actions: what the statements and tasks do, as text. statements: SQL that creates or maps the user (PostgreSQL).
    undo: SQL that reverts the mapping. close: SQL that closes the replaced user. account: the options of the modules
    for MySQL and MariaDB. is_new: whether the user is created, or opened again. invalidates_password: whether the
    change makes a password invalid. may_have_lost_password: whether an interrupted run may have removed the password.
    restore_password: SQL that makes the password valid again if an interrupted run mapped the user. before and after:
    the state of the user in the database, for the diff.
    """

    actions: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    close_actions: tuple[str, ...] = ()
    account: t.Mapping[str, t.Any] = field(default_factory=dict)
    is_new: bool = False
    is_mapped: bool = False
    invalidates_password: bool = False
    may_have_lost_password: bool = False
    restore_password: str = ""
    before: t.Mapping[str, t.Any] = field(default_factory=dict)
    after: t.Mapping[str, t.Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UserPlan:
    """The plan for one user. Nothing of it is carried out if any user has a problem."""

    request: UserRequest
    problems: tuple[str, ...] = ()
    policies: tuple[PolicyChange, ...] = ()
    engine: EnginePlan = field(default_factory=EnginePlan)

    @property
    def outcome(self) -> str:
        """The outcome if every step succeeds."""
        engine = self.engine
        if self.problems:
            return REFUSED
        if self.request.absent:
            return REMOVED if engine.actions or self.policies else UNCHANGED
        if engine.close_actions:
            return CLOSED
        if engine.is_new:
            return CREATED
        if engine.is_mapped:
            return MAPPED
        return UPDATED if engine.actions or self.policies else UNCHANGED

    def diff(self) -> dict[str, dict[str, t.Any]]:
        """Return the state of the user ``before`` and ``after`` the changes: in the database, and the policies.

        ``policies`` contains the principals whose policies for the database contain the user.
        """
        request, engine = self.request, self.engine
        changed = {policy.arn for policy in self.policies}
        every = {principal.arn for principal in request.principals}
        before, after = (changed, frozenset()) if request.absent else (every - changed, every)
        found = {
            "before": {**engine.before, "policies": sorted(before)},
            "after": {**engine.after, "policies": sorted(after)},
        }
        if engine.close_actions:
            found["before"]["replaced_user"] = {"name": request.replaced_label, "login": True}
            found["after"]["replaced_user"] = {"name": request.replaced_label, "login": False}
        return found

    def render(self, *, policy_timeout: int, check_mode: bool) -> dict[str, t.Any]:
        """Return the plan for the tasks of the role.

        A denied login is repeated for ``policy_timeout`` seconds if this run attaches a policy. In check mode, the
        login of a user that would change is not tried, because it would show the state before the change.
        """
        request, engine = self.request, self.engine
        changes = bool(engine.actions or self.policies)
        waits = bool(self.policies) and not request.absent
        return {
            "name": request.name,
            "host": request.host,
            "label": request.label,
            "strategy": request.strategy,
            "absent": request.absent,
            "databases": list(request.databases),
            "principals": [principal.arn for principal in request.principals],
            "verify_role_arn": request.verify_role_arn,
            "problems": list(self.problems),
            "outcome": self.outcome,
            "policies": [policy.render() for policy in self.policies],
            # to remove a user, the mapping is removed before the policies; to add one, the policies are attached first
            "attach": [policy.render() for policy in self.policies if not request.absent],
            "detach": [policy.render() for policy in self.policies if request.absent],
            "actions": list(engine.actions),
            "statements": list(engine.statements),
            "undo": list(engine.undo),
            "close": list(engine.close),
            # the revert is tried as well, because nothing may be changed that cannot be reverted
            "trial": [*engine.statements, *engine.undo, *engine.close],
            "close_actions": list(engine.close_actions),
            "account": dict(engine.account),
            "is_mapped": engine.is_mapped,
            "invalidates_password": engine.invalidates_password,
            "may_have_lost_password": engine.may_have_lost_password,
            "restore_password": engine.restore_password,
            "diff": self.diff(),
            "verify": not request.absent and not (check_mode and changes),
            "retries": -(-policy_timeout // RETRY_DELAY) if waits else 0,
            "delay": RETRY_DELAY,
            # without a role to assume, the login does not prove that the principals can log in
            "simulate": [] if request.verify_role_arn else [principal.arn for principal in request.principals],
        }
