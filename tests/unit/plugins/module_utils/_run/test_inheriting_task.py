# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The settings and DB instances that a task takes from the source database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import CLUSTER, INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import (
    RESTORE_METHODS,
    SNAPSHOT,
    RestoreSource,
    RestoreSourceOption,
    SourceDatabase,
    SourceMember,
)
from ansible_collections.passwordless.rds.plugins.module_utils._options.cluster_instances import ClusterInstance
from ansible_collections.passwordless.rds.plugins.module_utils._options.settings import COMMON_SPEC
from ansible_collections.passwordless.rds.plugins.module_utils._rules.new_database import ProvisionRequest
from ansible_collections.passwordless.rds.plugins.module_utils._run.inheriting_task import InheritingTask
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance, options
from ansible_collections.passwordless.rds.tests.unit.plugins.module_utils._run.fakes import (
    FakeRds,
    context_of,
    task_params,
)

SOURCE = RestoreSource(SNAPSHOT, "monday", "", "db-SHOP", True, "mysql", "8.0.40", "available")
SETTINGS = {
    "db_subnet_group_name": "private",
    "vpc_security_group_ids": ["sg-1"],
    "db_parameter_group_name": "own",
    "option_group_name": "audit",
}
SHOP = SourceDatabase(INSTANCE, "mysql", SETTINGS, engine_version="8.0.40", vpc="vpc-1")
READERS = (
    SourceMember("shop-b", False, 1, {"db_instance_class": "db.r6g.large"}),
    SourceMember("shop-a", True, 1, {"db_instance_class": "db.r6g.xlarge"}),
)
AURORA = SourceDatabase(CLUSTER, "aurora-mysql", {}, READERS)
DRILL = DatabaseId(INSTANCE, "drill")


def choice(option="db_snapshot_identifier"):
    return RestoreSourceOption(INSTANCE, option, "monday", RESTORE_METHODS[INSTANCE][option])


def task(source_database=SHOP, *, rds=None, kind=INSTANCE, name="drill", wait=True, **given):
    rds = rds or FakeRds()
    if source_database is not None:
        rds.source_databases["monday"] = source_database
    params = task_params(**{f"db_{kind}_identifier": name, "inherit_settings_from_source": True, **given})
    found = InheritingTask(params, options(wait=wait), context_of(rds), COMMON_SPEC)
    found.inherit_from(choice(), SOURCE)
    return found


def wanted_of(found, **more):
    return ProvisionRequest("restored", found.target, None, found.settings, **more)


def inherited(found, engine="mysql", version="8.0.40"):
    return found.with_inherited(wanted_of(found), engine, version)


def test_inherit_takes_settings_of_the_source():
    found = task()
    wanted = inherited(found)
    assert wanted.settings == wanted.inherited == found.settings == SETTINGS
    assert (wanted.default_settings, list(found.not_inherited(wanted))) == (frozenset(), [])


def test_inherit_option_of_the_task_has_precedence():
    wanted = inherited(task(option_group_name="mine"))
    assert wanted.settings["option_group_name"] == "mine"
    assert "option_group_name" not in wanted.inherited


def test_inherit_default_groups_are_known_but_not_sent():
    wanted = inherited(task(replace(SHOP, settings={"db_parameter_group_name": "default.mysql8.0"})))
    assert (wanted.settings, wanted.default_settings) == ({}, {"db_parameter_group_name"})


def test_inherit_not_asked_for_describes_nothing():
    rds = FakeRds()
    found = task(rds=rds, inherit_settings_from_source=False)
    wanted = inherited(found)
    assert (wanted.settings, wanted.inherited, list(found.not_inherited(wanted))) == ({}, {}, [])
    assert (found.inherited_members(), rds.calls) == ((), [])


def test_inherit_source_that_was_deleted_warns():
    found = task(None)
    wanted = inherited(found)
    assert wanted.inherited == {}
    assert list(found.not_inherited(wanted)) == [
        "DB instance drill: inherit_settings_from_source: the source database no longer exists in this Region, so no "
        "settings were inherited. Set them as options"
    ]


def test_inherit_snapshot_that_does_not_exist_describes_nothing():
    rds = FakeRds()
    found = InheritingTask(
        task_params(db_instance_identifier="drill", inherit_settings_from_source=True),
        options(),
        context_of(rds),
        COMMON_SPEC,
    )
    found.inherit_from(choice(), None)
    assert (rds.calls, found.inherited_members()) == ([], ())


@pytest.mark.parametrize("source", [SOURCE, None])
def test_inherit_from_s3_is_refused(source):
    with pytest.raises(InputError, match="a backup in S3 does not come from an RDS database"):
        task().inherit_from(choice("s3_bucket_name"), source)


def test_inherit_option_group_of_other_version_is_omitted():
    found = task()
    wanted = inherited(found, version="8.4.3")
    assert "option_group_name" not in wanted.settings
    assert list(found.not_inherited(wanted)) == [
        "DB instance drill: option_group_name is not inherited: audit is for mysql 8.0.40, and the target has 8.4.3"
    ]
    given = task(option_group_name="mine")
    assert list(given.not_inherited(inherited(given, version="8.4.3"))) == []


