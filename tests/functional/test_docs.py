# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The documentation site builds without warnings and agrees with the code."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import RESTORE_METHODS
from ansible_collections.passwordless.rds.plugins.module_utils._rules import new_database, problems, restore
from ansible_collections.passwordless.rds.plugins.module_utils._run.create import OPERATIONS
from ansible_collections.passwordless.rds.tests.functional import documents


def codes(module, *beginnings):
    """Return the problem codes that a file of module_utils defines."""
    return [
        value
        for name, value in vars(module).items()
        if name.isupper()
        and name[0] != "_"
        and isinstance(value, str)
        and name.startswith(beginnings)
        and name not in ("INSTANCE", "CLUSTER", "APPLIED", "APPLYING")
    ]


GUIDES = sorted(path.stem for path in documents.GUIDES.glob("*.rst"))


def test_docs_site_builds_without_warnings(tmp_path):
    build = [sys.executable, str(documents.ROOT / "scripts" / "docs.py"), str(tmp_path)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    index = (tmp_path / "index.html").read_text()
    for guide in GUIDES:
        assert f"docsite/{guide}.html" in index
    module = (tmp_path / "rds_iam_auth_module.html").read_text()
    assert "enable_iam_database_authentication" in module


def test_docs_guides_are_all_listed():
    sections = yaml.safe_load((documents.ROOT / "docs" / "docsite" / "extra-docs.yml").read_text())["sections"]
    assert sorted(name for section in sections for name in section["toctree"]) == GUIDES


def test_docs_policy_allows_actions_of_the_gateway():
    policy = json.loads(documents.captioned("guide_permissions")["policy.json"])
    named = {action for statement in policy["Statement"] for action in statement["Action"]}
    folder = documents.ROOT / "plugins" / "module_utils"
    source = "".join((folder / f"{name}.py").read_text() for name in ("_rds", "_rds_make"))
    texts = re.findall(r"f?\"((?:Describe|Modify)\w*(?:\{\w+\})?\w*)\"", source)
    assert len(texts) > 10
    fillings = {
        "{plural}": ("DBInstances", "DBClusters"),
        "{cluster}": ("", "Cluster"),
        "{kind}": ("Instance", "Cluster"),
        "{prefix}": ("DB", "DBCluster"),
    }
    # the creating operations are named where they are selected; tagging is part of each of them
    asked = {way.operation for ways in RESTORE_METHODS.values() for way in ways.values()}
    asked |= {*OPERATIONS, "AddTagsToResource"}
    for text in texts:
        (hole,) = re.findall(r"\{\w+\}", text) or ("",)
        asked |= {text.replace(hole, filling) for filling in fillings[hole]} if hole else {text}
    assert named == {f"rds:{operation}" for operation in asked}


@pytest.mark.parametrize("code", codes(problems, ""))
def test_docs_problem_codes_are_explained(code):
    assert f"``{code}``" in (documents.GUIDES / "guide_enabling.rst").read_text()


@pytest.mark.parametrize("code", [*codes(restore, "SOURCE_", "TARGET_"), *codes(new_database, "")])
def test_docs_problem_codes_of_creation_are_explained(code):
    assert f"``{code}``" in (documents.GUIDES / "guide_restoring.rst").read_text()


def test_docs_module_utils_files_are_explained():
    text = (documents.GUIDES / "guide_contributing.rst").read_text()
    files = {path.stem for path in (documents.ROOT / "plugins" / "module_utils").glob("*.py")}
    explained = {name for row in re.findall(r"\* - (``_.*``)\n", text) for name in re.findall(r"``(\w+)``", row)}
    assert explained == files
