# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options of ``rds_connect_policies_info``."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.connect_policies import (
    read_connect_policies_options,
)

ROLE = "arn:aws:iam::123456789012:role/service/app"
PREFIX = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-A/"


def read(**params):
    given = {"regions": None, "users": None, "principals": None, **params}
    return read_connect_policies_options(given, region="eu-west-1")


def entry(user="app", authentication="iam", **more):
    return {"user": user, "authentication": authentication, **more}


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        (None, ("eu-west-1",)),
        ([], ("eu-west-1",)),
        (["", " "], ("eu-west-1",)),
        (["us-east-1", "EU-West-1", "us-east-1"], ("us-east-1", "eu-west-1")),
        (["us-east-1 us-gov-west-1", "cn-north-1"], ("us-east-1", "us-gov-west-1", "cn-north-1")),
    ],
)
def test_regions(regions, expected):
    assert read(regions=regions).regions == expected


def test_principals():
    assert read().principals == ()
    assert read(principals=[f"{ROLE}, {ROLE}", ""]).principals == (ROLE,)


@pytest.mark.parametrize(
    ("users", "expected"),
    [
        (None, {}),
        ([entry(resource_id="db-A")], {"db-A": {"app": True}}),
        ([{"database": {"resource_id": "db-A"}, "users": []}], {"db-A": {}}),
        (
            [{"database": {"resource_id": "db-M", "dbuser_arn_prefix": PREFIX}, "users": [entry()]}],
            {"cluster-A": {"app": True}},
        ),
        (
            [
                {
                    "database": {"resource_id": "db-A", "dbuser_arn_prefix": None},
                    "users": [entry(name, name) for name in ("password", "password_possible", "kerberos", "none")],
                }
            ],
            {"db-A": {"password": False, "password_possible": False, "kerberos": False, "none": False}},
        ),
        ([entry(authentication="unknown", resource_id="db-A")], {"db-A": {"app": None}}),
        # several accounts of MySQL with the same name
        (
            [entry(authentication=one, resource_id="db-A") for one in ("password", "iam", "none")],
            {"db-A": {"app": True}},
        ),
        ([entry(authentication=one, resource_id="db-A") for one in ("unknown", "none")], {"db-A": {"app": None}}),
        (
            [entry(authentication="password", resource_id="db-A", granted={"plugins": ["AWSAuthenticationPlugin"]})],
            {"db-A": {"app": True}},
        ),
        # entries of other programs
        ([entry(resource_id="db-A", granted={"plugins": 5})], {"db-A": {"app": True}}),
        ([entry(authentication="none", resource_id="db-A", granted=[])], {"db-A": {"app": False}}),
    ],
)
def test_users(users, expected):
    assert read(users=users).users == expected


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"regions": ["everywhere"]}, "regions: 'everywhere' is not an AWS Region."),
        ({"regions": ["eu-west-1a"]}, "regions: 'eu-west-1a' is not an AWS Region."),
        ({"principals": ["app"]}, "principals: 'app' is not the ARN of an IAM user, group or role."),
        ({"principals": ["arn:aws:iam::123456789012:root"]}, "is not the ARN of an IAM user, group or role."),
        (
            {"principals": ["arn:aws:sts::123456789012:assumed-role/app/session"]},
            "is a session of a role. Use the ARN of the role 'app'.",
        ),
        ({"users": [{}]}, "users: entry 0: the resource id of the database is unknown."),
        ({"users": [entry(resource_id=" ")]}, "users: entry 0: the resource id of the database is unknown."),
        ({"users": [{"database": None, "users": [entry()]}]}, "the resource id of the database is unknown."),
        ({"users": [{"database": {"resource_id": "db-A"}, "users": "app"}]}, "its users are not a list."),
        ({"users": [{"resource_id": "db-A", "authentication": "iam"}]}, "users: entry 0: a user has no name."),
        ({"users": [{"database": {"resource_id": "db-A"}, "users": ["app"]}]}, "a user has no name."),
        ({"users": [entry(resource_id="db-A", authentication="token")]}, "'token' is not valid. Use one of: iam,"),
        ({"users": [entry(resource_id="db-A", authentication=["iam"])]}, "is not valid. Use one of: iam,"),
    ],
)
def test_invalid_options_are_refused(params, message):
    with pytest.raises(InputError) as caught:
        read(**params)
    assert message in caught.value.message
