# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The lists of database engines, and the rules that follow from the engine alone.

Every list of engines is in this file, so that a new engine is added in one place.

This is private to the collection.
"""

from __future__ import annotations

# a DB cluster of one of these engines is a Multi-AZ DB cluster
MULTI_AZ_ENGINES = ("mysql", "postgres")

# the engine of the Aurora cluster to which RDS restores a DB snapshot of the key
AURORA_ENGINE_OF = {"mysql": "aurora-mysql", "postgres": "aurora-postgresql"}


def can_restore_as(source: str, engine: str) -> bool:
    """Whether a backup of one engine can be restored as another.

    A backup of Aurora can be restored only as Aurora. A backup of MySQL can also be restored as MariaDB.
    """
    if engine_family(source) == engine_family(engine):
        return engine.startswith("aurora") or not source.startswith("aurora")
    return (source, engine) == ("mysql", "mariadb")


def engine_family(engine: str) -> str:
    """Return the name that an engine shares with its Aurora edition: ``mysql`` for both MySQL and Aurora MySQL."""
    plain = {"aurora": "mysql", "aurora-mysql": "mysql", "aurora-postgresql": "postgres"}.get(engine, engine)
    return plain.split("-", maxsplit=1)[0]


# Engines that RDS lists but that do not support IAM database authentication (Amazon RDS User Guide, "Supported Regions
# and DB engines for IAM database authentication"). Neptune and DocumentDB use the same API with other mechanisms.
_ENGINES_WITHOUT_IAM = ("oracle", "sqlserver", "db2", "custom-", "neptune", "docdb")


def engine_has_setting(engine: str) -> bool:
    """Whether the engine supports IAM database authentication."""
    return not engine.lower().startswith(_ENGINES_WITHOUT_IAM)


ENGINES_WITH_IAM = ("aurora-mysql", "aurora-postgresql", "mariadb", "mysql", "postgres")

# Source: API reference of CreateDBInstance and CreateDBCluster, valid values of Engine
KNOWN_ENGINES = (
    *ENGINES_WITH_IAM,
    "custom-oracle-ee",
    "custom-oracle-ee-cdb",
    "custom-oracle-se2",
    "custom-oracle-se2-cdb",
    "custom-sqlserver-dev",
    "custom-sqlserver-ee",
    "custom-sqlserver-se",
    "custom-sqlserver-web",
    "db2-ae",
    "db2-ce",
    "db2-se",
    "neptune",
    "oracle-ee",
    "oracle-ee-cdb",
    "oracle-se2",
    "oracle-se2-cdb",
    "sqlserver-dev-ee",
    "sqlserver-ee",
    "sqlserver-ex",
    "sqlserver-se",
    "sqlserver-web",
)
ENGINES_WITHOUT_CLUSTERS = ("mariadb", "oracle", "sqlserver", "db2", "custom-")
