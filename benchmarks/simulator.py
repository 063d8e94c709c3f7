# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Measure the time that the simulator takes for a page of 100 DB instances, as the best of several runs.

usage: simulator.py
"""

from __future__ import annotations

import platform
import time

from rds_simulator.api import wire
from rds_simulator.server import server

RECORDS = 100
TIMES = 20


def page_seconds() -> float:
    """Return the seconds for one page."""
    with server.Simulator(port=0, speed=0.0) as simulator:
        simulator.seed({"db_instances": [{"identifier": "db-{n}", "engine": "postgres", "count": RECORDS}]})
        records = [simulator.database("instance", f"db-{number}") for number in range(1, RECORDS + 1)]
    found = []
    for _count in range(TIMES):
        began = time.perf_counter()
        wire.result_xml("DescribeDBInstances", {"DBInstances": records}, "id")
        found.append(time.perf_counter() - began)
    return min(found)


if __name__ == "__main__":
    print(f"a page of {RECORDS} DB instances: {page_seconds() * 1000:.1f} ms, Python {platform.python_version()}")
