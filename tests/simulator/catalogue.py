# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Engines, their versions and classes, and which of them take IAM database authentication.

Availability: the page "Supported Regions and DB engines for IAM database authentication" of the
RDS and Aurora user guides (✓). Versions and classes are a wide sample of what is offered, not all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_SIZES = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge".split()
_BURSTABLE = "micro small medium large xlarge 2xlarge".split()
_INTEL = {name: _SIZES for name in ("m5", "m6i", "m7i", "r5", "r6i", "r7i")} | {"t3": _BURSTABLE}
_ARM = {name: _SIZES[:7] for name in ("m6g", "m7g", "m8g", "r6g", "r7g", "r8g", "x2g")} | {
    "t4g": _BURSTABLE
}
_AURORA = {name: _SIZES[:7] for name in ("r5", "r6g", "r6i", "r7g", "r7i", "r8g", "x2g")} | {
    "t3": ["medium", "large"],
    "t4g": ["medium", "large"],
}
# Regions where MariaDB has none at all, and those where only 11.4 and newer have it (✓).
_NO_MARIADB = {
    "ap-south-2",
    "ap-southeast-4",
    "eu-south-2",
    "eu-central-2",
    "il-central-1",
    "me-central-1",
}
_LATE_MARIADB = {"ap-southeast-5", "ap-southeast-6", "ap-east-2", "ap-southeast-7", "mx-central-1"}
_MARIADB = ("10.11", "11.4", "11.8")
# "All classes except db.t2.small and db.t3.small" (Aurora user guide, ✓).
_AURORA_MYSQL_WITHOUT = ("db.t2.small", "db.t3.small")


@dataclass(frozen=True)
class Engine:
    """One engine: its versions (oldest first), the default one, and how it is run."""

    name: str
    versions: tuple[str, ...]
    default: str
    port: int
    license: str
    username: str
    classes: tuple[str, ...]
    aurora: bool = False
    storage: tuple[str, ...] = ("gp2", "gp3", "io1", "io2")


