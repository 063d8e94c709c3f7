# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors


from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._gateway.clock import Clock
from .._gateway.rds import RdsApi

_A_co = t.TypeVar("_A_co", bound=RdsApi, covariant=True)


@dataclass(frozen=True)
class RunContext(t.Generic[_A_co]):
    """What a flow needs from outside: AWS, the time, and somebody to warn."""

    api: _A_co
    clock: Clock
    warn: t.Callable[[str], None]
    check_mode: bool
