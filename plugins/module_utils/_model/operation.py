# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The description of an API operation, and a request for one.

The rules check a request against ``Operation``. Only ``_aws`` implements it, from the API model of botocore.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass


class Operation(t.Protocol):
    """An operation of the RDS API: its parameters, and a check of their values."""

    @property
    def name(self) -> str:
        """``RestoreDBInstanceFromDBSnapshot``"""

    @property
    def accepts(self) -> t.Collection[str]:
        """The names of all parameters."""

    @property
    def required(self) -> t.Sequence[str]:
        """The names of the required parameters."""

    @property
    def secrets(self) -> t.Collection[str]:
        """The names of the parameters that contain a secret."""

    def faults(self, parameters: t.Mapping[str, t.Any]) -> list[str]:
        """Return one sentence for each invalid name or type within the values."""


@dataclass(frozen=True)
class Request:
    """The name of an operation and the parameters to call it with."""

    operation: str
    parameters: t.Mapping[str, t.Any]
