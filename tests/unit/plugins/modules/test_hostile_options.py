# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Each option of each module with hostile values: the module succeeds or fails with a message that is safe to print."""

from __future__ import annotations

import importlib
import json
import random

import pytest
from ansible.errors import AnsibleError
from ansible_collections.passwordless.rds.plugins.lookup import rds_auth_token
from ansible_collections.passwordless.rds.tests.samples import sample_size
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.hostile_values import is_safe, time_limit, values
from ansible_collections.passwordless.rds.tests.unit.permission_modes import SNAPSHOTS, fleet
from ansible_collections.passwordless.rds.tests.unit.plugins.modules.test_canaries import MODULES, TASKS
from botocore import httpsession

# the options of amazon.aws that the collection reads or passes to boto3
_SHARED = {name: {"type": "str"} for name in ("region", "access_key", "session_token", "endpoint_url", "profile")}
_CHANGES = ("Create", "Modify", "Restore", "Delete", "Add")


def cases(module):
    found = importlib.import_module(f"ansible_collections.passwordless.rds.plugins.modules.{module}").ARGUMENT_SPEC
    return [(name, value) for name, option in {**found, **_SHARED}.items() for value in values(option)]


def check(sim, result, output):
    """Check that a result is safe to print, and that no request names a database with such a name."""
    assert "Traceback" not in output
    assert [text for text in (result["msg"], *result["warnings"]) if not is_safe(text)] == []
    # Ansible shows the whole value if it cannot convert it
    assert len(result["msg"]) < 60_000
    changed = [call.parameters for call in sim.calls if call.operation.startswith(_CHANGES)]
    assert is_safe(json.dumps([[call[name] for name in call if name.endswith("Identifier")] for call in changed]))


@pytest.mark.parametrize("module", MODULES)
def test_hostile_option_is_refused_with_a_safe_message(sim, capsys, tmp_path, monkeypatch, module):
    monkeypatch.chdir(tmp_path)
    runner = Runner(module, sim.url, capsys)
    found, faults = cases(module), []
    for name, value in random.Random(module).sample(found, min(len(found), sample_size(3, 150))):
        sim.reset()
        sim.seed(fleet(**SNAPSHOTS))
        task = {**TASKS[module], "wait_delay": None, "ca_cert": None}
        task.update({"ca_cert": httpsession.where()} if "ca_cert" in TASKS[module] else {})
        try:
            with time_limit(30):
                result = runner(**{**task, "aws_config": {"retries": {"max_attempts": 1}}, name: value})
            check(sim, result, runner.output)
        except BaseException as error:
            faults.append(f"{name}={str(value)[:80]!r}: {error!r}"[:500])
    assert faults == []
    assert list(tmp_path.iterdir()) == []


def test_hostile_term_of_lookup_is_refused(sim):
    found, unsafe = [*values({"type": "str"}), "orders\udcff"], []
    for option, value in [(option, value) for option in ("term", "username", "region", "ca_cert") for value in found]:
        given = {
            "username": "app",
            "region": "eu-west-1",
            "access_key": "a",
            "secret_key": "b",
            "endpoint_url": sim.url,
        }
        terms = [value] if option == "term" else ["orders.c0ffee.eu-west-1.rds.amazonaws.com:5432"]
        given.update({option: value} if option != "term" else {})
        given.update({"result": "postgresql"} if option == "ca_cert" else {})
        plugin = rds_auth_token.LookupModule()
        plugin._load_name = "passwordless.rds.rds_auth_token"
        try:
            with time_limit(30):
                plugin.run(terms, {}, **given)
        except AnsibleError as error:
            unsafe += [] if is_safe(str(error)) else [(option, value[:100], str(error)[:300])]
    assert unsafe == []
