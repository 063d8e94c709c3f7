# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Convert the answers of the restore survey to the options of ``rds_restore_iam`` for source, target and time.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.errors import InputError
from .survey_values import blank_as, choice, entries

PREFIX = "rds_restore_iam_"
_KINDS = ("instance", "cluster")

# (kind of source, kind of target): the option that names the source
_SOURCES = {
    ("snapshot", "instance"): "db_snapshot_identifier",
    ("snapshot", "cluster"): "db_snapshot_identifier",
    ("cluster_snapshot", "instance"): "db_cluster_snapshot_identifier",
    ("cluster_snapshot", "cluster"): "db_cluster_snapshot_identifier",
    ("database", "instance"): "source_db_instance_identifier",
    ("database", "cluster"): "source_db_cluster_identifier",
    ("resource_id", "instance"): "source_dbi_resource_id",
    ("resource_id", "cluster"): "source_db_cluster_resource_id",
}
_TO_TIME = ("database", "resource_id")


def options(answers: t.Mapping[str, t.Any], *, prefix: str = PREFIX) -> dict[str, t.Any]:
    """Return the options for source and target; those that do not apply are None.

    Messages name the variables with ``prefix``.

    Raises InputError for an invalid kind, if the source or the target has no name, and if a time is given for a source
    that is a snapshot.
    """
    kind = _word(answers, "target_kind", _KINDS, "instance", prefix)
    source = _word(answers, "source_kind", ("snapshot", "cluster_snapshot", *_TO_TIME), "snapshot", prefix)
    target, origin = _name(answers, "target_name", prefix), _name(answers, "source_name", prefix)
    time = blank_as(answers.get("restore_time"), None)
    if time is not None and source not in _TO_TIME:
        raise InputError(
            f"{prefix}restore_time: a snapshot cannot be restored to a point in time. Set {prefix}source_kind to "
            f"{' or '.join(_TO_TIME)}, or leave the time blank."
        )
    member = blank_as(answers.get("member_class"), None)
    found: dict[str, t.Any] = dict.fromkeys(["db_instance_identifier", "db_cluster_identifier", *_SOURCES.values()])
    found[f"db_{kind}_identifier"] = target
    found[_SOURCES[source, kind]] = origin
    return {
        **found,
        "restore_time": time,
        "use_latest_restorable_time": source in _TO_TIME and time is None,
        "cluster_instances": member and [{"db_instance_identifier": f"{target}-1", "db_instance_class": member}],
        "vpc_security_group_ids": entries(answers.get("vpc_security_group_ids")) or None,
    }


def _word(answers: t.Mapping[str, t.Any], name: str, words: t.Sequence[str], default: str, prefix: str) -> str:
    chosen = choice(answers.get(name), {word: word for word in words}, default=default, variable=f"{prefix}{name}")
    return str(chosen)


def _name(answers: t.Mapping[str, t.Any], name: str, prefix: str) -> str:
    text = str(blank_as(answers.get(name), ""))
    if not text:
        raise InputError(f"{prefix}{name}: the name is blank. Set the names of the source and the target.")
    return text
