# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Modify requests that change how the master user logs in."""

from __future__ import annotations

from typing import Any

import pytest

FLEET: dict[str, Any] = {
    "db_instances": [
        {"identifier": "on", "engine": "postgres", "iam_database_authentication_enabled": True},
        {"identifier": "off", "engine": "postgres"},
        {"identifier": "shop", "engine": "mysql", "iam_database_authentication_enabled": True},
    ],
    "db_clusters": [{"identifier": "on", "engine": "aurora-postgresql", "iam_database_authentication_enabled": True}],
}
PASSWORD = "correct-horse-battery-staple"
BY_IAM = {"MasterUserAuthenticationType": "iam-db-auth"}


@pytest.fixture(params=["instance", "cluster"])
def change(request: Any, sim: Any, rds: Any) -> Any:
    """Modify "on" and return what Describe shows of it."""
    sim.seed(FLEET)
    noun = "DBInstance" if request.param == "instance" else "DBCluster"
    call = rds.modify_db_instance if request.param == "instance" else rds.modify_db_cluster

    def run(**parameters: Any) -> Any:
        return call(**{f"{noun}Identifier": "on"}, ApplyImmediately=True, **parameters)[noun]

    return run


def test_modify_managed_password_creates_and_deletes_secret(change: Any, refused: Any) -> None:
    """Disabling it requires a new password (model ✓; code and text ?)."""
    assert change(ManageMasterUserPassword=True)["MasterUserSecret"]["SecretStatus"] == "active"
    assert refused(change, ManageMasterUserPassword=False)[0] == "InvalidParameterCombination"
    assert "MasterUserSecret" not in change(ManageMasterUserPassword=False, MasterUserPassword=PASSWORD)


def test_modify_master_user_iam_is_not_shown(change: Any) -> None:
    """Describe does not return it (model ✓)."""
    assert "MasterUserAuthenticationType" not in change(**BY_IAM)


@pytest.mark.parametrize(
    "more",
    [
        {**BY_IAM, "MasterUserPassword": PASSWORD},
        {**BY_IAM, "ManageMasterUserPassword": True},
        {**BY_IAM, "EnableIAMDatabaseAuthentication": False},
        {"ManageMasterUserPassword": True, "MasterUserPassword": PASSWORD},
    ],
)
def test_modify_contradicting_master_user_is_refused(change: Any, refused: Any, more: dict[str, Any]) -> None:
    """The last one: model ✓; the others: Terraform PR 49670 △ (texts ?)."""
    assert refused(change, **more)[0] == "InvalidParameterCombination"


@pytest.mark.parametrize("name", ["off", "shop"])
def test_modify_master_user_iam_needs_setting_and_postgres(sim: Any, rds: Any, refused: Any, name: str) -> None:
    """PostgreSQL only (model ✓), with the setting on (Terraform PR 49670 △)."""
    sim.seed(FLEET)
    code, _text = refused(rds.modify_db_instance, DBInstanceIdentifier=name, **BY_IAM)
    assert code == "InvalidParameterCombination"
