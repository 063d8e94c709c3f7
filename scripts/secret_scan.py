# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Scans the files of the repository for secrets, with detect-secrets and without a network.

usage: secret_scan.py [--update]

The scan fails if a file contains a possible secret that is not in .secrets.baseline. Mark an invented secret with the
comment ``pragma: allowlist secret``, or add it to the baseline with --update and review the change. The baseline
contains a hash of each secret and no line numbers, so that it changes only if a secret is added or removed.

detect-secrets passes each line to each detector, which takes most of a minute. This script first passes the text of a
file at once, and scans the lines of a file only if a detector finds something in the text.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import subprocess
import sys
import typing as t

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings, get_plugins, transient_settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASELINE = ".secrets.baseline"
# generated: hashes of packages, which look like secrets
GENERATED = ("requirements/locked/", "requirements/node/package-lock.json", "simulator/tests/iam_reference/")
# detect-secrets reads the values of these files itself, also those without quotes
CONFIGURATION = (".yml", ".yaml", ".ini", ".example", ".cfg", ".toml")
# the example keys of the AWS documentation, and keys in the same format
EXAMPLES = r"^(A(K|S)IA\w{0,12}EXAMPLE\w*|\S+EXAMPLEKEY)$"
# detectors for services that the project does not use; each of them costs time in every line
OTHER_SERVICES = (
    *("ArtifactoryDetector", "AzureStorageKeyDetector", "CloudantDetector", "DiscordBotTokenDetector"),
    *("IPPublicDetector", "IbmCloudIamDetector", "IbmCosHmacDetector", "MailchimpDetector", "OpenAIDetector"),
    *("SendGridDetector", "SlackDetector", "SoftlayerDetector", "SquareOAuthDetector", "StripeDetector"),
    *("TelegramBotTokenDetector", "TwilioKeyDetector"),
)
# it finds each invented password of the tests and the guides by the name of its variable
KEYWORDS = "KeywordDetector"
# it tries the credentials that it finds at their service
VERIFIES = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"

REMEDY = """\
These may be secrets. Remove them; a secret that was pushed must also be revoked. Mark invented ones with the comment
`pragma: allowlist secret`, or run `scripts/env python scripts/secret_scan.py --update` and review the baseline."""


def tracked(root: pathlib.Path) -> list[str]:
    """Return the files that git tracks or would add, without the baseline and generated files."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    names = [name for name in sorted(filter(None, names)) if (root / name).is_file()]
    return [name for name in names if name != BASELINE and not name.startswith(GENERATED)]


def settings() -> dict[str, t.Any]:
    """Return the detectors and filters of detect-secrets, without those that use a network."""
    with default_settings() as defaults:
        defaults.disable_plugins(*OTHER_SERVICES, KEYWORDS)
        defaults.disable_filters(VERIFIES)
        excluded = {"path": "detect_secrets.filters.regex.should_exclude_secret", "pattern": [EXAMPLES]}
        chosen: dict[str, t.Any] = defaults.json()
    return {**chosen, "filters_used": [*chosen["filters_used"], excluded]}


def _is_suspicious(root: pathlib.Path, name: str) -> bool:
    if name.endswith(CONFIGURATION):
        return True
    text = (root / name).read_text(errors="replace")
    return any(plugin.analyze_line(filename=name, line=text, line_number=0) for plugin in get_plugins())


def scan(root: pathlib.Path, names: list[str], *, every_line: bool = False) -> SecretsCollection:
    """Return the possible secrets in these files."""
    found = SecretsCollection(root=str(root))
    with transient_settings(settings()):
        for name in names:
            if every_line or _is_suspicious(root, name):
                found.scan_file(name)
    return found


def unknown(root: pathlib.Path, found: SecretsCollection) -> list[str]:
    """Return a line for each secret that is not in the baseline."""
    results = json.loads((root / BASELINE).read_text())["results"]
    known = {(name, item["type"], item["hashed_secret"]) for name, items in results.items() for item in items}
    return [
        f"{name}:{secret.line_number}: {secret.type}"
        for name, secret in found
        if (name, secret.type, secret.secret_hash) not in known
    ]


def save(root: pathlib.Path, found: SecretsCollection) -> None:
    """Write the baseline, in the format of detect-secrets."""
    results = {
        name: [{"type": item["type"], "hashed_secret": item["hashed_secret"]} for item in items]
        for name, items in found.json().items()
    }
    (root / BASELINE).write_text(json.dumps({**settings(), "results": results}, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Scan the files of the repository for secrets.")
    parser.add_argument("--update", action="store_true", help="write the baseline")
    update = parser.parse_args().update
    found = scan(ROOT, tracked(ROOT))
    if update:
        save(ROOT, found)
    elif lines := unknown(ROOT, found):
        sys.exit("\n".join([*lines, REMEDY]))


if __name__ == "__main__":
    main()
