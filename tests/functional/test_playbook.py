# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The playbooks of the guide: preview, run and second run, with the output and results of their tasks."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.functional.test_examples import FLEET

PLAYBOOKS = documents.captioned("guide_playbook")


@pytest.fixture
def play(sim, ansible):
    """Return a function that runs a playbook of the guide: ``play(name, *arguments)``."""
    sim.seed(FLEET)

    def _play(name, *arguments):
        path = ansible.folder / name
        path.write_text(PLAYBOOKS[name])
        return ansible.run("ansible-playbook", str(path), *arguments)

    return _play


def switches(ran):
    return [task.result for task in ran.tasks if "summary" in task.result]


def test_playbook_module_defaults_preview_run_and_second_run(sim, play):
    preview, ran, again = (
        play("defaults.yml", "--check", "--diff"),
        play("defaults.yml", "--diff"),
        play("defaults.yml"),
    )
    for done in (preview, ran, again):
        assert done.code == 0, done.output
    (predicted,), (real,), (second,) = switches(preview), switches(ran), switches(again)
    assert predicted["summary"] == real["summary"]
    assert real["summary"]["scheduled"] == 3
    assert predicted["plan_id"] == real["plan_id"]
    assert second["changed"] is False
    assert "+++ after" in preview.output
    assert "orders: scheduled, window at 20" in ran.output


@pytest.mark.slow
def test_playbook_loop_over_databases(sim, play):
    ran = play("loop.yml")
    assert ran.code == 0, ran.output
    items = ran.tasks[0].result["results"]
    assert [item["databases"][0]["outcome"] for item in items] == ["applied", "applied"]


@pytest.mark.slow
def test_playbook_skipped_databases_are_named_with_reason(sim, play):
    ran = play("skip.yml")
    assert ran.code == 0, ran.output
    assert "legacy: parameter ssl is 0 in parameter group legacy-pg13" in ran.output
    assert switches(ran)[0]["summary"]["applied"] == 2


def test_playbook_failure_returns_result_of_each_database(sim, play):
    ran = play("rescue.yml")
    assert ran.code == 0, ran.output
    assert "legacy: failed ssl_disabled" in ran.output
    assert "orders: skipped" in ran.output
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]
