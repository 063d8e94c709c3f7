# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The reading of seeds from files and from YAML text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def load(source: str | Path) -> dict[str, Any]:
    """Read a file, or YAML text with more than one line; raise ValueError with the position if it is invalid."""
    inline = isinstance(source, str) and "\n" in source
    where = "seed" if inline else str(source)
    try:
        text = str(source) if inline else Path(source).read_text("utf-8")
        document = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise ValueError(f"{where}: invalid UTF-8: {error.reason} at byte {error.start}.") from None
    except yaml.YAMLError as error:
        raise ValueError(f"{where}: {yaml_reason(error)}") from None
    if not isinstance(document, dict):
        raise ValueError(f"{where}: must be a dictionary")
    return document


def yaml_reason(error: yaml.YAMLError) -> str:
    """Return in one line where YAML is invalid, and why."""
    mark = getattr(error, "problem_mark", None)
    parts = [getattr(error, "context", None), getattr(error, "problem", None)]
    reason = ", ".join(part for part in parts if part) or " ".join(str(error).split())
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}invalid YAML: {reason}."
