# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Values of options that an attacker would choose, and the check that a text is safe to print."""

from __future__ import annotations

import contextlib
import re
import signal
import typing as t

TEXTS = {
    "template": "{{ lookup('pipe', 'touch canary') }}",
    "statement": "{% for x in range(99999999) %}{% endfor %}",
    "second_line": "orders\nok: [localhost]\r\n&Action=DeleteDBInstance",
    "terminal": "orders\x1b[2J\x1b]0;title\x07\x9b31m",
    "nul": "or\0ders",
    "long": "a-" * 5_000,
    "many_separators": ", []'\"" * 2_000,
    "look_alike": "\u043erders",
    "full_width": "\uff4frders",
    "digits": "\u0663",
    "reversed": "\u202esredro\u200b",
    "traversal": "../../../../etc/passwd",
    "arn": "arn:aws:rds:eu-west-1:123456789012:db:../{{ x }}\n",
    "wildcard": "arn:aws:iam::123456789012:role/*",
    "format": "{}{0.__class__}%s%(x)s$USER`id`",
    "huge_number": "1e999999999",
    "not_a_number": "nan",
    "json": '{"a": [[[[[[[[1]]]]]]]]}',
    "deep": "[" * 5_000,
}
NUMBERS = (-1, 0, 2**31, 2**63, 10**400)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


def values(option: t.Mapping[str, t.Any]) -> list[t.Any]:
    """Return the hostile values of an option, by its entry in the argument spec."""
    texts = list(TEXTS.values())
    kind = option.get("type", "str")
    if option.get("options"):
        inner = [{name: value} for name, sub in option["options"].items() for value in values(sub)]
        return inner if kind == "dict" else [[value] for value in inner]
    if kind == "list":
        return [*([text] for text in texts), *texts, [texts], [[texts]], [None], [{"Key": texts[0]}]]
    if kind in ("dict", "raw"):
        return [
            *({text: text} for text in texts),
            *({"Name": text, "Values": [text]} for text in texts),
            *({"k": {"deep": [text]}} for text in texts),
            *texts,
        ]
    return [*texts, *NUMBERS] if kind in ("int", "float") else texts


def is_safe(text: str) -> bool:
    """Return whether a terminal and a log show a text as it is, in one line."""
    return _UNSAFE.search(text) is None


@contextlib.contextmanager
def time_limit(seconds: int) -> t.Iterator[None]:
    """Fail if the block takes longer, for example in a regular expression or in a loop."""

    def expire(_number: int, _frame: t.Any) -> t.NoReturn:
        raise AssertionError(f"no end after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, expire)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
