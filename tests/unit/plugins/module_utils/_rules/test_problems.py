# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each problem: when it is found, when it is not, and the remedy in its message."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import DomainMembership
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter, ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._rules.decision import decide
from ansible_collections.passwordless.rds.plugins.module_utils._rules.facts import (
    ClassSupport,
    ReadinessFacts,
    SslParameter,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.problems import (
    problems_from_description,
    problems_from_facts,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options

NOW = {"apply_immediately": True}
OTHERS = {"DBInstanceClass": "db.r6g.large", "EngineVersion": "16.5"}


def found(database, asked):
    return {p.code: p.message for p in problems_from_description(database, decide(database, asked), asked)}


CASES = [
    pytest.param(instance(cluster_identifier="ledger"), options(), "cluster_member", "ledger", id="member"),
    pytest.param(
        instance(cluster_identifier="ledger", current=True), options(), "cluster_member", "ledger", id="member-on"
    ),
    pytest.param(instance(engine="oracle-ee"), options(), "engine_unsupported", "oracle-ee", id="oracle"),
    pytest.param(
        instance(engine="sqlserver-ex"), options(), "engine_unsupported", "Exclude this database", id="sqlserver"
    ),
    pytest.param(instance(engine="db2-ae"), options(), "engine_unsupported", "db2-ae", id="db2"),
    pytest.param(instance(engine="custom-sqlserver-ee"), options(), "engine_unsupported", "custom", id="custom"),
    pytest.param(cluster(engine="neptune", current=True), options(), "engine_unsupported", "neptune", id="neptune"),
    pytest.param(cluster(engine="docdb"), options(), "engine_unsupported", "docdb", id="docdb"),
    pytest.param(instance(on_outpost=True), options(), "deployment_unsupported", "Outposts", id="outposts"),
    pytest.param(cluster(serverless_v1=True), options(), "deployment_unsupported", "Serverless v1", id="serverless"),
    pytest.param(cluster(express=True, current=True), options(False), "always_on", "express", id="express"),
    pytest.param(
        instance(directories=(DomainMembership("d-1", "joined"),)), options(), "kerberos_enabled", "d-1", id="kerberos"
    ),
    pytest.param(
        cluster(engine="postgres", directories=(DomainMembership("d-1", "joined"),)),
        options(),
        "kerberos_enabled",
        "RDS for PostgreSQL",
        id="kerberos-multi-az",
    ),
    pytest.param(instance(status="stopped"), options(), "not_modifiable", "Start it", id="stopped"),
    pytest.param(cluster(status="failed"), options(), "not_modifiable", "'failed'", id="failed"),
    pytest.param(instance(status="incompatible-network"), options(), "not_modifiable", "network", id="incompatible"),
    pytest.param(
        instance(status="modifying"), options(wait=False), "not_modifiable", "wait", id="busy-and-not-waiting"
    ),
    pytest.param(
        instance(other_pending=OTHERS),
        options(**NOW),
        "other_pending_changes",
        "DBInstanceClass, EngineVersion",
        id="others",
    ),
    pytest.param(
        cluster(engine="mysql", other_pending=OTHERS),
        options(**NOW),
        "other_pending_changes",
        "maintenance",
        id="multi-az",
    ),
    pytest.param(
        instance(pending=True, other_pending=OTHERS), options(**NOW), "other_pending_changes", "Engine", id="forward"
    ),
]


@pytest.mark.parametrize(("database", "asked", "code", "word"), CASES)
def test_problems_found(database, asked, code, word):
    problems = found(database, asked)
    assert list(problems) == [code]
    assert word in problems[code]


CLEAR = [
    pytest.param(instance(), options(), id="ready"),
    pytest.param(instance(engine="oracle-ee"), options(False), id="no-setting-to-switch-off"),
    pytest.param(instance(on_outpost=True, current=True), options(False), id="outposts-off"),
    pytest.param(cluster(express=True, current=True), options(), id="express-on"),
    pytest.param(cluster(directories=(DomainMembership("d-1", "joined"),)), options(), id="kerberos-aurora"),
    pytest.param(instance(status="storage-optimization"), options(wait=False), id="storage-optimization"),
    pytest.param(
        instance(directories=(DomainMembership("d-1", "joined"),), engine="mysql"), options(), id="mysql-kerberos"
    ),
    pytest.param(
        instance(directories=(DomainMembership("d-1", "joined"),), current=True), options(), id="kerberos-unchanged"
    ),
    pytest.param(instance(status="stopped", current=True), options(), id="stopped-but-right"),
    pytest.param(instance(status="backing-up"), options(), id="passes"),
    pytest.param(instance(status="a-status-of-next-year"), options(), id="unknown-status-passes"),
    pytest.param(instance(other_pending=OTHERS), options(), id="deferred-sets-nothing-off"),
    pytest.param(instance(other_pending=OTHERS), options(apply_other_pending_changes=True, **NOW), id="meant"),
    pytest.param(cluster(other_pending=OTHERS), options(**NOW), id="aurora-applies-only-ours"),
    pytest.param(instance(current=True, pending=False, other_pending=OTHERS), options(**NOW), id="cancelling"),
]


@pytest.mark.parametrize(("database", "asked"), CLEAR)
def test_problems_not_found(database, asked):
    assert found(database, asked) == {}


def ssl(value="0", *, group="pg16", modifiable=True, dynamic=True, sharers=()):
    parameter = Parameter("ssl", value, modifiable=modifiable, dynamic=dynamic)
    return SslParameter(ParameterGroup("instance", group, "in-sync"), parameter, sharers)


@pytest.mark.parametrize(
    ("fact", "asked", "word"),
    [
        pytest.param(ssl(), options(), "ssl_parameter to enforce", id="require"),
        pytest.param(ssl("off"), options(), "ssl is off", id="word"),
        pytest.param(ssl(sharers=("instance/a", "instance/b")), options(), "instance/a, instance/b", id="shared"),
        pytest.param(
            ssl(group="default.postgres16"), options(ssl_parameter="enforce"), "custom parameter group", id="default"
        ),
        pytest.param(ssl(modifiable=False), options(ssl_parameter="enforce"), "another parameter group", id="fixed"),
        pytest.param(ssl(dynamic=False), options(ssl_parameter="enforce"), "reboot", id="static"),
    ],
)
def test_problems_ssl_disabled(fact, asked, word):
    (problem,) = problems_from_facts(instance(), ReadinessFacts(ssl=fact), asked)
    assert problem.code == "ssl_disabled"
    assert word in problem.message


@pytest.mark.parametrize(
    ("fact", "asked"),
    [
        pytest.param(ssl("1"), options(), id="on"),
        pytest.param(ssl(None), options(), id="not-set-is-the-default-is-on"),
        pytest.param(
            SslParameter(ParameterGroup("instance", "pg16", "in-sync"), None), options(), id="no-such-parameter"
        ),
        pytest.param(ssl(), options(ssl_parameter="enforce"), id="enforced"),
    ],
)
def test_problems_ssl_enabled_or_unset_is_none(fact, asked):
    assert problems_from_facts(instance(), ReadinessFacts(ssl=fact), asked) == []


def test_problems_class_unsupported_names_member():
    classes = (
        ClassSupport("ledger-1", "db.r6g.large", True),
        ClassSupport("ledger-2", "db.t3.small", False),
        ClassSupport("ledger-3", "db.m3.medium", None),  # a class that RDS does not list is unknown, not unsupported
    )
    (problem,) = problems_from_facts(cluster(), ReadinessFacts(classes=classes), options())
    assert problem.code == "class_unsupported"
    assert "ledger-2" in problem.message
    assert "db.t3.small" in problem.message


def test_problems_of_one_database_are_all_returned():
    database = instance(status="stopped", directories=(DomainMembership("d-1", "joined"),), other_pending=OTHERS)
    assert list(found(database, options(**NOW))) == ["kerberos_enabled", "not_modifiable", "other_pending_changes"]


# Amazon RDS User Guide, "Understanding domain membership" of Kerberos for PostgreSQL, and of Windows authentication
DIRECTORY_STATUSES = {
    "kerberos-enabled": True,
    "enabling-kerberos": True,
    "pending-enable-kerberos": True,
    "pending-maintenance-enable-kerberos": True,
    "pending-disable-kerberos": True,
    "pending-maintenance-disable-kerberos": True,
    "disabling-kerberos": True,
    "enable-kerberos-failed": False,
    "joined": True,
    "joining": True,
    "pending-join": True,
    "pending-maintenance-join": True,
    "pending-removal": True,
    "pending-maintenance-removal": True,
    "removing": True,
    "removed": False,
    "failed": False,
    "a-status-of-next-year": True,
}


@pytest.mark.parametrize(("status", "joined"), DIRECTORY_STATUSES.items())
def test_directory_status_counts_as_joined(status, joined):
    database = instance(directories=(DomainMembership("d-1", status),))
    assert list(found(database, options())) == (["kerberos_enabled"] if joined else [])
