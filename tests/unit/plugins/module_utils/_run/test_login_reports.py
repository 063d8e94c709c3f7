# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Facts about a database and a user are put into words."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import Endpoint
from ansible_collections.passwordless.rds.plugins.module_utils._model.login import AccountFacts
from ansible_collections.passwordless.rds.plugins.module_utils._run.login_reports import (
    account_in_words,
    database_in_words,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (AccountFacts(exists=False), "the user does not exist"),
        (AccountFacts(exists=False, other_spellings=("APP", "App")), "the user does not exist; similar: APP, App"),
        (AccountFacts(exists=True, is_iam=True), "the user is mapped to IAM"),
        (AccountFacts(exists=True), "the user is not mapped to IAM"),
        (
            AccountFacts(exists=True, is_iam=True, has_rds_ad=True, can_log_in=False, may_connect=False),
            "the user is mapped to IAM, has rds_ad, may not log in, lacks the privilege CONNECT",
        ),
    ],
)
def test_account_in_words_names_each_fact(facts, words):
    assert account_in_words(facts).startswith(words)


def test_database_in_words_of_member_names_owner():
    member = instance("ledger-1", endpoint=Endpoint("member.x", 5432), cluster_identifier="ledger")
    text = database_in_words(member, cluster(current=True), False)
    assert text.startswith("instance/ledger-1 (cluster/ledger owns the setting): status available")
    assert "IAM database authentication enabled" in text
    assert "is its endpoint" in text


def test_database_in_words_shows_pending_change():
    database = instance(pending=True)
    assert "disabled, a change is pending" in database_in_words(database, database, True)
