# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Creates a collections tree with a copy: antsibull-nox creates one only for sessions with a virtual environment.

ansible-test and other tools require a tree, and they do not follow a link. The checks, the tests and the documentation
site use this script.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
AMAZON_AWS = ROOT / ".venv" / "collections" / "ansible_collections" / "amazon" / "aws"


def copy_collection(tree: pathlib.Path, *, amazon_aws: pathlib.Path = AMAZON_AWS) -> pathlib.Path:
    """Copy all files that git does not ignore into a new tree, next to the dependency.

    Returns the folder of the collection, which is a git repository itself.
    """
    collection = tree / "ansible_collections" / "passwordless" / "rds"
    shutil.rmtree(tree, ignore_errors=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        source, target = ROOT / name, collection / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    (tree / "ansible_collections" / "amazon").mkdir()
    (tree / "ansible_collections" / "amazon" / "aws").symlink_to(amazon_aws.resolve())
    subprocess.run(["git", "init", "--quiet"], cwd=collection, check=True)
    subprocess.run(["git", "add", "--all"], cwd=collection, check=True)
    return collection
