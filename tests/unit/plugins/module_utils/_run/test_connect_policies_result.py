# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The result of the report about policies: the order of findings, the summary and the message."""

from __future__ import annotations

from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_findings import (
    FINDING_CODES,
    implied_reasons,
    statement_findings,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_grants import connect_grants
from ansible_collections.passwordless.rds.plugins.module_utils._run.connect_policies_result import ConnectPoliciesResult
from ansible_collections.passwordless.rds.tests.unit.connect_account import (
    PRINCIPAL,
    account_of,
    arn,
    document,
    inventory,
    proposal,
    statement,
)

BOUNDARY = "arn:aws:iam::123456789012:policy/limit"


def result_of(*statements, users=None):
    where, policy = inventory(users), document(*statements)
    grants = connect_grants(account_of(policy))
    proposed = proposal(where, policy)
    return ConnectPoliciesResult(
        regions=("eu-west-1",),
        grants=tuple(grants),
        findings=tuple((grant, found) for grant in grants for found in statement_findings(grant.statement, where)),
        implied=tuple((grant, tuple(reasons)) for grant in grants if (reasons := implied_reasons(grant.statement))),
        proposals=(proposed,) if proposed else (),
        boundaries={PRINCIPAL: BOUNDARY},
    ).render()


def test_result_without_statements():
    result = result_of()
    assert (result["changed"], result["statements"], result["findings"]) == (False, [], [])
    assert result["msg"] == "No statement allows or denies rds-db:connect."


def test_result_orders_findings_and_counts_them():
    result = result_of(statement(arn("*/app")), statement(arn("db-GONE/app")), statement("*"))
    codes = [one["code"] for one in result["findings"]]
    assert codes == sorted(codes, key=FINDING_CODES.index)
    assert {"dead", "wildcard"} <= set(codes)
    assert {code: result["summary"][code] for code in set(codes)} == {code: codes.count(code) for code in codes}
    assert (result["summary"]["statements"], result["summary"]["principals"], result["summary"]["implied"]) == (3, 1, 1)
    assert result["msg"].startswith("3 statements about rds-db:connect: ")
    assert result["msg"].endswith("; 1 implied.")


def test_result_proposal_has_boundary_and_needed_logins():
    (proposed,) = result_of(statement(arn("db-ORDERS/*")), users={"db-ORDERS": {"app": True}})["proposed"]
    assert (proposed["principal"], proposed["permissions_boundary"]) == (PRINCIPAL, BOUNDARY)
    assert [(one["identifier"], one["user"]) for one in proposed["needed"]] == [("orders", "app")]
    assert (proposed["complete"], proposed["unresolved"]) == (True, [])
