# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Find secrets by the names of their parameters, and hide them in results and messages.

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

# RDS does not accept a shorter password, and a shorter text is often part of an ordinary word
_SHORTEST = 8

# AWS messages contain no word that is longer
_LONGEST_WORD = 15
_ACCOUNT = re.compile(r"\d{12}")

# values under these names refer to a secret or its key, but are not secret
_REFERENCE = re.compile(r"(arn|kmskeyid)s?$")


def is_secret_name(name: str) -> bool:
    """Whether a value under this name is a secret, or would be if the name were spelt correctly."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    if _PARTS.search(plain):
        return True
    words = [plain, *(word.lower() for word in _WORD.findall(name))]
    return any(difflib.get_close_matches(word, _NAMES, n=1, cutoff=_ALIKE) for word in words)


def mask_secrets(value: t.Any) -> t.Any:
    """Return the value with every secret replaced, at any depth. The name of a key shows that its value is secret.

    A null value or a boolean (``ManageMasterUserPassword``) is not a secret.
    """
    if isinstance(value, t.Mapping):
        secret = _secret_keys(value)
        return {name: _hidden(inner) if name in secret else mask_secrets(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask_secrets(inner) for inner in value]
    return value


def secrets_in(value: t.Any) -> set[str]:
    """Return all texts that ``mask_secrets`` would hide, except the ARNs and KMS keys of secrets."""
    if isinstance(value, t.Mapping):
        secret = _secret_keys(value)
        value = {name: inner for name, inner in value.items() if not (name in secret and _is_reference(str(name)))}
        return set().union(*(_texts(v) if name in secret else secrets_in(v) for name, v in value.items()))
    if isinstance(value, (list, tuple)):
        return set().union(*map(secrets_in, value))
    return set()


def is_distinctive(text: str) -> bool:
    """Whether replacing every occurrence of a secret leaves ordinary words and numbers intact."""
    has_letter = any(character.isalpha() for character in text)
    return len(text) >= _SHORTEST and has_letter and not text.isalpha()


def hide_secrets(text: str, secrets: t.Iterable[str]) -> str:
    """Return the text with every secret replaced that occurs as a separate word.

    A secret that is an ordinary word, or looks like an account number, is replaced only in quotation marks and directly
    after "password". Elsewhere the word is rarely the secret, and replacing it would reveal the secret.
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
    """Return the keys whose values are secret: by the name of the key, or by the name in a name-value pair."""
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
