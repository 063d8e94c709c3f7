# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The processing of one request: moto reads it, and the operations of the simulator execute it."""

from __future__ import annotations

import time
import traceback
import uuid
from dataclasses import dataclass
from typing import Any

from moto.core.request import Request
from moto.core.responses import BaseResponse
from werkzeug.exceptions import HTTPException

from ..api import wire
from ..api.registry import ApiRequest, find_handler, parse_parameters
from ..errors import AwsError
from ..operations import (
    backups,
    certificates,
    cluster_creation,
    cluster_restores,
    clusters,
    database_actions,
    engine_versions,
    events,
    instance_creation,
    instance_restores,
    instances,
    maintenance,
    networks,
    option_groups,
    parameter_group_creation,
    parameter_group_deletion,
    parameter_groups,
    promotion,
    proxies,
    replicas,
    s3_restores,
    snapshot_copies,
    snapshot_lists,
    snapshot_sharing,
    snapshots,
    subnet_groups,
    tags,
)
from ..rules.permissions import Scope, required_permissions
from ..state.faults import Fault, Faults
from ..state.journal import Call
from ..state.world import World
from .permissions import denied_text, permission_error
from .request_credentials import credential_error

# each module registers its operations when it is imported
OPERATIONS = (
    backups,
    certificates,
    cluster_creation,
    cluster_restores,
    clusters,
    engine_versions,
    events,
    parameter_group_creation,
    parameter_group_deletion,
    s3_restores,
    instance_creation,
    instance_restores,
    instances,
    maintenance,
    networks,
    option_groups,
    parameter_groups,
    database_actions,
    promotion,
    proxies,
    replicas,
    snapshot_copies,
    snapshot_lists,
    snapshot_sharing,
    snapshots,
    subnet_groups,
    tags,
)
# what a proxy may send instead of the response of RDS
MALFORMED = "<html><body>This is not the response of RDS"


class WireRequest(Request):
    """A request that was received over a socket."""

    from_wsgi_server = True


class Cut(Exception):
    """Raised to close the connection without a response."""


class Malformed(Exception):
    """Raised to send a response that is not XML."""


@dataclass(frozen=True)
class Answer:
    """An HTTP response."""

    status: int
    body: str
    request_id: str


class Response(BaseResponse):
    """One request. moto determines the Region, the account and the action.

    The class does not extend RDSResponse, because its module imports moto's EC2, which takes two seconds.
    """

    def __init__(self, world: World) -> None:
        super().__init__(service_name="rds")
        self.world = world
        self.request_id = str(uuid.uuid4())

    def answer(self, environ: dict[str, Any]) -> Answer:
        """Execute one request. Raise Cut if a fault closes the connection."""
        refusal = credential_error(self.world, environ)
        self.setup_class(WireRequest(environ))
        call = self.world.journal.add(
            Call(
                operation=self._get_action() or "",
                parameters={},
                region=self.region,
                account=self.current_account,
                at=self.world.clock.now(),
            )
        )
        try:
            if refusal is not None:
                raise refusal
            body = self._carry_out(call, environ)
        except Cut:
            call.error = "cut"
            raise
        except Malformed:
            call.error = "malformed"
            return Answer(200, MALFORMED, self.request_id)
        except AwsError as error:
            return self._refuse(call, error)
        except Exception as error:  # a bug, or a record that a test made invalid; the status is never 500
            traceback.print_exc()
            return self._refuse(call, AwsError("SimulatorError", f"{call.operation}: {error!r}"))
        return Answer(200, body, self.request_id)

    def _refuse(self, call: Call, error: AwsError) -> Answer:
        call.error = error.code
        return Answer(error.status, wire.error_xml(error, self.request_id), self.request_id)

    def _carry_out(self, call: Call, environ: dict[str, Any]) -> str:
        form = self.normalized_request.form
        call.parameters = parse_parameters(call.operation, form.to_dict())
        call.permissions = required_permissions(
            call.operation, call.parameters, Scope(self.partition, call.region, call.account)
        )
        faults = self.world.faults.strike(call.operation, call.parameters)
        latency = self.world.settings.latency + sum(fault.latency or 0.0 for fault in faults)
        if latency:
            time.sleep(latency)
        interrupt(self.world.faults, faults, "before")
        for fault in faults:
            if not fault.carried_out:
                self._fail(fault, call)
        if self.world.throttles(call.account, call.region):
            raise AwsError("Throttling", "Rate exceeded")
        backend = self.world.backend(call.account, call.region)
        self._authorize(call, environ)
        self.world.clock.settle()
        with self.world.lock:
            request = ApiRequest(self.world, backend, call.operation, call.parameters)
            result = find_handler(call.operation)(request)
            body = wire.result_xml(call.operation, result, self.request_id)
        self.world.refresh_logins()
        interrupt(self.world.faults, faults, "after")
        for fault in faults:
            if fault.carried_out:
                self._fail(fault, call)
        return body

    def _fail(self, fault: Fault, call: Call) -> None:
        if fault.deny:
            raise self._denied(f"arn:aws:iam::{call.account}:user/automation", call)
        if fault.code is not None:
            raise coded_error(fault)

    def _authorize(self, call: Call, environ: dict[str, Any]) -> None:
        """Check the policies of the caller if a setting asks for it, and with moto if /moto-api/reset-auth does."""
        denied = permission_error(self.world, environ, call.region, call.permissions, call.parameters)
        if denied is not None:
            raise denied
        try:
            self._authenticate_and_authorize_normal_action(call.permissions[0].resource)
        except HTTPException as refused:
            code = getattr(refused, "error_type", "AccessDenied")
            text = str(getattr(refused, "message", refused.description))
            if code == "AccessDenied":
                raise self._denied(text.partition("User: ")[2].partition(" ")[0], call) from None
            raise AwsError(code, text) from None

    def _denied(self, user: str, call: Call) -> AwsError:
        """Return AccessDenied with the text of AWS: user, action, resource (UG troubleshooting IAM, ✓)."""
        return AwsError("AccessDenied", denied_text(user, call.permissions[0]))


def interrupt(active: Faults, faults: list[Fault], when: str) -> None:
    """Apply the faults of the connection ``before`` or ``after`` the request is executed.

    Raise Cut or Malformed. A stalled request returns if it is released, and raises Cut if it is dropped.
    """
    for fault in faults:
        if fault.cut == when or (fault.stall == when and not active.stalls.stall()):
            raise Cut
        if fault.malformed == when:
            raise Malformed


def coded_error(fault: Fault) -> AwsError:
    """Return the error of a fault that has a code."""
    code = fault.code or ""
    default = "Rate exceeded" if code.startswith("Throttling") else f"Simulated {code}."
    return AwsError(code, fault.message or default)
