# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the resource of a policy statement as a pattern for ``rds-db:connect``.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .._model.login_database import LoginDatabase
from .wildcards import (
    STAR,
    Symbol,
    Symbols,
    literal_of,
    symbols_can_continue,
    symbols_match,
    symbols_of,
    variable_in,
)

# arn:PARTITION:rds-db:REGION:ACCOUNT:dbuser:RESOURCE_ID/USER. Only the first five colons separate.
_ARN_PARTS = 6
_SERVICE = "rds-db"
_DBUSER = symbols_of("dbuser:")
_SLASH = Symbol("/")
_COLON = Symbol(":")


@dataclass(frozen=True, eq=False)
class LoginPattern:
    """The resource of a statement: the symbols of the six parts of the ARN.

    ``text`` is the resource as the policy contains it.
    """

    text: str
    parts: tuple[Symbols, ...]

    @property
    def names_service(self) -> bool:
        """Whether the resource names the service ``rds-db``, in contrast to ``*``."""
        return literal_of(self.parts[2]) == _SERVICE

    @property
    def can_be_login(self) -> bool:
        """Whether the resource can match a database user of any partition, Region and account."""
        return (
            symbols_match(self.parts[0], "arn")
            and symbols_match(self.parts[2], _SERVICE)
            and symbols_can_continue(self.parts[5], "dbuser:")
        )

    def matches_partition(self, partition: str) -> bool:
        return symbols_match(self.parts[1], partition)

    def matches_region(self, region: str) -> bool:
        return symbols_match(self.parts[3], region)

    def matches_account(self, account: str) -> bool:
        return symbols_match(self.parts[4], account)

    @property
    def region(self) -> str | None:
        """The Region, or None if it contains a wildcard."""
        return literal_of(self.parts[3])

    @property
    def resource_id(self) -> str | None:
        """The resource id, or None if it contains a wildcard."""
        resource_id, user = self._split()
        return literal_of(resource_id) if user is not None else None

    @property
    def user(self) -> str | None:
        """The name of the user, or None if it contains a wildcard."""
        _resource_id, user = self._split()
        return literal_of(user) if user is not None else None

    @property
    def is_complete(self) -> bool:
        """Whether the resource has a resource id and a user, or wildcards that can match them."""
        resource_id, user = self._split()
        return bool(user) if user is not None else STAR in resource_id

    def reaches(self, database: LoginDatabase) -> bool:
        """Return whether the pattern is about a database: whether it matches users without a slash in their names."""
        if not self._is_in_place(database):
            return False
        resource_id, user = self._split()
        if user is None:
            return symbols_can_continue(self.parts[5], f"dbuser:{database.resource_id}/")
        return bool(user) and symbols_match(resource_id, database.resource_id)

    def matches(self, database: LoginDatabase, user: str) -> bool:
        """Return whether the pattern matches a user of a database."""
        return self._is_in_place(database) and symbols_match(self.parts[5], f"dbuser:{database.resource_id}/{user}")

    def _is_in_place(self, database: LoginDatabase) -> bool:
        return _is_in_place(self, database.partition, database.region, database.account)

    def _split(self) -> tuple[Symbols, Symbols | None]:
        """Return the symbols of the resource id and of the user. Without a slash, the user is None."""
        rest = self.parts[5]
        if list(rest[: len(_DBUSER)]) != _DBUSER:
            return rest, None
        rest = rest[len(_DBUSER) :]
        if _SLASH not in rest:
            return rest, None
        at = list(rest).index(_SLASH)
        return rest[:at], rest[at + 1 :]


def read_pattern(text: str, *, variables: bool) -> LoginPattern | str:
    """Return the pattern of a resource, or why it cannot be analysed.

    ``variables``: whether the version of the policy has policy variables. A pattern with fewer than six parts matches
    every value of the other ones, so that ``*`` matches everything.

    Source: IAM User Guide, "IAM JSON policy elements: Resource" and "Policy variables".
    """
    if variables and variable_in(text):
        return f"the resource contains the policy variable {variable_in(text)}, whose value depends on the request"
    if text != "*" and not text.startswith("arn:"):
        return "the resource is neither an ARN nor *"
    if text == "*":
        return LoginPattern(text, ((STAR,),) * _ARN_PARTS)
    parts = _split_arn(symbols_of(text, escapes=variables))
    return LoginPattern(text, tuple(parts + [[STAR]] * (_ARN_PARTS - len(parts))))


@lru_cache(maxsize=4096)  # many databases are in the same place
def _is_in_place(pattern: LoginPattern, partition: str, region: str, account: str) -> bool:
    return pattern.matches_partition(partition) and pattern.matches_region(region) and pattern.matches_account(account)


def _split_arn(symbols: list[Symbol]) -> list[Symbols]:
    parts: list[list[Symbol]] = [[]]
    for symbol in symbols:
        if symbol == _COLON and len(parts) < _ARN_PARTS:
            parts.append([])
        else:
            parts[-1].append(symbol)
    return list(parts)
