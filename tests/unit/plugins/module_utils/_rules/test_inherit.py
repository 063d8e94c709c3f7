# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The settings and DB instances that a restored database inherits from its source."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import SourceDatabase, SourceMember
from ansible_collections.passwordless.rds.plugins.module_utils._rules.inherit import (
    inherited_cluster_instances,
    inherited_settings,
    unsuited_option_group,
)

NETWORK = {"db_subnet_group_name": "private", "vpc_security_group_ids": ["sg-1"]}
OWN = {
    "db_parameter_group_name": "pg",
    "option_group_name": "og",
    "multi_az": True,
    "db_instance_class": "db.m6g.large",
}
ORDERS = SourceDatabase(INSTANCE, "mysql", {**NETWORK, **OWN}, engine_version="8.0.40")


def inherited(source=ORDERS, kind=INSTANCE, engine="mysql", given=(), omitted=()):
    return inherited_settings(source, kind=kind, engine=engine, given=dict(given), omitted=omitted)


@pytest.mark.parametrize(
    ("keywords", "without"),
    [
        ({}, []),
        ({"given": {"db_parameter_group_name": "mine"}}, ["db_parameter_group_name"]),
        ({"omitted": ["vpc_security_group_ids"]}, ["vpc_security_group_ids"]),
        # RDS accepts only one of them
        ({"given": {"availability_zone": "eu-west-1a"}}, ["multi_az"]),
        ({"engine": "mariadb"}, ["db_parameter_group_name", "option_group_name"]),
        ({"kind": CLUSTER, "engine": "aurora-mysql"}, list(OWN)),
        # a Multi-AZ DB cluster has a class
        ({"kind": CLUSTER}, ["db_parameter_group_name", "option_group_name", "multi_az"]),
    ],
    ids=["all", "given", "omitted", "zone", "engine", "aurora", "multi-az-cluster"],
)
def test_inherited_settings(keywords, without):
    found = inherited(**keywords)
    assert found.settings == {name: value for name, value in ORDERS.settings.items() if name not in without}
    assert found.defaults == frozenset()


def test_inherited_settings_default_groups_are_not_sent():
    settings = {"db_parameter_group_name": "default.mysql8.0", "option_group_name": "default:mysql-8-0", **NETWORK}
    found = inherited(SourceDatabase(INSTANCE, "mysql", settings))
    assert found.settings == NETWORK
    assert found.defaults == {"db_parameter_group_name", "option_group_name"}


@pytest.mark.parametrize(
    ("engine", "source_version", "version", "unsuited"),
    [
        ("mysql", "8.0.40", "8.0.41", False),
        ("mysql", "8.0.40", "8.0.35", False),
        ("mysql", "8.0.40", "8.4.3", True),
        ("mysql", "8.4.3", "8.0.40", True),
        ("mariadb", "10.11.9", "11.4.4", True),
        ("mariadb", "10.11.6", "10.6.14", True),
        ("postgres", "16.3", "16.4", False),
        ("postgres", "16.4", "16.1", False),
        ("postgres", "15.8", "16.4", True),
        ("postgres", "16.4", "15.4", True),
        ("oracle-ee", "19.0.0.0.ru-2024", "21.0.0.0.ru-2024", True),
        ("sqlserver-se", "15.00.4335.1.v1", "15.00.4345.5.v1", False),
        ("mysql", "", "8.4.3", False),
        ("mysql", "8.0.40", "", False),
    ],
)
def test_unsuited_option_group_by_major_version(engine, source_version, version, unsuited):
    source = SourceDatabase(INSTANCE, engine, {"option_group_name": "og"}, engine_version=source_version)
    found = unsuited_option_group(source, kind=INSTANCE, engine=engine, version=version)
    assert found == ("og" if unsuited else None)


@pytest.mark.parametrize(
    ("settings", "kind", "engine"),
    [
        ({}, INSTANCE, "mysql"),
        ({"option_group_name": "default:mysql-8-0"}, INSTANCE, "mysql"),
        ({"option_group_name": "og"}, CLUSTER, "mysql"),
        ({"option_group_name": "og"}, INSTANCE, "mariadb"),
    ],
)
def test_unsuited_option_group_not_inherited_returns_none(settings, kind, engine):
    source = SourceDatabase(INSTANCE, "mysql", settings, engine_version="8.0.40")
    assert unsuited_option_group(source, kind=kind, engine=engine, version="8.4.3") is None


def member(identifier, tier=1, *, writer=False, group="pg"):
    return SourceMember(
        identifier, writer, tier, {"db_instance_class": f"db.{identifier}", "db_parameter_group_name": group}
    )


def test_inherited_instances_order_by_writer_tier_and_name():
    members = (
        member("application-autoscaling-1", 0),
        member("c", 2),
        member("b", 1, group="default.aurora-mysql8.0"),
        member("a", 1),
        member("w", 15, writer=True),
    )
    found = inherited_cluster_instances(
        SourceDatabase(CLUSTER, "aurora-mysql", {}, members), DatabaseId(CLUSTER, "drill")
    )
    assert [one["db_instance_identifier"] for one in found] == ["drill-1", "drill-2", "drill-3", "drill-4"]
    assert [one.get("db_parameter_group_name") for one in found] == ["pg", "pg", None, "pg"]
    assert [one["db_instance_class"] for one in found] == ["db.w", "db.a", "db.b", "db.c"]


@pytest.mark.parametrize(("engine", "kind"), [("mysql", CLUSTER), ("aurora-mysql", INSTANCE)])
def test_inherited_cluster_instances_only_for_aurora_clusters(engine, kind):
    source = SourceDatabase(CLUSTER, engine, {}, (member("w", writer=True),))
    assert inherited_cluster_instances(source, DatabaseId(kind, "drill")) == []
