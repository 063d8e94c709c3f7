# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The state of an account of MySQL or MariaDB before and after the changes of ``database_users``, for the diff.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .mysql_accounts import PLUGIN, MysqlAccount
from .mysql_grants import MysqlGrants
from .mysql_tls import tls_text

Values = t.Mapping[str, t.Any]


def state_before(account: MysqlAccount | None) -> dict[str, t.Any]:
    """Return the state of an account as the server shows it, without its password."""
    if account is None:
        return {"exists": False}
    return {
        "exists": True,
        "locked": account.locked,
        "mapped_to_iam": account.is_iam,
        "plugin": account.plugin,
        "require": tls_text(account.tls) or "NONE",
        "resource_limits": dict(account.limits),
        **_grants(account.grants),
    }


def state_after(account: MysqlAccount | None, options: Values, wanted: MysqlGrants) -> dict[str, t.Any]:
    """Return the state after ``mysql_user`` has run with these options, and the account has the wanted rights."""
    state = state_before(account)
    if account is None:
        if not options:
            return state
        state = {"exists": True, "locked": False, "resource_limits": {}}
    if options:
        tls = options["tls_requires"] or {}
        state["require"] = tls_text(tls) or "NONE"
    if options.get("plugin"):
        state.update(plugin=options["plugin"], mapped_to_iam=options["plugin"] == PLUGIN)
    if "locked" in options:
        state["locked"] = options["locked"]
    if "resource_limits" in options:
        state["resource_limits"] = dict(options["resource_limits"])
    present = account.grants if account else MysqlGrants()
    missing = wanted.missing_from(present)
    return {
        **state,
        **_grants(
            MysqlGrants(
                {
                    name: present.privileges.get(name, frozenset()) | missing.privileges.get(name, frozenset())
                    for name in {*present.privileges, *missing.privileges}
                },
                present.roles | missing.roles,
                # one statement sets all default roles
                wanted.default_roles if missing.default_roles else present.default_roles,
            )
        ),
    }


def _grants(grants: MysqlGrants) -> dict[str, t.Any]:
    rendered = grants.render()
    privileges = rendered["privileges"].items()
    return {
        "roles": rendered["roles"],
        "default_roles": rendered["default_roles"],
        # the server shows no other privilege of an object with ALL
        "grants": {name: ["ALL"] if "ALL" in granted else granted for name, granted in privileges},
    }
