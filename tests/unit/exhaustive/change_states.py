# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Every state of a database and every task for it: the axes, and why some combinations cannot occur."""

from __future__ import annotations

import itertools
import typing as t
from dataclasses import replace

from ansible_collections.passwordless.rds.plugins.module_utils._model.change import ChangeOptions
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import (
    Database,
    DomainMembership,
    Member,
)
from ansible_collections.passwordless.rds.plugins.module_utils._model.parameter_group import Parameter, ParameterGroup
from ansible_collections.passwordless.rds.tests.unit.builders import cluster, instance
from ansible_collections.passwordless.rds.tests.unit.exhaustive.reference_rules import SWITCHING, Facts

_DIRECTORY = (DomainMembership("corp.example.com", "joined"),)
_MEMBERS = (Member("ledger-1", is_writer=True), Member("ledger-2", is_writer=False))

# kind, engine and deployment: name -> what differs from the builder
FORMS: dict[str, tuple[t.Callable[..., Database], dict[str, t.Any]]] = {
    "mysql": (instance, {"engine": "mysql"}),
    "mariadb": (instance, {"engine": "mariadb"}),
    "postgres": (instance, {"engine": "postgres"}),
    "postgres-kerberos": (instance, {"engine": "postgres", "directories": _DIRECTORY}),
    "mysql-outpost": (instance, {"engine": "mysql", "on_outpost": True}),
    "oracle": (instance, {"engine": "oracle-ee"}),
    "aurora-member": (instance, {"engine": "aurora-mysql", "cluster_identifier": "ledger"}),
    "aurora-mysql": (cluster, {"engine": "aurora-mysql"}),
    "aurora-mysql-serverless-v1": (cluster, {"engine": "aurora-mysql", "serverless_v1": True, "members": ()}),
    "aurora-postgresql": (cluster, {"engine": "aurora-postgresql"}),
    "aurora-postgresql-kerberos": (cluster, {"engine": "aurora-postgresql", "directories": _DIRECTORY}),
    "aurora-postgresql-express": (cluster, {"engine": "aurora-postgresql", "express": True}),
    "multi-az-mysql": (cluster, {"engine": "mysql"}),
    "multi-az-postgres": (cluster, {"engine": "postgres"}),
    "neptune": (cluster, {"engine": "neptune"}),
}
_WITHOUT_SETTING = ("oracle", "neptune", "mysql-outpost", "aurora-mysql-serverless-v1")

OTHER_PENDING: dict[str, dict[str, t.Any]] = {
    "none": {},
    "class": {"DBInstanceClass": "db.r6g.2xlarge"},
    "password": {"MasterUserPassword": "****"},
}
STATUSES = (
    "available",
    "storage-optimization",
    "backing-up",
    "modifying",
    "configuring-iam-database-auth",
    "update-iam-db-auth",
    "a-status-of-next-year",
    "stopped",
    "storage-full",
)
# value in the parameter group, whether the parameter can be changed without a reboot, and the prefix of the group
SSL: dict[str, tuple[str | None, bool, str]] = {
    "unset": (None, True, ""),
    "on": ("1", True, ""),
    "off": ("0", True, ""),
    "off-static": ("0", False, ""),
    "off-default-group": ("0", True, "default."),
}
CLASSES: dict[str, bool | None] = {"supported": True, "unsupported": False, "not-offered": None}

DATABASE_AXES: dict[str, tuple[t.Any, ...]] = {
    "form": tuple(FORMS),
    "current": (False, True),
    "pending": (None, False, True),
    "other": tuple(OTHER_PENDING),
    "status": STATUSES,
}
FACT_AXES: dict[str, tuple[t.Any, ...]] = {"ssl": tuple(SSL), "classes": tuple(CLASSES)}
OPTION_AXES: dict[str, tuple[t.Any, ...]] = {
    "desired": (False, True),
    "apply_immediately": (False, True),
    "apply_other_pending_changes": (False, True),
    "ssl_parameter": ("require", "enforce", "ignore"),
    "wait": (False, True),
}


class DatabaseState(t.NamedTuple):
    """One combination of the axes of a database."""

    form: str
    current: bool
    pending: bool | None
    other: str
    status: str


