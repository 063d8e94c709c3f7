# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""What ``rds_create_iam`` and ``rds_restore_iam`` share: target, settings, draft of the request, existing databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    DatabaseId,
    Endpoint,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Request
from ansible_collections.passwordless.rds.plugins.module_utils._options.settings import COMMON_SPEC
from ansible_collections.passwordless.rds.plugins.module_utils._run.provision_task import ProvisionTask
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    NOON,
    FakeRds,
    context_of,
    task_params,
)

ORDERS, LEDGER = DatabaseId(INSTANCE, "orders"), DatabaseId(CLUSTER, "ledger")
ENTRY = {"db_instance_identifier": "ledger-1", "db_instance_class": "db.r6g.large"}
PASSWORD = "correct-horse-1"


def task(rds=None, *, wait=True, kind=INSTANCE, **given):
    target = {f"db_{kind}_identifier": "orders" if kind == INSTANCE else "ledger"}
    params = task_params(**{**target, **given})
    return ProvisionTask(params, options(wait=wait, wait_timeout=60.0), context_of(rds or FakeRds()), COMMON_SPEC)


def refused(call, *arguments):
    with pytest.raises(InputError) as failure:
        call(*arguments)
    return failure.value.message


@pytest.mark.parametrize(
    ("name", "target"),
    [(" Orders ", ORDERS), ("arn:aws:rds:eu-west-1:123456789012:db:orders", ORDERS)],
)
def test_task_target_is_read(name, target):
    assert task(db_instance_identifier=name).target == target


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"db_instance_identifier": " "}, "the target must be named once"),
        ({"db_cluster_identifier": "ledger"}, "the target must be named once"),
        ({"db_instance_identifier": "9lives"}, "db_instance_identifier: '9lives' is not a valid identifier"),
        ({"db_instance_identifier": "arn:aws:rds:us-east-1:123456789012:db:orders"}, "Set region to us-east-1"),
        (
            {"master_user_password": PASSWORD, "manage_master_user_password": True},
            "master_user_password, manage_master_user_password: both are set",
        ),
        ({"master_user_password": "short"}, "master_user_password: it has fewer than 8 characters"),
        ({"master_user_password": "a/slash-inside"}, "master_user_password: it contains a character"),
    ],
)
def test_task_invalid_options_are_refused_without_the_password(given, words):
    message = refused(lambda: task(**given))
    assert words in message
    assert str(given.get("master_user_password")) not in message


@pytest.mark.parametrize(("kind", "is_refused"), [(INSTANCE, False), (CLUSTER, True)])
def test_task_password_length_depends_on_kind(kind, is_refused):
    given = {"kind": kind, "master_user_password": "x" * 42, "engine": "postgres"}
    if is_refused:
        assert "it has more than 41 characters" in refused(lambda: task(**given))
    else:
        assert task(**given).settings["master_user_password"] == "x" * 42


def test_task_settings_are_those_that_were_given():
    found = task(port=0, multi_az=False, storage_type="", tags={}, iops=None, vpc_security_group_ids=[])
    assert found.settings == {"port": 0, "multi_az": False, "tags": {}}


@pytest.mark.parametrize(("kind", "parameter"), [(INSTANCE, "DBInstanceClass"), (CLUSTER, "DBClusterInstanceClass")])
def test_task_option_names_depend_on_kind(kind, parameter):
    assert task(kind=kind).option_names[parameter] == "db_instance_class"


def test_task_draft_holds_settings_and_extra_parameters():
    rds = FakeRds()
    found = task(rds, port=5433, extra_parameters={"MonitoringInterval": 60})
    draft = found.draft(rds.operation("CreateDBInstance"), {"DBInstanceIdentifier": "orders"})
    assert draft == Request(
        "CreateDBInstance", {"Port": 5433, "MonitoringInterval": 60, "DBInstanceIdentifier": "orders"}
    )


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"Port": 5433}, "extra_parameters: Port has an option. Use port."),
        ({"MonitoringIntervall": 60}, "Did you mean 'MonitoringInterval'?"),
        ({"DBInstanceIdentifier": "shop"}, "extra_parameters: DBInstanceIdentifier is set by another option"),
        (
            {"MonitoringInterval": "invalid"},
            "CreateDBInstance: invalid values: MonitoringInterval is not",
        ),
    ],
)
def test_task_draft_invalid_extra_parameters_are_refused(extra, words):
    rds = FakeRds()
    found = task(rds, extra_parameters=extra)
    fixed = {"DBInstanceIdentifier": "orders"}
    assert words in refused(found.draft, rds.operation("CreateDBInstance"), fixed)


