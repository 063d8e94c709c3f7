# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Drills and their receipts, for the tests of the rules of restore drills."""

from __future__ import annotations

from ansible_collections.passwordless.rds.plugins.module_utils._rules.drill_receipt import record_step, start_receipt

APP = "arn:aws:iam::123456789012:role/apps/app"


DATABASE = {
    "kind": "instance",
    "identifier": "drill",
    "arn": "arn:aws:rds:eu-west-1:123456789012:db:drill",
    "resource_id": "db-NEW",
    "engine": "postgres",
    "engine_version": "16.4",
    "endpoint": {"address": "drill.example", "port": 5432},
    "other_pending_changes": {"MasterUserPassword": "secret-1"},
}


SOURCE = {"kind": "db_instance", "arn": "arn:orders", "resource_id": "db-OLD", "restored_to": "2026-11-24T03:00:00Z"}


RESTORED = {"restored": True, "database": DATABASE, "source": SOURCE, "seconds": {"database": 60.5, "total": 61}}


POLICY = {"arn": APP, "policy_name": "passwordless-rds-db-NEW", "users": ["app"], "existed": False, "document": {}}


ATTACHED = {"results": [{"item": POLICY, "changed": True}]}


USER = {
    "name": "app",
    "database": "",
    "principals": [APP],
    "verify_role_arn": APP,
    "host": "",
    "maps": False,
    "simulate": [],
}


LOGGED_IN = {"logged_in": True, "user": "app", "cause": None, "server_version": "16.4", "seconds": 0.1, "attempts": 3}


DENIED = {"logged_in": False, "user": None, "cause": "policy_missing", "remedy": "Attach a policy.", "failed": True}


def at(minute):
    return f"2026-11-24T04:{minute:02}:00.000000Z"


def step(name, minute):
    return {"name": name, "start": at(minute)}


def drill(restored=..., login=..., *, preview=False, cleanup=False):
    """Return the receipt of a drill with all steps, each of which takes a minute or more."""
    restored = RESTORED if restored is ... else restored
    login = LOGGED_IN if login is ... else login
    receipt = start_receipt("localhost", at(0), preview=preview, cleanup=cleanup)
    receipt = record_step(
        receipt, step("checks", 0), at(1), {**RESTORED, "database": {**DATABASE, "resource_id": None}}
    )
    receipt = record_step(receipt, step("restore", 1), at(11), restored)
    receipt = record_step(receipt, step("policies", 11), at(12), ATTACHED)
    logins = {"results": [login] if login else [], "users": [USER], "task_arn": "arn:aws:iam::123456789012:user/ops"}
    return record_step(receipt, step("logins", 12), at(15), logins)