@pytest.mark.parametrize(
    ("source", "given", "vpcs", "is_inherited"),
    [
        (SHOP, {}, {}, True),
        (SHOP, {"db_subnet_group_name": "Private"}, {}, True),
        (SHOP, {"db_subnet_group_name": "other"}, {"other": "vpc-1"}, True),
        (SHOP, {"db_subnet_group_name": "other"}, {"other": "vpc-2"}, False),
        (SHOP, {"db_subnet_group_name": "other"}, {}, False),
        # the VPC of the source follows from its subnet group
        (replace(SHOP, vpc=""), {"db_subnet_group_name": "other"}, {"other": "vpc-1", "private": "vpc-1"}, True),
        (replace(SHOP, vpc=""), {"db_subnet_group_name": "other"}, {"other": "vpc-2", "private": "vpc-1"}, False),
        # an unknown VPC is not the same VPC
        (replace(SHOP, vpc=""), {"db_subnet_group_name": "other"}, {}, False),
        (
            SourceDatabase(INSTANCE, "mysql", {"vpc_security_group_ids": ["sg-1"]}),
            {"db_subnet_group_name": "other"},
            {"other": "vpc-1"},
            False,
        ),
    ],
)
def test_inherit_security_groups_only_within_their_vpc(source, given, vpcs, is_inherited):
    found = task(source, rds=FakeRds(vpcs=vpcs), **given)
    wanted = inherited(found)
    assert ("vpc_security_group_ids" in wanted.settings) is is_inherited
    name = given.get("db_subnet_group_name")
    text = (
        f"DB instance drill: vpc_security_group_ids is not inherited: the VPC of DB subnet group {name} is not that of "
        "the source"
    )
    assert list(found.not_inherited(wanted)) == ([] if is_inherited else [text])


def test_inherit_security_groups_of_the_task_need_no_vpc():
    rds = FakeRds()
    found = task(rds=rds, db_subnet_group_name="other", vpc_security_group_ids=["sg-9"])
    assert inherited(found).settings["vpc_security_group_ids"] == ["sg-9"]
    assert rds.count("subnet_group_vpc") == 0


def test_inherit_members_of_an_aurora_cluster():
    found = task(AURORA, kind=CLUSTER)
    assert [(member.id.identifier, member.instance_class) for member in found.inherited_members()] == [
        ("drill-1", "db.r6g.xlarge"),
        ("drill-2", "db.r6g.large"),
    ]


ENTRY = {"db_instance_identifier": "mine-1", "db_instance_class": "db.r6g.large"}


@pytest.mark.parametrize("entries", [[], [ENTRY]])
def test_inherit_members_of_the_task_have_precedence(entries):
    assert task(AURORA, kind=CLUSTER, cluster_instances=entries).inherited_members() == ()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"wait": False}, "require an available cluster. Set wait to true, or cluster_instances to an empty list"),
        ({"name": "x" * 62}, f"up to {'x' * 62}-2, are longer than 63 characters"),
    ],
)
def test_inherit_members_that_cannot_be_created_are_refused(more, words):
    with pytest.raises(InputError) as failure:
        task(AURORA, kind=CLUSTER, **more).inherited_members()
    assert failure.value.message.startswith("inherit_settings_from_source: the ")
    assert words in failure.value.message


def test_inherit_members_longest_name_is_accepted():
    assert len(task(AURORA, kind=CLUSTER, name="x" * 61).inherited_members()) == 2


def test_inherit_members_none_does_not_need_to_wait():
    assert task(replace(AURORA, members=()), kind=CLUSTER, wait=False, name="x" * 63).inherited_members() == ()


def member(number):
    return ClusterInstance(DatabaseId(INSTANCE, f"drill-{number}"), "db.r6g.large", {})


def present(number, owner="drill"):
    return instance(f"drill-{number}", cluster_identifier=owner)


@pytest.mark.parametrize(
    ("existing", "found", "kept", "warns"),
    [
        # the cluster is not there, or has no DB instance yet: all are created
        (None, (), [1, 2], False),
        (cluster("drill", members=()), (), [1, 2], False),
        (cluster("drill", status="creating", members=()), (), [1, 2], False),
        (cluster("drill"), (present(1), present(2)), [1, 2], False),
        (cluster("drill"), (present(1),), [1], True),
        (cluster("drill"), (present(1), present(2, "ledger")), [1], True),
    ],
)
def test_inherit_members_of_a_target_in_use_are_those_it_has(existing, found, kept, warns):
    wanted = ProvisionRequest(
        "restored",
        DatabaseId(CLUSTER, "drill"),
        None,
        {},
        existing=existing,
        members=(member(1), member(2)),
        present_members=found,
    )
    shown = task(AURORA, kind=CLUSTER).only_existing_members(wanted)
    assert [one.id.identifier for one in shown.members] == [f"drill-{number}" for number in kept]
    assert len(shown.warnings) == warns
    if warns:
        assert shown.warnings[0] == (
            "cluster/drill: it has fewer DB instances than its source. Because it is in use, no DB instances are "
            "created. To create them, set cluster_instances"
        )
        assert [database.cluster_identifier for database in shown.present_members] == ["drill"]
