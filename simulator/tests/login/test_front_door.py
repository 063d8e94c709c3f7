# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Logins through the front door to a real PostgreSQL server."""

from __future__ import annotations

import ssl
import struct
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from login.door_harness import (
    MASTER,
    MASTER_PASSWORD,
    SSL_REQUEST_PACKET,
    DoorHarness,
    RunningDoor,
    TestBackend,
    session_user,
)
from login.private_postgres import PrivatePostgres
from login.tokens import LONG_TERM, TEMPORARY, Key, make_target, make_token, seconds_ago
from rds_simulator.login import wire
from rds_simulator.login.target import AccessRules


@pytest.mark.parametrize("key", [LONG_TERM, TEMPORARY], ids=["long-term", "temporary"])
def test_token_login_opens_session_as_user(door: RunningDoor, key: Key) -> None:
    assert session_user(door.connect(make_token(key))) == "app_user"
    assert door.backend.checks == ["accepted"]


def test_password_login_is_passed_through(door: RunningDoor) -> None:
    assert session_user(door.connect(MASTER_PASSWORD, MASTER)) == MASTER
    assert session_user(door.connect("pw-secret", "pw_user")) == "pw_user"
    assert door.backend.checks == []


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: make_token(replace(TEMPORARY, session_token=None)), "InvalidToken"),
        (lambda: make_token()[:-1] + "x", "InvalidToken"),
        (lambda: make_token(user="reporting"), "InvalidToken"),
        (lambda: make_token(replace(LONG_TERM, secret_access_key="x" * 40)), "InvalidToken"),
        (lambda: make_token(Key("AKIAXXXXXXXXXXXXXXXX", "x" * 40)), "InvalidToken"),
        (lambda: make_token(region="us-east-1"), "InvalidToken"),
        (lambda: make_token(port=5433), "InvalidToken"),
        (lambda: make_token(host="other.example"), "InvalidToken"),
        (lambda: make_token(signed_at=seconds_ago(905)), "ExpiredToken"),
        (lambda: make_token(signed_at=seconds_ago(-600)), "InvalidToken"),
        (lambda: "pw-secret", "InvalidToken"),
        (lambda: make_token() + "&x=" + "y" * 9000, "InvalidToken"),
        (lambda: "x" * 65_000, "InvalidToken"),
    ],
    ids=[
        "no session token",
        "signature",
        "user",
        "secret",
        "access key",
        "region",
        "port",
        "host",
        "expired",
        "future",
        "password",
        "9,000 bytes",
        "65,000 bytes",
    ],
)
def test_token_login_wrong_token_is_refused_by_pam(door: RunningDoor, make: Callable[[], str], code: str) -> None:
    assert 'FATAL:  PAM authentication failed for user "app_user"' in door.refusal(make())
    assert door.backend.checks == [code]


def test_token_login_almost_expired_token_is_accepted(door: RunningDoor) -> None:
    assert session_user(door.connect(make_token(signed_at=seconds_ago(880)))) == "app_user"


