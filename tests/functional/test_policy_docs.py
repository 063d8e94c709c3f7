# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The generator of the policies in the permissions guide, and the check that they are current."""

from __future__ import annotations

import json
import sys

import pytest
from ansible_collections.passwordless.rds.scripts import policy_docs
from ansible_collections.passwordless.rds.tests.functional import documents

DB = "arn:aws:rds:eu-west-1:123456789012:db"
SOURCE = {
    "one": [
        {"sid": "Check", "task": "Check mode", "permissions": {"rds:Describe": [f"{DB}:orders"], "rds:Any": ["*"]}},
        {"sid": "Real", "task": "A run", "permissions": {"rds:Describe": [f"{DB}:*"], "rds:Modify": [f"{DB}:*"]}},
        {"sid": "Again", "task": "Another run", "permissions": {"rds:Describe": [f"{DB}:billing"]}},
    ],
    "two": [{"sid": "Log", "task": "Always", "permissions": {"iam:Get": ["arn:aws:iam::123456789012:role/app"]}}],
}
GUIDE = "Title\n\n.. permissions of one\n.. end of permissions\n\nText\n"
REST = ".. permissions of two\nold\n.. end of permissions\n.. permissions of all\n.. end of permissions\n"


def test_policy_statements_of_a_mode_add_what_is_missing():
    statements = policy_docs.policy(SOURCE["one"])["Statement"]
    assert [(one["Sid"], one["Action"], one["Resource"]) for one in statements] == [
        ("Check", ["rds:Any"], "*"),
        ("Check2", ["rds:Describe"], f"{DB}:orders"),
        ("Real", ["rds:Describe", "rds:Modify"], f"{DB}:*"),
    ]


def test_policy_smallest_omits_included_resources():
    pairs = [("a", f"{DB}:orders"), ("a", f"{DB}:*"), ("b", "*"), ("b", DB), ("c", "pg:default"), ("c", "db:default*")]
    assert policy_docs.smallest(pairs) == {"a": [f"{DB}:*"], "b": ["*"], "c": ["db:default*", "pg:default"]}


def test_policy_for_all_has_a_statement_for_each_service():
    statements = policy_docs.policy_for_all(SOURCE)["Statement"]
    assert [(one["Sid"], one["Action"], one["Resource"]) for one in statements] == [
        ("AnyResource", ["rds:Any"], "*"),
        ("Iam", ["iam:Get"], "arn:aws:iam::123456789012:role/*"),
        ("Rds", ["rds:Describe", "rds:Modify"], f"{DB}:*"),
    ]


def test_policy_for_all_in_the_guide_allows_every_mode():
    statements = json.loads(documents.captioned("guide_permissions")["all.json"])["Statement"]
    allowed = [
        (action, resource)
        for one in statements
        for action in one["Action"]
        for resource in ([one["Resource"]] if isinstance(one["Resource"], str) else one["Resource"])
    ]
    denied = [
        pair
        for name, modes in policy_docs.load().items()
        if name not in policy_docs.NOT_IN_ALL
        for mode in modes
        for pair in policy_docs.pairs_of(mode["permissions"])
        if not any(pair[0] == action and policy_docs.includes(pattern, pair[1]) for action, pattern in allowed)
    ]
    assert denied == []


def test_policy_sections_are_written_once_and_the_rest_is_kept():
    once = policy_docs.rewritten(GUIDE + REST, SOURCE)
    assert policy_docs.rewritten(once, SOURCE) == once
    assert once.startswith("Title\n\n.. permissions of one\n\n.. code-block:: json\n   :caption: one.json\n")
    assert "\nText\n" in once
    assert "old" not in once
    assert '"Action": ["rds:Describe", "rds:Modify"],' in once
    assert "   * - Another run\n     - ``rds:Describe``\n" in once


@pytest.mark.parametrize("guide", [GUIDE, GUIDE + GUIDE + REST])
def test_policy_sections_missing_or_repeated_are_refused(guide):
    with pytest.raises(ValueError, match="has sections for"):
        policy_docs.rewritten(guide, SOURCE)


def test_policy_docs_check_fails_if_the_guide_differs(monkeypatch, tmp_path):
    path = tmp_path / "guide.rst"
    path.write_text(GUIDE + REST)
    monkeypatch.setattr(policy_docs, "GUIDE", path)
    monkeypatch.setattr(policy_docs, "load", lambda: SOURCE)
    monkeypatch.setattr(sys, "argv", ["policy_docs.py", "--check"])
    with pytest.raises(SystemExit, match=r"guide\.rst differs from permissions\.yml"):
        policy_docs.main()
    assert path.read_text() == GUIDE + REST
    monkeypatch.setattr(sys, "argv", ["policy_docs.py"])
    policy_docs.main()
    monkeypatch.setattr(sys, "argv", ["policy_docs.py", "--check"])
    policy_docs.main()


def test_policies_of_the_guide_are_current():
    guide = policy_docs.GUIDE.read_text()
    assert policy_docs.rewritten(guide, policy_docs.load()) == guide
