# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What a login check returns: the session, or the cause of the failure and what each witness reported.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._model.database import Database
from .._model.login import LoginSession


@dataclass(frozen=True)
class WitnessReport:
    """What one witness reported, or why it was not available."""

    witness: str
    available: bool
    detail: str

    def render(self) -> dict[str, t.Any]:
        return {"witness": self.witness, "available": self.available, "detail": self.detail}


@dataclass(frozen=True)
class FailedLogin:
    """The diagnosis of a failed login. ``cause`` is ``unknown`` if the witnesses do not decide it."""

    cause: str
    candidates: tuple[str, ...]
    remedy: str
    reports: tuple[WitnessReport, ...]


@dataclass(frozen=True)
class PrincipalSimulation:
    """The decision of IAM for one principal. ``allowed`` is None if the simulation failed or did not decide."""

    principal: str
    allowed: bool | None
    detail: str

    def render(self) -> dict[str, t.Any]:
        return {"principal": self.principal, "allowed": self.allowed, "detail": self.detail}


@dataclass(frozen=True)
class LoginResult:
    """The result for one login. Exactly one of ``session`` and ``failure`` is set.

    ``seconds`` is the duration of the login. ``host`` and ``port`` are None if the database could not be described.
    """

    user: str
    host: str | None
    port: int | None
    database: Database | None
    seconds: float
    session: LoginSession | None = None
    failure: FailedLogin | None = None
    simulations: tuple[PrincipalSimulation, ...] = ()

    @property
    def message(self) -> str:
        """The result in one line."""
        where = f"{self.host}:{self.port}" if self.host else "the database"
        if self.failure is None:
            return f"{self.user} has logged in to {where} with a token."
        if self.failure.candidates:
            candidates = ", ".join(self.failure.candidates)
            return f"{self.user} cannot log in to {where}: the cause is unknown. Candidates: {candidates}."
        return f"{self.user} cannot log in to {where}: {self.failure.cause}. {self.failure.remedy}"

    def render(self) -> dict[str, t.Any]:
        """Return the result of the module."""
        session, failure = self.session, self.failure
        return {
            "changed": False,
            "logged_in": session is not None,
            "user": session.user if session else None,
            "host": session.account_host if session else None,
            "endpoint": {"address": self.host, "port": self.port} if self.host else None,
            "engine_version": self.database.engine_version if self.database else None,
            "server_version": session.server_version if session else None,
            "tls": {"verified": True, "version": session.tls_version} if session else None,
            "seconds": round(self.seconds, 3),
            "cause": failure.cause if failure else None,
            "candidates": list(failure.candidates) if failure else [],
            "evidence": [report.render() for report in failure.reports] if failure else [],
            "remedy": failure.remedy if failure else None,
            "simulations": [simulation.render() for simulation in self.simulations],
            "msg": self.message,
        }
