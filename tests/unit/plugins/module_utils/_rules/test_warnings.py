# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The warnings of a plan that is not refused."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import DomainMembership
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter, ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.facts import ReadinessFacts, SslParameter
from ansible_collections.passwordless.rds.plugins.module_utils._rules.warnings import plan_warnings
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options


def warnings(database, facts=ReadinessFacts(), asked=options()):  # noqa: B008 (both are frozen)
    return plan_warnings(database, decide(database, asked), facts, asked)


def ssl(value, *statuses):
    first, *more = statuses or ["in-sync"]
    group = ParameterGroup("cluster", "own", first, tuple(more))
    return ReadinessFacts(ssl=SslParameter(group, Parameter("ssl", value, modifiable=True, dynamic=True)))


# Amazon RDS User Guide, "Working with parameter groups": every ParameterApplyStatus but in-sync
@pytest.mark.parametrize("status", ["applying", "failed-to-apply", "pending-database-upgrade", "pending-reboot", "new"])
@pytest.mark.parametrize("value", [None, "1", "0"])
def test_warnings_group_not_in_sync(status, value):
    (text,) = warnings(instance(), ssl(value, status))
    assert text.startswith(f"parameter group own is {status!r}")


def test_warnings_members_differ_name_each_status():
    (text,) = warnings(cluster(), ssl("1", "failed-to-apply", "applying", "pending-reboot"))
    assert text.startswith("parameter group own is 'failed-to-apply', 'applying', 'pending-reboot', so ")


@pytest.mark.parametrize("statuses", [(), ("",)])
def test_warnings_group_in_sync_is_absent(statuses):
    assert warnings(instance(), ssl("1", *statuses)) == []


def test_warnings_kerberos_on_aurora_names_both_roles():
    (text,) = warnings(cluster(directories=(DomainMembership("d-1", "kerberos-enabled"),)))
    assert "d-1" in text
    assert "cannot have both rds_ad (Kerberos) and rds_iam" in text


@pytest.mark.parametrize(
    "database",
    [
        cluster(directories=(DomainMembership("d-1", "enable-kerberos-failed"),)),
        cluster(directories=(DomainMembership("d-1", "joined"),), engine="aurora-mysql"),
        cluster(directories=(DomainMembership("d-1", "joined"),), current=True),
    ],
)
def test_warnings_kerberos_not_relevant_is_absent(database):
    assert warnings(database) == []


def test_warnings_kerberos_when_disabling_is_absent():
    database = cluster(directories=(DomainMembership("d-1", "joined"),), current=True)
    assert not any("Kerberos" in text for text in warnings(database, asked=options(False)))
