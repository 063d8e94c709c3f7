# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Builds the documentation site with antsibull-docs and sphinx. Needs no network.

usage: docs.py [FOLDER]     default: docs/build

Each warning is an error, except for links to other sites, which cannot be resolved without a network.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from ansible_collections.passwordless.rds.scripts.tree import ROOT, copy_collection

COLLECTION = "passwordless.rds"
GUIDES = ROOT / "docs" / "docsite" / "rst"
OPTIONS = ("--use-current", "--squash-hierarchy", "--fail-on-error")
_INTERSPHINX = re.compile(r"^intersphinx_mapping = \{.*?^\}$", re.DOTALL | re.MULTILINE)
_ELSEWHERE = re.compile(
    r"undefined label: '(common_return_values|ansible_configuration_settings|ansible_collections\.(amazon|ansible)\.)"
)


def build(work: pathlib.Path, html: pathlib.Path) -> list[str]:
    """Build the pages in ``html``, with intermediate files in ``work``. Return the relevant warnings."""
    copy_collection(work / "collections")
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(work / "collections")}

    def run(*command: str) -> None:
        subprocess.run(command, cwd=work, env=environment, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    site, warnings = work / "site", work / "warnings"
    site.mkdir(mode=0o755)
    run("antsibull-docs", "sphinx-init", *OPTIONS, "--dest-dir", str(site), COLLECTION)
    (site / "rst").chmod(0o755)  # antsibull-docs refuses a folder that others may write to
    configured = ("--config-file", str(site / "antsibull-docs.cfg"))
    cleaned = ("--cleanup", "everything", "--dest-dir", str(site / "rst"))
    run("antsibull-docs", *configured, "collection", *OPTIONS, *cleaned, COLLECTION)
    # antsibull-docs reads only the texts
    shutil.copytree(GUIDES / "images", site / "rst" / "docsite" / "images")
    configuration = site / "conf.py"
    configuration.write_text(_INTERSPHINX.sub("intersphinx_mapping = {}", configuration.read_text()))
    run("sphinx-build", "-q", "-b", "html", "-c", str(site), "-w", str(warnings), str(site / "rst"), str(html))
    return [line for line in warnings.read_text().splitlines() if not _ELSEWHERE.search(line)]


def main() -> None:
    html = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs" / "build").resolve()
    with tempfile.TemporaryDirectory() as work:
        warnings = build(pathlib.Path(work), html)
    if warnings:
        sys.exit("\n".join(warnings))
    print(html / "index.html")


if __name__ == "__main__":
    main()
