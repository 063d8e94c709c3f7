# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The scan for secrets finds new ones, and accepts those that are marked or in the baseline."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("detect_secrets")

from ansible_collections.passwordless.rds.scripts import secret_scan

# assembled here, so that the scan of this file does not find them
KEY_ID = "AKIA" + "Z7Q2M5KXW3RTYB4N"
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
PASSWORD = "Tr0ub4" + "dor"
PRIVATE = "-----BEGIN " + "RSA PRIVATE KEY-----"
SECRETS = [
    ("key.py", f'ID = "{KEY_ID}"', "AWS Access Key"),
    ("notes.md", f"The key is {KEY_ID}.", "AWS Access Key"),
    ("tests/test_new.py", f'token = "{TOKEN}"', "GitHub Token"),
    ("vars.yml", "github_token: " + TOKEN, "GitHub Token"),
    ("code.py", "url = " + f'"postgres://app:{PASSWORD}@orders"', "Basic Auth Credentials"),
    ("server.pem", PRIVATE, "Private Key"),
]


@pytest.fixture
def checkout(tmp_path):
    """Return a function that writes a file, scans it, and returns the findings that are not in the baseline."""
    (tmp_path / "tests").mkdir()
    secret_scan.save(tmp_path, secret_scan.scan(tmp_path, []))

    def _scan(name, text):
        (tmp_path / name).write_text(f"# a comment\n{text}\n")
        found = secret_scan.scan(tmp_path, [name])
        return secret_scan.unknown(tmp_path, found), found

    return tmp_path, _scan


@pytest.mark.parametrize(("name", "text", "kind"), SECRETS)
def test_new_secret_is_reported_with_its_line(checkout, name, text, kind):
    _root, scan = checkout
    lines, _found = scan(name, text)
    assert f"{name}:2: {kind}" in lines


@pytest.mark.parametrize(("name", "text"), [secret[:2] for secret in SECRETS[2:5]])
def test_marked_secret_is_accepted(checkout, name, text):
    _root, scan = checkout
    assert scan(name, f"{text}  # pragma: allowlist secret")[0] == []


def test_secret_of_the_baseline_is_accepted_until_it_changes(checkout):
    root, scan = checkout
    name, text, _kind = SECRETS[4]
    lines, found = scan(name, text)
    assert lines
    secret_scan.save(root, found)
    assert scan(name, f"\n\n{text}")[0] == []
    assert scan(name, text.replace("Tr0", "Th0"))[0] == [f"{name}:2: Basic Auth Credentials"]
    assert PASSWORD not in (root / secret_scan.BASELINE).read_text()


@pytest.mark.parametrize("key", ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"])
def test_example_key_of_aws_is_accepted(checkout, key):
    _root, scan = checkout
    assert scan("key.py", f'secret_access_key = "{key}"')[0] == []


def test_scan_calls_no_service(checkout):
    """detect-secrets can try each key that it finds at the service."""
    filters = [item["path"] for item in secret_scan.settings()["filters_used"]]
    assert filters
    assert not [path for path in filters if "verif" in path]


def test_baseline_names_only_files_of_the_repository():
    names = json.loads((secret_scan.ROOT / secret_scan.BASELINE).read_text())["results"]
    assert names
    assert sorted(names) == sorted({*names} & {*secret_scan.tracked(secret_scan.ROOT)})


@pytest.mark.slow
def test_scan_of_suspicious_files_finds_what_a_full_scan_finds():
    """The detectors read the text of a file at once first. That may not hide anything from them."""
    names = secret_scan.tracked(secret_scan.ROOT)
    fast, full = (secret_scan.scan(secret_scan.ROOT, names, every_line=every) for every in (False, True))
    assert fast.json() == full.json()
