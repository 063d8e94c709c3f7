# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Faults of a login, injected into real servers and into the account. They share no code with the diagnosis.

Each fault names the cause that it is, and the operations whose denial leaves the cause undecided.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import socket
import typing as t
from dataclasses import dataclass, replace

from .login_fleet import ACCOUNT, LoginFleet

Inject = t.Callable[[LoginFleet, t.Any], None]
RDS = ("DescribeDBInstances", "DescribeDBClusters")
IAM = ("iam:SimulatePrincipalPolicy",)
LOG = ("logs:FilterLogEvents", "cloudwatch:GetMetricData")


@dataclass(frozen=True)
class LoginFault:
    """``decided_by`` is the witness whose denial leaves the cause unknown: operations of AWS, or the administrator.

    ``needs_host``: the login has to name the endpoint, so that it starts without the denied or refused call.
    ``alone``: the fault cannot be combined with another one.
    """

    inject: Inject
    decided_by: tuple[str, ...] | str | None = None
    needs_host: bool = False
    alone: bool = False


def session_token_missing(fleet: LoginFleet, _tmp: t.Any) -> None:
    _use_session(fleet)
    fleet.options.pop("session_token")


def credentials_expired(fleet: LoginFleet, _tmp: t.Any) -> None:
    key = _use_session(fleet)
    sessions = fleet.simulator.world.sessions
    sessions[key] = replace(sessions[key], expires=dt.datetime.now(dt.timezone.utc) - dt.timedelta(seconds=1))
    fleet.settings(check_credentials=True)


