# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Snapshot attributes: sharing snapshots with other accounts."""

from __future__ import annotations

from typing import Any

import pytest

OWN, OTHER = "123456789012", "999999999999"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/11111111-2222-3333-4444-555555555555"
SEED: dict[str, Any] = {
    "db_instances": [{"identifier": "orders", "engine": "postgres"}],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-mysql"}, {"identifier": "trio", "engine": "mysql"}],
    "snapshots": [
        {"identifier": "plain", "source": "orders", "encrypted": False},
        {"identifier": "default-key", "source": "orders"},
        {"identifier": "own-key", "source": "orders", "source_extra": {"KmsKeyId": KEY}},
        {"identifier": "young", "source": "orders", "status": "creating", "encrypted": False},
        {"identifier": "rds:orders-2026-11-01-02-05", "source": "orders", "type": "automated", "encrypted": False},
        {"identifier": "theirs", "source": "x", "engine": "mysql", "owner": OTHER},
    ],
    "cluster_snapshots": [
        {"identifier": "plain", "source": "ledger", "encrypted": False},
        {"identifier": "default-key", "source": "ledger"},
        {"identifier": "own-key", "source": "ledger", "source_extra": {"KmsKeyId": KEY}},
        {"identifier": "young", "source": "ledger", "status": "creating", "encrypted": False},
        {"identifier": "rds:ledger-2026-11-01-02-05", "source": "ledger", "type": "automated", "encrypted": False},
        {"identifier": "trio", "source": "trio", "encrypted": False},
    ],
}
KINDS = ["instance", "cluster"]


@pytest.fixture(autouse=True)
def _fleet(sim: Any) -> None:
    sim.seed(SEED)


@pytest.fixture
def share(rds: Any) -> Any:
    """Modify the attribute of a snapshot of a kind; return the accounts."""

    def run(kind: str, name: str, *, attribute: str = "restore", **values: list[str]) -> list[str]:
        if kind == "instance":
            answer = rds.modify_db_snapshot_attribute(DBSnapshotIdentifier=name, AttributeName=attribute, **values)
            (row,) = answer["DBSnapshotAttributesResult"]["DBSnapshotAttributes"]
        else:
            answer = rds.modify_db_cluster_snapshot_attribute(
                DBClusterSnapshotIdentifier=name, AttributeName=attribute, **values
            )
            (row,) = answer["DBClusterSnapshotAttributesResult"]["DBClusterSnapshotAttributes"]
        return row["AttributeValues"]

    return run


@pytest.fixture
def shared(rds: Any) -> Any:
    """Return the accounts that a snapshot is shared with."""

    def run(kind: str, name: str) -> list[str]:
        if kind == "instance":
            result = rds.describe_db_snapshot_attributes(DBSnapshotIdentifier=name)["DBSnapshotAttributesResult"]
            (row,) = result["DBSnapshotAttributes"]
        else:
            answer = rds.describe_db_cluster_snapshot_attributes(DBClusterSnapshotIdentifier=name)
            (row,) = answer["DBClusterSnapshotAttributesResult"]["DBClusterSnapshotAttributes"]
        assert row["AttributeName"] == "restore"
        return row["AttributeValues"]

    return run


@pytest.mark.parametrize("kind", KINDS)
def test_share_adds_and_removes_accounts(share: Any, shared: Any, kind: str) -> None:
    """`restore` lists the accounts (✓ model)."""
    assert shared(kind, "plain") == []
    assert share(kind, "plain", ValuesToAdd=[OTHER, "all"]) == [OTHER, "all"]
    assert share(kind, "plain", ValuesToRemove=["all"]) == [OTHER]
    assert shared(kind, "plain") == [OTHER]


def test_share_shows_snapshot_to_other_account(sim: Any, share: Any, connect: Any) -> None:
    """The other account lists it as shared, and as public after `all` (✓ model)."""
    other = connect()

    def as_other_account(params: dict[str, Any], **_unused: Any) -> None:
        params["headers"]["x-moto-account-id"] = OTHER

    other.meta.events.register("before-call.rds", as_other_account)
    share("instance", "own-key", ValuesToAdd=[OTHER])
    share("instance", "plain", ValuesToAdd=["all"])
    arn = f"arn:aws:rds:eu-west-1:{OWN}:snapshot"
    for snapshot_type, name in (("shared", "own-key"), ("public", "plain")):
        (row,) = other.describe_db_snapshots(SnapshotType=snapshot_type)["DBSnapshots"]
        assert (row["DBSnapshotIdentifier"], row["SnapshotType"]) == (f"{arn}:{name}", snapshot_type)


@pytest.mark.parametrize("kind", KINDS)
def test_share_encrypted_snapshot(share: Any, refused: Any, kind: str) -> None:
    """Not public (✓ model), and not with the default key (✓ user guide; codes ?)."""
    assert refused(share, kind=kind, name="own-key", ValuesToAdd=["all"])[0] == "InvalidParameterValue"
    code, text = refused(share, kind=kind, name="default-key", ValuesToAdd=[OTHER])
    assert (code, "default AWS KMS key" in text) == ("InvalidParameterValue", True)
    assert share(kind, "own-key", ValuesToAdd=[OTHER]) == [OTHER]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"attribute": "colour", "ValuesToAdd": [OTHER]}, "InvalidParameterValue"),
        ({"ValuesToAdd": ["somebody"]}, "InvalidParameterValue"),
        ({}, "InvalidParameterCombination"),
        ({"ValuesToAdd": [f"{number:012d}" for number in range(21)]}, "SharedSnapshotQuotaExceeded"),
    ],
)
def test_share_invalid_values_refused(share: Any, refused: Any, kind: str, asked: dict[str, Any], code: str) -> None:
    """At most 20 accounts (✓ user guide); codes of invalid values ?."""
    assert refused(share, kind=kind, name="plain", **asked)[0] == code


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("instance", "young", "InvalidDBSnapshotState"),
        ("instance", "rds:orders-2026-11-01-02-05", "InvalidDBSnapshotState"),
        ("instance", "none", "DBSnapshotNotFound"),
        ("instance", f"arn:aws:rds:eu-west-1:{OTHER}:snapshot:theirs", "DBSnapshotNotFound"),
        ("cluster", "young", "InvalidDBClusterSnapshotStateFault"),
        ("cluster", "rds:ledger-2026-11-01-02-05", "InvalidDBClusterSnapshotStateFault"),
        ("cluster", "trio", "InvalidDBClusterSnapshotStateFault"),
        ("cluster", "none", "DBClusterSnapshotNotFoundFault"),
    ],
)
def test_share_unshareable_snapshot_refused(share: Any, refused: Any, kind: str, name: str, code: str) -> None:
    """Manual, available, own, and not of a Multi-AZ DB cluster (✓ model, user guide)."""
    assert refused(share, kind=kind, name=name, ValuesToAdd=[OTHER])[0] == code


def test_copy_of_shared_snapshot_is_not_shared(sim: Any, rds: Any, share: Any, shared: Any) -> None:
    """A copy is not shared with other accounts (✓ user guide)."""
    share("instance", "plain", ValuesToAdd=[OTHER])
    rds.copy_db_snapshot(SourceDBSnapshotIdentifier="plain", TargetDBSnapshotIdentifier="new")
    assert shared("instance", "new") == []
