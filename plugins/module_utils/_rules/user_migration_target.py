# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Find the database of the role ``database_users`` among those that RDS describes, and the options of its logins.

This is private to the collection.
"""

from __future__ import annotations

import ipaddress
import typing as t

from .._model.arns import parse
from .._model.database import CLUSTER, INSTANCE
from .._model.errors import quoted
from .._options.database_users import MYSQL, POSTGRESQL
from .._options.survey_values import is_true
from .login_endpoint import protocol_of

Values = t.Mapping[str, t.Any]

_DATABASE_OPTIONS = ("db_instance_identifier", "db_cluster_identifier", "login_host")
# the variables of the role; the second one is evaluated for each login
PASSWORD, TOKEN = "database_users_admin_password", "_database_users_token"
_LONGEST_TIMEOUT = 300
# the session that repeats the login of a user is valid for an hour
_LONGEST_POLICY_TIMEOUT = 3600
# what the role imports for an engine, and what ansible-galaxy installs
COLLECTIONS = {POSTGRESQL: ("community.postgresql",), MYSQL: ("community.mysql", "ansible.mysql")}


def option_errors(options: Values) -> list[str]:
    """Return the errors in the options of the connection that are visible without a call."""
    named = [name for name in _DATABASE_OPTIONS if str(options.get(name) or "").strip()]
    errors: list[str] = []
    if len(named) != 1:
        listed = ", ".join(f"database_users_{name}" for name in _DATABASE_OPTIONS)
        errors.append(f"{listed}: {len(named)} of them are set. Set exactly one of them.")
    timeout = int(options.get("timeout") or 0)
    if not 0 < timeout <= _LONGEST_TIMEOUT:
        errors.append(f"database_users_timeout: {timeout}: the value is out of range. Use 1 to {_LONGEST_TIMEOUT}.")
    seconds = int(options.get("policy_timeout") or 0)
    if not 0 <= seconds <= _LONGEST_POLICY_TIMEOUT:
        errors.append(
            f"database_users_policy_timeout: {seconds}: the value is out of range. Use 0 to {_LONGEST_POLICY_TIMEOUT}."
        )
    if not str(options.get("admin_username") or "").strip():
        errors.append("database_users_admin_username: it is blank. Set the name of the administrator.")
    if not options.get("users"):
        errors.append("database_users_users: it contains no user. Add one or more users.")
    return errors


def find_target(databases: t.Sequence[Values], options: Values) -> dict[str, t.Any]:
    """Return the described database with its protocol, account, Region, identifier by kind, and the errors.

    ``password_variable`` is the variable of the role with the secret for the login of the administrator.
    """
    host = str(options.get("login_host") or "").strip().lower()
    found = [database for database in databases if not host or _has_endpoint(database, host)]
    if not found:
        error = f"database_users_login_host: {quoted(host)} is not an endpoint of a database of the Region. Correct it."
        return {"errors": [error]}
    database = found[0]
    arn = parse(str(database.get("arn") or ""))
    protocol = protocol_of(str(database["engine"])) or ""
    return {
        **database,
        "protocol": protocol,
        "instance": database["identifier"] if database["kind"] == INSTANCE else "",
        "cluster": database["identifier"] if database["kind"] == CLUSTER else "",
        "account": arn.account if arn else "",
        "region": arn.region if arn else "",
        "password_variable": PASSWORD if is_true(options.get("has_admin_password")) else TOKEN,
        "errors": [*_target_errors(database, protocol), *_connection_errors(protocol, options)],
    }


def login_options(target: Values, options: Values) -> dict[str, t.Any]:
    """Return the options of a login for the modules of the database collections, without the password."""
    endpoint = target["endpoint"]
    login = {
        "login_host": endpoint["address"],
        "login_port": int(options.get("connect_port") or 0) or int(endpoint["port"]),
        "login_user": options["admin_username"],
        "ca_cert": options["ca_cert"],
    }
    if target["protocol"] == MYSQL:
        return {**login, "check_hostname": True, "config_file": "", "connect_timeout": int(options["timeout"])}
    parameters = {"gssencmode": "disable", "connect_timeout": int(options["timeout"])}
    if options.get("connect_host"):
        parameters["hostaddr"] = options["connect_host"]
    database = options.get("database") or "postgres"
    return {**login, "ssl_mode": "verify-full", "login_db": database, "connect_params": parameters}


def missing_collections(protocol: str, installed: t.Callable[[str], bool]) -> list[str]:
    """Return an error if the collection for an engine is not installed."""
    missing = [name for name in COLLECTIONS.get(protocol, ()) if not installed(name)]
    if not missing:
        return []
    command = f"ansible-galaxy collection install {COLLECTIONS[protocol][0]}"
    return [f"{', '.join(missing)}: the collection is not installed on the controller. Run: {command}"]


def _has_endpoint(database: Values, host: str) -> bool:
    endpoint = database.get("endpoint") or {}
    return str(endpoint.get("address") or "").lower() == host


def _target_errors(database: Values, protocol: str) -> t.Iterator[str]:
    name = f"{database['kind']}/{database['identifier']}"
    if protocol not in COLLECTIONS:
        yield f"{name}: the engine {database['engine']} does not support IAM database authentication. Exclude it."
    elif not database.get("endpoint"):
        yield f"{name}: it has no endpoint in status {database['status']}. Wait until its status is available."
    elif not database["iam_database_authentication_enabled"]:
        yield f"{name}: IAM database authentication is disabled. Enable it with rds_iam_auth first."


def _connection_errors(protocol: str, options: Values) -> t.Iterator[str]:
    host = str(options.get("connect_host") or "")
    if not host:
        return
    if protocol == MYSQL:
        yield (
            f"database_users_connect_host: {quoted(host)}: community.mysql verifies the certificate against the host "
            "that it connects to. Make the name of the endpoint resolve to the tunnel instead."
        )
        return
    try:
        ipaddress.ip_address(host)
    except ValueError:
        yield f"database_users_connect_host: {quoted(host)} is not an IP address. Use one, for example 127.0.0.1."
