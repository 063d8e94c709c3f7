# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The complete check of a token: its rate, signature, permission, and the evidence that it leaves."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from ..rules.permissions import Permission
from ..state.faults import LOGIN
from ..state.principals import Credentials, authorize, find_credentials
from .login_faults import apply_login_faults
from .metrics import record_login
from .target import LoginTarget
from .throttle import LoginThrottle
from .token import TokenRefused, verify

if TYPE_CHECKING:
    from ..state.world import World
_log = logging.getLogger(__name__)


class TokenCheck:
    """Checks the tokens for one database. A fault in any part of the check lets nobody in."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._throttle = LoginThrottle()

    def check(self, target: LoginTarget, user: str, token: str) -> None:
        """Return if the token is accepted; otherwise, raise TokenRefused. Both leave evidence in moto."""
        refused: TokenRefused | None = None
        caller_arn = ""
        self._world.journal.add_login(Permission(LOGIN, _user_arn(target, user)))
        try:
            apply_login_faults(self._world, target)
            credentials = self._authenticate(target, user, token)
            caller_arn = credentials.caller_arn
            self._authorize(target, user, credentials)
        except TokenRefused as error:
            refused = error
        except Exception as error:  # a fault must not let anybody in
            _log.error("token check failed: %s", type(error).__name__)
            refused = TokenRefused("InternalError", type(error).__name__)
        record_login(self._world, target, user, refused.code if refused else None, caller_arn)
        if refused:
            raise refused

    def _authenticate(self, target: LoginTarget, user: str, token: str) -> Credentials:
        settings = self._world.settings
        self._throttle.limit = int(settings.login_rate) or None
        self._throttle.admit()
        return verify(token, user, target, partial(find_credentials, self._world), self._world.login_time())

    def _authorize(self, target: LoginTarget, user: str, credentials: Credentials) -> None:
        resource = _user_arn(target, user)
        decision = authorize(self._world, credentials, LOGIN, resource, {})
        if not decision.allowed:
            raise TokenRefused("NotAuthorized", f"{decision.reason} of {LOGIN} on {resource}")


def _user_arn(target: LoginTarget, user: str) -> str:
    return f"arn:{target.partition}:rds-db:{target.region}:{target.account}:dbuser:{target.resource_id}/{user}"
