# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Cassettes: the recorded answers of an experiment, without anything that identifies an account."""

from __future__ import annotations

import json
import pathlib
import re
import typing as t
from datetime import datetime

from .model import Experiment, Position, Records

ACCOUNT, RUN_ID = "123456789012", "ask-00000000"
_DROPPED = frozenset({"ResponseMetadata", "Marker"})
_SECRET = re.compile(r"password|secret|token", re.IGNORECASE)
# longest first: a part of one must not match another
_TEXTS = (
    (
        re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
        "00000000-0000-0000-0000-000000000000",
    ),
    (re.compile(r"(?<![\w.-])ask-[0-9a-f]{8}"), RUN_ID),
    (
        re.compile(r"\.(?:cluster-(?:ro-)?)?[a-z0-9]{8,}\.([a-z0-9-]+)\.rds\.amazonaws\.com"),
        r".example.\1.rds.amazonaws.com",
    ),
    (re.compile(r"\b(db|cluster|prx)-[A-Z0-9]{20,}\b"), r"\1-EXAMPLE"),
    (re.compile(r"\b(vpc|subnet|sg|eni|rtb)-[0-9a-f]{8,}\b"), r"\1-example"),
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{12,}\b"), r"\1EXAMPLE"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), ACCOUNT),
)
_IDENTIFYING = frozenset({"HostedZoneId", "MasterUsername", "DomainMemberships", "VpcSecurityGroups", "DBSubnetGroup"})


def scrubbed(value: t.Any, name: str = "") -> t.Any:
    """Return a value without account IDs, endpoints, resource IDs, networks, request IDs and secrets."""
    if isinstance(value, t.Mapping):
        return {key: scrubbed(item, key) for key, item in value.items() if key not in _DROPPED | _IDENTIFYING}
    if isinstance(value, (list, tuple)):
        return [scrubbed(item, name) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if _SECRET.search(name) and isinstance(value, str):
        return "***"
    if isinstance(value, str):
        for pattern, replacement in _TEXTS:
            value = pattern.sub(replacement, value)
    return value


def cassette(experiment: Experiment, records: Records, trace: list[dict[str, t.Any]], *, date: str) -> dict[str, t.Any]:
    """Return the cassette of an experiment: its question, its answer, and each call with its answer."""
    return {
        "switch": experiment.switch,
        "question": experiment.question,
        "position": experiment.read(records),
        "date": date,
        "calls": scrubbed(trace),
        "records": scrubbed(records),
    }


def save(folder: pathlib.Path, content: t.Mapping[str, t.Any]) -> pathlib.Path:
    """Write a cassette, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{content['switch']}.json"
    path.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    return path


def answer(content: t.Mapping[str, t.Any]) -> tuple[Position | None, list[tuple[str, str]]]:
    """Return what two cassettes of one experiment must have in common: the position, and the error of each call."""
    waited = ("DescribeDBInstances", "DescribeDBClusters", "DescribeDBSnapshots")
    calls = [(item["operation"], item.get("error", "")) for item in content["calls"] if item["operation"] not in waited]
    return content["position"], calls
