# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The checks of engine version, classes and parameter groups before a database is created."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._gateway.provisioning import EngineOffer
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._options.cluster_instances import ClusterInstance
from ansible_collections.passwordless.rds.plugins.module_utils._rules.new_database import ProvisionRequest
from ansible_collections.passwordless.rds.plugins.module_utils._run.preflight import (
    find_engine_offer,
    of_missing_members,
    provision_problems,
    unknown_engine_problems,
)
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import FakeRds, gateway_to

OFFER = EngineOffer("16.4", "postgres16")
MEMBER_OFFER = EngineOffer("16.4", "aurora-postgresql16")
ORDERS = ProvisionRequest("created", DatabaseId(INSTANCE, "orders"), True, {}, engine="postgres", engine_version="16.4")
LEDGER = replace(ORDERS, target=DatabaseId(CLUSTER, "ledger"), engine="aurora-postgresql")


def rds(**more):
    families = {
        (INSTANCE, "pg16"): "postgres16",
        (INSTANCE, "pg15"): "postgres15",
        (INSTANCE, "aurora"): "aurora-postgresql16",
        (CLUSTER, "apg16"): "aurora-postgresql16",
    }
    return FakeRds(offers={"postgres": OFFER, "aurora-postgresql": MEMBER_OFFER}, families=families, **more)


def member(name, group=None, instance_class="db.r6g.large"):
    return ClusterInstance(DatabaseId(INSTANCE, name), instance_class, {"db_parameter_group_name": group})


def told(problems):
    return [(problem.code, problem.message) for problem in problems]


@pytest.mark.parametrize("version", [None, "16.4"])
def test_engine_offer_is_found(version):
    assert find_engine_offer(gateway_to(rds()), "postgres", version) == (OFFER, [])


@pytest.mark.parametrize(
    ("engine", "version", "code", "message"),
    [
        (
            "postgres",
            "9.6",
            "engine_version_not_offered",
            "engine_version: RDS does not offer version 9.6 of engine postgres in this Region. Choose another version",
        ),
        (
            "mariadb",
            None,
            "engine_not_offered",
            "engine: RDS does not offer engine 'mariadb' in this Region. Choose another engine or Region",
        ),
        (
            "postgress",
            "16.4",
            "engine_not_offered",
            "engine: RDS does not offer engine 'postgress' in this Region. Similar: postgres, aurora-postgresql",
        ),
        (
            "cobol",
            None,
            "engine_not_offered",
            "engine: RDS does not offer engine 'cobol' in this Region. Engines with IAM database authentication: "
            "aurora-mysql, aurora-postgresql, mariadb, mysql, postgres",
        ),
    ],
)
def test_engine_offer_not_found_has_remedy(engine, version, code, message):
    offer, problems = find_engine_offer(gateway_to(rds()), engine, version)
    assert offer is None
    assert told(problems) == [(code, message)]


@pytest.mark.parametrize(("engine", "codes"), [("postgres", []), ("mariadb", ["engine_not_offered"])])
def test_unknown_engine_problems(engine, codes):
    assert [problem.code for problem in unknown_engine_problems(gateway_to(rds()), engine)] == codes


GROUP_ABSENT = "db_parameter_group_name: DB parameter group gone does not exist. Create it, or use another group"
GROUP_UNSUITED = (
    "db_parameter_group_name: DB parameter group pg15 is for postgres15, but postgres 16.4 requires one for "
    "postgres16. Use another group"
)
CLASS_ABSENT = (
    "db_instance_class: RDS does not offer db.x9 for engine postgres 16.4 in this Region. Choose another class"
)


