# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The operations of other services that the simulator answers itself, on top of moto's classes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..state.world import World

# The service as it signs: the module and the class. They are imported at the first request of the service.
_SERVICES = {
    "iam": ("iam_service", "IamService"),
    "sts": ("sts_service", "StsService"),
    "monitoring": ("cloudwatch_service", "CloudWatchService"),
}


def answer_other(
    world: World, service: str, action: str, environ: dict[str, Any]
) -> tuple[int, dict[str, Any], str | bytes] | None:
    """Return status, headers and body, or None for an operation that moto answers."""
    if service not in _SERVICES:
        return None
    module_name, class_name = _SERVICES[service]
    module = import_module(f".{module_name}", __package__)
    if action not in module.OPERATIONS:
        return None
    from .responses import WireRequest

    response = getattr(module, class_name)(world)
    with world.lock:
        response.setup_class(WireRequest(environ))
        status, headers, body = response.call_action()
    return status, headers, body
