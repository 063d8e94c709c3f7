# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Find unknown variables of a playbook or role, so that a misspelled variable is not ignored.

This is private to the collection.
"""

from __future__ import annotations

import difflib
import typing as t


def unknown(names: t.Iterable[str], known: t.Sequence[str]) -> list[str]:
    """Return an error for each unknown variable, with the most similar known one."""
    return [_error(name, known) for name in sorted(set(names) - set(known))]


def _error(name: str, known: t.Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return f"{name}: the variable does not exist." + (f" Did you mean {near[0]}?" if near else "")
