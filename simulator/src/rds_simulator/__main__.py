# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The command ``rds-simulator``, also available as ``python -m rds_simulator``: the simulator as a server."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import datetime, timezone

from . import __version__


def _start_time(text: str) -> datetime:
    """Return an ISO 8601 time, in UTC if it has no time zone."""
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text}: not an ISO 8601 time. Use a value such as 2026-11-02T12:00."
        ) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="rds-simulator",
        description="Simulate Amazon RDS on a local port. "
        "The command prints its URL and runs until it receives SIGINT or SIGTERM.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=0, help="port to listen on; 0 selects a free port (default: %(default)s)"
    )
    parser.add_argument(
        "--seed",
        action="append",
        default=[],
        metavar="FILE",
        help="YAML file that describes the databases to start with; can be repeated",
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, help="simulated seconds per real second (default: %(default)s)"
    )
    parser.add_argument(
        "--latency", type=float, default=0.0, help="seconds (real time) that each API call takes (default: %(default)s)"
    )
    parser.add_argument(
        "--start",
        type=_start_time,
        metavar="TIME",
        help="simulated time at the start, in ISO 8601 format; in UTC if it has no time zone "
        "(default: the current time, or a fixed Monday noon with --speed 0)",
    )
    return parser


def main() -> int:
    """Serve until SIGTERM or SIGINT. Return 2 if an argument is invalid or the port is not available."""
    arguments = make_parser().parse_args()
    from .server.server import Simulator

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
