# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options of a login check: combinations, ranges, and texts that are used as given."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.database import INSTANCE, DatabaseId
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.login import (
    LOGIN_SPEC,
    Administrator,
    read_administrator_options,
    read_login_options,
)

HOST = "orders.c0ffee.eu-west-1.rds.amazonaws.com"
BY_HOST = {"db_instance_identifier": None, "login_host": HOST, "engine": "mysql"}


def read(**changes):
    plain = {name: option.get("default") for name, option in LOGIN_SPEC.items()}
    plain.update(db_instance_identifier="Orders", username="app", ca_cert="/ca.pem", fail_on="any")
    plain.update(admin_username=None, admin_password=None)
    return read_login_options({**plain, **changes}, region="eu-west-1")


def test_login_options_defaults():
    options = read()
    assert options.database_id == DatabaseId(INSTANCE, "orders")
    assert (options.user, options.ca_cert, options.timeout, options.fail) == ("app", "/ca.pem", 10, True)
    rest = (options.host, options.port, options.engine, options.connect_host, options.connect_port, options.database)
    assert (*rest, options.administrator) == (None,) * 7


def test_login_options_by_host_have_no_database_id():
    options = read(**BY_HOST, login_port=3307)
    assert (options.database_id, options.host, options.port, options.engine) == (None, HOST, 3307, "mysql")


def test_login_options_blank_texts_count_as_unset():
    options = read(connect_host=" ", database="", login_host=" ", admin_username=" ", db_cluster_identifier=" ")
    assert (options.connect_host, options.database, options.host, options.administrator) == (None,) * 4


def test_login_options_names_are_stripped_but_user_is_not():
    options = read(username=" app ", connect_host=" 127.0.0.1 ", ca_cert=" /ca.pem ")
    assert (options.user, options.connect_host, options.ca_cert) == (" app ", "127.0.0.1", "/ca.pem")


def test_login_options_arn_keeps_its_account():
    options = read(db_instance_identifier="arn:aws:rds:eu-west-1:999999999999:db:orders")
    assert (options.database_id.identifier, options.database_id.account) == ("orders", "999999999999")


def test_login_options_administrator_hides_password():
    assert read(admin_username="postgres").administrator == Administrator("postgres")
    with_password = read(admin_username="postgres", admin_password="secret")
    assert with_password.administrator == Administrator("postgres", "secret")
    assert "secret" not in repr(with_password)


@pytest.mark.parametrize("option", ["login_port", "connect_port"])
@pytest.mark.parametrize(("port", "is_valid"), [(-1, False), (0, False), (1, True), (65535, True), (65536, False)])
def test_login_options_port_range(option, port, is_valid):
    given = {**(BY_HOST if option == "login_port" else {}), option: port}
    if is_valid:
        assert port in vars(read(**given)).values()
    else:
        with pytest.raises(InputError, match=f"{option}: {port}: the value is out of range"):
            read(**given)


@pytest.mark.parametrize(("seconds", "is_valid"), [(-1, False), (0, False), (1, True), (300, True), (301, False)])
def test_login_options_timeout_range(seconds, is_valid):
    if is_valid:
        assert read(timeout=seconds).timeout == seconds
    else:
        with pytest.raises(InputError, match=f"timeout: {seconds}: the value is out of range"):
            read(timeout=seconds)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"db_instance_identifier": None}, "no database is named"),
        ({"db_cluster_identifier": "ledger"}, "Set exactly one of them"),
        ({"login_host": HOST, "engine": "mysql"}, "login_host: db_instance_identifier or db_cluster_identifier is"),
        ({**BY_HOST, "engine": None}, "engine: it is required with login_host"),
        ({"engine": "mysql"}, "valid only with login_host"),
        ({"login_port": 5432}, "valid only with login_host"),
        ({"ca_cert": " "}, "ca_cert: it is blank"),
        ({"ca_cert": "/a\0"}, "ca_cert: '/a\\x00' contains a NUL character"),
        ({"connect_host": "a\0"}, "connect_host: 'a\\x00' contains a NUL character"),
        ({"database": "a\0"}, "database: 'a\\x00' contains a NUL character"),
        ({"username": ""}, "username: '' is not the name of a database user"),
        ({"username": "a" * 33, **BY_HOST}, "MySQL accepts 32 characters"),
        ({"admin_username": "a" * 33, **BY_HOST}, "admin_username: "),
        ({"admin_username": "root", "admin_password": "a\0"}, "admin_password: it contains a NUL character"),
        ({"admin_username": "root", "admin_password": "a\ud800"}, "admin_password: it contains a NUL character, or is"),
        ({"admin_password": "secret"}, "admin_username: it is required with admin_password"),
        ({"db_instance_identifier": "arn:aws:rds:us-east-1:123456789012:db:orders"}, "us-east-1"),
    ],
)
def test_login_options_invalid_raise(changes, message):
    with pytest.raises(InputError) as raised:
        read(**changes)
    assert message in raised.value.message
    assert "secret" not in raised.value.message


@pytest.mark.parametrize(("password", "expected"), [("secret-1", "secret-1"), (" ", " "), ("", None), (None, None)])
def test_administrator_options_have_password_or_token(password, expected):
    plain = {name: option.get("default") for name, option in LOGIN_SPEC.items()}
    plain.update(db_instance_identifier="orders", username="postgres", ca_cert="/ca.pem", password=password)
    options = read_administrator_options(plain, region="eu-west-1")
    assert (options.user, options.password, options.administrator) == ("postgres", expected, None)
    assert "secret-1" not in repr(options)
