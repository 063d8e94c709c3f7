# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""How the master user logs in, in Modify requests: password, managed password, or IAM token."""

from __future__ import annotations

from typing import Any

from ..api.registry import ApiRequest
from ..engines import catalogue
from ..errors import AwsError
from ..kinds import CLUSTER
from ..rules.refusals import IAM
from ..state.backend import Database
from . import request_checks
from .login_data import change_master
from .request_parameters import add_secret

# Modify accepts these parameters; Describe shows only the secret (model ✓).
PARAMETERS = ("ManageMasterUserPassword", "MasterUserAuthenticationType", "MasterUserSecretKmsKeyId")


def refuse_iam_master(parameters: dict[str, Any], engine: str, *, iam: bool) -> None:
    """Require PostgreSQL (model ✓), no password, and the IAM setting (Terraform PR 49670 △; texts ?)."""
    if parameters.get("MasterUserAuthenticationType") != "iam-db-auth":
        return
    passwords = parameters.get("MasterUserPassword") is not None or parameters.get("ManageMasterUserPassword")
    if not catalogue.is_postgresql(engine) or passwords or not iam:
        text = f"MasterUserAuthenticationType iam-db-auth isn't valid for this request and DB engine {engine}."
        raise AwsError("InvalidParameterCombination", text)


def refuse_master_change(request: ApiRequest, database: Database) -> None:
    """Raise AwsError if this Modify cannot change the master user's login (model ✓; codes and texts ?)."""
    parameters = request.parameters
    asked = parameters.get("EnableIAMDatabaseAuthentication")
    iam = bool(database.record.get(IAM)) if asked is None else bool(asked)
    refuse_iam_master(parameters, database.engine, iam=iam)
    managed, password = parameters.get("ManageMasterUserPassword"), parameters.get("MasterUserPassword")
    if managed and password is not None:
        text = "You can't specify MasterUserPassword when ManageMasterUserPassword is turned on."
        raise AwsError("InvalidParameterCombination", text)
    if password is not None:
        request_checks.refuse_password(request, database.kind, database.engine)
    if managed is False and "MasterUserSecret" in database.record and password is None:
        text = "MasterUserPassword must be specified when ManageMasterUserPassword is turned off."
        raise AwsError("InvalidParameterCombination", text)


def change_master_user(request: ApiRequest, database: Database) -> None:
    """Create or delete the secret immediately, regardless of ApplyImmediately.

    The model has no pending value for it (✓).
    """
    parameters, record = request.parameters, database.record
    change_master(parameters, database)
    if parameters.get("ManageMasterUserPassword") is False:
        record.pop("MasterUserSecret", None)
    elif "MasterUserSecret" not in record:
        resource_id = record["DbClusterResourceId" if database.kind == CLUSTER else "DbiResourceId"]
        add_secret(request.backend, record, parameters, resource_id)
        if "MasterUserSecret" in record:
            record["MasterUserSecret"]["SecretStatus"] = "active"
