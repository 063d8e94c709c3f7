# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The action plugin that shows a diff, as Ansible runs it."""

from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.connection.local import Connection
from ansible.template import Templar
from ansible_collections.passwordless.rds.plugins.action import show_diff as action
from ansible_collections.passwordless.rds.plugins.modules import show_diff as documentation

DIFFERENT = {"name": "app", "before": "login: true\n", "after": "login: false\n"}


def run(arguments, *, diff, check_mode=False):
    loader = DataLoader()
    task = Task.load(
        {"action": "passwordless.rds.show_diff", "args": arguments, "diff": diff, "check_mode": check_mode}
    )
    connection = Connection(PlayContext(), None)
    plugin = action.ActionModule(task, connection, PlayContext(), loader, Templar(loader=loader), None)
    return plugin.run(task_vars={})


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("diff", [True, False])
def test_different_texts_are_a_change(diff, check_mode):
    found = run(DIFFERENT, diff=diff, check_mode=check_mode)
    assert found["changed"] is True
    headers = {"before_header": "app", "after_header": "app"}
    expected = {"before": DIFFERENT["before"], "after": DIFFERENT["after"], **headers}
    assert found.get("diff") == (expected if diff else None)


def test_equal_texts_are_no_change():
    found = run({**DIFFERENT, "after": DIFFERENT["before"]}, diff=True)
    assert (found["changed"], "diff" in found) == (False, False)


def test_missing_text_is_an_error():
    with pytest.raises(AnsibleError, match="missing required arguments: after"):
        run({"name": "app", "before": "x"}, diff=True)


def test_options_are_documented():
    options = yaml.safe_load(documentation.DOCUMENTATION)["options"]
    described = {name: {key: option[key] for key in ("type", "required")} for name, option in options.items()}
    assert described == action._SPEC
