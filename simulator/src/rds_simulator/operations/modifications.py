# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The parameters of a Modify: deferrable, applied immediately, or not implemented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import not_implemented


@dataclass(frozen=True)
class Plan:
    """How a Modify handles its parameters.

    deferrable, at_once: record member by parameter. special: parameters that the operation handles itself. unseen:
    parameters that are accepted, and that Describe does not show.
    """

    identifier: str
    deferrable: Mapping[str, str]
    at_once: Mapping[str, str]
    special: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """The sorted request. asked: the parameters that modify something."""

    asked: list[str] = field(default_factory=list)
    deferrable: dict[str, Any] = field(default_factory=dict)
    at_once: dict[str, Any] = field(default_factory=dict)


def plan_changes(plan: Plan, parameters: Mapping[str, Any]) -> Changes:
    """Sort a request; raise SimulatorNotImplemented for a parameter that is not implemented."""
    changes = Changes()
    for name, value in parameters.items():
        if name in (plan.identifier, "ApplyImmediately"):
            continue
        changes.asked.append(name)
        if name in plan.deferrable:
            lower = name.startswith("NewDB")
            changes.deferrable[plan.deferrable[name]] = value.lower() if lower else value
        elif name in plan.at_once:
            changes.at_once[plan.at_once[name]] = value
        elif name not in plan.special and name not in plan.unseen:
            raise not_implemented(f"the parameter {name}")
    return changes
