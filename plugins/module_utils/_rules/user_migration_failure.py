# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Decide what a failed step of the role ``database_users`` has changed, and whether the role reverts it.

The modules for MySQL and MariaDB run several statements, and a connection can end after a change and before the answer.
The role therefore reads the server and the policies again after a failure.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .user_migration_plan import plan_users

Values = t.Mapping[str, t.Any]
MAP, UNDO, CLOSE = "map", "undo", "close"
REVERT = "revert the mapping"


def reverts(user: Values, started: str, *, check_mode: bool) -> bool:
    """Return whether the role reverts the mapping after an error in the step ``started``.

    A password that the step may have made invalid must be valid again. A new user has none, and the next run continues.
    """
    return bool(user["invalidates_password"]) and started in (MAP, UNDO) and not check_mode


def left_to_do(users: t.Sequence[Values], state: Values, user: Values) -> dict[str, t.Any]:
    """Return what a plan that is made after a failure would still do for a user.

    ``state`` is that of ``plan_users``, with the policies of the principals of this user. ``policies`` is None if one
    of them could not be read.
    """
    (plan,) = (plan for plan in plan_users(users, state)["users"] if plan["label"] == user["label"])
    is_read = all("policies" in result for result in state["principals"])
    return {
        "actions": plan["actions"],
        "close_actions": plan["close_actions"],
        "policies": [policy["text"] for policy in plan["policies"]] if is_read else None,
        "is_mapped": plan["is_mapped"],
    }


@dataclass(frozen=True)
class StepChanges:
    """The actions that were performed, by step, and what is not known, as sentences."""

    policies: tuple[str, ...]
    mapping: tuple[str, ...]
    reverted: tuple[str, ...]
    closing: tuple[str, ...]
    unknown: tuple[str, ...]

    def actions(self, user: Values) -> list[str]:
        """Return the actions in the order of the steps: to remove a user, the policies are the last."""
        first, last = ((), self.policies) if user["absent"] else (self.policies, ())
        return [*first, *self.mapping, *self.reverted, *last, *self.closing]


def changes_of(user: Values, steps: t.Collection[str], written: t.Iterable[str], left: Values) -> StepChanges:
    """Return what was done.

    ``steps`` have ended, and ``written`` are the policies that were written. ``left`` has an entry for each step that
    failed: the result of ``left_to_do``, or an empty dictionary if the state could not be read again. The step without
    a name changes only policies.
    """
    unknown: list[str] = []
    mapping = _performed(MAP, user["actions"], "actions", steps, left, unknown)
    closing = _performed(CLOSE, user["close_actions"], "close_actions", steps, left, unknown)
    policies = [*written, *_policies(user, left, unknown)]
    reverted = _is_reverted(steps, left)
    if reverted is None:
        unknown.append("It is not known whether the mapping was reverted.")
    return StepChanges(tuple(dict.fromkeys(policies)), mapping, (REVERT,) if reverted else (), closing, tuple(unknown))


def _performed(
    step: str, planned: t.Sequence[str], key: str, steps: t.Collection[str], left: Values, unknown: list[str]
) -> tuple[str, ...]:
    if step in steps:
        return tuple(planned)
    if step not in left:
        return ()
    if not left[step]:
        unknown.append(f"It is not known which of these changes were made: {'; '.join(planned)}.")
        return ()
    return tuple(action for action in planned if action not in left[step][key])


def _policies(user: Values, left: Values, unknown: list[str]) -> list[str]:
    """Return the planned changes of policies that are no longer necessary after a failure."""
    if not left:
        return []
    planned = [policy["text"] for policy in (*user["attach"], *user["detach"])]
    found = next((one["policies"] for one in left.values() if one and one["policies"] is not None), None)
    if found is not None:
        return [text for text in planned if text not in found]
    if planned and "" in left:
        unknown.append(f"It is not known which of these changes were made: {'; '.join(planned)}.")
    return []


def _is_reverted(steps: t.Collection[str], left: Values) -> bool | None:
    """Return whether the mapping was reverted, or None if this is not known."""
    if UNDO in steps:
        return True
    if UNDO not in left:
        return False
    if not left[UNDO]:
        return None
    was_mapped = MAP in steps or not (left.get(MAP) or {"is_mapped": True})["is_mapped"]
    return was_mapped and bool(left[UNDO]["is_mapped"])
