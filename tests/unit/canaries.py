# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Marked secrets, and the search for them in everything that a run writes."""

from __future__ import annotations

import base64
import json
import pathlib
import typing as t
import urllib.parse

# the name of each canary says what it stands for; the characters are those of real secrets, which encodings change
SECRETS = {
    "secret_key": "CanarySecretKey/7MDENG+bPxRfiCYzEXAMPLE1",
    "session_token": "CanarySessionToken//IQoJb3JpZ2luX2VjE+H8aCXVzLWVhc3QtMSJGMEQCIC2=",
    "profile_secret_key": "CanaryProfileKey/K7MDENG+bPxRfiCYEXAMPL2",
    "profile_session_token": "CanaryProfileToken//FwoGZXIvYXdzEBYaD+kxS2luZ3M0=",
    "master_user_password": "Canary-Master;Pw&1<x>",
    "admin_password": 'Canary-Admin "Pw" %2',
    "password": "Canary-User'Pw+3=é",
}
# what every token contains, whoever has signed it, and in any encoding of a URL
TOKEN_MARKS = ("X-Amz-Signature", "Action=connect")


def spellings(secret: str) -> set[str]:
    """Return the secret as it can be written: plain, as JSON, as Python, in a URL, and in base64."""
    encoded = secret.encode()
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        urllib.parse.quote(secret),
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        base64.b64encode(encoded).decode(),
        encoded.hex(),
    }


def leaks(text: str, secrets: t.Iterable[str] = SECRETS.values(), marks: t.Iterable[str] = TOKEN_MARKS) -> list[str]:
    """Return the secrets, and the marks of tokens, that a text contains."""
    found = [secret for secret in secrets if any(spelling in text for spelling in spellings(secret))]
    return [*found, *(mark for mark in marks if any(spelling in text for spelling in spellings(mark)))]


def written_files(folder: pathlib.Path, *ignored: pathlib.Path) -> dict[str, str]:
    """Return the contents of all files below a folder, by name, except those that contain secrets on purpose."""
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path not in ignored
    }


class Searched:
    """The places that a test has searched. ``check`` fails at the first secret."""

    def __init__(self, secrets: t.Iterable[str] = SECRETS.values()) -> None:
        self.secrets = tuple(secrets)
        self.places: dict[str, int] = {}

    def check(self, place: str, text: str, *, where: t.Any = "") -> None:
        self.places[place] = self.places.get(place, 0) + len(text)
        found = leaks(text, self.secrets)
        assert found == [], f"{place} contains {found} {where}: {_excerpt(text, found)}"


def _excerpt(text: str, found: t.Sequence[str]) -> str:
    at = min((text.find(spelling) for secret in found for spelling in spellings(secret) if spelling in text), default=0)
    return text[max(at - 300, 0) : at + 200]
