# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Finds secrets by the names they stand under, and hides them.

This is private to the collection.
"""

from __future__ import annotations

import difflib
import re
import typing as t

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
_STARS = "********"
_PARTS = re.compile(r"pass?w|pa?s+wo?r?d|pwr?d|passphrase|secret|token|credential|privatekey")

# a misspelt name is compared with these
_NAMES = ("masteruserpassword", "tdecredentialpassword", "password", "passphrase", "secret", "credential", "token")
_ALIKE = 0.8
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

# lists of pairs, as AWS writes tags and processor features
_PAIR_NAMES = ("key", "name", "parametername")

# RDS accepts no shorter password; a shorter text is too likely to be part of an ordinary word
_SHORTEST = 8

# a longer run of letters is no word of AWS's texts
_LONGEST_WORD = 15
_ACCOUNT = re.compile(r"\d{12}")

# these name a secret or its key, and are none
_REFERENCE = re.compile(r"(arn|kmskeyid)s?$")


def is_secret_name(name: str) -> bool:
    """Whether a value under this name is a secret, or would be if the name were spelt correctly."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    if _PARTS.search(plain):
        return True
    words = [plain, *(word.lower() for word in _WORD.findall(name))]
    return any(difflib.get_close_matches(word, _NAMES, n=1, cutoff=_ALIKE) for word in words)


def mask_secrets(value: t.Any) -> t.Any:
    """Return the value with everything hidden that stands under the name of a secret, however deep.

    A null value and a boolean (``ManageMasterUserPassword``) are no secrets.
    """
    if isinstance(value, t.Mapping):
        secret = _secret_keys(value)
        return {name: _hidden(inner) if name in secret else mask_secrets(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask_secrets(inner) for inner in value]
    return value


def secrets_in(value: t.Any) -> set[str]:
    """Return all texts that ``masked`` would hide, without the ARNs and KMS keys of secrets."""
    if isinstance(value, t.Mapping):
        secret = _secret_keys(value)
        value = {name: inner for name, inner in value.items() if not (name in secret and _is_reference(str(name)))}
        return set().union(*(_texts(v) if name in secret else secrets_in(v) for name, v in value.items()))
    if isinstance(value, (list, tuple)):
        return set().union(*map(secrets_in, value))
    return set()


def is_distinctive(text: str) -> bool:
    """Whether a secret can be replaced wherever it occurs without damage to ordinary words and numbers."""
    has_letter = any(character.isalpha() for character in text)
    return len(text) >= _SHORTEST and has_letter and not text.isalpha()


def hide_secrets(text: str, secrets: t.Iterable[str]) -> str:
    """Replace secrets in a text where they stand as a word of their own.

    What is an ordinary word, or looks like the number of an account, is replaced only in quotation marks and right
    after "password". Anywhere else, AWS hardly speaks of the secret, and a replaced word would reveal it.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        whole = rf"(?<!\w){re.escape(secret)}(?!\w)"
        if _is_ordinary(secret):
            text = re.sub(rf"([\"'`]){re.escape(secret)}(?=\1)", rf"\g<1>{_STARS}", text)
            text = re.sub(rf"(password(?:\s+is|\s*[:=])?\s*){whole}", rf"\g<1>{_STARS}", text, flags=re.IGNORECASE)
        else:
            text = re.sub(whole, _STARS, text)
    return text


def _is_ordinary(text: str) -> bool:
    is_word = text.isalpha() and len(text) <= _LONGEST_WORD
    return is_word or len(text) < _SHORTEST or _ACCOUNT.fullmatch(text) is not None


def _is_reference(name: str) -> bool:
    return _REFERENCE.search(re.sub(r"[^a-z]", "", name.lower())) is not None


def _secret_keys(value: t.Mapping[t.Any, t.Any]) -> set[t.Any]:
    """The keys under which secrets stand: by their own name, or as the value of a pair with such a name."""
    is_pair = any(str(key).lower() in _PAIR_NAMES and is_secret_name(str(name)) for key, name in value.items())
    return {key for key in value if is_secret_name(str(key)) or (is_pair and "value" in str(key).lower())}


def _hidden(value: t.Any) -> t.Any:
    return value if value is None or isinstance(value, bool) else HIDDEN


def _texts(value: t.Any) -> set[str]:
    if isinstance(value, t.Mapping):
        return set().union(*map(_texts, value.values()))
    if isinstance(value, (list, tuple)):
        return set().union(*map(_texts, value))
    return set() if value is None or isinstance(value, bool) or value == "" else {str(value)}
