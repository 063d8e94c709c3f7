# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The database that a task requests: what exists of it, its prediction, its problems, warnings and members."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    DatabaseId,
    DomainMembership,
    Endpoint,
    Member,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.operation import Request
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import ParameterGroup
from ansible_collections.passwordless.rds.plugins.module_utils._model.problem import Problem
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import SNAPSHOT, RestoreSource
from ansible_collections.passwordless.rds.plugins.module_utils._options.cluster_instances import ClusterInstance
from ansible_collections.passwordless.rds.plugins.module_utils._rules.new_database import (
    ProvisionRequest,
    default_value_warnings,
    member_parameters,
    new_database_problem,
    predicted_database,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance

NOON = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.timezone.utc)
RECENT, OLD = NOON - dt.timedelta(minutes=59, seconds=59), NOON - dt.timedelta(hours=1)
ENDPOINT = Endpoint("orders.example", 5432)
ORDERS = ProvisionRequest("created", DatabaseId(INSTANCE, "orders"), True, {}, engine="postgres", now=NOON)
LEDGER = replace(ORDERS, target=DatabaseId(CLUSTER, "ledger"), engine="aurora-postgresql")


def member(number=1, **settings):
    database_id = DatabaseId(INSTANCE, f"ledger-{number}")
    return ClusterInstance(database_id, "db.r6g.large", {"db_instance_class": "db.r6g.large", **settings})


def present(number=1, **changes):
    return instance(f"ledger-{number}", **{"cluster_identifier": "ledger", "created_at": OLD, **changes})


# existing -> is_being_created, is_half_made, is_unused
@pytest.mark.parametrize(
    ("existing", "being_created", "half_made", "unused"),
    [
        (None, False, False, True),
        (instance(status="creating", created_at=OLD, endpoint=ENDPOINT), True, True, True),
        (instance(status="modifying", created_at=RECENT), True, True, True),
        (instance(status="modifying", created_at=None), True, True, True),
        # a database in daily use has this status, too; its age decides
        (instance(status="modifying", created_at=OLD), False, False, False),
        (instance(status="backing-up", created_at=RECENT, endpoint=ENDPOINT), False, True, False),
        (instance(created_at=RECENT), False, False, False),
        (instance(status="storage-optimization", created_at=RECENT), False, False, False),
        (instance(status="stopped", created_at=RECENT), False, False, False),
        (instance(status="failed", created_at=None), False, False, False),
    ],
)
def test_request_existing_instance_by_status_and_age(existing, being_created, half_made, unused):
    wanted = replace(ORDERS, existing=existing)
    assert (wanted.is_being_created, wanted.is_half_made, wanted.is_unused) == (being_created, half_made, unused)


def test_request_without_time_takes_database_as_existing():
    assert not replace(ORDERS, existing=instance(status="modifying", created_at=RECENT), now=None).is_half_made


USED = cluster(endpoint=ENDPOINT, created_at=OLD, members=(Member("ledger-1", True),))
EMPTY = cluster(endpoint=ENDPOINT, created_at=OLD, members=())


@pytest.mark.parametrize(
    ("existing", "members", "found", "missing", "half_made", "unused"),
    [
        (USED, (member(),), (present(),), [], False, False),
        (USED, (member(), member(2)), (present(),), ["ledger-2"], True, False),
        (USED, (member(),), (present(status="creating"),), [], True, False),
        (EMPTY, (), (), [], False, False),
        (EMPTY, (member(),), (), ["ledger-1"], True, True),
        (None, (member(),), (), ["ledger-1"], False, True),
    ],
)
def test_request_existing_cluster_by_members(existing, members, found, missing, half_made, unused):
    wanted = replace(LEDGER, existing=existing, members=members, present_members=found)
    assert [one.id.identifier for one in wanted.missing_members] == missing
    assert (wanted.is_half_made, wanted.is_unused) == (half_made, unused)


