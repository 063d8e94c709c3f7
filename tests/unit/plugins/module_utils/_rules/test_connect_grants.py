# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Statements are attributed to users and roles: inline, attached, and through groups."""

from __future__ import annotations

from ansible_collections.passwordless.rds.plugins.module_utils._model.account_policies import (
    AWS_MANAGED,
    CUSTOMER_MANAGED,
    GROUP,
    INLINE,
    ROLE,
    USER,
    Account,
    Policy,
    Principal,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_grants import connect_grants, limited_to
from ansible_collections.passwordless.rds.tests.unit.connect_account import arn, document, statement

LOGIN = document(statement(arn("db-ORDERS/app")))


def managed(name, kind=CUSTOMER_MANAGED):
    return Policy(kind, name, LOGIN, f"policy/{name}")


ACCOUNT = Account(
    (
        Principal(USER, "user/a", "a", groups=("apps", "gone"), attached=("policy/shared",), boundary="policy/limit"),
        Principal(USER, "user/b", "b", inline=(Policy(INLINE, "own", LOGIN),), groups=("apps",)),
        Principal(GROUP, "group/apps", "apps", inline=(Policy(INLINE, "team", LOGIN),), attached=("policy/shared",)),
        Principal(GROUP, "group/empty", "empty", inline=(Policy(INLINE, "nobody", LOGIN),)),
        Principal(ROLE, "role/c", "c", attached=("policy/shared", "policy/aws", "policy/elsewhere")),
    ),
    {
        policy.arn: policy
        for policy in (
            managed("shared"),
            managed("unused"),
            managed("limit"),
            managed("aws", AWS_MANAGED),
            managed("other", AWS_MANAGED),
        )
    },
)


def shown(grants):
    return {grant.statement.policy.name: (grant.owners, grant.principals) for grant in grants}


def test_grants_are_attributed():
    assert shown(connect_grants(ACCOUNT)) == {
        "own": (("user/b",), ("user/b",)),
        "team": (("group/apps",), ("user/a", "user/b")),
        "nobody": (("group/empty",), ()),
        "shared": (("user/a", "group/apps", "role/c"), ("user/a", "user/b", "role/c")),
        "unused": ((), ()),
        "aws": (("role/c",), ("role/c",)),
    }


def test_grants_limited_to_principals():
    assert shown(limited_to(connect_grants(ACCOUNT), ("role/c",))) == {
        "shared": (("user/a", "group/apps", "role/c"), ("role/c",)),
        "aws": (("role/c",), ("role/c",)),
    }
    assert set(shown(limited_to(connect_grants(ACCOUNT), ("group/apps",)))) == {"team", "shared"}