class FactState(t.NamedTuple):
    """One combination of the axes of what the description does not show."""

    ssl: str
    classes: str


# reason -> whether a combination cannot occur for that reason
IMPOSSIBLE_DATABASES: dict[str, t.Callable[[DatabaseState], bool]] = {
    "the setting is never on or changing where AWS does not support it (1.1, 1.2)": lambda state: (
        state.form in _WITHOUT_SETTING and (state.current or state.pending is True or state.status in SWITCHING)
    ),
    "express configuration is always on and cannot be disabled (1.2)": lambda state: (
        state.form == "aurora-postgresql-express" and (not state.current or state.pending is False)
    ),
    "no page documents update-iam-db-auth for instances (3.1)": lambda state: (
        state.status == "update-iam-db-auth" and FORMS[state.form][0] is instance
    ),
    "the class of an Aurora cluster is that of its members (2.3)": lambda state: (
        state.other == "class" and FORMS[state.form][0] is cluster
    ),
}
IMPOSSIBLE_FACTS: dict[str, t.Callable[[DatabaseState, FactState], bool]] = {
    "ssl is a parameter of PostgreSQL (5.1)": lambda state, fact: (
        fact.ssl != "unset" and "postgres" not in FORMS[state.form][1]["engine"]
    ),
    "no class supports an engine without the setting (1.1)": lambda state, fact: (
        fact.classes == "supported" and state.form in ("oracle", "neptune")
    ),
    "Aurora Serverless v1 has no members with a class (1.2)": lambda state, fact: (
        fact.classes != "not-offered" and state.form == "aurora-mysql-serverless-v1"
    ),
}


def size(*groups: t.Mapping[str, t.Collection[t.Any]]) -> int:
    """Return the number of combinations of all axes."""
    product = 1
    for values in (values for axes in groups for values in axes.values()):
        product *= len(values)
    return product


def database_states() -> t.Iterator[tuple[DatabaseState, str | None]]:
    """Yield every combination, and the reason if it cannot occur."""
    for values in itertools.product(*DATABASE_AXES.values()):
        state = DatabaseState(*values)
        yield state, next((why for why, is_so in IMPOSSIBLE_DATABASES.items() if is_so(state)), None)


def fact_states(state: DatabaseState) -> t.Iterator[tuple[FactState, str | None]]:
    """Yield every combination for a database, and the reason if it cannot occur."""
    for values in itertools.product(*FACT_AXES.values()):
        fact = FactState(*values)
        yield fact, next((why for why, is_so in IMPOSSIBLE_FACTS.items() if is_so(state, fact)), None)


def every_option(**more: t.Any) -> list[ChangeOptions]:
    """Return every combination of the options."""
    return [
        ChangeOptions(**dict(zip(OPTION_AXES, values)), **more) for values in itertools.product(*OPTION_AXES.values())
    ]


def build(state: DatabaseState, fact: FactState, name: str) -> Database:
    """Return the database as RDS describes it. Its class and its parameter group show the facts."""
    make, differences = FORMS[state.form]
    database = make(
        name,
        **{"members": _MEMBERS, **differences} if make is cluster else differences,
        current=state.current,
        pending=state.pending,
        other_pending=OTHER_PENDING[state.other],
        status=state.status,
    )
    members = tuple(
        Member(f"{name}-{member.identifier[-1]}", member.is_writer, class_name(fact)) for member in database.members
    )
    group = ParameterGroup(database.id.kind, f"{SSL[fact.ssl][2]}{name}", "in-sync")
    own_class = None if make is cluster else class_name(fact)
    return replace(database, members=members, parameter_group=group, instance_class=own_class)


def class_name(fact: FactState) -> str:
    return f"db.{fact.classes}.large"


def facts_of(fact: FactState) -> Facts:
    """Return the facts for the reference rules."""
    return Facts(SSL[fact.ssl][0], CLASSES[fact.classes])


def ssl_parameter(fact: FactState) -> Parameter:
    """Return the parameter of the group."""
    value, dynamic, _prefix = SSL[fact.ssl]
    return Parameter("ssl", value, modifiable=dynamic, dynamic=dynamic)
