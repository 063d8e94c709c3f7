# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Policies that do not allow a login are compared with the resource that the login needs."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model import login_cause as cause
from ansible_collections.passwordless.rds.plugins.module_utils._model.login_evidence import PolicyFacts
from ansible_collections.passwordless.rds.plugins.module_utils._rules.policy_match import (
    matches_wildcards,
    policy_cause,
)

NEEDED = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-NEW/app"

DENIED = (
    ((), cause.POLICY_MISSING),
    (("arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-OLD/app",), cause.POLICY_OTHER_RESOURCE),
    (("arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-OLD/*",), cause.POLICY_OTHER_RESOURCE),
    (("arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-NEW/other",), cause.POLICY_OTHER_USER),
    (("arn:aws:rds-db:eu-west-1:123456789012:dbuser:*/other",), cause.POLICY_OTHER_USER),
    (("arn:aws:rds-db:us-east-1:123456789012:dbuser:db-NEW/app",), cause.POLICY_OTHER_REGION),
    (("arn:aws:rds-db:us-east-1:123456789012:dbuser:db-US/app",), cause.POLICY_OTHER_REGION),
    (("arn:aws:rds-db:eu-west-1:999999999999:dbuser:db-NEW/app",), cause.POLICY_MISSING),
    (("arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-OLD/other",), cause.POLICY_MISSING),
    (("arn:aws:s3:::bucket", "*"), cause.POLICY_MISSING),
    # a statement that matches, but whose condition is not met
    ((NEEDED,), cause.POLICY_MISSING),
    (
        (
            "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-NEW/other",
            "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-OLD/app",
        ),
        cause.POLICY_OTHER_RESOURCE,
    ),
)


@pytest.mark.parametrize(("resources", "expected"), DENIED)
def test_policy_cause_implicit_deny_names_part_that_differs(resources, expected):
    assert policy_cause(PolicyFacts("implicitDeny", resources=resources), NEEDED) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (PolicyFacts("allowed"), None),
        (PolicyFacts("explicitDeny"), cause.POLICY_EXPLICIT_DENY),
        (PolicyFacts("implicitDeny", allowed_by_boundary=False), cause.POLICY_BOUNDARY),
        (PolicyFacts("implicitDeny", allowed_by_boundary=True), cause.POLICY_MISSING),
        (PolicyFacts("implicitDeny", allowed_by_organization=False), cause.POLICY_ELSEWHERE),
    ],
)
def test_policy_cause_decision_is_translated(facts, expected):
    assert policy_cause(facts, NEEDED) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("db-?", "db-A", True),
        ("db-?", "db-", False),
        ("app", "App", False),
        ("a.c", "abc", False),
        ("a*c", "a\nc", True),
        ("[a]", "a", False),
    ],
)
def test_wildcards_pattern_matches_whole_text(pattern, text, expected):
    assert matches_wildcards(pattern, text) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [("*", "", True), ("rds-db:c?nnect", "rds-db:connect", True), ("*x" + "*" * 5000, "rds-db:connect", False)],
)
def test_matches_wildcards_is_fast_for_absurd_patterns(pattern, text, expected):
    assert matches_wildcards(pattern, text) is expected
