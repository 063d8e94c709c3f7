# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The engines: versions and classes that can be ordered, ports and licences.

``offered_versions.py`` has the versions of the engines that support IAM authentication. The versions of the other
engines, all classes, and the default versions are a sample (?). A seed adds more (``engine_versions``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .offered_versions import OFFERED, RETIRED

_SIZES = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"]
_BURSTABLE = ["micro", "small", "medium", "large", "xlarge", "2xlarge"]
_INTEL = dict.fromkeys(("m5", "m6i", "m7i", "r5", "r6i", "r7i"), _SIZES) | {"t3": _BURSTABLE}
_ARM = dict.fromkeys(("m6g", "m7g", "m8g", "r6g", "r7g", "r8g", "x2g"), _SIZES[:7]) | {"t4g": _BURSTABLE}
_WITH_DISKS = dict.fromkeys(("m5d", "m6gd", "r5d", "r6gd"), _SIZES[:7])
_AURORA = dict.fromkeys(("r5", "r6g", "r6i", "r7g", "r7i", "r8g", "x2g"), _SIZES[:7]) | {
    "t3": ["medium", "large"],
    "t4g": ["medium", "large"],
}


@dataclass(frozen=True)
class Engine:
    """An engine: its versions (oldest first), the default version, and its properties."""

    name: str
    versions: tuple[str, ...]
    default: str
    port: int
    licence: str
    username: str
    classes: tuple[str, ...]
    storage: tuple[str, ...]
    aurora: bool


def _classes(*tables: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(f"db.{kind}.{size}" for t in tables for kind, sizes in t.items() for size in sizes)


_OPEN = _classes(_INTEL, _ARM, _WITH_DISKS)
_COMMERCIAL = _classes(_INTEL)
_CLUSTERED = (*_classes(_AURORA), "db.serverless")
_ORACLE = "19.0.0.0.ru-2024-10.rur-2024-10.r1*  21.0.0.0.ru-2024-10.rur-2024-10.r1"
_SQLSERVER = "14.00.3480.1.v1 15.00.4410.1.v1 16.00.4165.4.v1*"
_BYOL = "bring-your-own-license"
_GPL = "general-public-license"
_INCLUDED = "license-included"

# Names (of engines with equal properties), versions beyond the offered ones (* = default), port, licence, classes.
_TABLE = (
    ("postgres", "16.4*", 5432, "postgresql-license", _OPEN),
    ("mysql", "8.0.40*", 3306, _GPL, _OPEN),
    ("mariadb", "11.4.4*", 3306, _GPL, _OPEN),
    ("oracle-ee oracle-ee-cdb", _ORACLE, 1521, _BYOL, _COMMERCIAL),
    ("oracle-se2 oracle-se2-cdb", _ORACLE, 1521, _INCLUDED, _COMMERCIAL),
    (
        "sqlserver-ee sqlserver-se sqlserver-ex sqlserver-web",
        _SQLSERVER,
        1433,
        _INCLUDED,
        _COMMERCIAL,
    ),
    ("db2-ae db2-se", "11.5.9.0.sb00063198.r1*", 50000, _BYOL, _COMMERCIAL),
    ("custom-oracle-ee", "19.my_cev1*", 1521, _BYOL, _COMMERCIAL),
    ("custom-sqlserver-ee custom-sqlserver-se", "15.00.4410.1.v1*", 1433, _INCLUDED, _COMMERCIAL),
    ("aurora-postgresql", "16.4*", 5432, "postgresql-license", _CLUSTERED),
    ("aurora-mysql", "8.0.mysql_aurora.3.08.0*", 3306, _GPL, _CLUSTERED),
    ("neptune", "1.2.1.2 1.3.2.1* 1.4.0.0", 8182, "amazon-license", _CLUSTERED),
    ("docdb", "4.0.0 5.0.0*", 27017, "na", _CLUSTERED),
)


def version_key(version: str) -> tuple[int, ...]:
    """Return the sort key of a version: the numbers in it."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def sorted_versions(*groups: Iterable[str]) -> tuple[str, ...]:
    """Return each version once, oldest first."""
    return tuple(sorted({version for group in groups for version in group}, key=version_key))


def _engines() -> Iterator[Engine]:
    for names, versions, port, licence, classes in _TABLE:
        aurora = classes is _CLUSTERED
        for name in names.split():
            yield Engine(
                name=name,
                versions=sorted_versions(
                    OFFERED.get(name, "").split(),
                    RETIRED.get(name, "").split(),
                    versions.replace("*", "").split(),
                ),
                default=[v.rstrip("*") for v in versions.split() if v.endswith("*")][0],  # noqa: RUF015 (a generator must not stop)
                port=port,
                licence=licence,
                username="postgres" if "postgres" in name else "admin",
                classes=classes,
                storage=("aurora", "aurora-iopt1") if aurora else ("gp2", "gp3", "io1", "io2"),
                aurora=aurora,
            )


ENGINES = {engine.name: engine for engine in _engines()}