def test_request_empty_cluster_of_somebody_else_is_in_use():
    assert not replace(LEDGER, existing=EMPTY, members=(member(),), is_other=True).is_unused


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        (None, False),
        (USED, False),
        (EMPTY, True),
        # RDS creates the members of a Multi-AZ DB cluster
        (cluster(engine="mysql", members=()), False),
        (instance(), False),
    ],
)
def test_request_has_no_member_only_for_empty_aurora_clusters(existing, expected):
    assert replace(LEDGER, existing=existing).has_no_member is expected


@pytest.mark.parametrize(
    ("existing", "found", "expected"),
    [
        (None, (), True),
        (EMPTY, (), True),
        (USED, (present(),), False),
        (USED, (present(status="creating"),), True),
        (cluster(status="creating"), (), True),
        # it belongs to another cluster
        (USED, (present(status="creating", cluster_identifier="shop"),), False),
    ],
)
def test_request_completes_inherited_members(existing, found, expected):
    assert replace(LEDGER, existing=existing, present_members=found).completes_inherited_members is expected


def test_request_own_members_belong_to_the_target():
    own, shouted = present(), present(2, cluster_identifier="LEDGER")
    others = (present(3, cluster_identifier="shop"), present(4, cluster_identifier=None))
    assert replace(LEDGER, present_members=(own, *others, shouted)).own_members == (own, shouted)


GROUPS = {"db_parameter_group_name": "pg", "db_cluster_parameter_group_name": "cpg"}


@pytest.mark.parametrize(("wanted", "group"), [(ORDERS, "pg"), (LEDGER, "cpg")])
def test_request_group_by_kind(wanted, group):
    assert replace(wanted, settings=GROUPS).group == group
    assert (wanted.group, wanted.has_own_groups) == (None, False)
    assert replace(wanted, settings=GROUPS).has_own_groups


@pytest.mark.parametrize(("found", "expected"), [((), True), ((present(),), False)])
def test_request_has_own_groups_counts_members_to_create(found, expected):
    wanted = replace(LEDGER, members=(member(db_parameter_group_name="pg"),), present_members=found)
    assert wanted.has_own_groups is expected


def source(**changes):
    plain = RestoreSource(SNAPSHOT, "monday", "", "db-SOURCE", True, "postgres", "16.4", "available")
    return replace(plain, instance_class="db.m6g.large", **changes)


@pytest.mark.parametrize(
    ("settings", "restored", "expected"),
    [
        ({}, None, None),
        ({}, source(), "db.m6g.large"),
        ({"db_instance_class": "db.r6g.large"}, source(), "db.r6g.large"),
    ],
)
def test_request_class_is_the_one_set_or_that_of_the_source(settings, restored, expected):
    assert replace(ORDERS, settings=settings, source=restored).instance_class == expected


@pytest.mark.parametrize(("desired", "current"), [(True, False), (False, True), (None, True)])
def test_predicted_database_has_the_opposite_setting(desired, current):
    assert predicted_database(replace(ORDERS, desired=desired)).current is current


def test_predicted_database_has_the_settings_of_the_request():
    settings = {**GROUPS, "db_instance_class": "db.m6g.large", "tags": {"env": "prod", "tier": 1, "empty": None}}
    request = Request("CreateDBInstance", {"Domain": "d-1"})
    found = predicted_database(replace(ORDERS, settings=settings, request=request, engine_version="16.4"))
    assert (found.engine, found.engine_version, found.status) == ("postgres", "16.4", "available")
    assert found.tags == {"env": "prod", "tier": "1", "empty": ""}
    assert found.instance_class == "db.m6g.large"
    assert found.parameter_group == ParameterGroup(INSTANCE, "pg", "in-sync")
    assert found.directories == (DomainMembership("d-1", "joining"),)
    assert not found.serverless_v1


def test_predicted_database_of_plain_request_has_nothing_else():
    found = predicted_database(ORDERS)
    assert (found.tags, found.instance_class, found.parameter_group, found.directories) == ({}, None, None, ())


