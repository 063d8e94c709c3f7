# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Plans of drills and policies, for the tests of the rules of restore drills."""

from __future__ import annotations

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_plan import drill_plan

APP = "arn:aws:iam::123456789012:role/app"


REPORTS = "arn:aws:iam::123456789012:user/team/reports"


USERS = [
    {"name": "app", "principals": [APP], "verify_role_arn": APP},
    {"name": "reports", "principals": [APP, REPORTS], "database": "sales"},
]


def planned(**options):
    return drill_plan(USERS, {"restore": {}, "policy_timeout": 60, **options})
