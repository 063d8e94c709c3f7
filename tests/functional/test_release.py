# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The collection can be released: the changelog is generated, and the tarball holds what users need."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile

import pytest
import yaml
from ansible_collections.passwordless.rds.scripts.tree import copy_collection
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"- uses: [\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+")
# what users get at the top of the collection; anything else belongs to build_ignore in galaxy.yml
PACKED = {
    "CHANGELOG.rst",
    "CONTRIBUTING.md",
    "FILES.json",
    "LICENSES",
    "MANIFEST.json",
    "README.md",
    "REUSE.toml",
    "SECURITY.md",
    "changelogs",
    "docs",
    "meta",
    "playbooks",
    "plugins",
    "roles",
}


def run(collection, *command):
    tree = str(collection.parents[2])
    done = subprocess.run(
        command,
        cwd=collection,
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": tree, "PYTHONPATH": tree},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_release_generates_the_changelog(tmp_path):
    collection = copy_collection(tmp_path / "tree")
    version = yaml.safe_load((collection / "galaxy.yml").read_text())["version"]
    folder = collection / "changelogs" / "fragments"
    summary = next(
        text["release_summary"]
        for text in map(yaml.safe_load, (path.read_text() for path in folder.glob("*.yml")))
        if "release_summary" in text
    )
    run(collection, "antsibull-changelog", "release")
    released = (collection / "CHANGELOG.rst").read_text()
    assert f"\nv{version}\n" in released
    assert summary.split(":")[0] in " ".join(released.split())
    assert list(folder.glob("*.yml")) == []
    assert list(yaml.safe_load((collection / "changelogs" / "changelog.yaml").read_text())["releases"]) == [version]
    run(collection, "antsibull-changelog", "lint")


def test_tarball_holds_only_what_users_need(tmp_path):
    collection = copy_collection(tmp_path / "tree")
    for ignored in (".venv", ".nox", "docs/build", ".coverage"):
        (collection / ignored).mkdir(parents=True)
        (collection / ignored / "left-over").touch()
    run(collection, "ansible-galaxy", "collection", "build", "--output-path", str(tmp_path))
    (tarball,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(tarball) as packed:
        names = packed.getnames()
    assert {name.split("/")[0] for name in names} == PACKED
    assert not [name for name in names if "left-over" in name]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_pins_actions_and_runs_make(path):
    used = [line.strip() for line in path.read_text().splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not PINNED.fullmatch(line)] == []
    (job,) = yaml.safe_load(path.read_text())["jobs"].values()
    (command,) = (step["run"] for step in job["steps"] if "run" in step)
    assert command in ("make test", "make test-all")


def test_workflow_of_all_versions_installs_the_pythons_of_the_matrix():
    matrix = set(re.findall(r'Environment\("[\d.]+", "([\d.]+)"', (ROOT / "noxfile.py").read_text()))
    installed = (ROOT / ".github" / "workflows" / "test-all.yml").read_text().split("python-version: |")[1]
    assert set(re.findall(r"^ +(\d\.\d+)$", installed, re.MULTILINE)) == matrix