def credentials_invalid(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.options["secret_key"] = fleet.options["secret_key"][::-1]
    fleet.settings(check_credentials=True)


def _use_session(fleet: LoginFleet) -> str:
    caller = fleet.caller
    sts = fleet.client("sts", aws_access_key_id=caller["access_key"], aws_secret_access_key=caller["secret_key"])
    session = sts.get_session_token()["Credentials"]
    fleet.options.update(
        access_key=session["AccessKeyId"],
        secret_key=session["SecretAccessKey"],
        session_token=session["SessionToken"],
    )
    return str(session["AccessKeyId"])


def database_not_available(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.change(**{"DBInstanceStatus" if fleet.kind == "instance" else "Status": "stopped"})


def not_an_endpoint(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.options["login_host"] = "orders.example.com"


def endpoint_unreachable(fleet: LoginFleet, _tmp: t.Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        fleet.options["connect_port"] = closed.getsockname()[1]


def login_timed_out(fleet: LoginFleet, _tmp: t.Any) -> None:
    silent = fleet.undo.enter_context(socket.create_server(("127.0.0.1", 0)))
    fleet.options.update(connect_port=silent.getsockname()[1], timeout=2)


def tls_unavailable(fleet: LoginFleet, _tmp: t.Any) -> None:
    from login.stripping_server import TlsStrippingServer

    engine = "postgres" if fleet.protocol == "postgresql" else "mysql"
    server = fleet.undo.enter_context(TlsStrippingServer(engine))
    fleet.options["connect_port"] = server.port
    fleet.undo.callback(lambda: _check_no_token(bytes(server.received)))


def _check_no_token(received: bytes) -> None:
    assert b"X-Amz-Signature" not in received


def ca_not_trusted(fleet: LoginFleet, tmp: t.Any) -> None:
    import trustme

    path = tmp / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    fleet.options["ca_cert"] = str(path)


def host_name_mismatch(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.options["connect_port"] = fleet.listener("shop")["listen_port"]


def setting_off(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.change(IAMDatabaseAuthenticationEnabled=False)


def setting_pending(fleet: LoginFleet, _tmp: t.Any) -> None:
    pending = {"IAMDatabaseAuthenticationEnabled": True}
    fleet.change(IAMDatabaseAuthenticationEnabled=False, PendingModifiedValues=pending)


def user_missing(fleet: LoginFleet, _tmp: t.Any) -> None:
    _use_user(fleet, "nobody")


def user_case(fleet: LoginFleet, _tmp: t.Any) -> None:
    _use_user(fleet, "APP")


def user_not_iam(fleet: LoginFleet, _tmp: t.Any) -> None:
    _use_user(fleet, "plain")


def _use_user(fleet: LoginFleet, user: str) -> None:
    fleet.options["username"] = user
    fleet.allow(fleet.resource())


def region_mismatch(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.options["region"] = "us-east-1"


def clock_skew(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.settings(login_clock_ahead=1000.0)


def logins_throttled(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.simulator.faults.add(operation="rds-db:connect", code="ThrottlingException", times=None)
    fleet.undo.callback(fleet.simulator.faults.clear)
    # the metrics count the failures of a whole minute, and so those of other tests
    fleet.export_log()


def policy_explicit_deny(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.allow(fleet.resource(user="*"), effect="Deny", name="deny")


def policy_boundary(fleet: LoginFleet, _tmp: t.Any) -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = fleet.iam.create_policy(PolicyName="boundary", PolicyDocument=document)["Policy"]["Arn"]
    fleet.iam.put_user_permissions_boundary(UserName="deploy", PermissionsBoundary=arn)
    fleet.undo.callback(lambda: fleet.iam.delete_policy(PolicyArn=arn))
    fleet.undo.callback(lambda: fleet.iam.delete_user_permissions_boundary(UserName="deploy"))


def policy_other_region(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.allow(fleet.resource(region="us-west-2"))


def policy_other_resource(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.allow(fleet.resource(resource_id="db-RESTOREDFROMTHIS"))


def policy_other_user(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.allow(fleet.resource(user="somebody"))


def policy_missing(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.allow()


def policy_session(fleet: LoginFleet, _tmp: t.Any) -> None:
    """A role whose policies allow the login, in a session whose policy does not. Only the log export shows it."""
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    allowed = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": fleet.resource()}
    role = fleet.iam.create_role(
        RoleName="login", Path="/team/", AssumeRolePolicyDocument=json.dumps(_document(trust))
    )["Role"]
    fleet.iam.put_role_policy(RoleName="login", PolicyName="login", PolicyDocument=json.dumps(_document(allowed)))
    fleet.undo.callback(lambda: fleet.iam.delete_role(RoleName="login"))
    fleet.undo.callback(lambda: fleet.iam.delete_role_policy(RoleName="login", PolicyName="login"))
    other = _document({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    session = fleet.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="deploy", Policy=json.dumps(other))[
        "Credentials"
    ]
    fleet.options.update(
        access_key=session["AccessKeyId"],
        secret_key=session["SecretAccessKey"],
        session_token=session["SessionToken"],
    )
    fleet.export_log()


def _document(statement: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def user_locked(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.run_sql(f"ALTER ROLE {fleet.user} NOLOGIN", f"ALTER ROLE {fleet.user} LOGIN")


def too_many_connections(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.run_sql(f"ALTER ROLE {fleet.user} CONNECTION LIMIT 0", f"ALTER ROLE {fleet.user} CONNECTION LIMIT -1")


def database_missing(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.options["database"] = "nothing"


def connect_not_granted(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.options["database"] = "sales"
    fleet.run_sql("REVOKE CONNECT ON DATABASE sales FROM PUBLIC", "GRANT CONNECT ON DATABASE sales TO PUBLIC")


# in the order in which they have to be corrected
FAULTS: dict[str, LoginFault] = {
    "session_token_missing": LoginFault(session_token_missing, alone=True),
    "credentials_expired": LoginFault(credentials_expired, needs_host=True, alone=True),
    "credentials_invalid": LoginFault(credentials_invalid, needs_host=True, alone=True),
    "region_mismatch": LoginFault(region_mismatch, needs_host=True),
    "not_an_endpoint": LoginFault(not_an_endpoint, needs_host=True),
    "database_not_available": LoginFault(database_not_available, RDS, needs_host=True),
    "endpoint_unreachable": LoginFault(endpoint_unreachable, RDS, needs_host=True),
    "login_timed_out": LoginFault(login_timed_out, RDS, needs_host=True),
    "tls_unavailable": LoginFault(tls_unavailable),
    "ca_not_trusted": LoginFault(ca_not_trusted),
    "host_name_mismatch": LoginFault(host_name_mismatch),
    "setting_off": LoginFault(setting_off, RDS, needs_host=True),
    "setting_pending": LoginFault(setting_pending, RDS, needs_host=True),
    "user_missing": LoginFault(user_missing, "administrator"),
    "user_case": LoginFault(user_case, "administrator"),
    "user_not_iam": LoginFault(user_not_iam, "administrator"),
    "clock_skew": LoginFault(clock_skew),
    "policy_explicit_deny": LoginFault(policy_explicit_deny, IAM),
    "policy_boundary": LoginFault(policy_boundary, IAM),
    "policy_other_region": LoginFault(policy_other_region, IAM),
    "policy_other_resource": LoginFault(policy_other_resource, IAM),
    "policy_other_user": LoginFault(policy_other_user, IAM),
    "policy_missing": LoginFault(policy_missing, IAM),
    "policy_session_or_organization": LoginFault(policy_session, LOG),
    "logins_throttled": LoginFault(logins_throttled, LOG),
    "user_locked": LoginFault(user_locked),
    "too_many_connections": LoginFault(too_many_connections),
    "database_missing": LoginFault(database_missing),
    "connect_not_granted": LoginFault(connect_not_granted),
}

_USERS = {"user_missing", "user_case", "user_not_iam", "host_not_allowed"}
# faults of the same thing, of which a login can have only one
_EXCLUSIVE = (
    {"endpoint_unreachable", "login_timed_out", "tls_unavailable", "host_name_mismatch"},
    {"setting_off", "setting_pending"},
    _USERS,
    # a name that is not an endpoint has no Region
    {"region_mismatch", "not_an_endpoint"},
    {"policy_other_region", "policy_other_resource", "policy_other_user", "policy_missing"},
    {"database_missing", "connect_not_granted"},
    # a user that does not exist has no other fault, and the other host names another account
    *({name, other} for name in _USERS - {"user_not_iam"} for other in ("user_locked", "too_many_connections")),
    # the policy of the role replaces those of the user
    *(
        {"policy_session_or_organization", name}
        for name in (
            "policy_explicit_deny",
            "policy_boundary",
            "policy_other_region",
            "policy_other_resource",
            "policy_other_user",
            "policy_missing",
        )
    ),
)


def lock_mysql_user(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.run_sql(f"ALTER USER {fleet.user} ACCOUNT LOCK", f"ALTER USER {fleet.user} ACCOUNT UNLOCK")


def limit_mysql_user(fleet: LoginFleet, _tmp: t.Any) -> None:
    alter = f"ALTER USER {fleet.user} WITH MAX_USER_CONNECTIONS"
    fleet.run_sql(f"{alter} -1", f"{alter} 0")


def no_privilege_on_database(fleet: LoginFleet, _tmp: t.Any) -> None:
    fleet.options["database"] = "sales"


def host_not_allowed(fleet: LoginFleet, _tmp: t.Any) -> None:
    _use_user(fleet, "distant")


# MySQL answers a user without global privileges in the same way whether or not the database exists.
_MYSQL = {
    "user_locked": LoginFault(lock_mysql_user),
    "too_many_connections": LoginFault(limit_mysql_user),
    "database_missing": LoginFault(database_missing, "administrator"),
    "connect_not_granted": LoginFault(no_privilege_on_database, "administrator"),
}
MYSQL_FAULTS: dict[str, LoginFault] = {}
for _name, _fault in FAULTS.items():
    MYSQL_FAULTS[_name] = _MYSQL.get(_name, _fault)
    if _name == "user_not_iam":
        MYSQL_FAULTS["host_not_allowed"] = LoginFault(host_not_allowed, "administrator")
FAULTS_OF = {"postgresql": FAULTS, "mysql": MYSQL_FAULTS}


def pairs_of(protocol: str) -> list[tuple[str, str]]:
    """Return all pairs of faults that a login can have. The first one has to be corrected first."""
    faults = FAULTS_OF[protocol]
    return [
        (first, second)
        for first, second in itertools.combinations(faults, 2)
        if not (faults[first].alone or faults[second].alone)
        and not any({first, second} <= names for names in _EXCLUSIVE)
    ]


def inject(fleet: LoginFleet, tmp: t.Any, *names: str) -> None:
    """Inject faults. Those of the user come first, because the others depend on its name.

    Faults that need the database to run come before those that stop it.
    """
    faults = FAULTS_OF[fleet.protocol]
    if any(faults[name].needs_host for name in names):
        fleet.use_host()
    later_first = [name for name in reversed(faults) if name in names]
    for name in (*_USERS.intersection(names), *(name for name in later_first if name not in _USERS)):
        faults[name].inject(fleet, tmp)
