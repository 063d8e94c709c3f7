# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The rate limit of token logins."""

from __future__ import annotations

import pytest
from rds_simulator.login.throttle import LoginThrottle
from rds_simulator.login.token import TokenRefused


def test_admit_above_limit_is_throttled_for_a_second() -> None:
    now = [0.0]
    throttle = LoginThrottle(3, clock=lambda: now[0])
    for second in (0.0, 0.25, 0.5):
        now[0] = second
        throttle.admit()
    with pytest.raises(TokenRefused) as caught:
        throttle.admit()
    assert caught.value.code == "ThrottlingException"
    now[0] = 1.0
    throttle.admit()
    with pytest.raises(TokenRefused):
        throttle.admit()
    now[0] = 1.25
    throttle.admit()


def test_admit_without_limit_is_never_throttled() -> None:
    throttle = LoginThrottle(clock=lambda: 0.0)
    for _unused in range(1000):
        throttle.admit()


def test_admit_limit_zero_throttles_every_login() -> None:
    with pytest.raises(TokenRefused):
        LoginThrottle(0).admit()
