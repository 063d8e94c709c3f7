# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The Ansible collections that are installed.

This is private to the collection.
"""

from __future__ import annotations

import importlib.util


def is_installed(collection: str) -> bool:
    """Return whether a collection is installed on this host."""
    try:
        return importlib.util.find_spec(f"ansible_collections.{collection}") is not None
    except ModuleNotFoundError:  # the namespace is also missing
        return False
