# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The orderable versions and classes, and their support of IAM database authentication.

Availability: the page "Supported Regions and DB engines for IAM database authentication" of the RDS and Aurora user
guides (✓).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .engines import ENGINES, Engine

# Regions where MariaDB has no support, and those where only 11.4 and later support it (✓).
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

# The engines of Multi-AZ DB clusters (two readable standbys).
MULTI_AZ_ENGINES = ("mysql", "postgres")


def engine(name: str) -> Engine:
    """Return an engine by name; raise KeyError if it does not exist."""
    return ENGINES[name]


def is_aurora(name: str) -> bool:
    """Return whether instances of this engine exist only in clusters."""
    return name in ENGINES and ENGINES[name].aurora


def is_postgresql(name: str) -> bool:
    """Return whether the engine is RDS for PostgreSQL or Aurora PostgreSQL."""
    return name in ("postgres", "aurora-postgresql")


def family(engine_name: str, version: str) -> str:
    """Return the parameter group family of a version: ``postgres16``, ``aurora-mysql8.0``, …

    Raise ValueError if the text is not a version.
    """
    parts = version.split(".")
    if not re.match(r"\d+\.\w", version):
        raise ValueError(f"{version!r}: not a version of {engine_name}")
    if is_postgresql(engine_name):
        count = 2 if int(parts[0]) < 10 else 1
        return f"{engine_name}{'.'.join(parts[:count])}"
    if engine_name in ("mysql", "mariadb", "aurora-mysql", "neptune"):
        return f"{engine_name}{'.'.join(parts[:2])}"
    if engine_name == "docdb":
        return f"docdb{'.'.join(parts[:2])}"
    major = parts[0] if "oracle" in engine_name else f"{int(parts[0])}.{parts[1][:1]}"
    return f"{engine_name}-{major}"


def default_option_group(engine_name: str, version: str) -> str:
    """Return ``default:postgres-16``, ``default:mysql-8-0``, ``default:sqlserver-se-15-00`` (△)."""
    major = family(engine_name, version)[len(engine_name) :].lstrip("-").replace(".", "-")
    return f"default:{engine_name}-{major}{'0' if 'sqlserver' in engine_name else ''}"


def families(engines: Mapping[str, Engine]) -> dict[str, str]:
    """Return the engine of each family of the offered versions."""
    return {family(e.name, version): e.name for e in engines.values() for version in e.versions}


def engine_of_family(name: str) -> str | None:
    """Return the engine of a family, also for versions that are no longer offered; None if there is none."""
    for known in sorted(ENGINES, key=len, reverse=True):
        if name.startswith(known) and re.fullmatch(r"-?\d+(\.\d+)?", name[len(known) :]):
            return known
    return None


def supports_iam(engine_name: str, version: str, db_class: str, region: str) -> bool:
    """Return whether a database of this kind can have IAM database authentication (✓)."""
    if engine_name == "postgres":
        return int(re.match(r"\d+", version)[0]) >= 10  # type: ignore[index]
    if engine_name == "mysql":
        return version.startswith(("5.7", "8.0", "8.4"))
    if engine_name == "mariadb":
        return _mariadb_supports(version, region)
    if engine_name == "aurora-mysql":
        return db_class not in _AURORA_MYSQL_WITHOUT
    # Neptune has a different mechanism with the same name (inf).
    return engine_name in ("aurora-postgresql", "neptune")


def _mariadb_supports(version: str, region: str) -> bool:
    if region in _NO_MARIADB or not version.startswith(_MARIADB):
        return False
    return region not in _LATE_MARIADB or not version.startswith("10.")


def classes_for(offer: Engine, version: str) -> tuple[str, ...]:
    """Return the classes that can be ordered for a version."""
    offered = offer.classes
    if offer.name == "aurora-mysql":
        old = version.startswith("5.7")
        return (*offered, "db.t3.small", "db.t2.small") if old else (*offered, "db.t3.small")
    return offered


def orderable(
    offer: Engine, region: str, version: str | None = None, db_class: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield rows of DescribeOrderableDBInstanceOptions: one per version, class and storage type."""
    for one_version in offer.versions:
        if version not in (None, one_version):
            continue
        for one_class in classes_for(offer, one_version):
            if db_class in (None, one_class):
                for storage in offer.storage:
                    yield _orderable_row(offer, region, one_version, one_class, storage)


# The value of SupportsKerberosAuthentication is a guess (?). The shape of the row requires it, and no code reads it.
def _orderable_row(offer: Engine, region: str, version: str, db_class: str, storage: str) -> dict[str, Any]:
    provisioned = storage.startswith("io")
    return {
        "Engine": offer.name,
        "EngineVersion": version,
        "DBInstanceClass": db_class,
        "LicenseModel": offer.licence,
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
        "SupportsClusters": offer.aurora or makes_clusters(offer.name, db_class),
        "SupportedNetworkTypes": ["IPV4", "DUAL"],
        "SupportsDedicatedLogVolume": False,
    }


def makes_clusters(engine_name: str, db_class: str) -> bool:
    """Return whether Multi-AZ DB clusters can use a class: those with local disks (user guide △)."""
    return engine_name in MULTI_AZ_ENGINES and db_class.split(".")[1].endswith("d")


def is_orderable(offer: Engine | None, version: str, db_class: str) -> bool:
    """Return whether the combination is still offered."""
    if offer is None or version not in offer.versions:
        return False
    return db_class in classes_for(offer, version)
