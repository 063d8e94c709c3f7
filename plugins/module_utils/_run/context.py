# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The environment of a workflow. Tests replace AWS, the clock and the warnings here.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._gateway.clock import Clock
from .._gateway.rds import RdsApi

_A_co = t.TypeVar("_A_co", bound=RdsApi, covariant=True)


@dataclass(frozen=True)
class RunContext(t.Generic[_A_co]):
    """The environment of a workflow: the RDS API, the clock, a function for warnings, and check mode."""

    api: _A_co
    clock: Clock
    warn: t.Callable[[str], None]
    check_mode: bool
