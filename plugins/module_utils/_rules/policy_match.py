# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Explain why a policy does not allow a login: which part of the resource differs.

This is private to the collection.
"""

from __future__ import annotations

import re

from .._model import login_cause as cause
from .._model.login_evidence import ALLOWED, EXPLICIT_DENY, PolicyFacts
from .wildcards import symbols_match, symbols_of

# arn:PARTITION:rds-db:REGION:ACCOUNT:dbuser:RESOURCE_ID/USER
_PARTS = re.compile(r"([^:]*:[^:]*:[^:]*):([^:]*):([^:]*:[^:]*):([^/]*)/(.*)", re.DOTALL)
_REGION, _RESOURCE, _USER = 1, 3, 4
_CAUSE_OF = {
    _REGION: cause.POLICY_OTHER_REGION,
    _RESOURCE: cause.POLICY_OTHER_RESOURCE,
    _USER: cause.POLICY_OTHER_USER,
}


# the causes that only the text of the policies can distinguish
NEAREST_CAUSES = (*_CAUSE_OF.values(), cause.POLICY_MISSING)


def is_undetermined(policy: PolicyFacts) -> bool:
    """Return whether no policy allows the action, but the policies could not be read."""
    is_implicit = policy.decision not in (ALLOWED, EXPLICIT_DENY)
    is_limited = policy.allowed_by_boundary is False or policy.allowed_by_organization is False
    return is_implicit and not is_limited and policy.resources is None


def policy_cause(policy: PolicyFacts, resource_arn: str) -> str | None:
    """Return why the policies do not allow ``rds-db:connect`` on the resource, or None if they allow it."""
    if policy.decision == ALLOWED:
        return None
    if policy.allowed_by_organization is False:
        return cause.POLICY_ELSEWHERE
    if policy.decision == EXPLICIT_DENY:
        return cause.POLICY_EXPLICIT_DENY
    if policy.allowed_by_boundary is False:
        return cause.POLICY_BOUNDARY
    return _nearest(policy.resources or (), resource_arn)


def _nearest(patterns: tuple[str, ...], resource_arn: str) -> str:
    """Return the cause for a statement that differs in one part only. A restored database is the usual reason."""
    differing = {_single_difference(pattern, resource_arn) for pattern in patterns}
    found = [_CAUSE_OF[part] for part in (_RESOURCE, _REGION, _USER) if part in differing]
    return found[0] if found else cause.POLICY_MISSING


def _single_difference(pattern: str, resource_arn: str) -> int | None:
    """Return the only part in which a resource pattern does not match; None if no part or several do not match."""
    parts, actual = _PARTS.fullmatch(pattern), _PARTS.fullmatch(resource_arn)
    if parts is None or actual is None:
        return None
    differing = [
        number
        for number, (expected, value) in enumerate(zip(parts.groups(), actual.groups()))
        if not matches_wildcards(expected, value)
    ]
    # a resource id belongs to one Region, so that a statement for another Region may also contain another id
    if differing == [_REGION, _RESOURCE]:
        return _REGION
    return differing[0] if len(differing) == 1 else None


def matches_wildcards(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern of a policy, in which ``*`` and ``?`` are wildcards.

    Source: IAM User Guide, "IAM JSON policy elements: Resource".
    """
    return symbols_match(symbols_of(pattern), text)
