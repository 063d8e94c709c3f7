# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The documentation site builds without a warning, and says of the code what is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.module_utils import _problems
from ansible_collections.passwordless.rds.tests.functional import documents

GUIDES = sorted(path.stem for path in documents.GUIDES.glob("*.rst"))


def test_the_site_builds(tmp_path):
    build = [sys.executable, str(documents.ROOT / "scripts" / "docs.py"), str(tmp_path)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    index = (tmp_path / "index.html").read_text()
    for guide in GUIDES:
        assert f"docsite/{guide}.html" in index
    module = (tmp_path / "rds_iam_auth_module.html").read_text()
    assert "enable_iam_database_authentication" in module


def test_every_guide_is_listed():
    sections = yaml.safe_load((documents.ROOT / "docs" / "docsite" / "extra-docs.yml").read_text())["sections"]
    assert sorted(name for section in sections for name in section["toctree"]) == GUIDES


def test_the_policy_has_the_actions_that_the_gateway_asks_for():
    policy = json.loads(documents.captioned("guide_permissions")["policy.json"])
    named = {action for statement in policy["Statement"] for action in statement["Action"]}
    source = (documents.ROOT / "plugins" / "module_utils" / "_rds.py").read_text()
    texts = re.findall(r"f?\"((?:Describe|Modify)\w*(?:\{\w+\})?\w*)\"", source)
    assert len(texts) > 4
    fillings = {
        "{plural}": ("DBInstances", "DBClusters"),
        "{cluster}": ("", "Cluster"),
        "{kind}": ("Instance", "Cluster"),
    }
    asked = set()
    for text in texts:
        (hole,) = re.findall(r"\{\w+\}", text) or ("",)
        asked |= {text.replace(hole, filling) for filling in fillings[hole]} if hole else {text}
    assert named == {f"rds:{operation}" for operation in asked}


@pytest.mark.parametrize(
    "code", [v for k, v in vars(_problems).items() if k.isupper() and isinstance(v, str) and k[0] != "_"]
)
def test_every_problem_is_explained(code):
    assert f"``{code}``" in (documents.GUIDES / "guide_enabling.rst").read_text()


def test_every_file_of_the_core_is_explained():
    text = (documents.GUIDES / "guide_contributing.rst").read_text()
    files = {path.stem for path in (documents.ROOT / "plugins" / "module_utils").glob("*.py")}
    assert {name for name in files if f"* - ``{name}``" in text} == files
