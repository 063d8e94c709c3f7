# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Measure one task for many databases, and amazon.aws in a loop, on the same simulated fleet in one run.

usage: fleet.py [--databases 1000] [--async-databases 1000] [--latency 0.05] [--parts PART ...] [--without-peer]
                [--write]

--parts: some of no-op, enable, filtered, info, one, growth; both sides of a part are measured in one run.
--write: write the results to benchmarks/results/fleet.json and the plot to docs/docsite/rst/images/fleet.svg

The modules of amazon.aws ("the peer") run in three ways: in a loop, in a loop of async tasks, and in the most efficient
playbook. That playbook lists all databases, filters the list, and runs the module only for the rest.

For each database that it changes, the peer waits in steps of one minute. It therefore changes ten of twenty databases;
each further database adds a minute. In that part, the status changes immediately. If the status changes some time
after the request, as in RDS, the peer does not wait and returns before the change has taken effect.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import platform
import sys
import typing as t
from functools import partial

from ansible_collections.passwordless.rds.benchmarks import compare_amazon_aws, plot
from ansible_collections.passwordless.rds.benchmarks.measure import Measured, Simulated, wait_a_moment

ROOT = pathlib.Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "fleet.json"
PICTURE = ROOT / "docs" / "docsite" / "rst" / "images" / "fleet.svg"
OURS, OUR_INFO = "passwordless.rds.rds_iam_auth", "passwordless.rds.rds_iam_auth_info"
PEER, PEER_INFO = "amazon.aws.rds_instance", "amazon.aws.rds_instance_info"
EVERY = {"select": {"all": True}}
SIZES = (10, 100, 1000, 10000)
PARTS = ("no-op", "enable", "filtered", "info", "one", "growth")
# the required ratios: 300 times faster, and 50 times faster for each database that is changed
BOUNDS = {"no_op": 300.0, "enable_per_database": 50.0}


def fleet(count: int, *, on: int | None = None) -> dict[str, t.Any]:
    """Return ``count`` MySQL instances. The setting is on for the given number of them, or for all."""
    on = count if on is None else on
    plain = {"engine": "mysql", "engine_version": "8.0.40"}
    return {
        "db_instances": [
            {"identifier": "on-{n}", "count": on, "iam_database_authentication_enabled": True, **plain},
            {"identifier": "off-{n}", "count": count - on, **plain},
        ]
    }


def names(count: int, *, on: int) -> list[str]:
    return [f"on-{n}" for n in range(1, on + 1)] + [f"off-{n}" for n in range(1, count - on + 1)]


def peer_loop(identifiers: list[str]) -> list[dict[str, t.Any]]:
    """Return tasks that change one database after the other."""
    return [{"name": "Peer", PEER: _peer("{{ item }}"), "loop": identifiers}]


def peer_async(identifiers: list[str]) -> list[dict[str, t.Any]]:
    """Return tasks that start all changes and then wait for them."""
    return [
        {"name": "Start", PEER: _peer("{{ item }}"), "loop": identifiers, "async": 3600, "poll": 0, "register": "jobs"},
        {
            "name": "Wait",
            "ansible.builtin.async_status": {"jid": "{{ item.ansible_job_id }}"},
            "loop": "{{ jobs.results }}",
            "loop_control": {"label": "{{ item.item }}"},
            "register": "job",
            "until": "job is finished",
            "retries": 3600,
            "delay": 1,
        },
    ]


def peer_filtered(**play: t.Any) -> list[dict[str, t.Any]]:
    """Return the most efficient tasks for the peer: one list, a filter, and the module for the rest."""
    rest = (
        "{{ found.instances | rejectattr('iam_database_authentication_enabled') "
        "| map(attribute='db_instance_identifier') | list }}"
    )
    return [
        {"name": "List", PEER_INFO: {}, "register": "found"},
        {"name": "Change the rest", PEER: _peer("{{ item }}"), "loop": rest, **play},
    ]


def _peer(name: str) -> dict[str, t.Any]:
    return {"db_instance_identifier": name, "enable_iam_database_authentication": True, "apply_immediately": True}


