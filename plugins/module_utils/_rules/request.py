# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Build the request that creates a database, and check it against the API model before any call.

This is private to the collection.
"""

from __future__ import annotations

import difflib
import typing as t

from .._model.engines import engine_has_setting
from .._model.errors import InputError, quoted
from .._model.operation import Operation, Request
from .._options.settings import api_name, api_value

IAM_PARAMETER = "EnableIAMDatabaseAuthentication"


def build_request(
    operation: Operation,
    *,
    kind: str,
    option_names: t.Mapping[str, str],
    fixed: t.Mapping[str, t.Any],
    settings: t.Mapping[str, t.Any],
    extra: t.Mapping[str, t.Any],
) -> Request:
    """Return the request with the values of the module (``fixed``), the settings and ``extra_parameters``.

    ``option_names`` maps each parameter of the API to the option of the module.

    Raises InputError for an option that the operation does not support, and for an unknown name, a wrong type or a
    secret in ``extra_parameters``.
    """
    chosen = {option: api_name(option, kind) for option in settings}
    for option, name in chosen.items():
        if name not in operation.accepts:
            raise InputError(f"{option}: {operation.name} does not support this option. Remove {option}.")
    _check_extra(operation, option_names, fixed, extra)
    parameters = {chosen[option]: api_value(option, value) for option, value in settings.items()}
    parameters.update(extra)
    parameters.update((name, value) for name, value in fixed.items() if name in operation.accepts)
    faults = operation.faults(parameters)
    if faults:
        raise InputError(f"{operation.name}: invalid values: {'; '.join(faults)}. Correct them.")
    return Request(operation.name, parameters)


def iam_value(engine: str, desired: bool | None) -> bool | None:
    """Return the value to send, or None to omit the parameter.

    It is omitted for an engine without the setting, unless the task enables it.

    Source: API model. RestoreDBInstanceFromDBSnapshot says "This setting doesn't apply to RDS Custom", CreateDBInstance
    "This setting doesn't apply to the following DB instances: Amazon Aurora [...] RDS Custom". The model does not
    mention Oracle, SQL Server and Db2, and the user guide, "Supported Regions and DB engines for IAM database
    authentication", does not list them. An unknown engine (``""`` for a source in another Region) may have the setting.
    """
    return None if not desired and not engine_has_setting(engine) else desired


def complete_request(
    operation: Operation, draft: Request, more: t.Mapping[str, t.Any], option_names: t.Mapping[str, str]
) -> Request:
    """Return the draft with the values in ``more`` that the operation supports.

    Raises InputError if a required parameter is missing.
    """
    filled = {name: value for name, value in more.items() if value is not None and name in operation.accepts}
    request = Request(draft.operation, {**draft.parameters, **filled})
    _check_complete(operation, request, option_names)
    return request


def _check_complete(operation: Operation, request: Request, option_names: t.Mapping[str, str]) -> None:
    missing = [name for name in operation.required if name not in request.parameters]
    if missing:
        named = ", ".join(option_names.get(name, f"{name} in extra_parameters") for name in missing)
        raise InputError(f"{operation.name}: required parameters are missing. Set {named}.")


def _check_extra(
    operation: Operation, option_names: t.Mapping[str, str], fixed: t.Mapping[str, t.Any], extra: t.Mapping[str, t.Any]
) -> None:
    for name in extra:
        if name in fixed or name == IAM_PARAMETER:
            raise InputError(f"extra_parameters: {name} is set by another option. Remove it here.")
        if name in operation.secrets:
            advice = f"Use the option {option_names[name]}." if name in option_names else "There is no option for it."
            raise InputError(f"extra_parameters: {name} is a secret, and extra_parameters is not hidden. {advice}")
        if name not in operation.accepts:
            raise InputError(
                f"extra_parameters: {operation.name} has no parameter {quoted(name)}.{_nearest(name, operation)}"
            )
        if name in option_names:
            raise InputError(f"extra_parameters: {name} has an option. Use {option_names[name]}.")


def _nearest(name: str, operation: Operation) -> str:
    lower = {known.lower(): known for known in operation.accepts}
    near = difflib.get_close_matches(name.lower().replace("_", ""), lower, n=1)
    return f" Did you mean {lower[near[0]]!r}?" if near else ""
