# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DescribeDBProxies. Proxies come from seeds only, and nothing connects to them."""

from __future__ import annotations

from typing import Any

from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..errors import AwsError


@operation("DescribeDBProxies")
def describe_db_proxies(request: ApiRequest) -> dict[str, Any]:
    """Return one proxy or all of them (model ✓; text ?)."""
    proxies, name = request.backend.proxies, request.parameters.get("DBProxyName")
    if name is not None and name.lower() not in proxies:
        raise AwsError("DBProxyNotFoundFault", f"The specified proxy name {name} doesn't correspond to a proxy.")
    found = [proxies[name.lower()]] if name is not None else [proxies[key] for key in sorted(proxies)]
    return page(request, "DBProxies", found, key=lambda record: str(record["DBProxyName"]))
