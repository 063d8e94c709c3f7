# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors


from __future__ import annotations

from dataclasses import dataclass

from .._model.parameter_group import Parameter, ParameterGroup

_OFF = ("0", "off", "false", "no")


@dataclass(frozen=True)
class ClassSupport:
    """What RDS says of the class of an instance or of one member; ``supported`` None: it lists no such class."""

    member: str | None
    instance_class: str
    supported: bool | None


@dataclass(frozen=True)
class SslParameter:
    """The ``ssl`` parameter of the group in force, and the databases that share the group where that was asked."""

    group: ParameterGroup
    parameter: Parameter | None
    sharers: tuple[str, ...] = ()

    @property
    def value(self) -> str | None:
        return None if self.parameter is None else self.parameter.value

    @property
    def is_off(self) -> bool:
        """A parameter that is not set has the engine's default, which is on."""
        return self.value is not None and self.value.strip().lower() in _OFF

    @property
    def can_be_enforced(self) -> bool:
        parameter = self.parameter
        return (
            parameter is not None
            and parameter.modifiable
            and parameter.dynamic
            and not self.group.name.startswith("default.")
        )


@dataclass(frozen=True)
class ReadinessFacts:
    """What had to be asked for beyond the database's own description."""

    classes: tuple[ClassSupport, ...] = ()
    ssl: SslParameter | None = None