def ours(**more: t.Any) -> list[dict[str, t.Any]]:
    return [{"name": "Ours", OURS: {**EVERY, "apply_immediately": True, **more}}]


class Benchmark:
    """The measurements, by name."""

    def __init__(self, simulated: Simulated, databases: int, async_databases: int, peer: bool) -> None:
        self._simulated = simulated
        self._databases = databases
        self._async_databases = async_databases
        self._peer = peer
        self.figures: dict[str, Measured] = {}

    def run(self, parts: t.Iterable[str]) -> None:
        """Run the given parts."""
        measure = {
            "no-op": self._no_op,
            "enable": self._enable,
            "filtered": self._filtered,
            "info": self._info,
            "one": self._one,
            "growth": self._growth,
        }
        for part in parts:
            measure[part]()

    def _measure(self, name: str, fill: dict[str, t.Any], act: t.Callable[[], Measured]) -> None:
        self._simulated.fill(fill)
        wait_a_moment()
        found = self.figures[name] = act()
        tasks = "" if found.task_seconds is None else f", tasks {found.task_seconds:.2f} s"
        print(
            f"{name:32} {found.seconds:8.2f} s{tasks}, {found.call_count} calls, processor {found.cpu_seconds:.2f} s, "
            f"largest process {found.memory_mib:.0f} MiB, simulator {found.simulator_seconds or 0:.2f} s",
            flush=True,
        )

    def _no_op(self) -> None:
        right = fleet(self._databases)
        self._measure("no-op, ours", right, lambda: self._simulated.play(ours()))
        if self._peer:
            every = names(self._databases, on=self._databases)
            self._measure("no-op, peer in a loop", right, lambda: self._simulated.play(peer_loop(every)))
            some = every[: self._async_databases]
            self._measure("no-op, peer as async", right, lambda: self._simulated.play(peer_async(some)))

    def _enable(self) -> None:
        lag = self._simulated.ask("GET", "settings")["status_lag"]
        self._simulated.ask("POST", "settings", {"status_lag": 0})
        half = fleet(self._databases, on=self._databases // 2)
        self._measure("enable half, ours", half, lambda: self._simulated.play(ours()))
        ten = fleet(20, on=10)
        self._measure("enable 10 of 20, ours", ten, lambda: self._simulated.play(ours()))
        if self._peer:
            every = names(20, on=10)
            self._measure("enable 10 of 20, peer as async", ten, lambda: self._simulated.play(peer_async(every)))
            self._measure("enable 10 of 20, peer in a loop", ten, lambda: self._simulated.play(peer_loop(every)))
        self._simulated.ask("POST", "settings", {"status_lag": lag})

    def _filtered(self) -> None:
        """Measure both sides again in one part, the peer with its most efficient playbook."""
        right, ten = fleet(self._databases), fleet(20, on=10)
        sides = {"ours": ours(), "peer": peer_filtered()}
        for name, tasks in sides.items():
            self._measure(f"filtered: no-op, {name}", right, partial(self._simulated.play, tasks))
        lag = self._simulated.ask("GET", "settings")["status_lag"]
        self._simulated.ask("POST", "settings", {"status_lag": 0})
        for name, tasks in sides.items():
            self._measure(f"filtered: enable 10 of 20, {name}", ten, partial(self._simulated.play, tasks))
        self._simulated.ask("POST", "settings", {"status_lag": lag})

    def _info(self) -> None:
        for count in (1000, 10000):
            half, task = fleet(count, on=count // 2), [{"name": "Info", OUR_INFO: {}, "register": "fleet"}]
            self._measure(f"info on {count}, ours", half, partial(self._simulated.play, task))

    def _one(self) -> None:
        """Return the median of each collection. They run alternately, so that a change of load affects both."""
        one = fleet(self._databases)
        sides = {"ours": (OURS, {"apply_immediately": True}), "peer's info": (PEER_INFO, {})}
        runs: dict[str, list[Measured]] = {f"one no-op, {whose}": [] for whose in sides}
        for _attempt in range(11):
            for whose, (module, options) in sides.items():
                task = [{"name": "One", module: {"db_instance_identifier": "on-1", **options}}]
                self._measure(f"one no-op, {whose}", one, partial(self._simulated.play, task))
                runs[f"one no-op, {whose}"].append(self.figures[f"one no-op, {whose}"])
        for name, found in runs.items():
            self.figures[name] = sorted(found, key=lambda run: run.task_seconds or 0)[len(found) // 2]

    def _growth(self) -> None:
        for count in SIZES:
            right = fleet(count)
            self._measure(f"module, no-op on {count}", right, lambda: self._simulated.module("rds_iam_auth", **EVERY))
            self._measure(
                f"module, info on {count}", right, lambda: self._simulated.module("rds_iam_auth_info", select=None)
            )


def ratios(document: t.Mapping[str, t.Any]) -> dict[str, float]:
    """Return the ratios of the task times, and the other published results."""
    figures, databases, async_databases = document["figures"], document["databases"], document["async_databases"]

    def tasks(name: str) -> float:
        return float(figures[name]["task_seconds"])

    found: dict[str, float] = {}
    mine, half = tasks("no-op, ours") / databases, tasks("enable half, ours") / (databases // 2)
    if "no-op, peer in a loop" in figures:
        found["no_op"] = tasks("no-op, peer in a loop") / databases / mine
        found["no_op_async_per_database"] = tasks("no-op, peer as async") / async_databases / mine
        found["enable_per_database"] = tasks("enable 10 of 20, peer in a loop") / 10 / half
        ten = tasks("enable 10 of 20, ours")
        found["enable_10_of_20"] = tasks("enable 10 of 20, peer in a loop") / ten
        found["enable_10_of_20_async"] = tasks("enable 10 of 20, peer as async") / ten
    for part in ("no-op", "enable 10 of 20"):
        ratio = tasks(f"filtered: {part}, peer") / tasks(f"filtered: {part}, ours")
        found[f"filtered_{part.replace('-', '_').replace(' ', '_')}"] = ratio
    found["one_no_op_beside_info_of_peer"] = tasks("one no-op, ours") / tasks("one no-op, peer's info")
    found["processor_seconds_of_the_module_on_1000"] = figures["module, no-op on 1000"]["cpu_seconds"]
    found["memory_mib_of_the_module_on_10000"] = figures["module, info on 10000"]["memory_mib"]
    return {name: round(value, 2) for name, value in found.items()}


def growth(document: t.Mapping[str, t.Any]) -> dict[str, dict[str, float]]:
    """Return the seconds of the module per API call, by number of databases. They must not grow."""
    series = {name: found for name, found in document["figures"].items() if name.startswith("module, ")}
    return {
        kind: {
            name.rpartition(" ")[2]: round(found["seconds"] / sum(found["calls"].values()), 3)
            for name, found in series.items()
            if kind in name
        }
        for kind in ("no-op", "info")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--databases", type=int, default=1000)
    parser.add_argument("--async-databases", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds for each API call")
    parser.add_argument("--without-peer", action="store_true", help="measure this collection alone")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="measure these alone")
    parser.add_argument("--write", action="store_true", help="write the figures and the plot")
    arguments = parser.parse_args()
    with Simulated(arguments.latency) as simulated:
        benchmark = Benchmark(
            simulated, arguments.databases, arguments.async_databases, peer=not arguments.without_peer
        )
        benchmark.run(arguments.parts)
    document = {
        "versions": f"{compare_amazon_aws.versions()}, passwordless.rds 0.1.0",
        "machine": f"{os.cpu_count()} processors, {platform.machine()}, {sys.platform}",
        "latency_seconds": arguments.latency,
        "databases": arguments.databases,
        "async_databases": arguments.async_databases,
        "figures": {name: found.as_dict() for name, found in benchmark.figures.items()},
    }
    if len(arguments.parts) < len(PARTS):
        document["figures"] = {**json.loads(RESULTS.read_text())["figures"], **document["figures"]}
    document["ratios"] = ratios(document)
    document["seconds_for_each_call"] = growth(document)
    print(json.dumps({name: document[name] for name in ("ratios", "seconds_for_each_call")}, indent=2))
    if arguments.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(document, indent=2) + "\n")
        plot.draw(document, PICTURE)


if __name__ == "__main__":
    main()
