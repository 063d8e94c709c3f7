# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Identifiers use the terms of AWS, Ansible and general engineering.

The check covers modules, classes, functions, parameters and fixtures. It ignores prose, where many of the private
terms below are ordinary words.
"""

from __future__ import annotations

import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parents[2]
TREES = ("plugins", "simulator", "tests", "benchmarks", "demo", "scripts")
# private term -> replacement
INSTEAD = {
    "aim": "targets",
    "archive": "backup_store",
    "around": "context",
    "arrival": "creation_tracker",
    "becomes": "can_restore_as",
    "blueprint": "predicted_database",
    "cautions": "warnings",
    "deed": "change",
    "ending": "database_result",
    "enforced": "parameter_group_change",
    "errand": "provision_task",
    "first_look": "plan_from_description",
    "flow": "run",
    "gathered": "group_by_message",
    "goes_along": "applies_other_changes",
    "group_in_force": "parameter_group",
    "has_a_say": "is_applicable",
    "hold": "wait_for_parameter_group",
    "in_doubt": "outcome_unknown",
    "is_same_deed": "is_same_change",
    "know": "use_cached",
    "learn": "fetch",
    "left_alone": "untouched",
    "left_off": "aborted",
    "lenient": "best_effort",
    "look": "observe, find_databases",
    "making": "provision",
    "meddle": "change_meanwhile",
    "member_order": "cluster_instance",
    "not_sent": "on_request_failed",
    "out_of_time": "on_timeout",
    "passing": "retryable",
    "patience": "retry",
    "patient_gateway": "retrying_gateway",
    "pursue": "executor",
    "pursuit": "executor",
    "ref": "database_id",
    "second_look": "plan_with_facts",
    "see": "observe",
    "shelf": "database_store",
    "side_by_side": "call_parallel",
    "sight": "lookup_result",
    "stuck": "not_modifiable",
    "surroundings": "run_context",
    "track": "change_tracker",
    "unanswered": "outcome_unknown",
    "unlike": "mismatch",
    "verdict": "verification_result",
    "way": "restore_method",
    "way_out": "remedy",
    "wish": "change_options",
    "wrong_state": "invalid_state",
    "young": "recent",
}


def files():
    for tree in TREES:
        yield from sorted((ROOT / tree).rglob("*.py"))


def identifiers(path):
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg


def as_words(identifier):
    """Return an identifier in snake case: ``PatientGateway`` and ``_patient_gateway`` are the same term."""
    spaced = "".join(f"_{letter}" if letter.isupper() and not identifier.isupper() else letter for letter in identifier)
    return spaced.lower().strip("_")


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_identifiers_private_terms_are_absent(path):
    found = {name: INSTEAD[as_words(name)] for name in identifiers(path) if as_words(name) in INSTEAD}
    assert found == {}


def test_names_of_tests_are_short():
    """The convention is at most 60 characters. This limit leaves room for exceptions."""
    tests = [(path, name) for path in files() for name in identifiers(path) if name.startswith("test_")]
    assert [name for _path, name in tests if len(name) > 65] == []
