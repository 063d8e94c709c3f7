# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each restore method, with every setting of the source and every value of the option, for both AWS defaults."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.restores import RESTORE_CASES, seed

IAM = "IAMDatabaseAuthenticationEnabled"
# whether the setting of the source is enabled, the value of the option, and whether AWS inherits the setting
SETTINGS = list(itertools.product([True, False], [True, False, None], [True, False]))


@pytest.fixture
def restore(sim, capsys):
    """Return a function that runs rds_restore_iam against the simulator."""
    return Runner("rds_restore_iam", sim.url, capsys)


@pytest.fixture(params=RESTORE_CASES, ids=[case.name for case in RESTORE_CASES])
def case(request):
    return request.param


def calls(sim, *verbs):
    return [call for call in sim.calls if call.operation.startswith(verbs)]


@pytest.mark.sample(8)
@pytest.mark.parametrize(("was_on", "asked", "inherits"), SETTINGS)
def test_restore_setting_by_source_and_option(sim, restore, case, was_on, asked, inherits):
    seed(sim, case, enabled=was_on)
    sim.settings.update(restore_inherits=inherits)
    options = {f"db_{case.kind}_identifier": "drill", **case.options}
    if asked is not None:
        options["enable_iam_database_authentication"] = asked
    expected = asked if asked is not None else (was_on and not case.name.endswith("s3"))

    predicted = restore.ok(check=True, **options)
    assert calls(sim, "Restore", "Modify", "Create") == []
    real = restore.ok(**options)
    (request,) = calls(sim, "Restore")
    assert request.operation == case.operation
    assert request.parameters["EnableIAMDatabaseAuthentication"] is expected
    assert calls(sim, "Modify") == []
    assert sim.database(case.kind, "drill")[IAM] is expected
    for result in (predicted, real):
        assert (result["changed"], result["restored"]) == (True, True)
        assert result["database"]["outcome"] == "applied"
        assert result["database"]["iam_database_authentication_enabled"] is expected
    assert predicted["diff"] == real["diff"]
    assert predicted["database"]["resource_id"] is None
    assert real["database"]["resource_id"] not in (None, real["source"]["resource_id"])

    again = restore.ok(**options)
    assert (again["changed"], again["restored"]) == (False, False)
    assert again["database"]["outcome"] == "unchanged"
    assert len(calls(sim, "Restore")) == 1
    assert calls(sim, "Modify", "Create") == []


@pytest.mark.sample(4)
@pytest.mark.parametrize("asked", [True, False])
def test_restore_setting_ignored_by_aws_is_corrected(sim, restore, case, asked):
    seed(sim, case, enabled=not asked)
    sim.settings.update(restore_ignores_iam=True, restore_inherits=not asked)
    options = {f"db_{case.kind}_identifier": "drill", "enabled": asked, **case.options}
    predicted = restore.ok(check=True, **options)
    real = restore.ok(**options)
    assert predicted["diff"] == real["diff"]
    assert real["database"]["iam_database_authentication_enabled"] is asked
    assert sim.database(case.kind, "drill")[IAM] is asked
    if not (case.name.endswith("s3") and not asked):
        (modify,) = calls(sim, "Modify")
        assert modify.parameters["ApplyImmediately"] is True


@pytest.mark.sample(6)
@pytest.mark.parametrize("asked", [True, False, None])
def test_restore_existing_target_changes_setting_only(sim, restore, case, asked):
    seed(sim, case, enabled=True)
    target = {f"db_{case.kind}_identifier": "drill"}
    restore.ok(**target, **case.options, enabled=False)
    sim.calls_clear()
    options = {**target, **case.options, "apply_immediately": True}
    if asked is not None:
        options["enabled"] = asked
    predicted = restore.ok(check=True, **options)
    real = restore.ok(**options)
    assert predicted["diff"] == real["diff"]
    assert predicted["database"]["outcome"] == real["database"]["outcome"]
    assert (real["restored"], real["changed"]) == (False, asked is True)
    assert sim.database(case.kind, "drill")[IAM] is (asked is True)
    modified = calls(sim, "Modify")
    assert len(modified) == (1 if asked else 0)
    for call in modified:
        assert set(call.parameters) == {
            f"DB{case.kind.capitalize()}Identifier",
            "EnableIAMDatabaseAuthentication",
            "ApplyImmediately",
        }
