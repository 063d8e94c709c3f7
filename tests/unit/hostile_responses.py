# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Malformed responses of AWS: an element of a real response is removed, emptied, repeated, or has hostile contents.

A fault changes one element of one response of a module run, before botocore reads it.
"""

from __future__ import annotations

import json
import typing as t
import xml.etree.ElementTree as ET

from botocore.httpsession import URLLib3Session

# a template, line breaks, a terminal sequence that XML can contain, a text that reverses what follows, and look-alikes
HOSTILE = "{{ lookup('pipe','touch canary') }}{% raw %}\n\r\x9b31m\u202e\u0430\uff0f../../etc"
_CHILD = "<Unknown><member>1</member></Unknown>"


class Altered(t.NamedTuple):
    """One element of one response: the number of the response, and the path of the element in it."""

    response: int
    path: tuple[str, ...]
    how: str


def _text(value: str) -> t.Callable[[ET.Element, ET.Element], None]:
    def change(_parent: ET.Element, element: ET.Element) -> None:
        for child in list(element):
            element.remove(child)
        element.text = value

    return change


def _nest(_parent: ET.Element, element: ET.Element) -> None:
    element.text = None
    element.append(ET.fromstring(_CHILD))


ALTERATIONS: dict[str, t.Callable[[ET.Element, ET.Element], None]] = {
    "removed": lambda parent, element: parent.remove(element),
    "emptied": _text(""),
    "hostile": _text(HOSTILE),
    "negative": _text("-1"),
    "long": _text("x" * 10_000),
    "nested": _nest,
    "repeated": lambda parent, element: parent.append(element),
}


class HostileEndpoint:
    """Changes the responses that botocore receives. ``alter`` selects what is changed."""

    def __init__(self, monkeypatch: t.Any) -> None:
        self.alter: Altered | None = None
        self.bodies: list[bytes] = []
        original = URLLib3Session.send

        def send(session: t.Any, request: t.Any) -> t.Any:
            response = original(session, request)
            body = response.content
            if self.alter is not None and self.alter.response == len(self.bodies):
                response._content = altered(body, self.alter)
            self.bodies.append(body)
            return response

        monkeypatch.setattr(URLLib3Session, "send", send)

    def points(self) -> list[Altered]:
        """Return all changes of the responses of the run that has ended, one for each path of an element."""
        found = [
            Altered(number, path, how)
            for number, body in enumerate(self.bodies)
            for path in paths(body)
            for how in ALTERATIONS
        ]
        self.bodies.clear()
        return found


def altered(body: bytes, change: Altered) -> bytes:
    """Return the body with every element at a path changed."""
    if not body.startswith(b"<"):
        return json.dumps(_altered_json(json.loads(body), change.path, change.how)).encode()
    root = ET.fromstring(body)
    for parent, element in _elements(root, change.path):
        ALTERATIONS[change.how](parent, element)
    return ET.tostring(root)


def paths(body: bytes) -> list[tuple[str, ...]]:
    """Return the distinct paths of the elements in a body."""
    if body.startswith(b"<"):
        return list(dict.fromkeys(_paths(ET.fromstring(body), ())))
    try:
        return list(dict.fromkeys(_json_paths(json.loads(body), ())))
    except ValueError:  # another protocol
        return []


def _paths(element: ET.Element, above: tuple[str, ...]) -> t.Iterator[tuple[str, ...]]:
    for child in element:
        path = (*above, child.tag)
        yield path
        yield from _paths(child, path)


def _elements(root: ET.Element, path: tuple[str, ...]) -> list[tuple[ET.Element, ET.Element]]:
    parents = [root]
    for name in path[:-1]:
        parents = [child for parent in parents for child in parent if child.tag == name]
    return [(parent, child) for parent in parents for child in list(parent) if child.tag == path[-1]]


def _json_paths(value: t.Any, above: tuple[str, ...]) -> t.Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*above, name)
            yield from _json_paths(inner, (*above, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _json_paths(inner, (*above, "member"))


_JSON: dict[str, t.Any] = {
    "emptied": "",
    "hostile": HOSTILE + "\x1b[2J\0",
    "negative": -1,
    "long": "x" * 10_000,
    "nested": {"Unknown": [1]},
    "repeated": [None, None],
}


def _altered_json(value: t.Any, path: tuple[str, ...], how: str) -> t.Any:
    if isinstance(value, list):
        return [_altered_json(inner, path[1:], how) for inner in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    if len(path) > 1:
        return {**value, path[0]: _altered_json(value[path[0]], path[1:], how)}
    rest = {name: inner for name, inner in value.items() if name != path[0]}
    return rest if how == "removed" else {**rest, path[0]: _JSON[how]}
