# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options of a restore from the answers of its survey."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.restore_answers import options

NAMES = {"target_name": " drill ", "source_name": "orders"}


@pytest.mark.parametrize(
    ("source", "target", "option"),
    [
        ("snapshot", "instance", "db_snapshot_identifier"),
        ("", "", "db_snapshot_identifier"),
        (None, None, "db_snapshot_identifier"),
        ("cluster_snapshot", "cluster", "db_cluster_snapshot_identifier"),
        ("Cluster_Snapshot ", "instance", "db_cluster_snapshot_identifier"),
        ("database", "instance", "source_db_instance_identifier"),
        ("database", "cluster", "source_db_cluster_identifier"),
        ("resource_id", "instance", "source_dbi_resource_id"),
        ("resource_id", " CLUSTER", "source_db_cluster_resource_id"),
    ],
)
def test_options_source_sets_one_option(source, target, option):
    found = options({**NAMES, "source_kind": source, "target_kind": target})
    given = {name: value for name, value in found.items() if value is not None and name != "use_latest_restorable_time"}
    kind = (target or "instance").strip().lower()
    assert given == {option: "orders", f"db_{kind}_identifier": "drill"}
    assert found["use_latest_restorable_time"] is ((source or "") in ("database", "resource_id"))


def test_options_restore_time():
    found = options({**NAMES, "source_kind": "database", "restore_time": " 2026-11-24T03:30:00Z"})
    assert (found["restore_time"], found["use_latest_restorable_time"]) == ("2026-11-24T03:30:00Z", False)


def test_options_member_and_security_groups():
    answers = {"member_class": "db.r6g.large", "vpc_security_group_ids": "sg-1,\nsg-2"}
    found = options({**NAMES, **answers})
    assert found["cluster_instances"] == [{"db_instance_identifier": "drill-1", "db_instance_class": "db.r6g.large"}]
    assert found["vpc_security_group_ids"] == ["sg-1", "sg-2"]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"target_name": " "}, "rds_restore_iam_target_name: the name is blank"),
        ({"source_name": None}, "rds_restore_iam_source_name: the name is blank"),
        ({"target_kind": "table"}, "rds_restore_iam_target_kind: 'table' is not valid"),
        ({"source_kind": "backup"}, "rds_restore_iam_source_kind: 'backup' is not valid"),
        ({"restore_time": "2026-11-24T03:30:00Z"}, "rds_restore_iam_restore_time: a snapshot cannot be restored to"),
        (
            {"restore_time": "2026-11-24T03:30:00Z", "source_kind": "cluster_snapshot"},
            "Set rds_restore_iam_source_kind to database or resource_id, or leave the time blank",
        ),
    ],
)
def test_options_invalid_answer_names_variable(answers, error):
    with pytest.raises(InputError, match=error):
        options({**NAMES, **answers})
