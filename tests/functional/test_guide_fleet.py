# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The guide to hundreds of databases: its playbooks and commands run unchanged."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.module_utils._options.selection import read_selection
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.samples import quick_first

GUIDE = documents.guide("guide_fleet")
BLOCKS = documents.captioned("guide_fleet")
IAM = "IAMDatabaseAuthenticationEnabled"
FLEET = {
    "db_instances": [
        {"identifier": "test-1", "engine": "mysql", "tags": {"env": "test"}},
        {"identifier": "prod-1", "engine": "mysql", "tags": {"env": "prod"}},
        {"identifier": "prod-2", "engine": "postgres", "tags": {"env": "prod"}},
        {"identifier": "prod-3", "engine": "mysql", "status": "stopped", "tags": {"env": "prod"}},
    ],
}


@pytest.fixture
def play(sim, ansible):
    sim.seed(FLEET)

    def _play(name, *arguments, code=0):
        path = ansible.folder / name
        path.write_text(BLOCKS[name])
        ran = ansible.run("ansible-playbook", str(path), *arguments)
        assert ran.code == code, ran.output
        return ran

    return _play


def test_guide_fleet_info_playbook_runs(play):
    ran = play("review.yml")
    assert "3 ready, 1 blocked of 4, coverage 0 %." in ran.output
    assert "Start it first" in ran.output


def test_guide_fleet_selection_is_valid():
    (text,) = (block.text for block in GUIDE if block.language == "yaml" and block.text.startswith("select:"))
    selection = read_selection(yaml.safe_load(text)["select"])
    assert (selection.tags["team"], selection.exclude) == (None, ("*-scratch",))


def switched(ran):
    (result,) = (task.result for task in ran.tasks if "plan_id" in task.result)
    return result


@pytest.mark.slow
def test_guide_fleet_preview_approval_and_run(sim, ansible, play):
    unapproved = play("approve.yml", code=2)
    assert "Run this playbook with --check first" in unapproved.output
    assert sim.calls == []
    for blank in ("approved_plan=", "approved_plan='  '", '{"approved_plan": null}'):
        assert "Run this playbook with --check first" in play("approve.yml", "-e", blank, code=2).output
    assert sim.calls == []
    preview = play("approve.yml", "--check", "--diff")
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]
    plan = switched(preview)["plan_id"]
    changes = ["instance/prod-1: would be applied", "instance/prod-2: would be applied"]
    for line in (f"plan_id: {plan}", *changes, "instance/prod-3: would be skipped: not_modifiable: "):
        assert f'"{line}' in preview.output
    approved = json.loads((ansible.folder / "plan.json").read_text())
    assert (approved["approved_plan"], approved["planned_changes"][:2]) == (plan, changes)
    ran = play("approve.yml", "-e", "@plan.json")
    assert switched(ran)["summary"]["applied"] == 2
    assert '"instance/prod-1: applied"' in ran.output
    sim.seed({"db_instances": [{"identifier": "prod-4", "engine": "mysql", "tags": {"env": "prod"}}]})
    refused = play("approve.yml", "-e", "@plan.json", code=2)
    assert "the plan has changed since it was approved" in refused.output


@pytest.mark.slow
def test_guide_fleet_waves_run(sim, ansible, play):
    soon = ("-e", "rollout_wait_delay=0.2")
    play("waves.yml", "--check", *soon)
    play("waves.yml", *soon)
    report = json.loads((ansible.folder / "rollout.json").read_text())
    assert [len(wave["changed"]) for wave in report["waves"]] == [1, 1, 1]
    assert sim.database("instance", "prod-2")[IAM] is True


def commands():
    """Return the commands of the guide that change nothing."""
    found = documents.commands(GUIDE, "ansible") + documents.commands(GUIDE, "ansible-playbook")
    return [command for command in found if "@plan.json" not in command]


@pytest.mark.parametrize("command", quick_first(commands(), 2))
def test_guide_fleet_commands_run(sim, ansible, command):
    for account in ("111111111111", "222222222222"):
        sim.seed({**FLEET, "account": account})
    sim.seed(FLEET)
    for name in ("accounts.yml", "approve.yml"):
        (ansible.folder / name).write_text(BLOCKS[name])
    ran = ansible.run("sh", "-c", command)
    assert ran.code == 0, ran.output
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]
