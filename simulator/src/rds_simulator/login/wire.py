# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The messages of the PostgreSQL protocol that a front door reads or writes itself.

See "Frontend/Backend Protocol" in the documentation of PostgreSQL; limits and texts are those of ``backend_startup.c``
and ``auth.c``.
"""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .access import Refusal

CANCEL_REQUEST = 80877102
SSL_REQUEST = 80877103
GSSENC_REQUEST = 80877104
CLEARTEXT_PASSWORD_REQUEST = b"R" + struct.pack("!II", 8, 3)
MAX_STARTUP_LENGTH = 10_000
MAX_PASSWORD_LENGTH = 65_535
MAX_NAME_LENGTH = 63

ReadExactly = Callable[[int], Awaitable[bytes]]


class ProtocolError(Exception):
    """The client violates the protocol. With a refusal, PostgreSQL sends it before it closes the connection."""

    def __init__(self, reason: str, refusal: Refusal | None = None) -> None:
        super().__init__(reason)
        self.refusal = refusal


@dataclass(frozen=True)
class StartupPacket:
    """A valid request to log in."""

    version: int
    parameters: dict[bytes, bytes]

    @property
    def user(self) -> bytes:
        """Return the name of the user."""
        return self.parameters[b"user"]

    @property
    def database(self) -> bytes:
        """Return the name of the database, which defaults to the name of the user."""
        return self.parameters[b"database"]

    @property
    def replication(self) -> str:
        """Return "" (none), "logical", or "physical"."""
        value = self.parameters.get(b"replication", b"").lower()
        if value == b"database":
            return "logical"
        return "" if value in (b"", b"0", b"n", b"no", b"f", b"false", b"of", b"off") else "physical"

    def read_only(self) -> StartupPacket:
        """Return the packet of a session whose transactions are read-only, as those of a reader are."""
        return StartupPacket(self.version, {**self.parameters, b"default_transaction_read_only": b"on"})

    def encode(self) -> bytes:
        """Return the packet for the server.

        It is encoded anew, so that front door and server cannot read the client's bytes in two ways.
        """
        body = b"".join(name + b"\0" + value + b"\0" for name, value in self.parameters.items()) + b"\0"
        return struct.pack("!II", len(body) + 8, self.version) + body


def encode_message(kind: bytes, body: bytes) -> bytes:
    """Return a message with its type and length."""
    return kind + struct.pack("!I", len(body) + 4) + body


def encode_fatal(refusal: Refusal) -> bytes:
    """Return an ErrorResponse with the severity FATAL."""
    fields = ("SFATAL", "VFATAL", f"C{refusal.sqlstate}", f"M{refusal.message}", "")
    return encode_message(b"E", b"".join(field.encode("utf-8", "replace") + b"\0" for field in fields))


def decode_startup(code: int, packet: bytes) -> StartupPacket:
    """Return the parameters of a startup packet. Raise ProtocolError where PostgreSQL refuses it.

    As in PostgreSQL, the last value of a repeated name counts, and names of users and databases are cut at 63 bytes.
    """
    if code >> 16 != 3:
        reason = f"unsupported frontend protocol {code >> 16}.{code & 0xFFFF}: server supports 3.0 to 3.2"
        raise ProtocolError("unsupported protocol", Refusal("0A000", reason))
    parts = packet[8:].split(b"\0")
    # A terminated list of pairs ends with the empty name and nothing after it.
    if len(parts) % 2 or parts[-2:] != [b"", b""] or b"" in parts[0:-2:2]:
        reason = "invalid startup packet layout: expected terminator as last byte"
        raise ProtocolError("invalid startup packet", Refusal("08P01", reason))
    parameters = dict(zip(parts[0:-2:2], parts[1:-2:2]))
    if not parameters.get(b"user"):
        raise ProtocolError("no user", Refusal("28000", "no PostgreSQL user name specified in startup packet"))
    parameters[b"database"] = parameters.get(b"database") or parameters[b"user"]
    for name in (b"user", b"database"):
        parameters[name] = parameters[name][:MAX_NAME_LENGTH]
    return StartupPacket(code, parameters)


async def read_packet(read_exactly: ReadExactly) -> tuple[int, bytes]:
    """Return the code and all bytes of a packet without a type, such as a startup packet or a cancel request."""
    head = await read_exactly(8)
    length, code = struct.unpack("!II", head)
    if not 8 <= length <= MAX_STARTUP_LENGTH:
        raise ProtocolError("invalid length of startup packet")
    return code, head + (await read_exactly(length - 8) if length > 8 else b"")


async def read_password(read_exactly: ReadExactly) -> bytes:
    """Return the password of a PasswordMessage."""
    kind, length = struct.unpack("!cI", await read_exactly(5))
    if kind != b"p":
        reason = f"expected password response, got message type {kind[0]}"
        raise ProtocolError("unexpected message", Refusal("08P01", reason))
    if not 4 <= length <= MAX_PASSWORD_LENGTH + 4:
        raise ProtocolError("invalid message length")
    body = await read_exactly(length - 4)
    if not body or body.find(b"\0") != len(body) - 1:
        raise ProtocolError("invalid password packet", Refusal("08P01", "invalid password packet size"))
    if body == b"\0":
        raise ProtocolError("empty password", Refusal("28P01", "empty password returned by client"))
    return body[:-1]
