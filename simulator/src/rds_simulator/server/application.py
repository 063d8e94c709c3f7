# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The dispatch of requests: to the control API, to RDS, or to moto for every other service."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from ..rules.permissions import Permission
from ..state.journal import Call
from ..state.world import World
from .control import Control
from .other_refusals import refuse_other
from .other_services import answer_other
from .permissions import caller_account, other_permissions
from .responses import Response

_StartResponse = Callable[..., Any]


class Application(DomainDispatcherApplication):
    """The WSGI application of the simulator."""

    def __init__(self, world: World, control: Control) -> None:
        super().__init__(create_backend_app)
        self.world = world
        self.control = control

    def __call__(self, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/simulator"):
            return self._controlled(environ, start_response)
        if path.startswith("/moto-api/reset") and "auth" not in path:
            self.world.reset()
        scope = credential_scope(environ)
        if scope and scope[1] == "rds":
            return self._rds(environ, start_response)
        if scope:
            action, permissions = self._note(scope, environ)
            other = refuse_other(self.world, scope, action, environ, permissions) or answer_other(
                self.world, scope[1], action, environ
            )
            if other is not None:
                return _send(_dated(start_response, self.world.login_time()), *other)
        answer: Iterable[bytes] = super().__call__(environ, _dated(start_response, self.world.login_time()))
        return answer

    def _rds(self, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        answer = Response(self.world).answer(environ)
        body = answer.body.encode()
        headers = [
            ("Content-Type", "text/xml"),
            ("Content-Length", str(len(body))),
            ("x-amzn-RequestId", answer.request_id),
            ("Date", format_datetime(self.world.clock.now(), usegmt=True)),
        ]
        start_response(f"{answer.status} Simulated", headers)
        return [body]

    def _controlled(self, environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        status, result = self.control.answer(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["wsgi.input"].read(length)
        )
        # The certificate of the CA is text, so that a client can save it as it is.
        is_text = isinstance(result, str)
        body = result.encode() if is_text else json.dumps(result, default=str).encode() + b"\n"
        kind = "application/x-pem-file" if is_text else "application/json"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(f"{status} Control", headers)
        return [body]

    def _note(self, scope: tuple[str, str], environ: dict[str, Any]) -> tuple[str, tuple[Permission, ...]]:
        """Record a call of another service in the journal, so that the list of calls is complete.

        Return its name and the permissions that it requires.
        """
        region, service = scope
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        # The path names the operation in the protocol smithy-rpc-v2-cbor.
        target = target or environ.get("PATH_INFO", "").rpartition("/operation/")[2]
        action: str = parse_qs(body.decode("latin-1")).get("Action", [target])[0]
        now = self.world.clock.now()
        account = caller_account(self.world, environ)
        permissions = other_permissions(self.world, service, action, region, body, account)
        self.world.journal.add(Call(f"{service}:{action}", {}, region, "", now, permissions=permissions))
        return action, permissions


def _dated(start_response: _StartResponse, now: datetime) -> _StartResponse:
    """Add the date, with which clients compare their clock to that of AWS."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        named = [header for header in headers if header[0].lower() != "date"]
        return start_response(status, [*named, ("Date", format_datetime(now, usegmt=True))], *more)

    return start


def _send(start_response: _StartResponse, status: int, headers: dict[str, Any], body: str | bytes) -> list[bytes]:
    """Send a response of moto. Its header ``status`` is not an HTTP header."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.lower(): str(value) for name, value in headers.items() if name.lower() != "status"}
    start_response(f"{status} Simulated", [*{**named, "content-length": str(len(data))}.items()])
    return [data]


def credential_scope(environ: dict[str, Any]) -> tuple[str, str] | None:
    """Return the Region and the service that a request is signed for, or None."""
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    scope = authorization.partition("Credential=")[2].partition(",")[0].split("/")
    return (scope[2], scope[3]) if len(scope) == 5 else None
