# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""One simulator for the session, emptied before each test. Modules in this process use its clock."""

from __future__ import annotations

import functools
import sys
import types

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._aws.clock import SystemClock
from ansible_collections.passwordless.rds.tests.samples import mark_slow_cases
from botocore import hooks, loaders


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Find the slow cases before pytest deselects the slow tests."""
    mark_slow_cases(items)


@pytest.fixture(scope="session", autouse=True)
def _botocore_data_is_cached():
    """Cache what botocore reads and computes for a session and a client. Each module run creates both."""
    patch = pytest.MonkeyPatch()
    for owner, name in (
        (loaders.JSONFileLoader, "load_file"),
        (loaders.Loader, "list_available_services"),
        (hooks.EventAliaser, "_alias_event_name"),
    ):
        patch.setattr(owner, name, _cached(getattr(owner, name)))
    accepts_keywords = functools.lru_cache(maxsize=4096)(hooks.accepts_kwargs)
    # the function of a method, because the cache must not keep the objects of a client
    patch.setattr(hooks, "accepts_kwargs", lambda handler: accepts_keywords(getattr(handler, "__func__", handler)))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def _simulator_is_not_measured():
    """End the measurement of coverage in the threads of the simulator, which are no part of the collection.

    The measurement doubles their time.
    """
    from rds_simulator.server import http_server

    serve = http_server.HttpServer.process_request_thread

    def _serve_unmeasured(self, *arguments):
        sys.settrace(None)
        serve(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http_server.HttpServer, "process_request_thread", _serve_unmeasured)
        yield


def _cached(method):
    """Return a cached version of a method whose result does not depend on its object."""
    answers = {}

    @functools.wraps(method)
    def remembered(self, *arguments, **more):
        key = (arguments, tuple(sorted(more.items())))
        if key not in answers:
            answers[key] = method(self, *arguments, **more)
        return answers[key]

    return remembered


@pytest.fixture(scope="session")
def _simulator(_simulator_is_not_measured):
    # the import takes seconds, and most tests of module_utils do not need it
    from rds_simulator.server import server

    with server.Simulator(port=0, speed=0.0) as simulator:
        yield simulator


@pytest.fixture
def sim(_simulator, monkeypatch):
    """Return the simulator. Time advances only while a module waits, and with ``sim.clock.advance``."""
    _simulator.reset()
    clock = _simulator.clock
    monkeypatch.setattr(SystemClock, "now", lambda self: clock.now())
    monkeypatch.setattr(SystemClock, "monotonic", lambda self: clock.monotonic())
    monkeypatch.setattr(SystemClock, "sleep", lambda self, seconds: clock.advance(seconds))
    # botocore waits in real time between its retries, and before each request after it was throttled
    monkeypatch.setattr("botocore.endpoint.time", types.SimpleNamespace(sleep=clock.advance))
    monkeypatch.setattr("botocore.retries.bucket.TokenBucket.acquire", lambda self, amount=1, block=True: True)
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_URL"):
        monkeypatch.delenv(name, raising=False)
    return _simulator
