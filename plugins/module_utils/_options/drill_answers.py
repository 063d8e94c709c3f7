# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Convert the answers of the drill survey to the variables of the role ``restore_drill``.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .restore_answers import options
from .survey_values import is_blank

PREFIX = "rds_drill_"
# answers that are options of the restore under the same name
_SAME_NAME = (
    "apply_immediately",
    "db_cluster_parameter_group_name",
    "db_instance_class",
    "db_parameter_group_name",
    "db_subnet_group_name",
    "if_exists",
    "inherit_settings_from_source",
    "ssl_parameter",
    "wait_delay",
    "wait_timeout",
)


def restore_of_drill(answers: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return ``restore_drill_restore`` for the answers. Blank answers are omitted.

    Raises InputError as ``restore_answers.options`` does.
    """
    chosen = {**{name: answers.get(name) for name in _SAME_NAME}, **options(answers, prefix=PREFIX)}
    return {name: value for name, value in chosen.items() if not is_blank(value)}
