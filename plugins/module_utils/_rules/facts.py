# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Facts that the description of a database does not contain: class support, and the ``ssl`` parameter.

Each fact requires a call to RDS. The rules only use the values and make no calls.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

from .._model.parameter_group import Parameter, ParameterGroup

_OFF = ("0", "off", "false", "no")


@dataclass(frozen=True)
class ClassSupport:
    """Whether a class supports IAM database authentication.

    ``member`` is None for a DB instance. ``supported`` is None if RDS does not list the class for the engine version.
    """

    member: str | None
    instance_class: str
    supported: bool | None


@dataclass(frozen=True)
class SslParameter:
    """The ``ssl`` parameter of the parameter group of a database, and the databases that share the group."""

    group: ParameterGroup
    parameter: Parameter | None
    sharers: tuple[str, ...] = ()

    @property
    def value(self) -> str | None:
        """The value in the group, or None if the engine default applies."""
        return None if self.parameter is None else self.parameter.value

    @property
    def is_off(self) -> bool:
        """Whether ``ssl`` is explicitly off. The engine default is on."""
        return self.value is not None and self.value.strip().lower() in _OFF

    @property
    def can_be_enforced(self) -> bool:
        """Whether the module can set ``ssl`` in the group without a reboot."""
        parameter = self.parameter
        return (
            parameter is not None
            and parameter.modifiable
            and parameter.dynamic
            and not self.group.name.startswith("default.")
        )


@dataclass(frozen=True)
class ReadinessFacts:
    """The facts about one database that are not part of its description."""

    classes: tuple[ClassSupport, ...] = ()
    ssl: SslParameter | None = None
