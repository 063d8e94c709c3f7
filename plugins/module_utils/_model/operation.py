# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors


from __future__ import annotations

import typing as t
from dataclasses import dataclass


class Operation(t.Protocol):
    """What is known of an operation of the API: the names of its parameters, and what it says of values."""

    @property
    def name(self) -> str:
        """``RestoreDBInstanceFromDBSnapshot``"""

    @property
    def accepts(self) -> t.Collection[str]:
        """The names of all parameters."""

    @property
    def required(self) -> t.Sequence[str]:
        """The names of those that it cannot do without."""

    @property
    def secrets(self) -> t.Collection[str]:
        """The names of those that hold a secret."""

    def faults(self, parameters: t.Mapping[str, t.Any]) -> list[str]:
        """What is wrong with names and types within the values, a sentence each."""


@dataclass(frozen=True)
class Request:
    """An operation and what it is asked with."""

    operation: str
    parameters: t.Mapping[str, t.Any]
