# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""A module loads only what it needs: what creates databases takes time to import, and rds_iam_auth does not use it."""

from __future__ import annotations

import subprocess
import sys

import pytest

PACKAGE = "ansible_collections.passwordless.rds.plugins"
CREATING = {
    "_aws.parse_sources",
    "_aws.provisioning_client",
    "_gateway.provisioning",
    "_gateway.retrying_provisioning",
    "_model.operation",
    "_model.restore_source",
    "_options.cluster_instances",
    "_options.password",
    "_options.restore_source",
    "_options.settings",
    "_rules.existing_target",
    "_rules.identity",
    "_rules.inherit",
    "_rules.master_user",
    "_rules.new_database",
    "_rules.request",
    "_rules.restore",
    "_run.create",
    "_run.creation",
    "_run.creation_tracker",
    "_run.inheriting_task",
    "_run.near_sources",
    "_run.preflight",
    "_run.provision",
    "_run.provision_result",
    "_run.provision_task",
    "_run.restore",
    "_run.stopwatch",
    "_run.submission",
}
PRINT = "import sys, {0}.modules.{1}; print(*(name for name in sys.modules if name.startswith('{0}.module_utils.')))"


def loaded(module):
    """The modules of module_utils that a fresh interpreter has loaded once it has imported a module."""
    done = subprocess.run(
        [sys.executable, "-c", PRINT.format(PACKAGE, module)], capture_output=True, text=True, check=True, timeout=120
    )
    return {name.removeprefix(f"{PACKAGE}.module_utils.") for name in done.stdout.split()}


@pytest.mark.parametrize("module", ["rds_iam_auth", "rds_iam_auth_info"])
def test_imports_exclude_what_creates_databases(module):
    names = loaded(module)
    assert {"_module", "_run.lookup", "_aws.rds_client"} <= names
    assert names & CREATING == set()


@pytest.mark.slow
def test_imports_of_creating_modules_show_what_is_excluded():
    assert loaded("rds_create_iam") | loaded("rds_restore_iam") >= CREATING
