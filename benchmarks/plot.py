# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Plot the run time of a task by number of databases, from the results of fleet.py.

usage: plot.py     reads benchmarks/results/fleet.json, writes docs/docsite/rst/images/fleet.svg
"""

from __future__ import annotations

import json
import pathlib
import typing as t

ROOT = pathlib.Path(__file__).resolve().parents[1]


def draw(document: t.Mapping[str, t.Any], path: pathlib.Path) -> None:
    """Write the plot. Requires matplotlib (requirements/benchmarks.txt)."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "fleet", "svg.fonttype": "none", "font.size": 10})
    from matplotlib import pyplot as plt

    figures = document["figures"]
    sizes = sorted(int(name.rpartition(" ")[2]) for name in figures if name.startswith("module, no-op on "))
    count = document["databases"]
    picture, axes = plt.subplots(figsize=(6.5, 4))
    series = [figures[f"module, no-op on {size}"]["seconds"] for size in sizes]
    axes.plot(sizes, series, marker="o", label="rds_iam_auth, one task for all databases")
    if "no-op, peer in a loop" in figures:
        each = figures["no-op, peer in a loop"]["task_seconds"] / count
        axes.plot(sizes, [each * size for size in sizes], linestyle="--", color="tab:orange")
        axes.plot(
            [count],
            [each * count],
            marker="s",
            linestyle="--",
            color="tab:orange",
            label="rds_instance in a loop (measured at the square)",
        )
    axes.set(xscale="log", yscale="log", xlabel="databases that need no change", ylabel="seconds")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
    picture.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(picture)


if __name__ == "__main__":
    draw(
        json.loads((ROOT / "benchmarks" / "results" / "fleet.json").read_text()),
        ROOT / "docs" / "docsite" / "rst" / "images" / "fleet.svg",
    )
