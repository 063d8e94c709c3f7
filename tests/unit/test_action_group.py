# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The action group has every module, so that module_defaults reach all of them."""

from __future__ import annotations

import importlib
import pathlib

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
GROUPS = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]


def test_action_group_lists_exactly_the_modules():
    assert list(GROUPS) == ["aws"]
    assert [entry for entry in GROUPS["aws"] if isinstance(entry, str)] == MODULES


def test_action_group_extends_that_of_amazon_aws():
    (metadata,) = (entry["metadata"] for entry in GROUPS["aws"] if isinstance(entry, dict))
    assert metadata == {"extend_group": ["amazon.aws.aws"]}


@pytest.mark.parametrize("module", MODULES)
def test_modules_document_the_action_group(module):
    code = importlib.import_module(f"ansible_collections.passwordless.rds.plugins.modules.{module}")
    fragments = yaml.safe_load(code.DOCUMENTATION)["extends_documentation_fragment"]
    assert "passwordless.rds._attributes" in [name.partition(".modules")[0] for name in fragments]