@pytest.mark.parametrize(
    ("settings", "family", "expected"),
    [
        ({}, "postgres16", []),
        ({"db_parameter_group_name": "pg16", "db_instance_class": "db.m6g.large"}, "postgres16", []),
        ({"db_parameter_group_name": "gone"}, "postgres16", [("parameter_group_not_found", GROUP_ABSENT)]),
        ({"db_parameter_group_name": "gone"}, None, [("parameter_group_not_found", GROUP_ABSENT)]),
        ({"db_parameter_group_name": "pg15"}, "postgres16", [("parameter_group_unsuited", GROUP_UNSUITED)]),
        # the family is not known for a version that RDS does not offer any more
        ({"db_parameter_group_name": "pg15"}, None, []),
        ({"db_instance_class": "db.x9"}, "postgres16", [("class_not_offered", CLASS_ABSENT)]),
        # whether a class supports IAM is a question of the plan
        ({"db_instance_class": "db.t2"}, "postgres16", []),
    ],
)
def test_provision_problems_of_instance(settings, family, expected):
    found = rds(support={"db.x9": None, "db.t2": False})
    assert told(provision_problems(gateway_to(found), replace(ORDERS, settings=settings), family)) == expected


def test_provision_problems_engine_without_iam_asks_for_no_class():
    found = rds(support={"db.x9": None})
    wanted = replace(ORDERS, engine="oracle-ee", settings={"db_instance_class": "db.x9"})
    assert provision_problems(gateway_to(found), wanted, None) == []
    assert found.calls == []


def test_provision_problems_of_cluster_members():
    members = (
        member("ledger-1", "aurora"),
        member("ledger-2", "gone", "db.x9"),
        member("ledger-3", "pg15", "db.x9"),
        member("ledger-4"),
    )
    found = rds(support={"db.x9": None})
    # the class of the cluster does not matter if it has members
    wanted = replace(LEDGER, members=members, settings={"db_instance_class": "db.t2"})
    codes = [
        (problem.code, problem.message.partition(" does not exist")[0])
        for problem in provision_problems(gateway_to(found), wanted, "aurora-postgresql16")
    ]
    assert codes == [
        (
            "class_not_offered",
            "db_instance_class: RDS does not offer db.x9 for engine aurora-postgresql 16.4 in this Region. Choose "
            "another class",
        ),
        ("parameter_group_not_found", "cluster_instances: ledger-2: DB parameter group gone"),
        (
            "parameter_group_unsuited",
            "cluster_instances: ledger-3: DB parameter group pg15 is for postgres15, but aurora-postgresql 16.4 "
            "requires one for aurora-postgresql16. Use another group",
        ),
    ]
    assert found.sent("supports_iam") == ["db.r6g.large", "db.x9"]


def test_provision_problems_each_group_is_read_once():
    found = rds()
    members = (member("ledger-1", "aurora"), member("ledger-2", "aurora"))
    settings = {"db_cluster_parameter_group_name": "apg16"}
    wanted = replace(LEDGER, members=members, settings=settings)
    assert provision_problems(gateway_to(found), wanted, "aurora-postgresql16") == []
    assert found.sent("group_family") == ["apg16", "aurora"]


def test_missing_members_are_checked_against_existing_cluster():
    members = (member("ledger-1", "gone"), member("ledger-2", "pg16"), member("ledger-3"))
    present = (instance("ledger-1", cluster_identifier="ledger"),)
    wanted = replace(LEDGER, engine="", members=members, present_members=present)
    problems = of_missing_members(gateway_to(rds()), wanted, cluster())
    assert [problem.code for problem in problems] == ["parameter_group_unsuited"]
    assert "ledger-2: DB parameter group pg16 is for postgres16, but aurora-postgresql 16.4" in problems[0].message


def test_missing_members_of_old_version_only_need_a_group():
    wanted = replace(LEDGER, members=(member("ledger-1", "pg16"), member("ledger-2", "gone")))
    problems = of_missing_members(gateway_to(rds()), wanted, cluster(engine_version="11.9"))
    assert [problem.code for problem in problems] == ["parameter_group_not_found"]


def test_missing_members_without_group_ask_nothing():
    found = rds()
    assert of_missing_members(gateway_to(found), replace(LEDGER, members=(member("ledger-1"),)), cluster()) == []
    assert found.calls == []
