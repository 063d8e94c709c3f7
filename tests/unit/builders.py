# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Builders of databases and options, for table tests."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ChangeOptions
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    CLUSTER,
    INSTANCE,
    Database,
    DatabaseId,
    Member,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import ParameterGroup


def instance(identifier: str = "orders", **changes: t.Any) -> Database:
    """Return an available PostgreSQL instance with the setting off."""
    plain = Database(
        id=DatabaseId(INSTANCE, identifier),
        arn=f"arn:aws:rds:eu-west-1:123456789012:db:{identifier}",
        resource_id=f"db-{identifier.upper()}",
        engine="postgres",
        engine_version="16.4",
        status="available",
        current=False,
        instance_class="db.m6g.large",
        parameter_group=ParameterGroup(INSTANCE, "pg16", "in-sync"),
    )
    return dataclasses.replace(plain, **changes)


def cluster(identifier: str = "ledger", **changes: t.Any) -> Database:
    """Return an available Aurora PostgreSQL cluster with two members and the setting off."""
    plain = Database(
        id=DatabaseId(CLUSTER, identifier),
        arn=f"arn:aws:rds:eu-west-1:123456789012:cluster:{identifier}",
        resource_id=f"cluster-{identifier.upper()}",
        engine="aurora-postgresql",
        engine_version="16.4",
        status="available",
        current=False,
        members=(Member("ledger-1", is_writer=True), Member("ledger-2", is_writer=False)),
        parameter_group=ParameterGroup(CLUSTER, "aurora-pg16", "in-sync"),
    )
    return dataclasses.replace(plain, **changes)


def options(desired: bool = True, **changes: t.Any) -> ChangeOptions:
    return dataclasses.replace(ChangeOptions(desired=desired), **changes)
