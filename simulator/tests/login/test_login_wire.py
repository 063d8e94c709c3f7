# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The messages of the PostgreSQL protocol."""

from __future__ import annotations

import asyncio
import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rds_simulator.login import wire
from rds_simulator.login.access import Refusal

VERSION_3_0, VERSION_3_2 = 3 << 16, 3 << 16 | 2
NAMES = st.binary(min_size=1, max_size=80).filter(lambda name: b"\0" not in name)


def packet(body: bytes, code: int = VERSION_3_0) -> bytes:
    return struct.pack("!II", len(body) + 8, code) + body


def decode(body: bytes, code: int = VERSION_3_0) -> wire.StartupPacket:
    return wire.decode_startup(code, packet(body, code))


def refusal_of(body: bytes, code: int = VERSION_3_0) -> Refusal | None:
    with pytest.raises(wire.ProtocolError) as caught:
        decode(body, code)
    return caught.value.refusal


def read(data: bytes, function: str) -> object:
    async def run() -> object:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await getattr(wire, function)(reader.readexactly)

    return asyncio.run(run())


@pytest.mark.parametrize("version", [VERSION_3_0, VERSION_3_2])
def test_decode_startup_returns_parameters(version: int) -> None:
    decoded = decode(b"user\0bob\0application_name\0psql\0\0", version)
    assert (decoded.user, decoded.database, decoded.replication) == (b"bob", b"bob", "")
    assert decoded.encode() == packet(b"user\0bob\0application_name\0psql\0database\0bob\0\0", version)


def test_decode_startup_repeated_name_last_value_counts() -> None:
    decoded = decode(b"user\0app_user\0user\0other\0database\0shop\0\0")
    assert decoded.user == b"other"
    assert b"app_user" not in decoded.encode()


def test_decode_startup_long_name_is_cut() -> None:
    decoded = decode(b"user\0" + b"u" * 64 + b"\0\0")
    assert (decoded.user, decoded.database) == (b"u" * 63, b"u" * 63)
    assert b"u" * 64 not in decoded.encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", ""),
        (b"off", ""),
        (b"0", ""),
        (b"FALSE", ""),
        (b"database", "logical"),
        (b"true", "physical"),
        (b"on", "physical"),
        (b"1", "physical"),
        (b"yes", "physical"),
        (b"garbage", "physical"),
    ],
)
def test_decode_startup_replication(value: bytes, expected: str) -> None:
    assert decode(b"user\0bob\0replication\0" + value + b"\0\0").replication == expected


@pytest.mark.parametrize(
    ("body", "code", "sqlstate", "text"),
    [
        (b"\0", VERSION_3_0, "28000", "no PostgreSQL user name"),
        (b"user\0\0\0", VERSION_3_0, "28000", "no PostgreSQL user name"),
        (b"database\0shop\0\0", VERSION_3_0, "28000", "no PostgreSQL user name"),
        (b"", VERSION_3_0, "08P01", "expected terminator"),
        (b"user\0bob\0", VERSION_3_0, "08P01", "expected terminator"),
        (b"user\0bob", VERSION_3_0, "08P01", "expected terminator"),
        (b"user\0bob\0\0x", VERSION_3_0, "08P01", "expected terminator"),
        (b"user\0bob\0\0database\0", VERSION_3_0, "08P01", "expected terminator"),
        (b"user\0bob\0\0user\0app_user\0\0", VERSION_3_0, "08P01", "expected terminator"),
        (b"user\0bob\0\0", 2 << 16, "0A000", "unsupported frontend protocol 2.0"),
        (b"", wire.SSL_REQUEST, "0A000", "unsupported frontend protocol 1234.5679"),
    ],
)
def test_decode_startup_invalid_packet_is_refused(body: bytes, code: int, sqlstate: str, text: str) -> None:
    refusal = refusal_of(body, code)
    assert refusal
    assert (refusal.sqlstate, text in refusal.message) == (sqlstate, True)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.dictionaries(NAMES, NAMES, max_size=5), NAMES)
def test_encode_startup_is_read_back_equally(parameters: dict[bytes, bytes], user: bytes) -> None:
    body = b"".join(name + b"\0" + value + b"\0" for name, value in {**parameters, b"user": user}.items()) + b"\0"
    decoded = decode(body)
    assert wire.decode_startup(VERSION_3_0, decoded.encode()) == decoded


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=200), st.integers(0, 2**32 - 1) | st.just(VERSION_3_0))
def test_decode_startup_random_bytes_only_protocol_errors(body: bytes, code: int) -> None:
    with contextlib.suppress(wire.ProtocolError):
        decoded = decode(body, code)
        assert wire.decode_startup(code, decoded.encode()) == decoded


@pytest.mark.parametrize("length", [0, 7, 10_001, 1 << 30, 2**32 - 1])
def test_read_packet_invalid_length_is_refused(length: int) -> None:
    with pytest.raises(wire.ProtocolError):
        read(struct.pack("!II", length, VERSION_3_0), "read_packet")


def test_read_packet_returns_code_and_bytes() -> None:
    data = packet(b"user\0bob\0\0")
    assert read(data + b"more", "read_packet") == (VERSION_3_0, data)


def test_read_password_returns_password() -> None:
    assert read(wire.encode_message(b"p", b"secret\0"), "read_password") == b"secret"


@pytest.mark.parametrize(
    ("data", "sqlstate"),
    [
        (wire.encode_message(b"Q", b"select 1\0"), "08P01"),
        (wire.encode_message(b"X", b""), "08P01"),
        (wire.encode_message(b"p", b"\0"), "28P01"),
        (wire.encode_message(b"p", b""), "08P01"),
        (wire.encode_message(b"p", b"a\0b\0"), "08P01"),
        (wire.encode_message(b"p", b"without terminator"), "08P01"),
        (b"p" + struct.pack("!I", 3), None),
        (b"p" + struct.pack("!I", 1 << 30), None),
        (wire.encode_message(b"p", b"x" * 65_536 + b"\0"), None),
    ],
)
def test_read_password_other_message_is_refused(data: bytes, sqlstate: str | None) -> None:
    with pytest.raises(wire.ProtocolError) as caught:
        read(data, "read_password")
    refusal = caught.value.refusal
    assert (refusal.sqlstate if refusal else None) == sqlstate


def test_encode_fatal_has_fields_of_error_response() -> None:
    message = wire.encode_fatal(Refusal("28000", "no"))
    assert message == b"E" + struct.pack("!I", len(message) - 1) + b"SFATAL\0VFATAL\0C28000\0Mno\0\0"
