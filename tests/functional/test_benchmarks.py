# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The benchmarks run, and the guides show their results."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.passwordless.rds.benchmarks import compare_amazon_aws, fleet, fresh_clone, report
from ansible_collections.passwordless.rds.benchmarks.cases import CASES
from ansible_collections.passwordless.rds.benchmarks.measure import Simulated
from ansible_collections.passwordless.rds.tests.functional import documents


@pytest.mark.slow
def test_benchmark_one_case_of_each_kind_runs():
    chosen = [case for case in CASES if case.name in ("enable on an existing Aurora cluster", "check mode on Oracle")]
    cluster, oracle = compare_amazon_aws.rows(chosen)
    for row in (cluster, oracle):
        assert "API call" in row[1][1]  # amazon.aws may change its behaviour in its next release
    assert cluster[2][0] == "changed"
    assert cluster[2][2] == "setting afterwards: off, pending value: on"
    assert oracle[2] == ["refused: ``engine_unsupported``", "1 API call"]


def test_benchmark_guide_lists_cases():
    text = (documents.GUIDES / "guide_comparison.rst").read_text()
    table = text[text.index(compare_amazon_aws.BEGIN) : text.index(compare_amazon_aws.END)]
    assert [line[7:] for line in table.splitlines() if line.startswith("   * - ")][1:] == [case.title for case in CASES]


@pytest.mark.slow
def test_benchmark_comparison_uses_same_fleet():
    with Simulated(latency=0.01) as simulated:
        simulated.fill(fleet.fleet(30, on=28))
        ours = simulated.play(fleet.ours(wait=False))
        simulated.fill(fleet.fleet(3))
        peer = simulated.play(fleet.peer_loop(fleet.names(3, on=3)))
        simulated.fill(fleet.fleet(3, on=2))
        filtered = simulated.play(fleet.peer_filtered(check_mode=True))
        module = simulated.module("rds_iam_auth_info", check_readiness=False)
    # both lists, the orderable options, and a Modify for each of the two
    assert ours.calls == {
        "DescribeDBClusters": 1,
        "DescribeDBInstances": 1,
        "DescribeOrderableDBInstanceOptions": 1,
        "ModifyDBInstance": 2,
    }
    assert peer.calls == {"DescribeDBInstances": 6}
    # one page for all, then the calls of the module for the database that is off
    assert filtered.calls == {"DescribeDBInstances": 3}
    for run in (ours, peer, filtered):
        assert 0 < run.task_seconds < run.seconds
    assert module.task_seconds is None
    assert 10 < module.memory_mib < 1000


def test_benchmark_guide_shows_measured_figures():
    documents_ = (json.loads((report.RESULTS / f"{name}.json").read_text()) for name in ("fleet", "shards"))
    assert report.text(*documents_) in report.GUIDE.read_text()


def test_benchmark_results_meet_published_limits():
    found, shards = (json.loads((report.RESULTS / f"{name}.json").read_text()) for name in ("fleet", "shards"))
    ratios = found["ratios"]
    assert {name: ratios[name] for name, bound in fleet.BOUNDS.items() if ratios[name] < bound} == {}
    assert ratios["processor_seconds_of_the_module_on_1000"] < 2
    assert ratios["memory_mib_of_the_module_on_10000"] < 300
    for series in found["seconds_for_each_call"].values():
        first, *_between, last = (seconds for _count, seconds in sorted(series.items(), key=lambda item: int(item[0])))
        assert last <= first
    assert shards["first"]["shards_done"] == shards["second"]["shards_done"] == shards["shards"] == 40
    assert shards["second"]["databases_changed"] == 0


def test_fresh_clone_environment_excludes_caches(tmp_path, monkeypatch):
    tools = str(fresh_clone.ROOT / ".venv" / "python" / "bin")
    monkeypatch.setenv("PATH", os.pathsep.join([tools, "/usr/bin"]))
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/etc/pip.conf")
    found = fresh_clone.environment(tmp_path)
    assert (found["HOME"], found["PATH"], found["PIP_CONFIG_FILE"]) == (str(tmp_path), "/usr/bin", "/etc/pip.conf")
    assert not {"XDG_CACHE_HOME", "PYTHONPATH", "VIRTUAL_ENV"} & set(found)


def test_fresh_clone_size_counts_linked_file_once(tmp_path):
    (tmp_path / "one").write_bytes(b"x" * 1_000_000)
    before = fresh_clone.size(tmp_path)
    os.link(tmp_path / "one", tmp_path / "two")
    assert before == fresh_clone.size(tmp_path)
    assert 0.9 < before < 1.2
