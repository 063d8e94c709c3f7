# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Writes the RETURN section of each module from scripts/return_values.yml.

usage: return_docs.py [--check]

With --check, no file is written, and the command fails if a module differs from the source. Documentation fragments
support RETURN from ansible-core 2.20 on; they replace this script once that is the oldest supported version.
"""

from __future__ import annotations

import argparse
import copy
import pathlib
import re
import sys
import typing as t

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "scripts" / "return_values.yml"
MODULES = ROOT / "plugins" / "modules"
# these modules are action plugins, which return only a diff
ACTIONS = {path.stem for path in (ROOT / "plugins" / "action").glob("*.py")}
# PyYAML breaks a line after the first word that exceeds this width; the limit of the project is 120
WIDTH = 92
SECTION = re.compile(r'(?<=^RETURN = r"""\n).*?(?=^"""$)', re.DOTALL | re.MULTILINE)
# in the order in which ansible-doc shows them
FIELDS = ("description", "returned", "type", "elements", "contains", "sample")


class Dumper(yaml.SafeDumper):
    """Indents the entries of a list, and repeats values instead of referring to them."""

    def increase_indent(self, *args: t.Any, **options: t.Any) -> None:
        super().increase_indent(*args, **{**options, "indentless": False})

    def ignore_aliases(self, data: t.Any) -> bool:
        return True


class Returns:
    """The documentation of what one module returns."""

    def __init__(self, source: t.Mapping[str, t.Any], module: str) -> None:
        self._records = source["records"]
        self._codes = source["problem_codes"]
        self._module = source["modules"][module]

    def document(self) -> dict[str, t.Any]:
        """Return the content of RETURN. Raises KeyError if the source names a record, key or code that is not there."""
        return self._record(self._module.get("record", "result"), self._module["returns"])

    def _record(self, record: str, keys: t.Iterable[str]) -> dict[str, t.Any]:
        return {key: self._key(record, key) for key in keys}

    def _key(self, record: str, key: str) -> dict[str, t.Any]:
        fields = {"returned": "always", **copy.deepcopy(self._records[record][key])}
        fields.update(self._module.get("overrides", {}).get(f"{record}.{key}", {}))
        if (record, key) == ("problem", "code"):
            fields["description"] = [f"V({code}) {self._codes[code]}" for code in self._module["problem_codes"]]
        fields["description"] = self._text(fields["description"])
        if "contains" in fields:
            inner = fields["contains"]
            fields["contains"] = self._record(inner, self._module["contains"].get(inner, self._records[inner]))
        return {field: fields[field] for field in FIELDS if field in fields}

    def _text(self, description: str | list[str]) -> str | list[str]:
        if isinstance(description, list):
            return [str(self._text(line)) for line in description]
        return description.replace("{databases}", self._module["databases"])


def load() -> dict[str, t.Any]:
    """Return the content of the source."""
    found: dict[str, t.Any] = yaml.safe_load(SOURCE.read_text())
    return found


def unused(source: t.Mapping[str, t.Any]) -> list[str]:
    """Return the overrides that refer to no key, and the problem codes that no module returns."""
    modules = source["modules"].values()
    keys = {f"{record}.{key}" for record, contents in source["records"].items() for key in contents}
    overrides = {name for module in modules for name in module.get("overrides", {})}
    codes = {code for module in modules for code in module["problem_codes"]}
    return sorted((overrides - keys) | (set(source["problem_codes"]) - codes))


def render(document: t.Mapping[str, t.Any]) -> str:
    """Return RETURN as YAML."""
    text: str = yaml.dump(document, Dumper=Dumper, width=WIDTH, sort_keys=False, allow_unicode=True)
    return text


def rewritten(text: str, section: str) -> str:
    """Return the text of a module with another RETURN section. Raises ValueError if it has none."""
    if not SECTION.search(text):
        raise ValueError('The module has no section that begins with RETURN = r""".')
    return SECTION.sub(lambda _: section, text, count=1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the RETURN section of each module.")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if a module differs")
    check = parser.parse_args().check
    source = load()
    names = {path.stem for path in MODULES.glob("*.py")} - ACTIONS
    if names != set(source["modules"]):
        sys.exit(f"{SOURCE.name} and plugins/modules have different modules: {sorted(names ^ set(source['modules']))}.")
    if unused(source):
        sys.exit(f"{SOURCE.name}: these entries are not used: {', '.join(unused(source))}.")
    different = []
    for name in sorted(names):
        path = MODULES / f"{name}.py"
        before = path.read_text()
        after = rewritten(before, render(Returns(source, name).document()))
        if after == before:
            continue
        different.append(path.name)
        if not check:
            path.write_text(after)
    if check and different:
        sys.exit(f"RETURN differs from {SOURCE.name}: {', '.join(different)}. Run scripts/return_docs.py.")


if __name__ == "__main__":
    main()
