# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The control API, and the simulator as a separate process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from rds_simulator import __main__
from rds_simulator.server import server

FLEET = "db_instances:\n  - {identifier: orders, engine: mysql}\n"


def _ask(url: str, path: str, method: str = "GET", body: str | None = None) -> tuple[int, Any]:
    data = body.encode() if body is not None else None
    request = urllib.request.Request(f"{url}/simulator/{path}", data=data, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_control_health(sim: Any) -> None:
    assert _ask(sim.url, "health") == (200, {"status": "ok"})


@pytest.mark.parametrize("body", [FLEET, json.dumps({"db_instances": [{"identifier": "orders", "engine": "mysql"}]})])
def test_control_seed_databases_and_reset(sim: Any, body: str) -> None:
    """A seed in YAML or JSON adds records; reset removes all of them."""
    assert _ask(sim.url, "seed", "POST", body) == (200, {"status": "ok"})
    status, shown = _ask(sim.url, "databases")
    (backend,) = shown["backends"]
    assert (status, backend["region"], backend["account"]) == (200, "eu-west-1", "123456789012")
    assert backend["instances"][0]["DBInstanceIdentifier"] == "orders"
    assert backend["outages"] == {"instance/orders": 0}
    assert _ask(sim.url, "reset", "POST") == (200, {"status": "ok"})
    assert _ask(sim.url, "databases") == (200, {"backends": []})


def test_control_settings(sim: Any) -> None:
    for method in ("POST", "PATCH"):
        status, settings = _ask(sim.url, "settings", method, '{"deferred_cancel": "stays"}')
        assert (status, settings["deferred_cancel"]) == (200, "stays")
    assert _ask(sim.url, "settings")[1] == sim.settings.as_dict()


def test_control_faults(sim: Any, rds: Any, refused: Any) -> None:
    fault = {"operation": "DescribeDBInstances", "code": "Throttling", "times": 5}
    status, added = _ask(sim.url, "faults", "POST", json.dumps(fault))
    assert (status, added["code"], added["times"]) == (200, "Throttling", 5)
    assert refused(rds.describe_db_instances)[0] == "Throttling"
    assert [item["times"] for item in _ask(sim.url, "faults")[1]] == [4]
    assert _ask(sim.url, "faults/release", "POST") == (200, {"released": 0})
    _ask(sim.url, "faults", "DELETE")
    rds.describe_db_instances()


def test_control_calls(sim: Any, rds: Any, refused: Any) -> None:
    """Every call is listed, with its parameters as boto3 sent them."""
    sim.seed(FLEET)
    rds.modify_db_instance(
        DBInstanceIdentifier="orders",
        EnableIAMDatabaseAuthentication=True,
        AllocatedStorage=200,
        VpcSecurityGroupIds=["sg-1", "sg-2"],
    )
    refused(rds.describe_db_clusters, DBClusterIdentifier="nope")
    first, second = _ask(sim.url, "calls")[1]
    assert (first["operation"], first["region"], first["error"]) == (
        "ModifyDBInstance",
        "eu-west-1",
        None,
    )
    assert first["parameters"] == {
        "DBInstanceIdentifier": "orders",
        "EnableIAMDatabaseAuthentication": True,
        "AllocatedStorage": 200,
        "VpcSecurityGroupIds": ["sg-1", "sg-2"],
    }
    assert first["parameters"] == sim.calls[0].parameters
    assert (second["operation"], second["error"]) == (
        "DescribeDBClusters",
        "DBClusterNotFoundFault",
    )
    _ask(sim.url, "calls", "DELETE")
    assert sim.calls == []


def test_control_clock(sim: Any) -> None:
    assert _ask(sim.url, "clock")[1]["monotonic"] == 0
    moved = _ask(sim.url, "clock", "POST", '{"advance": 60}')[1]
    assert moved == {"now": "2026-11-02T12:01:00+00:00", "monotonic": 60.0, "speed": 0.0}
    assert _ask(sim.url, "clock", "POST", '{"speed": 100}')[1]["speed"] == 100.0
    assert sim.clock.speed == 100.0


@pytest.mark.parametrize(
    ("path", "method", "body", "status", "text"),
    [
        ("colours", "GET", None, 404, "unknown path"),
        ("seed", "GET", None, 405, "the method must be POST"),
        ("seed", "POST", "db_instances: [", 400, "neither JSON nor YAML: line 1, column 16: invalid YAML"),
        ("seed", "POST", "[]", 400, "dictionary"),
        ("seed", "POST", '{"colour": 1}', 400, "unknown key 'colour'"),
        ("settings", "POST", '{"colour": 1}', 400, "colour: unknown setting"),
        ("faults", "POST", '{"colour": 1}', 400, "colour"),
        ("clock", "POST", '{"colour": 1}', 400, "colour"),
        ("clock", "POST", '{"advance": -1}', 400, "backwards"),
    ],
)
def test_control_invalid_request_returns_400(
    sim: Any, path: str, method: str, body: str | None, status: int, text: str
) -> None:
    found = _ask(sim.url, path, method, body)
    assert found[0] == status
    assert text in found[1]["error"]


def test_simulator_context_manager_and_restart() -> None:
    """The simulator can be started and stopped repeatedly, beside another one."""
    with server.Simulator() as one, server.Simulator() as two:
        assert one.url != two.url
        one.seed(FLEET)
        assert _ask(two.url, "databases") == (200, {"backends": []})
        url = one.url
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{url}/simulator/health", timeout=1)
    with pytest.raises(RuntimeError, match="not been started"):
        _ignored = one.url
    one.stop()
    with one.start():
        assert _ask(one.url, "health")[0] == 200


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "rds_simulator", *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_command_serves_until_terminated(tmp_path: Path) -> None:
    """The command prints its URL in one line, and exits cleanly on SIGTERM and SIGINT."""
    fleet = tmp_path / "fleet.yml"
    fleet.write_text(FLEET, encoding="utf-8")
    command = _command("--port", "0", "--seed", str(fleet), "--speed", "60", "--latency", "0.001")
    # In parallel, because the start takes most of the time.
    with ExitStack() as stack:
        processes = [stack.enter_context(_running(command)) for _count in range(2)]
        for process, number in zip(processes, (signal.SIGTERM, signal.SIGINT), strict=True):
            _look_at(process)
            process.send_signal(number)
            _output, errors = process.communicate(timeout=300)
            assert (process.returncode, errors) == (0, "")


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment()
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _look_at(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    line = process.stdout.readline().split()
    assert line[:2] == ["listening", "on"]
    shown = _ask(line[2], "databases")[1]["backends"][0]["instances"]
    assert [row["DBInstanceIdentifier"] for row in shown] == ["orders"]
    assert _ask(line[2], "clock")[1]["speed"] == 60.0
    assert _ask(line[2], "settings")[1]["latency"] == 0.001


@pytest.mark.parametrize(
    ("arguments", "text"),
    [(["--seed", "/nonexistent.yml"], "/nonexistent.yml"), (["--latency", "-1"], "latency")],
)
def test_command_invalid_argument_exits_with_2(monkeypatch: Any, capsys: Any, arguments: list[str], text: str) -> None:
    """The command prints one line on stderr."""
    monkeypatch.setattr(sys, "argv", ["simulator", *arguments])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert __main__.main() == 2
    assert text in capsys.readouterr().err


def test_calls_show_no_password(sim: Any, client: Any, refused: Any) -> None:
    refused(client.modify_db_instance, DBInstanceIdentifier="nope", MasterUserPassword="hunter2-hunter2")
    shown = _ask(sim.url, "calls")[1][0]["parameters"]
    assert shown == {"DBInstanceIdentifier": "nope", "MasterUserPassword": "***"}
    assert "hunter2" not in repr(sim.calls)


@pytest.mark.parametrize("rate", [0.5, 1.9])
def test_login_rate_fraction_refused(sim: Any, rate: float) -> None:
    assert _ask(sim.url, "settings", "POST", json.dumps({"login_rate": rate})) == (
        400,
        {"error": f"login_rate: {rate}: must be a whole number"},
    )
