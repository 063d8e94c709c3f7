# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors


from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ParameterGroup:
    """The parameter group that a database uses, and whether its values have reached the database.

    ``apply_status`` is RDS's ``ParameterApplyStatus``. A cluster has one for each member: ``apply_status`` is the least
    settled of them, ``more_statuses`` are the others that are not ``in-sync``. They belong to the database, so they
    do not make two groups of one.
    """

    kind: str
    name: str
    apply_status: str = field(compare=False)
    more_statuses: tuple[str, ...] = field(default=(), compare=False)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Every apply status but ``in-sync``, the least settled first."""
        return tuple(status for status in (self.apply_status, *self.more_statuses) if status not in ("", "in-sync"))


@dataclass(frozen=True)
class Parameter:
    """One parameter of a parameter group; ``value`` is None where it is not set (the engine's default holds)."""

    name: str
    value: str | None
    modifiable: bool
    dynamic: bool
