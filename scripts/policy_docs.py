# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Writes the policies and tables of the permissions guide from scripts/permissions.yml.

usage: policy_docs.py [--check]

scripts/permissions.yml holds the permissions that the tests recorded: run scripts/record_permissions to record them
again. With --check, no file is written, and the command fails if the guide differs.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import sys
import textwrap
import typing as t

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "scripts" / "permissions.yml"
GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_permissions.rst"
SECTION = re.compile(
    r"(?<=^\.\. permissions of )(?P<name>\w+)\n.*?(?=^\.\. end of permissions$)", re.DOTALL | re.MULTILINE
)
# the name at the end of an ARN, unless it begins as RDS chooses it
LAST_PART = re.compile(r"(?<=[:/])(?!rds!)[^:/]+$")
LISTS = re.compile(r'(?P<name>^ +"\w+": )\[(?P<items>[^][{}]*)\]', re.MULTILINE)
ALL = "all"
# their actions on users and policies belong in policies of their own
NOT_IN_ALL = ("rds_auth_token", "rds_login_check", "rds_users_info", "database_users", "restore_drill")
WIDTH = 120

# action -> resources
Permissions = dict[str, list[str]]


class Mode(t.TypedDict):
    """One mode of a module or role: its statement ID in the policy, its task in the table, and its permissions."""

    sid: str
    task: str
    permissions: Permissions


def load() -> dict[str, list[Mode]]:
    """Return the modes of each module and role."""
    found: dict[str, list[Mode]] = yaml.safe_load(SOURCE.read_text())
    return found


class _Dumper(yaml.SafeDumper):
    """Indents sequences, as yamllint requires."""

    def increase_indent(self, *arguments: bool, **more: bool) -> None:
        super().increase_indent(*arguments, **{**more, "indentless": False})


def dump(modes: t.Mapping[str, t.Sequence[t.Mapping[str, t.Any]]]) -> str:
    """Return the modes of each module and role as YAML."""
    text: str = yaml.dump(modes, Dumper=_Dumper, sort_keys=False, width=110)
    return text


def smallest(pairs: t.Iterable[tuple[str, str]]) -> Permissions:
    """Return the resources of each action, without those that another one includes."""
    found: dict[str, set[str]] = {}
    for action, resource in pairs:
        found.setdefault(action, set()).add(resource)
    return {
        action: sorted(
            one for one in resources if not any(other != one and includes(other, one) for other in resources)
        )
        for action, resources in sorted(found.items())
    }


def includes(pattern: str, resource: str) -> bool:
    """Return whether a resource with an asterisk at its end includes another one."""
    return pattern == resource or (pattern.endswith("*") and resource.startswith(pattern[:-1]))


def pairs_of(permissions: Permissions) -> list[tuple[str, str]]:
    """Return each action with each of its resources."""
    return [(action, resource) for action, resources in permissions.items() for resource in resources]


def policy(modes: t.Iterable[Mode]) -> dict[str, t.Any]:
    """Return the policy of some modes. The statements of a mode allow what the modes before it do not."""
    statements: list[dict[str, t.Any]] = []
    allowed: list[tuple[str, str]] = []
    for mode in modes:
        missing = [
            (action, resource)
            for action, resource in pairs_of(mode["permissions"])
            if not any(action == known and includes(pattern, resource) for known, pattern in allowed)
        ]
        allowed += missing
        statements += _statements(mode["sid"], smallest(missing))
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(sid: str, permissions: Permissions) -> list[dict[str, t.Any]]:
    """Return one statement for each group of actions with the same resources."""
    actions: dict[tuple[str, ...], list[str]] = {}
    for action, resources in permissions.items():
        actions.setdefault(tuple(resources), []).append(action)
    return [
        {
            "Sid": sid if number == 1 else f"{sid}{number}",
            "Effect": "Allow",
            "Action": names,
            "Resource": resources[0] if len(resources) == 1 else list(resources),
        }
        for number, (resources, names) in enumerate(sorted(actions.items()), 1)
    ]


def policy_for_all(source: t.Mapping[str, t.Sequence[Mode]]) -> dict[str, t.Any]:
    """Return one policy for every mode, on all resources of the types that each service checks."""
    services: dict[tuple[str, bool], set[tuple[str, str]]] = {}
    for mode in (mode for name, modes in source.items() if name not in NOT_IN_ALL for mode in modes):
        for action, resource in pairs_of(mode["permissions"]):
            key = action.partition(":")[0] if resource != "*" else "", resource == "*"
            services.setdefault(key, set()).add((action, LAST_PART.sub("*", resource)))
    statements = []
    for (service, _unlimited), pairs in sorted(services.items()):
        actions, resources = (sorted(set(values)) for values in zip(*pairs))
        statements += _statements(service.capitalize() or "AnyResource", dict.fromkeys(actions, resources))
    return {"Version": "2012-10-17", "Statement": statements}


def render(name: str, modes: t.Sequence[Mode]) -> str:
    """Return the section of the guide: the policy, and the actions that each mode requires."""
    lines = _block(name, policy(modes))
    if len(modes) > 1:
        lines += [".. list-table::", "   :header-rows: 1", "", "   * - Task", "     - Required actions"]
        for mode in modes:
            lines += _cell("   * - ", mode["task"])
            lines += _cell("     - ", ", ".join(f"``{action}``" for action in mode["permissions"]))
        lines.append("")
    return "\n".join(lines) + "\n"


def _block(name: str, document: dict[str, t.Any]) -> list[str]:
    # a list of one line is easier to read, where it fits
    text = LISTS.sub(_on_one_line, json.dumps(document, indent=2))
    return ["", ".. code-block:: json", f"   :caption: {name}.json", "", textwrap.indent(text, "   "), ""]


def _on_one_line(found: re.Match[str]) -> str:
    line = found["name"] + "[" + " ".join(found["items"].split()) + "]"
    return line if len(line) < WIDTH - len("   ,") else found[0]


def _cell(prefix: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=prefix, subsequent_indent=" " * len(prefix), break_on_hyphens=False
    )


def rewritten(guide: str, source: t.Mapping[str, t.Sequence[Mode]]) -> str:
    """Return the guide with its generated sections. Raises ValueError unless each name has exactly one section."""
    sections = {name: render(name, modes) for name, modes in source.items()}
    sections[ALL] = "\n".join(_block(ALL, policy_for_all(source))) + "\n"
    names = [found["name"] for found in SECTION.finditer(guide)]
    if sorted(names) != sorted(sections):
        raise ValueError(f"{GUIDE.name} has sections for {names}, and {SOURCE.name} has {sorted(source)}.")
    return SECTION.sub(lambda found: f"{found['name']}\n{sections[found['name']]}", guide)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the policies of the permissions guide.")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if the guide differs")
    check = parser.parse_args().check
    before = GUIDE.read_text()
    try:
        after = rewritten(before, load())
    except ValueError as error:
        sys.exit(str(error))
    if check and after != before:
        sys.exit(f"{GUIDE.name} differs from {SOURCE.name}. Run scripts/policy_docs.py.")
    if not check:
        GUIDE.write_text(after)


if __name__ == "__main__":
    main()
