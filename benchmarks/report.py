# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Puts the figures of fleet.py and shards.py into the guide.

usage: report.py     from benchmarks/results, into docs/docsite/rst/guide_fleet.rst
"""

from __future__ import annotations

import json
import pathlib
import typing as t

ROOT = pathlib.Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_fleet.rst"
BEGIN, END = ".. The figures are measured: benchmarks/report.py\n", ".. End of the figures\n"


def text(fleet: t.Mapping[str, t.Any], shards: t.Mapping[str, t.Any]) -> str:
    """The figures as reStructuredText."""
    ratios, first, second = fleet["ratios"], shards["first"], shards["second"]
    memory = f"{ratios['memory_mib_of_the_module_on_10000']:.0f} MiB"
    processor = f"{ratios['processor_seconds_of_the_module_on_1000']:.1f} s of a processor"
    simulator = f"{fleet['figures']['no-op, ours']['simulator_seconds']:.2f} s of a processor"
    return f"""
Measured, each row in one run, with {fleet["versions"]}, on {fleet["machine"]},
against the simulator with {1000 * fleet["latency_seconds"]:.0f} ms for each call. The first figure is the time of the
tasks; the figure in brackets is the whole run, with the start of Ansible. "List and filter" is the best that a
playbook can do with ``amazon.aws``: ``rds_instance_info``, a filter, and ``rds_instance`` for the databases that are
left. It covers DB instances only, without the checks and the preview of this collection. Its two rows come from one
run on a busy machine: compare the two figures of such a row with each other only.

{_table(_rows(fleet))}
In a task on 10,000 databases the module's process holds {memory}. On 1,000 it takes {processor}, start and
output included. The simulator's own share is small: {simulator} for the first row. Time grows no faster than
the number of calls: {_growth(fleet)}.

.. image:: images/fleet.svg
   :alt: Seconds by the number of databases that are right already, one task beside a loop

A rollout over {shards["shards"]} accounts and regions with {shards["databases"]} databases each, as
{shards["slices"]} slices with {shards["forks"]} forks each, all on this one machine:
{first["databases_changed"]:,} databases changed in {first["seconds"]:.0f} s, with
{first["largest_process_mib"]} MiB in the largest process. The second run changed {second["databases_changed"]},
in {second["seconds"]:.0f} s.

Measure it yourself: ``scripts/env python benchmarks/fleet.py`` and ``benchmarks/shards.py``, in a checkout of the
repository.
"""


def _rows(fleet: t.Mapping[str, t.Any]) -> list[tuple[str, str, str, str]]:
    figures, ratios, count = fleet["figures"], fleet["ratios"], fleet["databases"]
    loop, each = figures["enable 10 of 20, peer in a loop"], figures["no-op, peer as async"]
    half, info = figures["enable half, ours"], figures["one no-op, peer's info"]
    return [
        ("What", "This collection", "amazon.aws", "Ratio"),
        (
            f"{count:,} databases that are right already",
            _figure(figures["no-op, ours"]),
            f"a loop: {_figure(figures['no-op, peer in a loop'])}",
            f"{ratios['no_op']:.0f}",
        ),
        (
            "the same, ``amazon.aws`` with list and filter",
            _figure(figures["filtered: no-op, ours"]),
            _figure(figures["filtered: no-op, peer"]),
            f"{ratios['filtered_no_op']:.1f}",
        ),
        (
            "the same, ``amazon.aws`` as ``async`` tasks",
            f"{1000 * figures['no-op, ours']['task_seconds'] / count:.1f} ms for each database",
            f"{each['task_seconds'] / fleet['async_databases']:.2f} s for each of {fleet['async_databases']}",
            f"{ratios['no_op_async_per_database']:.0f}",
        ),
        (
            f"enable {count // 2:,} of {count:,} now, RDS taking 20 s for each",
            f"{_figure(half)}; {half['task_seconds'] / (count // 2):.3f} s for each",
            f"{loop['task_seconds'] / 10:.0f} s for each, one after the other",
            f"{ratios['enable_per_database']:.0f} for each database",
        ),
        (
            "enable 10 of 20 now",
            _figure(figures["enable 10 of 20, ours"]),
            f"a loop: {_figure(loop)}; ``async``: {_figure(figures['enable 10 of 20, peer as async'])}",
            f"{ratios['enable_10_of_20']:.0f}; {ratios['enable_10_of_20_async']:.1f}",
        ),
        (
            "the same, ``amazon.aws`` with list and filter",
            _figure(figures["filtered: enable 10 of 20, ours"]),
            _figure(figures["filtered: enable 10 of 20, peer"]),
            f"{ratios['filtered_enable_10_of_20']:.0f}",
        ),
        ("``rds_iam_auth_info`` on 1,000", _figure(figures["info on 1000, ours"]), "none", ""),
        ("``rds_iam_auth_info`` on 10,000", _figure(figures["info on 10000, ours"]), "none", ""),
        (
            "one database that is right already",
            _figure(figures["one no-op, ours"]),
            f"``rds_instance_info``: {_figure(info)}",
            f"{1 / ratios['one_no_op_beside_info_of_peer']:.2f}",
        ),
    ]


def _figure(found: t.Mapping[str, t.Any]) -> str:
    calls = sum(found["calls"].values())
    return f"{found['task_seconds']:.1f} s ({found['seconds']:.1f} s), {calls:,} call{'s' if calls != 1 else ''}"


def _growth(fleet: t.Mapping[str, t.Any]) -> str:
    series = fleet["seconds_for_each_call"]["no-op"]
    return ", ".join(f"{seconds:.2f} s for each on {int(count):,}" for count, seconds in series.items())


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines += [f"   {'* -' if number == 0 else '  -'} {cell}".rstrip() for number, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def main() -> None:
    figures = text(*(json.loads((RESULTS / f"{name}.json").read_text()) for name in ("fleet", "shards")))
    guide = GUIDE.read_text()
    GUIDE.write_text(guide[: guide.index(BEGIN) + len(BEGIN)] + figures + "\n" + guide[guide.index(END) :])


if __name__ == "__main__":
    main()