def test_token_login_fault_in_check_lets_nobody_in(door: RunningDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(user: str, token: str) -> None:
        raise RuntimeError(token)

    monkeypatch.setattr(door.backend, "check_token", fail)
    assert "PAM authentication failed" in door.refusal(make_token())


def test_token_login_uses_rights_of_user(door: RunningDoor) -> None:
    with door.connect(make_token()) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create role other")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("set session authorization rdsadmin")


@pytest.mark.parametrize("option", ["session_authorization", "role"])
def test_token_login_options_give_no_other_user(door: RunningDoor, option: str) -> None:
    assert "permission denied" in door.refusal(make_token(), options=f"-c {option}=rdsadmin")


def test_token_login_without_tls_is_rejected_before_password(door: RunningDoor) -> None:
    refusal = door.refusal(make_token(), sslmode="disable")
    assert (
        'pg_hba.conf rejects connection for host "127.0.0.1", user "app_user", database "postgres", no encryption'
        in refusal
    )
    door.backend.current = make_target(force_ssl=True)
    assert "no pg_hba.conf entry for host" in door.refusal(make_token(), sslmode="disable")
    assert door.backend.checks == []


def test_password_login_without_tls_depends_on_force_ssl(door: RunningDoor) -> None:
    assert session_user(door.connect("pw-secret", "pw_user", sslmode="disable")) == "pw_user"
    door.backend.current = make_target(force_ssl=True)
    refusal = door.refusal("pw-secret", "pw_user", sslmode="disable")
    assert 'no pg_hba.conf entry for host "127.0.0.1", user "pw_user", database "postgres", no encryption' in refusal


def test_login_member_with_password_needs_token(door: RunningDoor) -> None:
    assert "PAM authentication failed" in door.refusal("pw-secret", "with_password")
    assert session_user(door.connect(make_token(user="with_password"), "with_password")) == "with_password"


def test_login_member_while_iam_is_off_uses_password(door: RunningDoor) -> None:
    door.backend.current = make_target(iam_enabled=False)
    assert 'password authentication failed for user "app_user"' in door.refusal(make_token())
    assert session_user(door.connect("pw-secret", "with_password")) == "with_password"
    assert door.backend.checks == []


def test_login_member_while_iam_is_off_with_switch_is_refused_by_pam(door: RunningDoor) -> None:
    door.backend.current = make_target(iam_enabled=False, rules=AccessRules(disabled_iam="pam"))
    assert "PAM authentication failed" in door.refusal(make_token())
    assert "PAM authentication failed" in door.refusal("pw-secret", "with_password")
    assert door.backend.checks == []


def test_login_member_of_both_roles_is_refused(door: RunningDoor) -> None:
    token = make_token(user="both_roles")
    assert "PAM authentication failed" in door.refusal(token, "both_roles")
    door.backend.current = make_target(rules=AccessRules(kerberos_and_iam="token"))
    assert session_user(door.connect(token, "both_roles")) == "both_roles"


@pytest.mark.parametrize("user", ["plain", "nobody"])
def test_login_user_without_rds_iam_is_refused_by_password(door: RunningDoor, user: str) -> None:
    assert f'password authentication failed for user "{user}"' in door.refusal(make_token(user=user), user)


@pytest.mark.parametrize("options", [{"user": "rdsadmin"}, {"dbname": "rdsadmin"}], ids=str)
def test_login_rdsadmin_is_rejected(door: RunningDoor, options: dict[str, str]) -> None:
    assert "pg_hba.conf rejects connection" in door.refusal(make_token(), **options)
    assert door.backend.checks == []


def test_login_unknown_database_names_it(door: RunningDoor) -> None:
    assert 'database "nope" does not exist' in door.refusal(make_token(), dbname="nope")


def test_login_nologin_user_is_not_permitted(door: RunningDoor, server: PrivatePostgres) -> None:
    with server.connect() as connection:
        connection.execute("create role sleeping in role rds_iam")
    assert 'role "sleeping" is not permitted to log in' in door.refusal(make_token(user="sleeping"), "sleeping")


def test_login_after_revoke_is_by_password(door: RunningDoor, server: PrivatePostgres) -> None:
    token = make_token(user="reporting")
    assert session_user(door.connect(token, "reporting")) == "reporting"
    with server.connect() as connection:
        connection.execute("revoke rds_iam from reporting")
    try:
        assert "password authentication failed" in door.refusal(token, "reporting")
    finally:
        with server.connect() as connection:
            connection.execute("grant rds_iam to reporting")


def test_login_master_with_admin_option_only_uses_password(door: RunningDoor, server: PrivatePostgres) -> None:
    """PostgreSQL makes the creator of a role a member of it, which pg_hba.conf counts and RDS does not."""
    with server.connect() as connection:
        connection.execute(f"grant rds_iam to {MASTER} with admin true, inherit false, set false")
    with door.connect(MASTER_PASSWORD, MASTER) as connection:
        connection.execute("create user created_by_master; grant rds_iam to created_by_master")
    assert session_user(door.connect(MASTER_PASSWORD, MASTER)) == MASTER
    token = make_token(user="created_by_master")
    assert session_user(door.connect(token, "created_by_master")) == "created_by_master"


def test_login_name_of_64_bytes_is_cut_for_membership_too(door: RunningDoor, server: PrivatePostgres) -> None:
    """A member must not get around the token by a longer name, which the server cuts."""
    name = "u" * 63
    with server.connect() as connection:
        connection.execute(f"create role {name} login password 'pw-secret' in role rds_iam")
    assert "PAM authentication failed" in door.refusal("pw-secret", name + "x")
    assert session_user(door.connect(make_token(user=name), name + "x")) == name


def test_login_repeated_user_is_one_user_for_both(door: RunningDoor) -> None:
    body = b"user\0pw_user\0user\0with_password\0database\0postgres\0\0"
    answer = door.exchange_over_tls(struct.pack("!II", len(body) + 8, 3 << 16) + body)
    assert answer == wire.CLEARTEXT_PASSWORD_REQUEST


@pytest.mark.parametrize("kind", ["database", "true"])
def test_replication_login_by_token_needs_parameter(door: RunningDoor, kind: str) -> None:
    token = make_token(user="replicator")
    assert "no pg_hba.conf entry for replication connection" in door.refusal(token, "replicator", replication=kind)
    assert door.backend.checks == []


def test_replication_login_logical_with_parameter_succeeds(door: RunningDoor) -> None:
    door.backend.current = make_target(iam_auth_for_replication=True)
    token = make_token(user="replicator")
    connection = door.connect(token, "replicator", replication="database")
    with connection, psycopg.ClientCursor(connection) as cursor:
        assert cursor.execute("IDENTIFY_SYSTEM").fetchone()
    assert "no pg_hba.conf entry for replication connection" in door.refusal(token, "replicator", replication="true")


@pytest.mark.parametrize("status", ["stopped", "deleting", "creating", "failed", "incompatible-parameters"])
def test_login_status_without_server_is_closed(door: RunningDoor, status: str) -> None:
    door.backend.current = make_target(status=status)
    refusal = door.refusal(make_token())
    assert "FATAL" not in refusal
    assert "reset by peer" in refusal or "closed" in refusal


@pytest.mark.parametrize("status", ["rebooting", "starting"])
def test_login_while_server_starts_is_told(door: RunningDoor, status: str) -> None:
    door.backend.current = make_target(status=status)
    assert "FATAL:  the database system is starting up" in door.refusal(make_token())


@pytest.mark.parametrize("status", ["storage-full", "backing-up", "modifying", "configuring-iam-database-auth"])
def test_login_in_other_status_succeeds(door: RunningDoor, status: str) -> None:
    door.backend.current = make_target(status=status)
    assert session_user(door.connect(make_token())) == "app_user"


def test_login_server_that_does_not_run_is_starting_up(harness: DoorHarness) -> None:
    with harness.open(TestBackend(None)) as door:
        assert "FATAL:  the database system is starting up" in door.refusal(make_token())


@pytest.mark.parametrize(
    "options",
    [
        {"channel_binding": "prefer"},
        {"sslnegotiation": "direct"},
        {"min_protocol_version": "3.2", "max_protocol_version": "3.2"},
        {"ssl_min_protocol_version": "TLSv1.2", "ssl_max_protocol_version": "TLSv1.2"},
        {"gssencmode": "prefer"},
        {"sslmode": "prefer"},
    ],
    ids=str,
)
@pytest.mark.parametrize("user", ["app_user", "pw_user"])
def test_login_client_option_succeeds(door: RunningDoor, user: str, options: dict[str, str]) -> None:
    if "min_protocol_version" in options and psycopg.pq.version() < 180000:
        pytest.skip("libpq knows protocol 3.2 since version 18")
    password = make_token() if user == "app_user" else "pw-secret"
    assert session_user(door.connect(password, user, **options)) == user


@pytest.mark.parametrize("user", ["app_user", "pw_user"])
def test_login_channel_binding_required_is_refused_by_client(door: RunningDoor, user: str) -> None:
    """A known difference: the server does not see TLS, and a token login has no channel binding on RDS either."""
    password = make_token() if user == "app_user" else "pw-secret"
    assert "channel binding" in door.refusal(password, user, channel_binding="require")


def test_replication_login_physical_by_password_is_refused(door: RunningDoor) -> None:
    refusal = door.refusal(MASTER_PASSWORD, MASTER, replication="true")
    assert 'no pg_hba.conf entry for replication connection from host "127.0.0.1", user "master", SSL' in refusal


def test_login_other_certificate_name_is_refused_by_client(door: RunningDoor) -> None:
    refusal = door.refusal(make_token(), host="other.eu-west-1.rds.amazonaws.com")
    assert "does not match host name" in refusal
    assert door.backend.checks == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_login_old_tls_is_refused(door: RunningDoor) -> None:
    context = ssl.create_default_context(cafile=door.ca_file)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with door.open_socket() as connection:
        connection.sendall(SSL_REQUEST_PACKET)
        assert connection.recv(1) == b"S"
        with pytest.raises(OSError, match=r"TLS|SSL|ssl"):
            context.wrap_socket(connection, server_hostname="127.0.0.1")
