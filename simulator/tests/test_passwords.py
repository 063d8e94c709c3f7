# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Master passwords: length and characters, by engine."""

from __future__ import annotations

from typing import Any

import pytest
from api_requests import FLEET, METHODS, REQUESTS

# Maximum length by engine, and characters that only this engine refuses: botocore's model, MasterUserPassword of
# CreateDBInstance.
ENGINES = {
    "mysql": (41, ""),
    "mariadb": (41, ""),
    "postgres": (128, ""),
    "oracle-ee": (30, "&'"),
    "oracle-se2-cdb": (30, "&'"),
    "sqlserver-se": (128, ""),
    "db2-se": (255, ""),
}
CLUSTER = {
    name: {**REQUESTS[name], "MasterUserPassword": "correct-horse-battery"}
    for name in ("CreateDBCluster", "ModifyDBCluster")
}


def _modify(rds: Any, password: str) -> Any:
    return rds.modify_db_instance(DBInstanceIdentifier="one", MasterUserPassword=password)


@pytest.mark.parametrize("engine", ENGINES)
def test_modify_instance_password_length_depends_on_engine(sim: Any, rds: Any, refused: Any, engine: str) -> None:
    sim.seed({"db_instances": [{"identifier": "one", "engine": engine}]})
    longest = ENGINES[engine][0]
    for length in (8, longest):
        assert _modify(rds, "x" * length)
    for length in (7, longest + 1):
        assert refused(_modify, rds=rds, password="x" * length)[0] == "InvalidParameterValue"


@pytest.mark.parametrize(
    "engine",
    [name if name in ("mysql", "oracle-ee") else pytest.param(name, marks=pytest.mark.slow) for name in ENGINES],
)
def test_modify_instance_password_characters_depend_on_engine(sim: Any, rds: Any, refused: Any, engine: str) -> None:
    sim.seed({"db_instances": [{"identifier": "one", "engine": engine}]})
    forbidden = set('/@"' + ENGINES[engine][1])
    for character in [chr(number) for number in range(32, 127)] + ["\t", "\x7f", "\u00e9"]:
        password = f"correct{character}horse"
        if character in forbidden or not " " <= character <= "~":
            assert refused(_modify, rds=rds, password=password)[0] == "InvalidParameterValue"
        else:
            assert _modify(rds, password)


@pytest.mark.parametrize("operation", CLUSTER)
def test_cluster_password_out_of_range_refused(sim: Any, rds: Any, refused: Any, operation: str) -> None:
    """8 to 41 characters for every engine (model, CreateDBCluster and ModifyDBCluster ✓)."""
    sim.seed(FLEET)
    call = getattr(rds, METHODS[operation])
    for password in ("x" * 7, "x" * 42, "with/a/slash"):
        request = {**CLUSTER[operation], "MasterUserPassword": password}
        assert refused(call, **request)[0] == "InvalidParameterValue"
    assert call(**{**CLUSTER[operation], "MasterUserPassword": "x" * 41})


@pytest.mark.parametrize("operation", ["CreateDBInstance", "RestoreDBInstanceFromS3"])
def test_new_instance_password_out_of_range_refused(sim: Any, rds: Any, refused: Any, operation: str) -> None:
    for password in ("x" * 7, "x" * 42, "with/a/slash"):
        request = {**REQUESTS[operation], "MasterUserPassword": password}
        assert refused(getattr(rds, METHODS[operation]), **request)[0] == "InvalidParameterValue"


@pytest.mark.parametrize("accepted", [True, False])
def test_password_with_space_depends_on_switch(sim: Any, rds: Any, refused: Any, accepted: bool) -> None:
    """Valid in the model, refused by the text of RDS.

    Text: alphagov/govuk-infrastructure pull request 1270 (△).
    """
    sim.settings.update(password_may_contain_space=accepted)
    request = {**REQUESTS["CreateDBInstance"], "MasterUserPassword": "correct horse"}
    if accepted:
        assert rds.create_db_instance(**request)
        return
    code, text = refused(rds.create_db_instance, **request)
    assert (code, text) == (
        "InvalidParameterValue",
        "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides "
        "'/', '@', '\"', ' ' may be used.",
    )
