# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read what a login is for: ``HOST:PORT``, an identifier, ``instance/NAME``, ``cluster/NAME`` or an ARN.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .._model.arns import account_of, identifier_of, parse
from .._model.database import CLUSTER, INSTANCE, DatabaseId, Endpoint
from .._model.errors import InputError, quoted
from .identifiers import read_identifier

_OPTION = "_terms"
_KIND_OF_RESOURCE = {"db": INSTANCE, "cluster": CLUSTER}
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]{0,253}[a-z0-9])?", re.IGNORECASE)
_PORT = re.compile(r"[0-9]{1,5}", re.ASCII)
_LARGEST_PORT = 65535
_FORMS = "Use HOST:PORT, an identifier, instance/NAME, cluster/NAME, or the ARN of a DB instance or DB cluster."

# DATABASE.RANDOM.REGION.rds.amazonaws.com, and DATABASE.RANDOM.rds.REGION.amazonaws.com.cn in China
_ENDPOINT = re.compile(
    r".+\.(?:rds\.(?P<china>[a-z]+(?:-[a-z]+)+-\d)\.amazonaws\.com\.cn|(?P<region>[a-z]+(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com)"
)


@dataclass(frozen=True)
class DatabaseTerm:
    """A term that names a database: one candidate if its kind is known, otherwise a DB instance and a DB cluster."""

    text: str
    candidates: tuple[DatabaseId, ...]


Term = t.Union[Endpoint, DatabaseTerm]


def read_term(text: t.Any, *, region: str) -> Term:
    """Return the endpoint or the database that a term names. Raises InputError if it names neither."""
    term = text.strip() if isinstance(text, str) else ""
    if not term:
        raise InputError(f"{_OPTION}: {quoted(str(text))} names no database. {_FORMS}")
    if term.lower().startswith("arn:"):
        return _of_arn(term, region)
    kind, slash, name = term.partition("/")
    if slash and kind.lower() in (INSTANCE, CLUSTER):
        return DatabaseTerm(term, (_named(kind.lower(), name, region),))
    if ":" in term or "/" in term:
        return _endpoint(term, region)
    if "." in term:
        raise InputError(f"{_OPTION}: {quoted(term)} has no port. Use HOST:PORT, for example {term[:200]}:5432.")
    return DatabaseTerm(term, (_named(INSTANCE, term, region), _named(CLUSTER, term, region)))


def _of_arn(term: str, region: str) -> DatabaseTerm:
    arn = parse(term)
    kind = _KIND_OF_RESOURCE.get(arn.resource_type) if arn else None
    if kind is None:
        raise InputError(f"{_OPTION}: {quoted(term)} is not the ARN of a DB instance or DB cluster. {_FORMS}")
    identifier = identifier_of(term, kind=kind, region=region, option=_OPTION)
    return DatabaseTerm(term, (DatabaseId(kind, identifier, account_of(term)),))


def _named(kind: str, name: str, region: str) -> DatabaseId:
    if name.lower().startswith("arn:"):
        raise InputError(f"{_OPTION}: {quoted(name)} is an ARN after {kind}/. Use the ARN alone.")
    return read_identifier(option=_OPTION, kind=kind, text=name, region=region)


def _endpoint(term: str, region: str) -> Endpoint:
    host, _colon, port = term.rpartition(":")
    if "/" in term or "@" in term:
        raise InputError(f"{_OPTION}: {quoted(term)} is not HOST:PORT. Remove the scheme, the user and the path.")
    if ":" in host or term.startswith("["):
        raise InputError(
            f"{_OPTION}: {quoted(term)} is an IPv6 address, or has more than one port. A token is valid only for the "
            "DNS name of an RDS endpoint. Use the DNS name and one port."
        )
    if _HOST.fullmatch(host) is None:
        raise InputError(f"{_OPTION}: {quoted(term)} has no valid host name. Use HOST:PORT with an RDS endpoint.")
    if _PORT.fullmatch(port) is None or not 1 <= int(port) <= _LARGEST_PORT:
        raise InputError(f"{_OPTION}: {quoted(term)} has no valid port. Use a port from 1 to {_LARGEST_PORT}.")
    _check_region(host.lower(), region)
    return Endpoint(host.lower(), int(port))


def _check_region(host: str, region: str) -> None:
    """Refuse an RDS endpoint of another Region, because RDS accepts only tokens that are signed for its own Region."""
    found = _ENDPOINT.fullmatch(host)
    actual = (found["china"] or found["region"]) if found else region
    if actual != region:
        raise InputError(
            f"{_OPTION}: {quoted(host)} is in Region {actual}, but region is {region}. RDS refuses a token that is "
            f"signed for another Region. Set region to {actual}."
        )
