# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The comparison runs, and the guide holds a table of the cases that there are."""

from __future__ import annotations

from ansible_collections.passwordless.rds.benchmarks import compare_amazon_aws
from ansible_collections.passwordless.rds.benchmarks.cases import CASES
from ansible_collections.passwordless.rds.tests.functional import documents


def test_a_case_of_each_kind():
    chosen = [case for case in CASES if case.name in ("enable on an existing Aurora cluster", "check mode on Oracle")]
    cluster, oracle = compare_amazon_aws.rows(chosen)
    for row in (cluster, oracle):
        assert "API call" in row[1][1]  # what the other side does may change with its next release
    assert cluster[2][0] == "changed"
    assert cluster[2][2] == "then the setting is off, pending on"
    assert oracle[2] == ["refused: ``engine_unsupported``", "1 API call"]


def test_the_guide_has_every_case():
    text = (documents.GUIDES / "guide_comparison.rst").read_text()
    table = text[text.index(compare_amazon_aws.BEGIN) : text.index(compare_amazon_aws.END)]
    assert [line[7:] for line in table.splitlines() if line.startswith("   * - ")][1:] == [case.name for case in CASES]
