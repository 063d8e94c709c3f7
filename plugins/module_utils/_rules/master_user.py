# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""How the master user of a new database authenticates, and which new databases inherit their master user.

Sources: API reference of CreateDBInstance and CreateDBCluster (MasterUserAuthenticationType, GlobalClusterIdentifier,
ReplicationSourceIdentifier, WithExpressConfiguration); Amazon RDS and Aurora User Guides, "Password management with
Amazon RDS and AWS Secrets Manager" and "Password management with Amazon Aurora and AWS Secrets Manager", limitations.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.errors import InputError
from .._model.operation import Operation

AUTHENTICATION = "master_user_authentication"
PASSWORD, MANAGED, IAM = "password", "managed", "iam"
MASTER_USER_CHOICES = (PASSWORD, MANAGED, IAM)
_NAME, _PASSWORD_OPTION, _MANAGED_OPTION = "master_username", "master_user_password", "manage_master_user_password"
_PARAMETER = "MasterUserAuthenticationType"
_BOTOCORE = "1.40.22"

# "This option is only valid for RDS for PostgreSQL and Aurora PostgreSQL engines."
_IAM_ENGINES = ("postgres", "aurora-postgresql")
Settings = t.Mapping[str, t.Any]


class MasterUser(t.NamedTuple):
    """The completed settings, and the options that are missing.

    ``by_default``: RDS manages the password because the task sets nothing else.
    """

    settings: dict[str, t.Any]
    missing: tuple[str, ...] = ()
    by_default: bool = False


def resolve_master_user(settings: Settings, extra: Settings) -> MasterUser:
    """Return the settings completed for the master user of a database that is not a read replica of a DB instance.

    Raises InputError if the options contradict each other.
    """
    found = dict(settings)
    how = found.pop(AUTHENTICATION, None)
    inherited = _inherited_master_user(found, extra)
    if inherited:
        _refuse(inherited.text, {**found, AUTHENTICATION: how}, inherited.refused)
        return MasterUser(found)
    missing = () if _NAME in found else (_NAME,)
    if how == IAM:
        _refuse_with_iam(found)
        return MasterUser({**found, AUTHENTICATION: IAM}, missing)
    _refuse_contradiction(how, found)
    return _with_password(found, missing, how, in_global_database=bool(extra.get("GlobalClusterIdentifier")))


def _with_password(
    settings: dict[str, t.Any], missing: tuple[str, ...], how: str | None, *, in_global_database: bool
) -> MasterUser:
    if settings.get(_PASSWORD_OPTION) or settings.get(_MANAGED_OPTION):
        return MasterUser(settings, missing)
    if how == PASSWORD:
        needed = f"{_PASSWORD_OPTION}, because {AUTHENTICATION} is {PASSWORD}"
    elif _MANAGED_OPTION in settings:
        needed = f"{_PASSWORD_OPTION}, because {_MANAGED_OPTION} is false"
    elif in_global_database and how is None:
        needed = (
            f"{_PASSWORD_OPTION} or {AUTHENTICATION}, because Aurora does not manage the master password of a global "
            "database"
        )
    else:
        return MasterUser({**settings, _MANAGED_OPTION: True}, missing, by_default=how is None)
    return MasterUser(settings, (*missing, needed))


class _InheritedMasterUser(t.NamedTuple):
    text: str
    refused: tuple[str, ...]


def _inherited_master_user(settings: Settings, extra: Settings) -> _InheritedMasterUser | None:
    if extra.get("ReplicationSourceIdentifier"):
        return _InheritedMasterUser(
            "a replica has the master user of its source",
            (_NAME, _PASSWORD_OPTION, _MANAGED_OPTION, AUTHENTICATION),
        )
    if extra.get("GlobalClusterIdentifier") and _NAME not in settings:
        # the primary cluster of a global database names its master user like any other cluster
        text = "a secondary cluster of a global database has the master user of the primary cluster"
        return _InheritedMasterUser(text, (_PASSWORD_OPTION, _MANAGED_OPTION, AUTHENTICATION))
    if extra.get("WithExpressConfiguration"):
        text = "an Aurora cluster with express configuration has no master password"
        return _InheritedMasterUser(text, (_PASSWORD_OPTION, _MANAGED_OPTION, AUTHENTICATION))
    return None


def _refuse(why: str, settings: Settings, options: t.Iterable[str]) -> None:
    for option in options:
        if settings.get(option):
            raise InputError(f"{option}: {why}. Remove {option}.")


def _refuse_with_iam(settings: Settings) -> None:
    _refuse(
        f"{AUTHENTICATION}={IAM} creates a master user without a password",
        settings,
        (_PASSWORD_OPTION, _MANAGED_OPTION),
    )
    engine = str(settings.get("engine", "")).lower()
    if engine and engine not in _IAM_ENGINES:
        raise InputError(
            f"{AUTHENTICATION}: {IAM} is valid only for the engines {' and '.join(_IAM_ENGINES)}, not for {engine}. "
            f"Set {AUTHENTICATION} to {MANAGED} or {PASSWORD}."
        )


def _refuse_contradiction(how: str | None, settings: Settings) -> None:
    if how == MANAGED and _PASSWORD_OPTION in settings:
        raise InputError(
            f"{_PASSWORD_OPTION}: {AUTHENTICATION}={MANAGED} lets RDS generate the password. Remove {_PASSWORD_OPTION}."
        )
    if how == MANAGED and settings.get(_MANAGED_OPTION) is False:
        raise InputError(f"{_MANAGED_OPTION}: false contradicts {AUTHENTICATION}={MANAGED}. Remove {_MANAGED_OPTION}.")
    if how == PASSWORD and settings.get(_MANAGED_OPTION):
        raise InputError(f"{_MANAGED_OPTION}: true contradicts {AUTHENTICATION}={PASSWORD}. Remove {_MANAGED_OPTION}.")


def check_master_user(settings: Settings, operation: Operation, *, desired: bool) -> None:
    """Raise InputError if the master user cannot use IAM.

    This requires IAM database authentication on the database, and a version of botocore that supports the parameter.
    """
    if settings.get(AUTHENTICATION) != IAM:
        return
    if not desired:
        raise InputError(
            f"{AUTHENTICATION}: {IAM} requires IAM database authentication. "
            "Set enable_iam_database_authentication to true."
        )
    if _PARAMETER not in operation.accepts:
        raise InputError(
            f"{AUTHENTICATION}: {IAM} requires botocore {_BOTOCORE} or later, and the installed version does not "
            f"support {_PARAMETER}. Upgrade boto3 and botocore."
        )


def managed_password_limitations(engine: str) -> str:
    """Return the warning about the features that AWS does not support with a managed master password."""
    if engine.startswith("aurora"):
        cost = "blue/green deployments, global databases or read replicas in other Regions"
    elif engine.startswith("sqlserver"):
        cost = "blue/green deployments"
    else:
        cost = "read replicas or blue/green deployments"
    return (
        "RDS will manage the master password in AWS Secrets Manager, because the task sets no password. AWS does not "
        f"support {cost} for such a database. To accept this, set {AUTHENTICATION} to {MANAGED}; otherwise, set it "
        f"to {PASSWORD} or {IAM}"
    )
