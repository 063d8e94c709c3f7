# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the output of ``SHOW GRANTS`` of MySQL and MariaDB, and find the rights that community.mysql cannot copy.

Sources: MySQL Reference Manual, "SHOW GRANTS Statement"; MariaDB, "SHOW GRANTS"; the parser ``privileges_unpack`` of
the collection ansible.mysql, which splits texts at slashes, colons and dots.

This is private to the collection.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

_QUOTED = r"(?:`(?:[^`]|``)*`|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")"
_NAME = rf"(?:{_QUOTED}|[\w$%]+)"
_ACCOUNT = rf"{_NAME}(?:@{_NAME})?"
_PRIVILEGES = re.compile(rf"GRANT (?P<privileges>.+?) ON (?P<object>.+?) TO {_ACCOUNT}(?P<rest>.*)", re.DOTALL)
_ROLES = re.compile(rf"GRANT (?P<roles>{_ACCOUNT}(?:, ?{_ACCOUNT})*) TO {_ACCOUNT}(?P<rest>.*)", re.DOTALL)
_DEFAULT = re.compile(rf"SET DEFAULT ROLE (?P<roles>{_ACCOUNT}(?:, ?{_ACCOUNT})*)(?: FOR .*)?", re.DOTALL)
_DEFAULT_IN_CREATE = re.compile(rf" DEFAULT ROLE (?P<roles>{_ACCOUNT}(?:, ?{_ACCOUNT})*)")
_EACH = re.compile(_ACCOUNT)
_OBJECT = re.compile(rf"(?:(?P<kind>[A-Z ]+?) )?(?P<name>(?:\*|{_NAME})\.(?:\*|{_NAME}))")
_UNSAFE = re.compile(r"[/:.`]")
_OR_METHOD = re.compile(r"\bIDENTIFIED (?:VIA|WITH) .* OR ", re.DOTALL)


@dataclass(frozen=True)
class MysqlGrants:
    """The rights of an account.

    privileges: object -> privileges, as ``mysql_user`` takes them. roles and default_roles are quoted as the server
    shows them. refused: the rights that cannot be copied, as text for messages.
    """

    privileges: t.Mapping[str, frozenset[str]] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    default_roles: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()

    def render(self) -> dict[str, t.Any]:
        """Return the rights as lists, in a stable order."""
        return {
            "privileges": {name: sorted(granted) for name, granted in sorted(self.privileges.items())},
            "roles": sorted(self.roles),
            "default_roles": sorted(self.default_roles),
            "refused": list(self.refused),
        }

    @classmethod
    def load(cls, values: t.Mapping[str, t.Any]) -> MysqlGrants:
        """Return the rights from the result of ``render``."""
        return cls(
            privileges={name: frozenset(granted) for name, granted in values["privileges"].items()},
            roles=frozenset(values["roles"]),
            default_roles=frozenset(values["default_roles"]),
            refused=tuple(values["refused"]),
        )

    def missing_from(self, other: MysqlGrants) -> MysqlGrants:
        """Return the rights that another account lacks, to verify that a copy is complete."""
        missing = {
            name: wanted - other.privileges.get(name, frozenset())
            for name, wanted in self.privileges.items()
            if "ALL" not in other.privileges.get(name, frozenset())
        }
        return MysqlGrants(
            privileges={name: privileges for name, privileges in missing.items() if privileges},
            roles=self.roles - other.roles,
            default_roles=self.default_roles - other.default_roles,
        )


def read_grants(lines: t.Iterable[str], create_user: str = "") -> MysqlGrants:
    """Return the rights in the lines of ``SHOW GRANTS``. ``SHOW CREATE USER`` of MySQL contains the default roles."""
    privileges: dict[str, frozenset[str]] = {}
    roles: list[str] = []
    default = [name for found in _DEFAULT_IN_CREATE.finditer(create_user) for name in _EACH.findall(found["roles"])]
    refused: list[str] = []
    for line in lines:
        as_default, as_privileges, as_roles = (pattern.fullmatch(line) for pattern in (_DEFAULT, _PRIVILEGES, _ROLES))
        if as_default:
            default += _EACH.findall(as_default["roles"])
        elif as_privileges:
            reason = _refusal(as_privileges)
            if reason:
                refused.append(reason)
            else:
                name, granted = as_privileges["object"], _privileges(as_privileges["privileges"])
                privileges[name] = privileges.get(name, frozenset()) | granted
        elif as_roles:
            if "WITH ADMIN OPTION" in as_roles["rest"]:
                refused.append(f"ADMIN OPTION for the role {as_roles['roles']}")
            roles += _EACH.findall(as_roles["roles"])
        else:
            refused.append("a right that cannot be read")
    kept = {name: granted for name, granted in privileges.items() if granted}
    return MysqlGrants(kept, frozenset(roles), frozenset(default) - {"NONE"}, tuple(refused))


def has_several_methods(create_user: str) -> bool:
    """Return whether MariaDB accepts one of several authentication methods of the account."""
    return _OR_METHOD.search(create_user) is not None


def parse_grant_option(text: str) -> tuple[str, frozenset[str]] | None:
    """Return the object and the privileges of a text such as ``sales.*:SELECT,INSERT``, or None for another text."""
    name, colon, listed = text.strip().rpartition(":")
    found = _OBJECT.fullmatch(name)
    if not colon or found is None or found["kind"] or not listed.strip():
        return None
    quoted = [part if part == "*" or part.startswith("`") else f"`{part}`" for part in _parts(found["name"])]
    return ".".join(quoted), _privileges(listed)


def _parts(name: str) -> list[str]:
    return re.findall(rf"\*|{_NAME}", name)


def _privileges(text: str) -> frozenset[str]:
    names = {name.strip().upper() for name in text.split(",")}
    return frozenset("ALL" if name == "ALL PRIVILEGES" else name for name in names if name) - {"USAGE"}


def _refusal(grant: re.Match[str]) -> str:
    """Return why a grant cannot be copied, or an empty string."""
    privileges, target = grant["privileges"], grant["object"]
    if privileges.strip().upper() == "PROXY":
        return f"PROXY on {target}"
    if "WITH GRANT OPTION" in grant["rest"].upper():
        return f"GRANT OPTION on {target}"
    if "(" in privileges:
        return f"column privileges on {target}"
    found = _OBJECT.fullmatch(target)
    if found is None or found["kind"]:
        return f"{privileges} on the routine {target}"
    if any(_UNSAFE.search(part.strip("`")) for part in _parts(found["name"])):
        return f"privileges on {target}, whose name contains a special character"
    return ""