def test_predicted_database_unknown_engine_has_no_class():
    assert predicted_database(
        replace(ORDERS, engine="", settings={"db_instance_class": "db.t3.micro"})
    ).instance_class is (None)


def test_predicted_cluster_has_its_members():
    request = Request("CreateDBCluster", {"EngineMode": "serverless"})
    found = predicted_database(replace(LEDGER, members=(member(), member(2)), request=request))
    assert found.members == (Member("ledger-1", False, "db.r6g.large"), Member("ledger-2", False, "db.r6g.large"))
    assert found.serverless_v1


OFF = "Set enable_iam_database_authentication to false"


@pytest.mark.parametrize(
    ("verb", "code", "message"),
    [
        ("created", "engine_unsupported", f"{OFF}, or choose another engine"),
        ("restored", "engine_unsupported", f"{OFF}, or omit it"),
        ("created", "deployment_unsupported", f"{OFF}, or use Serverless v2"),
        ("created", "kerberos_enabled", "extra_parameters: Domain d-1: RDS for PostgreSQL supports either Kerberos"),
        ("created", "kerberos_enabled", f"{OFF}, or remove Domain from extra_parameters"),
        ("created", "class_unsupported", "no IAM. Choose another class"),
    ],
)
def test_new_database_problem_has_remedy_for_a_new_database(verb, code, message):
    found = Problem(code, "no IAM. Change it to another class first")
    wanted = replace(ORDERS, verb=verb, request=Request("CreateDBInstance", {"Domain": "d-1"}))
    (problem,) = new_database_problem(wanted, [found])
    assert problem.code == code
    assert message in problem.message


def test_new_database_problem_of_a_member_has_remedy():
    (problem,) = new_database_problem(
        LEDGER, [Problem("class_unsupported", "Change that member to another class first")]
    )
    assert problem.message == "Choose another class"


def test_new_database_problem_of_other_code_is_kept():
    problem = Problem("ssl_disabled", "Change it to another class first")
    assert new_database_problem(ORDERS, [problem, problem]) == [problem, problem]


GROUP_WARNING = "{} is not set, so RDS uses the default parameter group, not that of the source"
NETWORK_WARNING = "vpc_security_group_ids is not set, so RDS uses the default security group of the VPC"


@pytest.mark.parametrize(
    ("wanted", "texts"),
    [
        (ORDERS, [GROUP_WARNING.format("db_parameter_group_name"), NETWORK_WARNING]),
        (LEDGER, [GROUP_WARNING.format("db_cluster_parameter_group_name"), NETWORK_WARNING]),
        (replace(ORDERS, settings=GROUPS), [NETWORK_WARNING]),
        (replace(ORDERS, default_settings=frozenset(["db_parameter_group_name"])), [NETWORK_WARNING]),
        (
            replace(ORDERS, settings={"vpc_security_group_ids": ["sg-1"]}),
            [GROUP_WARNING.format("db_parameter_group_name")],
        ),
        (replace(ORDERS, settings={**GROUPS, "vpc_security_group_ids": ["sg-1"]}), []),
    ],
)
def test_default_value_warnings(wanted, texts):
    where = f"DB {wanted.target.kind} {wanted.target.identifier}"
    assert default_value_warnings(wanted) == [f"{where}: {text}" for text in texts]


@pytest.mark.parametrize(
    ("existing", "engine"), [(None, "aurora-postgresql"), (cluster(engine="aurora-mysql"), "aurora-mysql")]
)
def test_member_parameters(existing, engine):
    entry = member(promotion_tier=0, tags={"b": 1, "a": None}, publicly_accessible=False)
    assert member_parameters(replace(LEDGER, existing=existing), entry) == {
        "DBInstanceIdentifier": "ledger-1",
        "DBClusterIdentifier": "ledger",
        "Engine": engine,
        "DBInstanceClass": "db.r6g.large",
        "PromotionTier": 0,
        "Tags": [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "1"}],
        "PubliclyAccessible": False,
    }
