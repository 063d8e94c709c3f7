# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""What a run will create and how long it may take, before the first call."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from datetime import datetime, timedelta

from .model import CREATES, CREATES_INSTANCE, Call, Experiment

TAG = "passwordless-rds-ask-aws"
RUN = re.compile(r"ask-[0-9a-f]{8}")


class PlanError(ValueError):
    """The options or the plan are invalid."""


@dataclass(frozen=True)
class Estimate:
    """The most that a run creates."""

    experiments: int
    databases: int
    instances: int
    instance_hours: float
    minutes: int

    def __str__(self) -> str:
        return (
            f"{self.experiments} experiments create at most {self.databases} databases, {self.instances} of them DB "
            f"instances, and take at most {self.minutes} minutes and {self.instance_hours:g} instance-hours."
        )


@dataclass(frozen=True)
class Limits:
    """The most that a user accepts."""

    databases: int = 30
    instance_hours: float = 30.0
    minutes: int = 1200

    def check(self, estimate: Estimate) -> None:
        """Raise PlanError if the estimate exceeds a limit."""
        pairs = (
            ("max-databases", estimate.databases, self.databases),
            ("max-instance-hours", estimate.instance_hours, self.instance_hours),
        )
        for name, needed, allowed in pairs:
            if needed > allowed:
                raise PlanError(
                    f"--{name}: {allowed:g}: the experiments need up to {needed:g}. Select fewer, or raise the limit."
                )


def select(known: t.Sequence[Experiment], names: t.Sequence[str]) -> list[Experiment]:
    """Return the experiments with these names, or all of them."""
    unknown = sorted(set(names) - {item.switch for item in known})
    if unknown:
        choices = ", ".join(item.switch for item in known)
        raise PlanError(f"{', '.join(unknown)}: unknown experiment. The experiments are: {choices}.")
    return [item for item in known if not names or item.switch in names]


def estimate(experiments: t.Sequence[Experiment]) -> Estimate:
    """Return the most that the experiments create: each instance exists for the whole time of its experiment."""
    databases = instances = minutes = 0
    hours = 0.0
    for item in experiments:
        created = item.creations()
        number = sum(call.operation in CREATES_INSTANCE for call in created)
        databases += len(created)
        instances += number
        minutes += item.minutes
        hours += number * item.minutes / 60
    return Estimate(len(experiments), databases, instances, hours, minutes)


def filled(value: t.Any, values: t.Mapping[str, str]) -> t.Any:
    """Return parameters with the placeholders replaced."""
    if isinstance(value, str):
        for name, text in values.items():
            value = value.replace(f"{{{name}}}", text)
        return value
    if isinstance(value, t.Mapping):
        return {name: filled(item, values) for name, item in value.items()}
    return [filled(item, values) for item in value] if isinstance(value, list) else value


def request(call: Call, run: str, values: t.Mapping[str, str]) -> dict[str, t.Any]:
    """Return the parameters of a call. Everything that a call creates carries the tag of the run from the start."""
    params: dict[str, t.Any] = filled(call.params, {"run": run, **values})
    return {**params, "Tags": [{"Key": TAG, "Value": run}]} if call.operation in CREATES else params


def windows(now: datetime) -> dict[str, str]:
    """Return a backup window in 12 hours and a maintenance window in 3 days: neither opens during an experiment."""
    backup, maintenance = now + timedelta(hours=12), now + timedelta(days=3, hours=6)
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[maintenance.weekday()]
    return {
        "backup": f"{backup:%H}:00-{backup:%H}:30",
        "maintenance": f"{day}:{maintenance:%H}:00-{day}:{maintenance:%H}:30",
    }


def check_run(run: str) -> str:
    """Return the ID of a run. Raises PlanError for any other text."""
    if not RUN.fullmatch(run):
        raise PlanError(
            f"run: {run}: is not the ID of a run, for example ask-0123abcd. Use the ID that the run printed."
        )
    return run
