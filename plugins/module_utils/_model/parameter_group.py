# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Parameter groups and their parameters. PostgreSQL requires ``ssl=1`` for IAM database authentication.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ParameterGroup:
    """The parameter group that a database uses, and whether its values are in effect on the database.

    ``apply_status`` is the ``ParameterApplyStatus`` of RDS. A cluster has one status for each member: ``apply_status``
    is the one furthest from ``in-sync``, and ``more_statuses`` contains the others that are not ``in-sync``. The
    statuses describe the database, so they are ignored when two groups are compared.
    """

    kind: str
    name: str
    apply_status: str = field(compare=False)
    more_statuses: tuple[str, ...] = field(default=(), compare=False)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Every apply status except ``in-sync``, starting with ``apply_status``."""
        return tuple(status for status in (self.apply_status, *self.more_statuses) if status not in ("", "in-sync"))


@dataclass(frozen=True)
class Parameter:
    """One parameter of a parameter group. ``value`` is None if the engine default applies."""

    name: str
    value: str | None
    modifiable: bool
    dynamic: bool
