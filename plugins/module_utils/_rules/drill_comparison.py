# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Compare the receipt of a restore drill with that of an earlier drill.

This is private to the collection.
"""

from __future__ import annotations

import json
import typing as t

from .._model.errors import InputError
from .._options.survey_values import is_true

Receipt = t.Mapping[str, t.Any]

_FIGURES = ("restore_seconds", "login_seconds", "data_age_seconds")
_REQUIRED = {"start", "outcome", "recovery", "users"}


def read_previous(text: str, path: str) -> dict[str, t.Any]:
    """Return the receipt in the text of a file. Raises InputError for any other text."""
    try:
        receipt = json.loads(text)
    except ValueError:
        receipt = None
    if not isinstance(receipt, dict) or not receipt.keys() >= _REQUIRED:
        raise InputError(
            f"restore_drill_previous: {path}: the file is not the receipt of a drill. Use the JSON file that an "
            "earlier drill has written."
        )
    return receipt


def compare(receipt: Receipt, previous: Receipt) -> dict[str, t.Any] | None:
    """Return how the recovery and the logins differ from an earlier drill, or None without one.

    A figure that one of the drills did not measure has no difference.
    """
    if not previous:
        return None
    before, now = previous["recovery"], receipt["recovery"]
    lost = _logged_in(previous) - _logged_in(receipt)
    return {
        "start": previous["start"],
        "outcome": previous["outcome"],
        "recovery": {name: _figure(before.get(name), now[name]) for name in _FIGURES},
        "users_lost": [] if is_true(receipt["preview"]) else sorted(lost),
    }


def _figure(before: float | None, now: float | None) -> dict[str, float | None]:
    difference = None if before is None or now is None else round(now - before, 3)
    return {"before": before, "now": now, "difference": difference}


def _logged_in(receipt: Receipt) -> set[str]:
    return {str(user["name"]) for user in receipt["users"] if is_true(user["logged_in"])}
