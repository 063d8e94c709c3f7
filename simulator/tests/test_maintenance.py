# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""DescribeCertificates and DescribePendingMaintenanceActions."""

from __future__ import annotations

from typing import Any

import pytest

ARN = "arn:aws:rds:eu-west-1:123456789012"
OLD = {"CACertificateIdentifier": "rds-ca-2019"}
SEED: dict[str, Any] = {
    "db_instances": [
        {"identifier": "orders", "engine": "postgres"},
        {"identifier": "old", "engine": "postgres", "extra": OLD},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql"}],
}


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


def test_describe_certificates(rds: Any, refused: Any) -> None:
    """One or all, ignoring case (✓ model)."""
    answer = rds.describe_certificates()
    names = [row["CertificateIdentifier"] for row in answer["Certificates"]]
    assert names == ["rds-ca-2019", "rds-ca-ecc384-g1", "rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1"]
    assert answer["DefaultCertificateForNewLaunches"] == "rds-ca-rsa2048-g1"
    (row,) = rds.describe_certificates(CertificateIdentifier="RDS-CA-RSA2048-G1")["Certificates"]
    assert (row["CertificateType"], row["ValidTill"].year) == ("CA", 2061)
    assert row["CertificateArn"] == "arn:aws:rds:eu-west-1::cert:rds-ca-rsa2048-g1"
    assert refused(rds.describe_certificates, CertificateIdentifier="none")[0] == "CertificateNotFound"


def test_create_database_uses_default_certificate(rds: Any, instance: Any) -> None:
    """An instance names an authority that DescribeCertificates returns."""
    assert instance("orders")["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"


def _waiting(rds: Any, **asked: Any) -> list[str]:
    rows = rds.describe_pending_maintenance_actions(**asked)["PendingMaintenanceActions"]
    return [row["ResourceIdentifier"] for row in rows]


def _by(name: str, *values: str) -> dict[str, Any]:
    return {"Filters": [{"Name": name, "Values": list(values)}]}


def test_describe_pending_maintenance_actions(rds: Any, refused: Any) -> None:
    """Only databases with actions, by ARN and by filter (✓ model)."""
    old = f"{ARN}:db:old"
    assert _waiting(rds) == [old]
    (row,) = rds.describe_pending_maintenance_actions(ResourceIdentifier=old)["PendingMaintenanceActions"]
    assert [detail["Action"] for detail in row["PendingMaintenanceActionDetails"]] == ["ca-certificate-rotation"]
    assert _waiting(rds, ResourceIdentifier=f"{ARN}:db:orders") == []
    assert _waiting(rds, **_by("db-instance-id", "OLD", "orders")) == [old]
    assert _waiting(rds, **_by("db-instance-id", old)) == [old]
    assert _waiting(rds, **_by("db-cluster-id", "old")) == []
    ask = rds.describe_pending_maintenance_actions
    for arn in (f"{ARN}:db:none", "orders"):
        assert refused(ask, ResourceIdentifier=arn)[0] == "ResourceNotFoundFault"
    assert refused(ask, **_by("colour", "blue"))[0] == "InvalidParameterValue"


def test_rotate_certificate_removes_pending_action(sim: Any, rds: Any) -> None:
    """Modify sets a certificate (✓ user guide)."""
    rds.modify_db_instance(
        DBInstanceIdentifier="old", CACertificateIdentifier="rds-ca-rsa2048-g1", ApplyImmediately=True
    )
    sim.clock.advance(60)
    assert _waiting(rds) == []