def _classes(*tables: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(f"db.{kind}.{size}" for t in tables for kind, sizes in t.items() for size in sizes)


def _engine(name: str, versions: str, default: str, port: int, licence: str, **more: Any) -> Engine:
    settings: dict[str, Any] = {"username": "admin", "classes": _classes(_INTEL), **more}
    return Engine(name, tuple(versions.split()), default, port, licence, **settings)


_OPEN = _classes(_INTEL, _ARM)
_CLUSTERED = {
    "aurora": True,
    "storage": ("aurora", "aurora-iopt1"),
    "classes": (*_classes(_AURORA), "db.serverless"),
}
_ORACLE = "19.0.0.0.ru-2024-10.rur-2024-10.r1 21.0.0.0.ru-2024-10.rur-2024-10.r1"
_SQLSERVER = "14.00.3480.1.v1 15.00.4410.1.v1 16.00.4165.4.v1"

ENGINES = {
    engine.name: engine
    for engine in (
        _engine(
            "postgres",
            "11.22 12.22 13.16 13.20 14.13 14.17 15.8 15.12 16.3 16.4 16.8 17.2 17.4 18.1",
            "16.4",
            5432,
            "postgresql-license",
            classes=_OPEN,
            username="postgres",
        ),
        _engine(
            "mysql",
            "5.7.44 8.0.36 8.0.39 8.0.40 8.4.3 8.4.5",
            "8.0.40",
            3306,
            "general-public-license",
            classes=_OPEN,
        ),
        _engine(
            "mariadb",
            "10.4.34 10.5.27 10.6.20 10.11.10 11.4.4 11.8.3",
            "11.4.4",
            3306,
            "general-public-license",
            classes=_OPEN,
        ),
        _engine("oracle-ee", _ORACLE, _ORACLE.split()[0], 1521, "bring-your-own-license"),
        _engine("oracle-se2", _ORACLE, _ORACLE.split()[0], 1521, "license-included"),
        _engine("oracle-ee-cdb", _ORACLE, _ORACLE.split()[0], 1521, "bring-your-own-license"),
        _engine("oracle-se2-cdb", _ORACLE, _ORACLE.split()[0], 1521, "license-included"),
        _engine("sqlserver-ee", _SQLSERVER, "16.00.4165.4.v1", 1433, "license-included"),
        _engine("sqlserver-se", _SQLSERVER, "16.00.4165.4.v1", 1433, "license-included"),
        _engine("sqlserver-ex", _SQLSERVER, "16.00.4165.4.v1", 1433, "license-included"),
        _engine("sqlserver-web", _SQLSERVER, "16.00.4165.4.v1", 1433, "license-included"),
        _engine(
            "db2-ae",
            "11.5.9.0.sb00063198.r1",
            "11.5.9.0.sb00063198.r1",
            50000,
            "bring-your-own-license",
        ),
        _engine(
            "db2-se",
            "11.5.9.0.sb00063198.r1",
            "11.5.9.0.sb00063198.r1",
            50000,
            "bring-your-own-license",
        ),
        _engine("custom-oracle-ee", "19.my_cev1", "19.my_cev1", 1521, "bring-your-own-license"),
        _engine(
            "custom-sqlserver-ee", "15.00.4410.1.v1", "15.00.4410.1.v1", 1433, "license-included"
        ),
        _engine(
            "custom-sqlserver-se", "15.00.4410.1.v1", "15.00.4410.1.v1", 1433, "license-included"
        ),
        _engine(
            "aurora-postgresql",
            "11.21 12.19 13.15 14.12 15.7 16.3 16.4 16.8 17.4",
            "16.4",
            5432,
            "postgresql-license",
            username="postgres",
            **_CLUSTERED,
        ),
        _engine(
            "aurora-mysql",
            "5.7.mysql_aurora.2.12.3 8.0.mysql_aurora.3.04.3 8.0.mysql_aurora.3.08.0"
            " 8.4.mysql_aurora.8.4.1",
            "8.0.mysql_aurora.3.08.0",
            3306,
            "general-public-license",
            **_CLUSTERED,
        ),
        _engine(
            "neptune", "1.2.1.2 1.3.2.1 1.4.0.0", "1.3.2.1", 8182, "amazon-license", **_CLUSTERED
        ),
        _engine("docdb", "4.0.0 5.0.0", "5.0.0", 27017, "na", **_CLUSTERED),
    )
}
# Multi-AZ DB clusters (two readable standbys) are made of these.
MULTI_AZ_ENGINES = ("mysql", "postgres")


def engine(name: str) -> Engine:
    """An engine by name (KeyError if there is none)."""
    return ENGINES[name]


def is_aurora(name: str) -> bool:
    """Whether instances of this engine live in clusters only."""
    return name in ENGINES and ENGINES[name].aurora


def is_postgresql(name: str) -> bool:
    """RDS or Aurora PostgreSQL."""
    return name in ("postgres", "aurora-postgresql")


def family(engine_name: str, version: str) -> str:
    """The parameter group family of a version: ``postgres16``, ``aurora-mysql8.0``, …

    ValueError for a text that is no version.
    """
    parts = version.split(".")
    if not re.match(r"\d+\.\w", version):
        raise ValueError(f"no version of {engine_name}: {version!r}")
    if is_postgresql(engine_name):
        count = 2 if int(parts[0]) < 10 else 1
        return f"{engine_name}{'.'.join(parts[:count])}"
    if engine_name in ("mysql", "mariadb", "aurora-mysql", "neptune"):
        return f"{engine_name}{'.'.join(parts[:2])}"
    if engine_name == "docdb":
        return f"docdb{'.'.join(parts[:2])}"
    major = parts[0] if "oracle" in engine_name else f"{int(parts[0])}.{parts[1][:1]}"
    return f"{engine_name}-{major}"


@lru_cache(maxsize=1)
def families() -> dict[str, str]:
    """Every family of the catalogue, and its engine."""
    found = {family(e.name, version): e.name for e in ENGINES.values() for version in e.versions}
    return found


def engine_of_family(name: str) -> str | None:
    """The engine of a family, of a version that is no longer offered, too; or None."""
    for known in sorted(ENGINES, key=len, reverse=True):
        if name.startswith(known) and re.fullmatch(r"-?\d+(\.\d+)?", name[len(known) :]):
            return known
    return None


def supports_iam(engine_name: str, version: str, db_class: str, region: str) -> bool:
    """Whether a database of this kind can have IAM database authentication (✓)."""
    if engine_name == "postgres":
        return int(re.match(r"\d+", version)[0]) >= 10  # type: ignore[index]
    if engine_name == "mysql":
        return version.startswith(("5.7", "8.0", "8.4"))
    if engine_name == "mariadb":
        return _mariadb_supports(version, region)
    if engine_name == "aurora-mysql":
        return db_class not in _AURORA_MYSQL_WITHOUT
    # Neptune has a mechanism of its own under the same name (inf).
    return engine_name in ("aurora-postgresql", "neptune")


def _mariadb_supports(version: str, region: str) -> bool:
    if region in _NO_MARIADB or not version.startswith(_MARIADB):
        return False
    return region not in _LATE_MARIADB or not version.startswith("10.")


def classes_for(engine_name: str, version: str) -> tuple[str, ...]:
    """The classes that can be ordered for a version now."""
    offered = engine(engine_name).classes
    if engine_name == "aurora-mysql":
        old = version.startswith("5.7")
        return (*offered, "db.t3.small", "db.t2.small") if old else (*offered, "db.t3.small")
    return offered


def orderable(
    engine_name: str, region: str, version: str | None = None, db_class: str | None = None
) -> Iterator[dict[str, Any]]:
    """Rows of DescribeOrderableDBInstanceOptions: one per version, class and storage type."""
    if engine_name not in ENGINES:
        return
    offer = engine(engine_name)
    for one_version in offer.versions:
        if version not in (None, one_version):
            continue
        for one_class in classes_for(engine_name, one_version):
            if db_class in (None, one_class):
                for storage in offer.storage:
                    yield _orderable_row(offer, region, one_version, one_class, storage)


def _orderable_row(
    offer: Engine, region: str, version: str, db_class: str, storage: str
) -> dict[str, Any]:
    provisioned = storage.startswith("io")
    return {
        "Engine": offer.name,
        "EngineVersion": version,
        "DBInstanceClass": db_class,
        "LicenseModel": offer.license,
        "AvailabilityZones": [{"Name": f"{region}{letter}"} for letter in "abc"],
        "MultiAZCapable": not offer.aurora,
        "ReadReplicaCapable": True,
        "Vpc": True,
        "SupportsStorageEncryption": True,
        "StorageType": storage,
        "SupportsIops": provisioned,
        "SupportsStorageThroughput": storage == "gp3",
        "SupportsEnhancedMonitoring": True,
        "SupportsIAMDatabaseAuthentication": supports_iam(offer.name, version, db_class, region),
        "SupportsPerformanceInsights": True,
        "AvailableProcessorFeatures": [],
        "SupportedEngineModes": ["provisioned"] if offer.aurora else [],
        "SupportsStorageAutoscaling": not offer.aurora,
        "SupportsKerberosAuthentication": not offer.name.startswith("custom-"),
        "OutpostCapable": False,
        "SupportedActivityStreamModes": [],
        "SupportsGlobalDatabases": offer.aurora,
        "SupportsClusters": offer.aurora or offer.name in MULTI_AZ_ENGINES,
        "SupportedNetworkTypes": ["IPV4", "DUAL"],
        "SupportsDedicatedLogVolume": False,
    }


def is_orderable(engine_name: str, version: str, db_class: str) -> bool:
    """Whether the combination is still offered."""
    if engine_name not in ENGINES or version not in engine(engine_name).versions:
        return False
    return db_class in classes_for(engine_name, version)
