# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Read the answers of AWX surveys, which are text for numbers and booleans, and blank for an unanswered question.

This is private to the collection.
"""

from __future__ import annotations

import decimal
import re
import typing as t

from .._model.errors import InputError, quoted

# a template turns null into the text None
_FALSE = ("", "0", "f", "false", "n", "no", "none", "null", "off")
_MOST_DIGITS = 18
_EQUALS = re.compile(r"\s*=\s*")
_ENTRY = re.compile(r"[^,\s]+")


def is_blank(value: t.Any) -> bool:
    """Whether a value is null, or text that contains only white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def blank_as(value: t.Any, replacement: t.Any) -> t.Any:
    """Return ``replacement`` for a blank, else the value. Text is stripped of surrounding white space."""
    if is_blank(value):
        return replacement
    return value.strip() if isinstance(value, str) else value


def is_true(value: t.Any) -> bool:
    """Read a boolean that templates or surveys may have turned into text."""
    return ("" if value is None else str(value)).strip().lower() not in _FALSE


def whole_number(value: t.Any) -> int:
    """Read a whole number as Ansible's type ``int`` does, which accepts ``"2.0"``; a blank is 0.

    Raises InputError for any other text.
    """
    if isinstance(value, int):
        return value
    try:
        number = decimal.Decimal(str(blank_as(value, 0)))
        # the conversion of a huge exponent would not end
        if number.adjusted() < _MOST_DIGITS:
            return int(number)
    except (ArithmeticError, OverflowError, ValueError):
        pass
    raise InputError(f"{quoted(str(value))} is not a whole number. Use digits only.")


def choice(value: t.Any, choices: t.Mapping[str, t.Any], *, default: str, variable: str) -> t.Any:
    """Return the value for the chosen word. A blank is the same as ``default``.

    Raises InputError for any other word, and for a boolean.
    """
    word = ("" if value is None else str(value)).strip().lower() or default
    if word not in choices:
        raise InputError(f"{variable}: {word!r} is not valid. Use one of: {', '.join(choices)}.")
    return choices[word]


def entries(value: t.Any) -> list[str]:
    """Return the entries of a list, or of text in which commas or white space separate them."""
    texts = value if isinstance(value, (list, tuple)) else [value]
    return [entry for text in texts if text is not None for entry in _ENTRY.findall(str(text))]


def selection(answers: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
    """Return the option ``select`` for the answers about it, or None if all of them are blank.

    Raises InputError if a tag is named twice.
    """
    chosen: dict[str, t.Any] = {
        name: answers[name] for name in ("engines", "include", "exclude") if entries(answers.get(name))
    }
    if is_true(answers.get("all")):
        chosen["all"] = answers["all"]
    tags = _tags(answers.get("tags"))
    if tags:
        chosen["tags"] = tags
    return chosen or None


def _tags(answer: t.Any) -> dict[str, t.Any]:
    """Read one tag a line: ``NAME=VALUE``, or ``NAME`` alone for any value. A dictionary is returned as it is."""
    if isinstance(answer, dict):
        return answer
    lines = [_EQUALS.sub("=", line.strip(), count=1) for line in str(answer or "").splitlines() if line.strip()]
    pairs = [line.partition("=") for line in lines]
    names = [name for name, _equals, _value in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"rds_iam_auth_select_tags: {', '.join(twice)} is named more than once. Name each tag once.")
    return {name: value if equals else None for name, equals, value in pairs}


def approved_plan(plan: t.Any, plans: t.Any, host: str, *, required: bool) -> str:
    """Return the approved plan id of a host: ``plan``, or else the entry for the host in the ``plans`` of a check job.

    Raises InputError if a plan is ``required`` and ``plans`` has entries, but none for this host.
    """
    if not is_blank(plan):
        return str(plan).strip()
    if is_blank(plans):
        return ""
    if not isinstance(plans, dict):
        raise InputError(
            "rds_iam_auth_expect_plan_ids: the value is not a dictionary. Use a dictionary of hosts and their plan IDs."
        )
    own = str(blank_as(plans.get(host), ""))
    if required and plans and not own:
        raise InputError(
            f"rds_iam_auth_expect_plan_ids: there is no approved plan for host {host}, because its check job failed "
            "or did not include it. Preview this host, and approve its plan."
        )
    return own
