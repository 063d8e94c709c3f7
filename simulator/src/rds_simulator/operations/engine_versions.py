# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DescribeDBEngineVersions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..api.filters import Filter, apply_filters
from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..engines import catalogue
from ..engines.engines import Engine

_LOGS = {
    "postgres": ["iam-db-auth-error", "postgresql", "upgrade"],
    "mysql": ["audit", "error", "general", "iam-db-auth-error"],
}
_LOGS |= {"aurora-postgresql": _LOGS["postgres"][:2], "aurora-mysql": _LOGS["mysql"]}
_FILTERS: dict[str, Filter[dict[str, Any]]] = {
    "db-parameter-group-family": Filter(lambda row: [row["DBParameterGroupFamily"]]),
    "engine": Filter(lambda row: [row["Engine"]]),
    "engine-mode": Filter(lambda row: row["SupportedEngineModes"]),
    "engine-version": Filter(lambda row: [row["EngineVersion"]]),
    "status": Filter(lambda row: [row["Status"]]),
}


@operation("DescribeDBEngineVersions")
def describe_db_engine_versions(request: ApiRequest) -> dict[str, Any]:
    """Return all offered versions, or the requested ones; there is no IAM field (model ✓)."""
    engines = request.world.engines.values()
    rows = [row for row in _rows(engines, request.parameters) if _matches(row, request.parameters)]
    numbered = ((f"{number:06d}", row) for number, row in enumerate(rows))
    kept = {id(row) for row in apply_filters(request, rows, _FILTERS)}
    shown = [item for item in numbered if id(item[1]) in kept]
    return page(request, "DBEngineVersions", shown, key=lambda item: item[0], show=lambda item: item[1])


def _rows(engines: Iterable[Engine], parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    wanted = parameters.get("Engine", "").lower()
    for engine in engines:
        if wanted in ("", engine.name):
            for version in engine.versions:
                if not parameters.get("DefaultOnly") or version == _default(engine, parameters.get("EngineVersion")):
                    yield _row(engine, version)


def _default(engine: Engine, wanted: str | None) -> str:
    """Return the default version, or the newest of a major version (model, DefaultOnly ✓)."""
    minors = [version for version in engine.versions if wanted and version.startswith(f"{wanted}.")]
    return engine.default if not minors or engine.default in minors else minors[-1]


def _matches(row: dict[str, Any], parameters: dict[str, Any]) -> bool:
    """Return whether a version matches EngineVersion, which can be a major version (△)."""
    version, family = parameters.get("EngineVersion"), parameters.get("DBParameterGroupFamily")
    fits = not version or row["EngineVersion"] == version or row["EngineVersion"].startswith(f"{version}.")
    return fits and family in (None, row["DBParameterGroupFamily"])


def _row(engine: Engine, version: str) -> dict[str, Any]:
    family = catalogue.family(engine.name, version)
    return {
        "Engine": engine.name,
        "EngineVersion": version,
        "MajorEngineVersion": family[len(engine.name) :].lstrip("-"),
        "DBParameterGroupFamily": family,
        "DBEngineDescription": engine.name,
        "DBEngineVersionDescription": f"{engine.name} {version}",
        "ExportableLogTypes": _LOGS.get(engine.name, []),
        "Status": "available",
        "SupportedEngineModes": ["provisioned"],
        "SupportedFeatureNames": [],
        "SupportsLogExportsToCloudwatchLogs": engine.name in _LOGS,
        "SupportsReadReplica": True,
        "SupportsGlobalDatabases": engine.aurora,
        "ValidUpgradeTarget": [],
    }
