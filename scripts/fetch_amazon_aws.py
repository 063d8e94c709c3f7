# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Installs amazon.aws in a collections tree, from the ansible package or from Galaxy.

The package also contains the collections with which the tests of the login guide log in to databases.

usage: fetch_amazon_aws.py COLLECTIONS_FOLDER [galaxy | ansible==VERSION]

The package index is required anyway, and the download can run while ansible-core is installed. Galaxy requires
ansible-galaxy. The script runs on any interpreter with pip; for Galaxy, it needs the one of the environment.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import zipfile

WANTED = "ansible_collections/amazon/aws/"
DATABASE_COLLECTIONS = tuple(
    f"ansible_collections/{name}/" for name in ("ansible/mysql", "community/mysql", "community/postgresql")
)
# the package contains the collections of its release date; any Python can unpack it
VERSION, PACKAGE = "11.4.0", "ansible==14.5.0"
# the wheel of each version; pip refuses any other file
HASHES = {
    "ansible==12.3.0": "cd156f82fa87f7a899212b0efa9f7ca3a24d609212de9f78428a572eb01e5414",
    "ansible==14.5.0": "245623ccc2d31d0f6f4bdb63168d550cad305fb032cc43d96e8f61ce8ab0ba84",
}


def from_galaxy(tree: pathlib.Path) -> None:
    """Install the collection with ansible-galaxy."""
    galaxy = pathlib.Path(sys.executable).with_name("ansible-galaxy")
    install = ["collection", "install", f"amazon.aws:=={VERSION}", "--no-deps", "-p", str(tree), "--timeout", "10"]
    subprocess.run([str(galaxy), *install], timeout=90, check=True, stdin=subprocess.DEVNULL)


def from_package(tree: pathlib.Path, package: str) -> None:
    """Download the ansible package without installing it, and unpack the collections that are needed."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = pathlib.Path(folder, "requirements.txt")
        requirements.write_text(f"{package} --hash=sha256:{HASHES[package]}\n")
        download = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
        options = ["--require-hashes", "--python-version", "3.12", "-d", folder, "-r", str(requirements)]
        subprocess.run([sys.executable, "-m", "pip", *download, *options], check=True)
        (wheel,) = pathlib.Path(folder).glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            wanted = (WANTED, *DATABASE_COLLECTIONS)
            archive.extractall(tree, [name for name in archive.namelist() if name.startswith(wanted)])


def main() -> None:
    tree = pathlib.Path(sys.argv[1])
    source = sys.argv[2] if len(sys.argv) > 2 else PACKAGE
    if source != "galaxy" and source not in HASHES:
        sys.exit(f"{source}: its hash is not known. Add it to HASHES in {__file__}.")
    try:
        if source == "galaxy":
            from_galaxy(tree)
        else:
            from_package(tree, source)
    except (subprocess.SubprocessError, OSError) as exc:
        sys.exit(f"amazon.aws: not available from {source}: {exc}")
    if not (tree / WANTED / "MANIFEST.json").is_file():
        sys.exit(f"amazon.aws: {source} does not contain it")


if __name__ == "__main__":
    main()
