# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Write the results of fleet.py and shards.py to the guide.

usage: report.py     reads benchmarks/results and updates docs/docsite/rst/guide_fleet.rst
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
    """Return the results as reStructuredText."""
    ratios, first, second = fleet["ratios"], shards["first"], shards["second"]
    memory = f"{ratios['memory_mib_of_the_module_on_10000']:.0f} MiB"
    processor = f"{ratios['processor_seconds_of_the_module_on_1000']:.1f} s of CPU time"
    simulator = f"{fleet['figures']['no-op, ours']['simulator_seconds']:.2f} s of CPU time"
    return f"""
The following results were measured with {fleet["versions"]},
on {fleet["machine"]}. All calls went to the simulator, which took
{1000 * fleet["latency_seconds"]:.0f} ms for each call. All values in a row come from the same run. The first time
covers the tasks. The time in brackets covers the whole run, including the start of Ansible.

"List and filter" is the most efficient playbook for this case with ``amazon.aws``. It runs ``rds_instance_info``,
filters the result, and runs ``rds_instance`` for the remaining databases. It covers only DB instances, and does not
have the checks and the preview of this collection. The two rows with this playbook were measured in one run on a busy
machine. Compare the two values of such a row only with each other.

{_table(_rows(fleet))}
With 10,000 databases, the process of the module uses {memory} of memory. With 1,000 databases, it uses {processor},
including its start and its output. The simulator itself uses {simulator} for the first row. The time grows
no faster than the number of calls: {_growth(fleet)}.

.. image:: images/fleet.svg
   :alt: Seconds by number of databases that already have the setting: one task compared with a loop

A rollout changed {shards["databases"]} databases in each of {shards["shards"]} shards, which are combinations of
account and Region. It ran on one machine, as {shards["slices"]} slices with {shards["forks"]} forks each.
The first run changed {first["databases_changed"]:,} databases in {first["seconds"]:.0f} s; its largest process used
{first["largest_process_mib"]} MiB. The second run changed {second["databases_changed"]} databases
in {second["seconds"]:.0f} s.

To repeat the measurements, run ``scripts/env python benchmarks/fleet.py`` and
``scripts/env python benchmarks/shards.py`` in a checkout of the repository.
"""


Row = tuple[str, str, str, str]


def _rows(fleet: t.Mapping[str, t.Any]) -> list[Row]:
    return [("Case", "This collection", "amazon.aws", "Ratio"), *_unchanged(fleet), *_enabled(fleet), *_others(fleet)]


def _unchanged(fleet: t.Mapping[str, t.Any]) -> list[Row]:
    figures, ratios, count = fleet["figures"], fleet["ratios"], fleet["databases"]
    each = figures["no-op, peer as async"]
    return [
        (
            f"{count:,} databases that already have the setting",
            _figure(figures["no-op, ours"]),
            f"loop: {_figure(figures['no-op, peer in a loop'])}",
            f"{ratios['no_op']:.0f}",
        ),
        (
            "The same case, ``amazon.aws`` with list and filter",
            _figure(figures["filtered: no-op, ours"]),
            _figure(figures["filtered: no-op, peer"]),
            f"{ratios['filtered_no_op']:.1f}",
        ),
        (
            "The same case, ``amazon.aws`` with ``async`` tasks",
            f"{1000 * figures['no-op, ours']['task_seconds'] / count:.1f} ms for each database",
            f"{each['task_seconds'] / fleet['async_databases']:.2f} s for each of {fleet['async_databases']}",
            f"{ratios['no_op_async_per_database']:.0f}",
        ),
    ]


def _enabled(fleet: t.Mapping[str, t.Any]) -> list[Row]:
    figures, ratios, count = fleet["figures"], fleet["ratios"], fleet["databases"]
    half, loop = figures["enable half, ours"], figures["enable 10 of 20, peer in a loop"]
    return [
        (
            f"Enable the setting immediately on {count // 2:,} of {count:,} databases, for each of which RDS takes "
            "20 s",
            f"{_figure(half)}; {half['task_seconds'] / (count // 2):.3f} s for each",
            f"{loop['task_seconds'] / 10:.0f} s for each, one database at a time",
            f"{ratios['enable_per_database']:.0f} for each database",
        ),
        (
            "Enable the setting immediately on 10 of 20 databases",
            _figure(figures["enable 10 of 20, ours"]),
            f"loop: {_figure(loop)}; ``async``: {_figure(figures['enable 10 of 20, peer as async'])}",
            f"{ratios['enable_10_of_20']:.0f}; {ratios['enable_10_of_20_async']:.1f}",
        ),
        (
            "The same case, ``amazon.aws`` with list and filter",
            _figure(figures["filtered: enable 10 of 20, ours"]),
            _figure(figures["filtered: enable 10 of 20, peer"]),
            f"{ratios['filtered_enable_10_of_20']:.0f}",
        ),
    ]


def _others(fleet: t.Mapping[str, t.Any]) -> list[Row]:
    figures, ratios = fleet["figures"], fleet["ratios"]
    info = figures["one no-op, peer's info"]
    return [
        ("``rds_iam_auth_info`` with 1,000 databases", _figure(figures["info on 1000, ours"]), "none", ""),
        ("``rds_iam_auth_info`` with 10,000 databases", _figure(figures["info on 10000, ours"]), "none", ""),
        (
            "One database that already has the setting",
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
    return ", ".join(f"{seconds:.2f} s per call with {int(count):,} databases" for count, seconds in series.items())


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
