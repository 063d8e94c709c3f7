# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""How the master user of a new database logs in."""

from __future__ import annotations

import types

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._rules.master_user import (
    check_master_user,
    managed_password_limitations,
    resolve_master_user,
)

NAME = {"master_username": "admin"}
GIVEN = {"master_user_password": "s3cr3t"}
MANAGED = {"manage_master_user_password": True}
UNMANAGED = {"manage_master_user_password": False}
GLOBAL = {"GlobalClusterIdentifier": "world"}
REPLICA = {"ReplicationSourceIdentifier": "ledger"}
EXPRESS = {"WithExpressConfiguration": True}


def by(choice):
    return {"master_user_authentication": choice}


@pytest.mark.parametrize(
    ("settings", "extra", "resolved", "by_default"),
    [
        (NAME, {}, {**NAME, **MANAGED}, True),
        ({**NAME, **by("managed")}, {}, {**NAME, **MANAGED}, False),
        ({**NAME, **MANAGED}, {}, {**NAME, **MANAGED}, False),
        ({**NAME, **GIVEN}, {}, {**NAME, **GIVEN}, False),
        ({**NAME, **GIVEN, **by("password")}, {}, {**NAME, **GIVEN}, False),
        ({**NAME, **by("iam"), "engine": "Postgres"}, {}, {**NAME, **by("iam"), "engine": "Postgres"}, False),
        ({}, REPLICA, {}, False),
        ({}, GLOBAL, {}, False),
        ({**NAME, **GIVEN}, GLOBAL, {**NAME, **GIVEN}, False),
        ({}, EXPRESS, {}, False),
    ],
)
def test_resolve_complete(settings, extra, resolved, by_default):
    found = resolve_master_user(settings, extra)
    assert (found.settings, found.missing, found.by_default) == (resolved, (), by_default)


@pytest.mark.parametrize(
    ("settings", "extra", "options"),
    [
        ({}, {}, ["master_username"]),
        (by("iam"), {}, ["master_username"]),
        ({**NAME, **by("password")}, {}, ["master_user_password"]),
        ({**NAME, **UNMANAGED}, {}, ["master_user_password"]),
        (by("password"), {}, ["master_username", "master_user_password"]),
        (NAME, GLOBAL, ["master_user_password"]),
    ],
)
def test_resolve_missing(settings, extra, options):
    missing = resolve_master_user(settings, extra).missing
    assert len(missing) == len(options)
    assert [text for option, text in zip(options, missing) if not text.startswith(option)] == []


@pytest.mark.parametrize(
    ("settings", "extra", "option"),
    [
        ({**GIVEN, **by("iam")}, {}, "master_user_password"),
        ({**MANAGED, **by("iam")}, {}, "manage_master_user_password"),
        ({"engine": "mysql", **by("iam")}, {}, "master_user_authentication"),
        ({**GIVEN, **by("managed")}, {}, "master_user_password"),
        ({**UNMANAGED, **by("managed")}, {}, "manage_master_user_password"),
        ({**MANAGED, **by("password")}, {}, "manage_master_user_password"),
        (NAME, REPLICA, "master_username"),
        (GIVEN, GLOBAL, "master_user_password"),
        (by("iam"), EXPRESS, "master_user_authentication"),
    ],
)
def test_resolve_contradiction_raises(settings, extra, option):
    with pytest.raises(InputError, match=f"^{option}: ") as raised:
        resolve_master_user(settings, extra)
    assert "s3cr3t" not in str(raised.value)


def operation(*accepts):
    return types.SimpleNamespace(accepts=accepts)


@pytest.mark.parametrize(
    ("settings", "accepts", "desired"),
    [
        (by("iam"), ["MasterUserAuthenticationType"], True),
        (by("managed"), [], False),
        ({}, [], False),
    ],
)
def test_check_master_user_valid(settings, accepts, desired):
    check_master_user(settings, operation(*accepts), desired=desired)


@pytest.mark.parametrize(
    ("accepts", "desired", "names"),
    [
        (["MasterUserAuthenticationType"], False, "enable_iam_database_authentication"),
        ([], True, "botocore"),
    ],
)
def test_check_master_user_iam_unavailable_raises(accepts, desired, names):
    with pytest.raises(InputError, match=names):
        check_master_user(by("iam"), operation(*accepts), desired=desired)


@pytest.mark.parametrize(
    ("engine", "replicas"), [("postgres", True), ("mysql", True), ("sqlserver-ee", False), ("aurora-mysql", True)]
)
def test_managed_password_limitations(engine, replicas):
    text = managed_password_limitations(engine)
    assert "blue/green" in text
    assert ("replicas" in text) is replicas
    assert ("global" in text) is engine.startswith("aurora")
