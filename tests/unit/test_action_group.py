# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The action group extends that of amazon.aws. The action-groups check of antsibull-nox does not read the metadata."""

from __future__ import annotations

import pathlib

import yaml

ROOT = pathlib.Path(__file__).parents[2]
GROUPS = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]


def test_action_group_extends_that_of_amazon_aws():
    (metadata,) = (entry["metadata"] for entry in GROUPS["aws"] if isinstance(entry, dict))
    assert metadata == {"extend_group": ["amazon.aws.aws"]}
