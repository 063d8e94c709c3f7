# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Ask IAM whether other principals may log in to a database.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.errors import CallError
from .._model.login_evidence import ALLOWED
from .login_result import PrincipalSimulation
from .login_witnesses import Witnesses


def simulate_principals(principals: t.Sequence[str], witnesses: Witnesses) -> tuple[PrincipalSimulation, ...]:
    """Return the decision of IAM for each principal, for a login as the user of the witnesses."""
    if not principals:
        return ()
    if witnesses.owner is None:
        witnesses.rds()
    return tuple(_simulate(principal, witnesses) for principal in principals)


def _simulate(principal: str, witnesses: Witnesses) -> PrincipalSimulation:
    resource = witnesses.resource_arn
    if resource is None:
        return PrincipalSimulation(principal, None, "the database of the endpoint is not known")
    try:
        facts = witnesses.api.simulate(principal, resource)
    except CallError as error:
        return PrincipalSimulation(principal, None, error.message)
    if facts.missing_context:
        depends = ", ".join(facts.missing_context)
        return PrincipalSimulation(principal, None, f"{facts.decision} on {resource}, which depends on {depends}")
    return PrincipalSimulation(principal, facts.decision == ALLOWED, f"{facts.decision} on {resource}")
