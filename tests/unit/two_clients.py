# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Two runs of rds_iam_auth on the same databases: the requests and responses of each, and the order of their calls."""

from __future__ import annotations

import threading
import typing as t

from ansible_collections.passwordless.rds.tests.unit.auth_tasks import State, state_of
from ansible_collections.passwordless.rds.tests.unit.harness import CREDENTIALS
from rds_simulator.server.responses import Answer, Response

FIRST = CREDENTIALS
SECOND = {**CREDENTIALS, "access_key": "AKIAI44QH8DHBEXAMPLE"}
# a run never makes more calls than this
LONGEST_RUN = 60


class RecordedCall(t.NamedTuple):
    """A call of one client, whether RDS accepted it, and the state of each database afterwards.

    ``target``: the database that the call changes. ``described``: the databases that it describes.
    """

    client: str
    operation: str
    target: str | None
    described: frozenset[str]
    accepted: bool
    states: dict[str, State]


class ClientLog:
    """Records the calls of each client. ``turns`` lets the clients call in this order, and then in any order."""

    def __init__(self, sim: t.Any, monkeypatch: t.Any, databases: t.Iterable[str]) -> None:
        self.calls: list[RecordedCall] = []
        self._sim = sim
        self._databases = tuple(databases)
        self._changed = threading.Condition()
        self._turns: list[str] = []
        self._ended: set[str] = set()
        answer, log = Response.answer, self

        def recorded(response: Response, environ: dict[str, t.Any]) -> Answer:
            return log._answer(answer, response, environ)

        monkeypatch.setattr(Response, "answer", recorded)

    def restart(self, turns: t.Iterable[str] = ()) -> None:
        """Delete the recorded calls, and start with these turns."""
        self.calls.clear()
        self._turns, self._ended = list(turns), set()

    def end(self, client: str) -> None:
        """Skip the remaining turns of a client whose run has ended."""
        with self._changed:
            self._ended.add(client)
            self._changed.notify_all()

    def of(self, client: str) -> list[RecordedCall]:
        return [call for call in self.calls if call.client == client]

    def saw_change(self, client: str, database: str) -> bool:
        """Return whether this client described a database after another client made the last accepted change to it."""
        changes = [call for call in self.calls if call.target == database and call.accepted]
        if not changes or changes[-1].client == client:
            return False
        later = self.calls[self.calls.index(changes[-1]) :]
        return any(call.client == client and database in call.described for call in later)

    def _answer(self, answer: t.Any, response: Response, environ: dict[str, t.Any]) -> Answer:
        client = environ["HTTP_AUTHORIZATION"].partition("Credential=")[2].partition("/")[0]
        with self._changed:
            self._changed.wait_for(lambda: self._is_turn(client))
        answered: Answer = answer(response, environ)
        with self._changed:
            self.calls.append(self._recorded(client, response, answered))
            if self._turns:
                self._turns.pop(0)
            self._changed.notify_all()
        return answered

    def _is_turn(self, client: str) -> bool:
        while self._turns and self._turns[0] in self._ended:
            self._turns.pop(0)
        return not self._turns or self._turns[0] == client

    def _recorded(self, client: str, response: Response, answered: Answer) -> RecordedCall:
        form = response.normalized_request.form
        operation = form["Action"]
        kinds = {"ModifyDBInstance": "instance", "ModifyDBCluster": "cluster"}
        kind = kinds.get(operation)
        target = f"{kind}/{form[f'DB{kind.capitalize()}Identifier']}" if kind else None
        described = frozenset(
            name
            for name in self._databases
            if operation == f"DescribeDB{name.partition('/')[0].capitalize()}s"
            and name.partition("/")[2] in form.values()
        )
        states = {name: state_of(self._sim, name) for name in self._databases}
        return RecordedCall(client, operation, target, described, answered.status == 200, states)
