# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The outcome of a plan."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._options.database_users import read_user_requests
from ansible_collections.passwordless.rds.plugins.module_utils._rules.user_migration import (
    EnginePlan,
    PolicyChange,
    UserPlan,
)
from ansible_collections.passwordless.rds.tests.unit.user_migrations import ROLE

POLICY = PolicyChange(ROLE, "app", True, "role", "app", "passwordless-rds-db-ORDERS", None)


@pytest.mark.parametrize(
    ("engine", "more", "state", "outcome"),
    [
        ({}, {}, "present", "unchanged"),
        ({"actions": ("a",), "is_new": True, "is_mapped": True}, {}, "present", "created"),
        ({"actions": ("a",), "is_mapped": True}, {}, "present", "mapped"),
        ({"actions": ("a",)}, {}, "present", "updated"),
        ({}, {"policies": (POLICY,)}, "present", "updated"),
        ({"close_actions": ("c",)}, {}, "present", "closed"),
        ({"actions": ("a",)}, {}, "absent", "removed"),
        ({}, {"policies": (POLICY,)}, "absent", "removed"),
        ({}, {}, "absent", "unchanged"),
        ({"actions": ("a",)}, {"problems": ("p",)}, "present", "refused"),
    ],
)
def test_outcome_of_plan(engine, more, state, outcome):
    user = {"name": "app", "state": state}
    (request,), _errors = read_user_requests([user], protocol="postgresql", engine="postgres", account="")
    assert UserPlan(request, engine=EnginePlan(**engine), **more).outcome == outcome


def test_policy_is_described():
    assert POLICY.render()["state"] == "absent"
    assert POLICY.text == "delete the inline policy passwordless-rds-db-ORDERS of role app"
