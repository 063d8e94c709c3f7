# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The three options that name or select the databases of a task.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import DatabaseId
from .._model.errors import InputError
from .identifiers import has_names, read_identifiers
from .selection import SELECT_SPEC, Selection, read_selection

TARGETS_SPEC: dict[str, dict[str, t.Any]] = {
    "db_instance_identifiers": {
        "type": "list",
        "elements": "str",
        "aliases": ["db_instance_identifier"],
    },
    "db_cluster_identifiers": {
        "type": "list",
        "elements": "str",
        "aliases": ["db_cluster_identifier"],
    },
    "select": {"type": "dict", "options": SELECT_SPEC},
}
Targets = t.Union[t.Tuple[DatabaseId, ...], Selection]


def read_targets(params: t.Mapping[str, t.Any], *, region: str, otherwise: Selection | None = None) -> Targets:
    """Return the databases that the options name or select, or ``otherwise`` if no option is set.

    Raises InputError if databases are both named and selected, if none are, and for an invalid name or selection.
    """
    instances, clusters = params["db_instance_identifiers"], params["db_cluster_identifiers"]
    if otherwise is not None and all(params[option] is None for option in TARGETS_SPEC):
        return otherwise
    if params["select"] is None:
        return read_identifiers(instances=instances, clusters=clusters, region=region)
    # not mutually_exclusive in the argument spec, because a survey passes unused lists as blanks
    if has_names(instances) or has_names(clusters):
        raise InputError(
            "select: db_instance_identifiers or db_cluster_identifiers is also set. Either name or select the "
            "databases."
        )
    return read_selection(params["select"])
