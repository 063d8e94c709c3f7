# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Ad hoc commands: those of the guide, and the forms in which users write lists and booleans."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS
from ansible_collections.passwordless.rds.tests.functional.test_examples import FLEET
from ansible_collections.passwordless.rds.tests.samples import quick_first

MODULE = "passwordless.rds.rds_iam_auth"
NAMED = "db_instance_identifiers"


@pytest.mark.parametrize("command", quick_first(documents.commands(documents.guide("guide_adhoc"), "ansible"), 2))
def test_adhoc_guide_commands_run(sim, ansible, command):
    sim.seed(FLEET)
    profiles = ansible.folder / "config"
    profiles.write_text(
        "[profile staging]\naws_access_key_id = {}\naws_secret_access_key = {}\n".format(*KEYS.values())
    )
    # a profile cannot be combined with access keys from the environment
    keys = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""} if "profile=" in command else {}
    ran = ansible.run("sh", "-c", command, AWS_CONFIG_FILE=str(profiles), **keys)
    assert ran.code == 0, ran.output
    (task,) = ran.tasks
    assert task.result["changed"] is ("_info" not in command)
    modified = [call for call in sim.calls if call.operation.startswith("Modify")]
    assert bool(modified) is ("--check" not in command and "_info" not in command)


@pytest.mark.parametrize(
    "arguments",
    quick_first(
        [
            f"{NAMED}=orders,shop enabled=True",
            f"{NAMED}='orders, shop' enabled=yes",
            f'{NAMED}="orders shop"',
            f"{NAMED}=['orders','shop'] enabled=true",
            f'{{"{NAMED}": ["ORDERS", "arn:aws:rds:eu-west-1:123456789012:db:shop"]}}',
        ]
    ),
)
def test_adhoc_lists_and_booleans_accept_every_form(sim, ansible, arguments):
    sim.seed(FLEET)
    ran = ansible.adhoc(MODULE, arguments, "--check")
    assert ran.code == 0, ran.output
    assert [d["identifier"] for d in ran.tasks[0].result["databases"]] == ["orders", "shop"]
    assert ran.tasks[0].result["summary"]["scheduled"] == 2


@pytest.mark.slow
def test_adhoc_second_run_is_unchanged_with_readable_output(sim, ansible):
    sim.seed(FLEET)
    arguments = "db_instance_identifier=orders apply_immediately=true wait_delay=0.2"
    first = ansible.adhoc(MODULE, arguments, "--diff")
    second = ansible.adhoc(MODULE, arguments, "--diff")
    assert first.output.startswith("--- before")
    assert "localhost | CHANGED" in first.output
    assert '"msg": "1 applied."' in first.output
    assert "localhost | SUCCESS" in second.output
    assert '"msg": "1 unchanged."' in second.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    quick_first(
        [
            ("", "db_instance_identifiers, db_cluster_identifiers: no database is named"),
            (
                "db_instance_identifier=ordres",
                "there is no DB instance with this identifier in Region eu-west-1. Similar: orders",
            ),
            ("db_instance_identifier=orders enabled=maybe", "'maybe' is not a valid boolean"),
        ],
        2,
    ),
)
def test_adhoc_invalid_input_fails(sim, ansible, arguments, said):
    sim.seed(FLEET)
    ran = ansible.adhoc(MODULE, arguments)
    assert ran.code == 2
    assert said in ran.tasks[0].result["msg"]
    assert "Traceback" not in ran.output
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]
