# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Seeded RDS Proxies, and DescribeDBProxies."""

from __future__ import annotations

from typing import Any

import pytest

SEED = {"db_proxies": [{"name": f"Proxy-{n:02}", "engine_family": "POSTGRESQL"} for n in range(25)]}


def test_describe_proxies_pages(sim: Any, rds: Any) -> None:
    sim.seed(SEED)
    first = rds.describe_db_proxies(MaxRecords=20)
    second = rds.describe_db_proxies(MaxRecords=20, Marker=first["Marker"])
    names = [row["DBProxyName"] for page in (first, second) for row in page["DBProxies"]]
    assert names == [f"proxy-{n:02}" for n in range(25)]
    assert "Marker" not in second


def test_describe_proxy_by_name(sim: Any, rds: Any, refused: Any) -> None:
    sim.seed({"db_proxies": [{"name": "app", "engine_family": "MYSQL", "resource_id": "prx-0abc"}]})
    (row,) = rds.describe_db_proxies(DBProxyName="APP")["DBProxies"]
    assert row["DBProxyArn"] == "arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-0abc"
    assert row["EngineFamily"] == "MYSQL"
    assert refused(rds.describe_db_proxies, DBProxyName="no")[0] == "DBProxyNotFoundFault"


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([{"name": "a", "engine_family": "ORACLE"}], "engine_family must be one of"),
        ([{"name": "1a", "engine_family": "MYSQL"}], "the name is not valid"),
        ([{"name": "a", "engine_family": "MYSQL"}, {"name": "A", "engine_family": "MYSQL"}], "already exists"),
        ([{"name": "a", "engine_family": "MYSQL", "extra": {"RequireTLS": "often"}}], "RDS Proxy 'a'"),
        ([{"name": "a"}], "engine_family"),
    ],
)
def test_seed_invalid_proxy_adds_nothing(sim: Any, rds: Any, items: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.seed({"db_proxies": [{"name": "first", "engine_family": "MYSQL"}, *items]})
    assert rds.describe_db_proxies()["DBProxies"] == []
