# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""How a login is answered, by setting, status, TLS, and membership."""

from __future__ import annotations

import pytest
from login.tokens import make_target
from rds_simulator.login.access import (
    LoginMethod,
    LoginRequest,
    Refusal,
    accepts_connections,
    decide_login,
    pam_refusal,
    startup_refusal,
)
from rds_simulator.login.target import ACCESS_CHOICES, AccessRules

WHERE = 'for host "10.0.0.7", user "app_user", database "shop", no encryption'
REJECTS = Refusal("28000", f"pg_hba.conf rejects connection {WHERE}")
NO_ENTRY = Refusal("28000", f"no pg_hba.conf entry {WHERE}")
NO_REPLICATION = Refusal(
    "28000",
    'no pg_hba.conf entry for replication connection from host "10.0.0.7", user "app_user", SSL encryption',
)
PASSWORD, TOKEN, REFUSED = LoginMethod.PASSWORD, LoginMethod.TOKEN, LoginMethod.REFUSED_TOKEN


def decide(target: dict[str, object], rules: dict[str, object], **request: object) -> LoginMethod | Refusal:
    values = {"user": "app_user", "database": "shop", "client_host": "10.0.0.7", "is_tls": True, **request}
    return decide_login(make_target(rules=AccessRules(**rules), **target), LoginRequest(**values))


@pytest.mark.parametrize(
    ("target", "request_", "rules", "expected"),
    [
        # members of rds_iam with TLS
        ({}, {}, {}, TOKEN),
        ({"force_ssl": True}, {}, {}, TOKEN),
        ({"is_reader": True}, {}, {}, TOKEN),
        # without TLS
        ({}, {"is_tls": False}, {}, REJECTS),
        ({}, {"is_tls": False}, {"missing_tls": "rejects"}, REJECTS),
        ({"force_ssl": True}, {"is_tls": False}, {}, NO_ENTRY),
        ({"force_ssl": True}, {"is_tls": False}, {"missing_tls": "rejects"}, REJECTS),
        # the setting is off, or on but pending: the current value counts
        ({"iam_enabled": False}, {}, {}, PASSWORD),
        ({"iam_enabled": False}, {}, {"disabled_iam": "pam"}, REFUSED),
        ({"iam_enabled": False}, {"is_tls": False}, {}, PASSWORD),
        ({"iam_enabled": False}, {"is_tls": False}, {"disabled_iam": "pam"}, REJECTS),
        ({"iam_enabled": False, "force_ssl": True}, {"is_tls": False}, {}, NO_ENTRY),
        # rds_ad and rds_iam
        ({}, {"is_ad_member": True}, {}, REFUSED),
        ({}, {"is_ad_member": True}, {"kerberos_and_iam": "token"}, TOKEN),
        ({"iam_enabled": False}, {"is_ad_member": True}, {}, PASSWORD),
        # replication
        ({}, {"replication": "logical"}, {}, NO_REPLICATION),
        ({}, {"replication": "physical"}, {}, NO_REPLICATION),
        ({"iam_auth_for_replication": True}, {"replication": "logical"}, {}, TOKEN),
        ({"iam_auth_for_replication": True}, {"replication": "physical"}, {}, NO_REPLICATION),
        ({"iam_auth_for_replication": True}, {"replication": "logical", "is_tls": False}, {}, REJECTS),
    ],
    ids=str,
)
def test_decide_member_of_rds_iam(
    target: dict[str, object],
    request_: dict[str, object],
    rules: dict[str, object],
    expected: LoginMethod | Refusal,
) -> None:
    assert decide(target, rules, is_iam_member=True, **request_) == expected


@pytest.mark.parametrize(
    ("target", "request_", "expected"),
    [
        ({}, {}, PASSWORD),
        ({}, {"is_tls": False}, PASSWORD),
        ({"force_ssl": True}, {}, PASSWORD),
        ({"force_ssl": True}, {"is_tls": False}, NO_ENTRY),
        ({}, {"replication": "logical"}, PASSWORD),
        ({}, {"replication": "physical"}, NO_REPLICATION),
        ({"iam_enabled": False}, {"replication": "physical", "is_iam_member": True}, NO_REPLICATION),
        ({"iam_enabled": False}, {}, PASSWORD),
    ],
    ids=str,
)
def test_decide_other_user(
    target: dict[str, object], request_: dict[str, object], expected: LoginMethod | Refusal
) -> None:
    assert decide(target, {}, **request_) == expected


@pytest.mark.parametrize("is_member", [False, True])
@pytest.mark.parametrize("is_tls", [False, True])
@pytest.mark.parametrize(
    ("user", "database"), [("rdsadmin", "shop"), ("app_user", "rdsadmin"), ("rdsadmin", "rdsadmin")]
)
def test_decide_rdsadmin_is_rejected(user: str, database: str, is_tls: bool, is_member: bool) -> None:
    answer = decide({}, {}, user=user, database=database, is_tls=is_tls, is_iam_member=is_member)
    encryption = "SSL encryption" if is_tls else "no encryption"
    assert answer == Refusal(
        "28000",
        f'pg_hba.conf rejects connection for host "10.0.0.7", user "{user}", database "{database}", {encryption}',
    )


@pytest.mark.parametrize(
    ("status", "listens"),
    [
        ("available", True),
        ("backing-up", True),
        ("modifying", True),
        ("configuring-iam-database-auth", True),
        ("storage-optimization", True),
        ("storage-full", True),
        ("renaming", True),
        ("rebooting", True),
        ("starting", True),
        ("stopping", True),
        ("a-new-status", True),
        ("creating", False),
        ("stopped", False),
        ("deleting", False),
        ("failed", False),
        ("incompatible-parameters", False),
        ("incompatible-network", False),
        ("inaccessible-encryption-credentials", False),
        ("inaccessible-encryption-credentials-recoverable", False),
        ("restore-error", False),
        ("insufficient-capacity", False),
    ],
)
def test_accepts_connections_by_status(status: str, listens: bool) -> None:
    assert accepts_connections(make_target(status=status)) is listens


def test_accepts_connections_storage_full_is_a_switch() -> None:
    assert not accepts_connections(make_target(status="storage-full", rules=AccessRules(storage_full_logins=False)))


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("rebooting", "the database system is starting up"),
        ("starting", "the database system is starting up"),
        ("stopping", "the database system is shutting down"),
    ],
)
def test_startup_refusal_while_server_is_not_ready(status: str, message: str) -> None:
    assert startup_refusal(make_target(status=status)) == Refusal("57P03", message)


def test_startup_refusal_running_server_is_none() -> None:
    assert startup_refusal(make_target()) is None


def test_pam_refusal_has_text_of_postgresql() -> None:
    assert pam_refusal("app_user") == Refusal("28000", 'PAM authentication failed for user "app_user"')


@pytest.mark.parametrize("name", ACCESS_CHOICES)
def test_access_rules_unknown_value_is_invalid(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: 'other': must be one of"):
        AccessRules(**{name: "other"})
