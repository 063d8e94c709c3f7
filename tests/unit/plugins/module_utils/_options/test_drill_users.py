# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.drill_users import read_drill_users

ROLE = "arn:aws:iam::123456789012:role/apps/orders"


def test_drill_user_is_read():
    (user,) = read_drill_users([{"name": "app", "principals": [ROLE, ROLE], "verify_role_arn": ROLE}])
    assert (user.name, user.database, user.verify_role) == ("app", "", ROLE)
    assert [(found.kind, found.name) for found in user.principals] == [("role", "orders")]


def test_drill_user_of_two_databases_is_valid():
    assert len(read_drill_users([{"name": "app"}, {"name": "app", "database": "sales"}])) == 2


@pytest.mark.parametrize(
    ("users", "error"),
    [
        (None, "restore_drill_users: it contains no user"),
        ([], "restore_drill_users: it contains no user"),
        ("app", "restore_drill_users: it contains no user"),
        (["app"], r"restore_drill_users\[0\]: 'app' is not a dictionary"),
        ([{}], r"restore_drill_users\[0\].name: "),
        ([{"name": "a" * 129}], r"restore_drill_users\[0\].name: "),
        ([{"name": "app"}, {"name": "app"}], "'app' is listed more than once for the same database"),
        ([{"name": "app", "principals": ["orders"]}], "'orders' is not the ARN of an IAM user or role"),
        (
            [{"name": "app", "principals": ["arn:aws:sts::123456789012:assumed-role/orders/me"]}],
            "for a session, use the ARN of its role",
        ),
        (
            [{"name": "app", "principals": ["arn:aws:iam::123456789012:role/aws-service-role/rds.amazonaws.com/X"]}],
            "is a service-linked role",
        ),
        (
            [{"name": "app", "verify_role_arn": "arn:aws:iam::123456789012:user/me"}],
            "verify_role_arn: .* is not the ARN of an IAM role",
        ),
        (
            [{"name": "app", "principals": [ROLE], "verify_role_arn": "arn:aws:iam::123456789012:role/other"}],
            "is not one of the principals of the user",
        ),
    ],
)
def test_drill_user_that_is_invalid_is_an_error(users, error):
    with pytest.raises(InputError, match=error):
        read_drill_users(users)
