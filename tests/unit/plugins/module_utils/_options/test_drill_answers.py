# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.drill_answers import restore_of_drill

NAMES = {"target_name": "drill", "source_name": "orders"}


def test_drill_answers_omit_blanks_and_keep_false():
    answers = {**NAMES, "db_instance_class": " ", "apply_immediately": False, "wait_timeout": "60"}
    assert restore_of_drill(answers) == {
        "db_instance_identifier": "drill",
        "db_snapshot_identifier": "orders",
        "apply_immediately": False,
        "use_latest_restorable_time": False,
        "wait_timeout": "60",
    }


def test_drill_answers_name_the_variables_of_the_playbook():
    with pytest.raises(InputError, match="rds_drill_target_name: the name is blank"):
        restore_of_drill({})
    with pytest.raises(InputError, match=r"rds_drill_restore_time: .* Set rds_drill_source_kind"):
        restore_of_drill({**NAMES, "restore_time": "2026-11-24T03:30:00Z"})
