# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Seeds of RDS Proxies."""

from __future__ import annotations

import re
from typing import Any

from ..api import wire
from ..state.backend import Backend
from ..state.records import default_network, resource_id

# API reference of CreateDBProxy (model ✓)
_FAMILIES = ("MYSQL", "POSTGRESQL", "SQLSERVER")
_NAME = re.compile(r"[a-z](-?[a-z0-9]+)*")
_LONGEST = 63


def proxy_record(backend: Backend, item: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a seeded proxy; raise ValueError for an invalid value. The ARN ends in the resource id."""
    name, family = item["name"].lower(), item["engine_family"]
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise ValueError(f"RDS Proxy {name!r}: the name is not valid")
    if family not in _FAMILIES:
        raise ValueError(f"RDS Proxy {name!r}: engine_family must be one of {', '.join(_FAMILIES)}")
    network, created = default_network(backend), backend.world.clock.now()
    proxy_id = item.get("resource_id") or resource_id(backend, "prx").lower()
    record = {
        "DBProxyName": name,
        "DBProxyArn": backend.arn("db-proxy", proxy_id),
        "Status": "available",
        "EngineFamily": family,
        "VpcId": network["VpcId"],
        "VpcSecurityGroupIds": [],
        "VpcSubnetIds": [subnet["SubnetIdentifier"] for subnet in network["Subnets"]],
        "Auth": [],
        "RoleArn": f"arn:{backend.partition}:iam::{backend.account}:role/{name}",
        "Endpoint": f"{name}.proxy-c9simulator.{backend.region}.rds.amazonaws.com",
        "RequireTLS": True,
        "IdleClientTimeout": 1800,
        "DebugLogging": False,
        "CreatedDate": created,
        "UpdatedDate": created,
        **item.get("extra", {}),
    }
    try:
        wire.check("DBProxy", record)
    except ValueError as error:
        raise ValueError(f"RDS Proxy {name!r}: {error}") from None
    return record
