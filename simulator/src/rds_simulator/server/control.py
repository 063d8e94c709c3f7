# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The control API, which tests use over HTTP with JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import yaml

from ..login.opening import open_logins, running_logins
from ..seeding.documents import yaml_reason
from ..seeding.seed import seed
from ..state.world import World

_Body = dict[str, Any]


class Control:
    """The API below ``/simulator/``. It answers an invalid request with 400 and ``{"error": ...}``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._routes: dict[tuple[str, str], Callable[[_Body], Any]] = {
            ("GET", "health"): lambda _: {"status": "ok"},
            ("POST", "reset"): lambda _: self.world.reset(),
            ("POST", "seed"): lambda body: seed(self.world, body),
            ("GET", "settings"): lambda _: self.world.settings.as_dict(),
            ("POST", "settings"): self._change_settings,
            ("PATCH", "settings"): self._change_settings,
            ("GET", "faults"): lambda _: self.world.faults.as_list(),
            ("POST", "faults"): lambda body: vars(self.world.faults.add(**body)),
            ("DELETE", "faults"): lambda _: self.world.faults.clear(),
            ("POST", "faults/release"): lambda _: {"released": self.world.faults.stalls.release()},
            ("GET", "calls"): lambda _: [c.as_dict() for c in self.world.journal.calls()],
            ("DELETE", "calls"): lambda _: self.world.journal.clear(),
            ("GET", "clock"): lambda _: self._clock(),
            ("POST", "clock"): self._move_clock,
            ("GET", "databases"): lambda _: self._databases(),
            ("GET", "logins"): lambda _: self._logins(),
            ("GET", "ca"): lambda _: open_logins(self.world, "ca").ca_pem,
        }

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Return the HTTP status and the body of the response."""
        name = path.removeprefix("/simulator").strip("/")
        methods = sorted(known for known, route in self._routes if route == name)
        if not methods:
            return 404, {"error": f"{path}: unknown path"}
        if method not in methods:
            return 405, {"error": f"{path}: the method must be {' or '.join(methods)}"}
        try:
            result = self._routes[method, name](_parse(body))
        except (ValueError, TypeError) as error:
            return 400, {"error": str(error)}
        return 200, {"status": "ok"} if result is None else result

    def _change_settings(self, body: _Body) -> _Body:
        self.world.settings.update(**body)
        return self.world.settings.as_dict()

    def _clock(self) -> _Body:
        clock = self.world.clock
        return {
            "now": clock.now().isoformat(),
            "monotonic": clock.monotonic(),
            "speed": clock.speed,
        }

    def _move_clock(self, body: _Body) -> _Body:
        unknown = body.keys() - {"advance", "speed"}
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))}: unknown key. The keys are advance and speed.")
        if "speed" in body:
            self.world.clock.speed = float(body["speed"])
        if "advance" in body:
            self.world.clock.advance(float(body["advance"]))
        return self._clock()

    def _logins(self) -> _Body:
        self.world.clock.settle()
        plane = running_logins(self.world)
        return {"logins": plane.logins() if plane is not None else []}

    def _databases(self) -> _Body:
        self.world.clock.settle()
        with self.world.lock:
            # Requests change the records, so they are copied while the lock is held.
            shown = [
                {
                    "account": backend.account,
                    "region": backend.region,
                    "instances": [database.record for database in backend.instances],
                    "clusters": [database.record for database in backend.clusters],
                    "outages": {
                        f"{database.kind}/{database.name}": database.outages
                        for database_store in (backend.instances, backend.clusters)
                        for database in database_store
                    },
                }
                for backend in self.world.backends()
            ]
            copied: _Body = {"backends": json.loads(json.dumps(shown, default=str))}
            return copied


def _parse(body: bytes) -> _Body:
    """Parse JSON, or YAML, which includes JSON."""
    if not body.strip():
        return {}
    try:
        parsed = yaml.safe_load(body.decode())
    except yaml.YAMLError as error:
        raise ValueError(f"body: neither JSON nor YAML: {yaml_reason(error)}") from None
    except UnicodeError as error:
        raise ValueError(f"body: neither JSON nor YAML: {error}") from None
    if not isinstance(parsed, dict):
        raise ValueError("body: must be a dictionary")
    return parsed
