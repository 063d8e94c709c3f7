# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The generator of the RETURN sections, and the check that the sections are current."""

from __future__ import annotations

import importlib
import sys

import pytest
import yaml
from ansible_collections.passwordless.rds.scripts import return_docs

MODULES = sorted(path.stem for path in return_docs.MODULES.glob("rds_*.py"))
MODULE = 'import os\n\nRETURN = r"""\nold: {}\n"""\n\nREST = 1\n'


@pytest.fixture
def source():
    return {
        "records": {
            "result": {
                "database": {"description": "See RV({databases}.kind).", "type": "dict", "contains": "database"},
                "msg": {"description": ["One.", "Two."], "returned": "on failure", "type": "str", "sample": "ok"},
            },
            "database": {
                "kind": {"description": "The kind.", "type": "str", "sample": None},
                "port": {"description": "The port.", "type": "int", "sample": 1},
                "problem": {"description": "A problem.", "type": "dict", "contains": "problem"},
            },
            "problem": {"code": {"type": "str", "sample": "timeout"}},
        },
        "problem_codes": {"timeout": "if it took too long.", "refused": "if AWS refused."},
        "modules": {
            "one": {
                "databases": "database",
                "returns": ["database"],
                "contains": {"database": ["problem", "kind"]},
                "problem_codes": ["refused", "timeout"],
                "overrides": {"database.kind": {"description": "Another kind."}},
            },
            "two": {"databases": "list[]", "returns": ["msg"], "contains": {}, "problem_codes": []},
        },
    }


def run(monkeypatch, folder, source, *arguments):
    monkeypatch.setattr(return_docs, "MODULES", folder)
    monkeypatch.setattr(return_docs, "load", lambda: source)
    monkeypatch.setattr(sys, "argv", ["return_docs.py", *arguments])
    return_docs.main()


@pytest.fixture
def modules(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(MODULE)
    return tmp_path


@pytest.mark.parametrize("name", MODULES)
def test_return_section_of_module_equals_source(name):
    module = importlib.import_module(f"ansible_collections.passwordless.rds.plugins.modules.{name}")
    assert yaml.safe_load(module.RETURN) == return_docs.Returns(return_docs.load(), name).document()


def test_source_has_no_unused_entries():
    assert return_docs.unused(return_docs.load()) == []


def test_document_contains_keys_of_module(source):
    assert return_docs.Returns(source, "one").document() == {
        "database": {
            "description": "See RV(database.kind).",
            "returned": "always",
            "type": "dict",
            "contains": {
                "problem": {
                    "description": "A problem.",
                    "returned": "always",
                    "type": "dict",
                    "contains": {
                        "code": {
                            "description": ["V(refused) if AWS refused.", "V(timeout) if it took too long."],
                            "returned": "always",
                            "type": "str",
                            "sample": "timeout",
                        }
                    },
                },
                "kind": {"description": "Another kind.", "returned": "always", "type": "str", "sample": None},
            },
        }
    }
    assert return_docs.Returns(source, "two").document() == {
        "msg": {"description": ["One.", "Two."], "returned": "on failure", "type": "str", "sample": "ok"}
    }


def test_document_with_unknown_key_fails(source):
    source["modules"]["two"]["returns"] = ["missing"]
    with pytest.raises(KeyError, match="missing"):
        return_docs.Returns(source, "two").document()


def test_unused_entries_are_found(source):
    source["problem_codes"]["spare"] = "never."
    source["modules"]["two"]["overrides"] = {"database.missing": {}}
    assert return_docs.unused(source) == ["database.missing", "spare"]


def test_check_fails_until_section_is_written(monkeypatch, modules, source):
    with pytest.raises(SystemExit, match=r"one\.py, two\.py"):
        run(monkeypatch, modules, source, "--check")
    assert (modules / "one.py").read_text() == MODULE

    run(monkeypatch, modules, source)
    written = (modules / "two.py").read_text()
    assert written.startswith('import os\n\nRETURN = r"""\nmsg:\n  description:\n    - One.\n')
    assert written.endswith('"""\n\nREST = 1\n')

    run(monkeypatch, modules, source, "--check")


def test_module_without_source_fails(monkeypatch, modules, source):
    (modules / "three.py").write_text(MODULE)
    with pytest.raises(SystemExit, match="three"):
        run(monkeypatch, modules, source, "--check")


def test_module_without_section_fails():
    with pytest.raises(ValueError, match="RETURN"):
        return_docs.rewritten("import os\n", "msg: {}\n")