@pytest.mark.parametrize(
    ("kind", "engine", "given", "words"),
    [
        (INSTANCE, "aurora-mysql", {}, "engine: aurora-mysql supports only DB clusters. Set db_cluster_identifier"),
        (INSTANCE, "mysql", {}, None),
        (INSTANCE, "oracle-ee", {}, None),
        (CLUSTER, "mariadb", {}, "engine: mariadb does not support DB clusters. Set db_instance_identifier"),
        (CLUSTER, "custom-oracle-ee", {}, "engine: custom-oracle-ee does not support DB clusters"),
        (CLUSTER, "aurora-mysql", {}, None),
        (CLUSTER, "aurora-mysql", {"cluster_instances": [ENTRY]}, None),
        (
            CLUSTER,
            "aurora-mysql",
            {"db_instance_class": "db.r6g.large"},
            "db_instance_class: an Aurora cluster has no class. Set db_instance_class in each entry",
        ),
        (CLUSTER, "mysql", {"db_instance_class": "db.m6gd.large"}, None),
        (
            CLUSTER,
            "postgres",
            {"cluster_instances": [ENTRY]},
            "cluster_instances: RDS creates the members of a Multi-AZ DB cluster. Remove cluster_instances.",
        ),
    ],
)
def test_task_refuse_engine(kind, engine, given, words):
    found = task(kind=kind, **given)
    if words is None:
        found.refuse_engine(engine, found.members())
    else:
        assert words in refused(found.refuse_engine, engine, found.members())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "cluster_instances: the target is a DB instance"),
        (
            {"kind": CLUSTER, "wait": False},
            "cluster_instances: the DB instances require an available cluster. Set wait to true.",
        ),
    ],
)
def test_task_members_invalid_are_refused(given, words):
    assert words in refused(task(cluster_instances=[ENTRY], **given).members)


@pytest.mark.parametrize("desired", [True, False, None])
def test_task_wanted_without_existing_database(desired):
    found = task(port=5433, enable_iam_database_authentication=desired).wanted("created", ())
    assert (found.verb, found.target, found.desired) == ("created", ORDERS, desired)
    assert (found.existing, found.present_members, found.settings) == (None, (), {"port": 5433})


def test_task_wanted_holds_what_exists():
    rds = FakeRds().add(cluster(), instance("ledger-1", cluster_identifier="ledger"), instance())
    found = task(rds, kind=CLUSTER, cluster_instances=[ENTRY, {**ENTRY, "db_instance_identifier": "ledger-3"}])
    wanted = found.wanted("created", found.members())
    assert wanted.existing.id == LEDGER
    assert [database.id.identifier for database in wanted.present_members] == ["ledger-1"]
    assert [member.id.identifier for member in wanted.missing_members] == ["ledger-3"]
    # one page for each kind
    assert [query.names for query in rds.sent("page")] == [("ledger-1", "ledger-3"), ("ledger",)]


def test_task_wanted_has_the_time_of_aws():
    rds = FakeRds()
    rds.clock.sleep(5.0)
    assert task(rds).wanted("created", ()).now == NOON + dt.timedelta(seconds=5)
    rds.answered_at = lambda: None
    assert task(rds).wanted("created", ()).now == rds.clock.now()
    rds.answered_at = lambda: NOON
    assert task(rds).wanted("created", ()).now == NOON


CREATING = instance(status="creating", engine="mysql")


@pytest.mark.parametrize(
    ("existing", "is_other"),
    [
        (None, False),
        (CREATING, True),
        (replace(CREATING, engine="postgres"), False),
        # somebody may have changed a database in use
        (replace(CREATING, status="available", endpoint=Endpoint("x", 1)), False),
        (replace(CREATING, cluster_identifier="ledger"), False),
    ],
)
def test_task_compared_with_a_database_that_is_being_created(existing, is_other):
    rds = FakeRds().add(*filter(None, [existing]))
    found = task(rds, engine="postgres")
    draft = found.draft(rds.operation("CreateDBInstance"), {"DBInstanceIdentifier": "orders"})
    wanted = found.compared(found.wanted("created", ()), draft)
    assert wanted.is_other is is_other
    assert [problem.code for problem in wanted.problems] == (["target_exists"] if is_other else [])
    if is_other:
        assert "but its properties differ from those in this task: its engine is mysql, not postgres" in (
            wanted.problems[0].message
        )


def test_task_compared_with_an_empty_cluster_is_no_problem():
    rds = FakeRds().add(cluster(endpoint=Endpoint("x", 1), members=(), engine="aurora-mysql"))
    found = task(rds, kind=CLUSTER, engine="aurora-postgresql")
    draft = found.draft(rds.operation("CreateDBCluster"), {"DBClusterIdentifier": "ledger"})
    wanted = found.compared(found.wanted("created", ()), draft)
    assert (wanted.is_other, wanted.problems) == (True, ())


def test_task_deadline_is_that_of_wait_timeout():
    assert (task().gateway.deadline.left, task().gateway.delay) == (60.0, 5.0)
