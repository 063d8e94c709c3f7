# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Refusals of calls to other services: faults, credentials that AWS does not accept, and missing permissions."""

from __future__ import annotations

import time
import warnings
from importlib import import_module
from typing import Any

from moto.core.responses import ActionResult, BaseResponse

from ..errors import AwsError
from ..rules.permissions import Permission
from ..state.faults import OTHER_SERVICES, Fault
from ..state.world import World
from .permissions import ACTION_PREFIXES, permission_error
from .request_credentials import credential_error
from .responses import MALFORMED, Malformed, WireRequest, coded_error, interrupt

# the models of moto lack the common errors of AWS, such as AccessDenied
warnings.filterwarnings("ignore", message=r"Exception\(AwsError\) with code", category=UserWarning)

# signing name -> the class of moto that serializes its errors
_SERVICES = {
    "iam": ("moto.iam.responses", "IamResponse"),
    "logs": ("moto.logs.responses", "LogsResponse"),
    "monitoring": ("moto.cloudwatch.responses", "CloudWatchResponse"),
    "sts": ("moto.sts.responses", "TokenResponse"),
}


def refuse_other(
    world: World,
    scope: tuple[str, str],
    action: str,
    environ: dict[str, Any],
    permissions: tuple[Permission, ...],
) -> tuple[int, dict[str, Any], str | bytes] | None:
    """Return status, headers and body of an error, or None if the call is not refused. Raise Cut to close it."""
    region, service = scope
    if service not in _SERVICES:
        return None
    module, name = _SERVICES[service]
    try:
        error = (
            credential_error(world, environ)
            or _struck(world, f"{ACTION_PREFIXES[service]}:{action}")
            or permission_error(world, environ, region, permissions)
        )
    except Malformed:
        return 200, {}, MALFORMED
    if error is None:
        return None
    response: BaseResponse = getattr(import_module(module), name)()
    response.setup_class(WireRequest(environ))
    _status, headers, body = response.serialized(ActionResult(error))
    return error.status, dict(headers), body


def _struck(world: World, operation: str) -> AwsError | None:
    """Apply the faults of an operation before it is executed, and return the error of one of them."""
    faults = world.faults.strike(operation, {}) if operation.partition(":")[0] in OTHER_SERVICES else []
    time.sleep(sum(fault.latency or 0.0 for fault in faults))
    for when in ("before", "after"):
        interrupt(world.faults, faults, when)
    return next((_error(fault, operation) for fault in faults if fault.code is not None or fault.deny), None)


def _error(fault: Fault, operation: str) -> AwsError:
    if fault.code is not None:
        return coded_error(fault)
    return AwsError("AccessDenied", f"User is not authorized to perform: {operation}")
