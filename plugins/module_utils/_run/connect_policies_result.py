# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The result of ``rds_connect_policies_info``: statements, findings, proposed policies and the summary.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from collections import Counter
from dataclasses import dataclass

from .._rules.connect_findings import FINDING_CODES, Finding
from .._rules.connect_grants import ConnectGrant
from .._rules.connect_proposals import Proposal


@dataclass(frozen=True)
class ConnectPoliciesResult:
    """The statements about ``rds-db:connect`` and what was found. ``boundaries`` are policies by principal."""

    regions: tuple[str, ...]
    grants: tuple[ConnectGrant, ...]
    findings: tuple[tuple[ConnectGrant, Finding], ...]
    implied: tuple[tuple[ConnectGrant, tuple[str, ...]], ...]
    proposals: tuple[Proposal, ...]
    boundaries: t.Mapping[str, str]

    def render(self) -> dict[str, t.Any]:
        """Return the result of the module."""
        counts = Counter(finding.code for _grant, finding in self.findings)
        order = {code: number for number, code in enumerate(FINDING_CODES)}
        findings = sorted(self.findings, key=lambda pair: order[pair[1].code])
        return {
            "changed": False,
            "regions": list(self.regions),
            "statements": [_statement(grant) for grant in self.grants],
            "findings": [_finding(grant, finding) for grant, finding in findings],
            "implied": [{**_source(grant), "reasons": list(reasons)} for grant, reasons in self.implied],
            "proposed": [self._proposal(proposal) for proposal in self.proposals],
            "boundaries": [
                {"principal": principal, "policy_arn": arn} for principal, arn in sorted(self.boundaries.items())
            ],
            "summary": {
                "statements": len(self.grants),
                "principals": len({arn for grant in self.grants for arn in grant.principals}),
                "implied": len(self.implied),
                **{code: counts[code] for code in FINDING_CODES},
            },
            "msg": self._message(counts),
        }

    def _proposal(self, proposal: Proposal) -> dict[str, t.Any]:
        return {
            "principal": proposal.principal,
            "permissions_boundary": self.boundaries.get(proposal.principal),
            "needed": [
                {
                    "kind": database.kind,
                    "identifier": database.identifier,
                    "region": database.region,
                    "resource_id": database.resource_id,
                    "user": user,
                }
                for database, user in proposal.needed
            ],
            "policies": list(proposal.policies),
            "complete": not proposal.unresolved,
            "unresolved": [{"resource": text, "reason": reason} for text, reason in proposal.unresolved],
            "minimal": proposal.is_minimal,
        }

    def _message(self, counts: t.Mapping[str, int]) -> str:
        if not self.grants:
            return "No statement allows or denies rds-db:connect."
        found = ", ".join(f"{counts[code]} {code}" for code in FINDING_CODES if counts[code]) or "no findings"
        return f"{len(self.grants)} statements about rds-db:connect: {found}; {len(self.implied)} implied."


def _source(grant: ConnectGrant) -> dict[str, t.Any]:
    """Return where a statement is, and whom it applies to."""
    statement = grant.statement
    return {
        "policy_name": statement.policy.name,
        "policy_type": statement.policy.kind,
        "policy_arn": statement.policy.arn,
        "attached_to": list(grant.owners),
        "principals": list(grant.principals),
        "statement": statement.number,
        "sid": statement.sid,
        "effect": statement.effect or None,
    }


def _statement(grant: ConnectGrant) -> dict[str, t.Any]:
    statement = grant.statement
    texts = [*(pattern.text for pattern in statement.patterns), *(text for text, _reason in statement.unread)]
    return {**_source(grant), "actions": list(statement.actions), "resources": texts}


def _finding(grant: ConnectGrant, finding: Finding) -> dict[str, t.Any]:
    return {"code": finding.code, "resource": finding.resource, "message": f"{finding.message}.", **_source(grant)}
