# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Puts amazon.aws into a collections tree: from Galaxy where it answers, else out of the ansible package.

usage: fetch_amazon_aws.py COLLECTIONS_FOLDER [VERSIONS_OF_THE_ANSIBLE_PACKAGE]
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import zipfile

WANTED = "ansible_collections/amazon/aws/"
# the package carries the collections of its day; any Python can unpack it
PACKAGE = "ansible>=14,<15"


def from_galaxy(tree: pathlib.Path) -> bool:
    """Try Galaxy for a short while."""
    galaxy = pathlib.Path(sys.executable).with_name("ansible-galaxy")
    command = [str(galaxy), "collection", "install", "amazon.aws:>=10.0.0", "-p", str(tree), "--timeout", "10"]
    try:
        return subprocess.run(command, timeout=90, check=False, stdin=subprocess.DEVNULL).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def from_package(tree: pathlib.Path, package: str) -> None:
    """Download the ansible package without installing it, and unpack the one collection."""
    with tempfile.TemporaryDirectory() as folder:
        download = ["download", "--quiet", "--no-deps", "--only-binary=:all:", "--python-version", "3.12"]
        subprocess.run([sys.executable, "-m", "pip", *download, "-d", folder, package], check=True)
        (wheel,) = pathlib.Path(folder).glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(tree, [name for name in archive.namelist() if name.startswith(WANTED)])


def main() -> None:
    tree = pathlib.Path(sys.argv[1])
    if len(sys.argv) > 2:
        from_package(tree, sys.argv[2])
    elif not from_galaxy(tree):
        from_package(tree, PACKAGE)
    if not (tree / WANTED / "MANIFEST.json").is_file():
        sys.exit("amazon.aws could be had neither from Galaxy nor from the Python package index")


if __name__ == "__main__":
    main()
