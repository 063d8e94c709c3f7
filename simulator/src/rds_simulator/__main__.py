# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The command ``rds-simulator``, also ``python -m rds_simulator``: the simulator as a server."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import datetime, timezone

from .server.server import Simulator


def _moment(text: str) -> datetime:
    """ISO 8601; UTC where it names no zone (ValueError)."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="rds-simulator", description="Simulate the control plane of Amazon RDS on a local port."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: pick a free one")
    parser.add_argument("--seed", action="append", default=[], help="a YAML file with a fleet")
    parser.add_argument("--speed", type=float, default=1.0, help="simulated seconds per real second")
    parser.add_argument("--latency", type=float, default=0.0, help="real seconds per call")
    parser.add_argument("--start", type=_moment, help="the simulated time at the start, ISO 8601; else the real time")
    return parser


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 if the arguments make no sense."""
    arguments = make_parser().parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        simulator = Simulator(host=arguments.host, port=arguments.port, speed=arguments.speed, start=arguments.start)
        simulator.settings.update(latency=arguments.latency)
        for path in arguments.seed:
            simulator.seed(path)
        simulator.start()
    except (OSError, ValueError) as error:
        print(f"rds-simulator: {error}", file=sys.stderr)
        return 2
    print(f"listening on {simulator.url}", flush=True)
    ended.wait()
    simulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
