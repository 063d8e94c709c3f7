# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The pinned requirements: their content for each supported Python, and the check that they are current."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from ansible_collections.passwordless.rds.scripts import fetch_amazon_aws, lock
from ansible_collections.passwordless.rds.tests.functional.conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
LAYERS = (*lock.SHARED, *lock.SEPARATE)


def requirement_lines(name):
    """Return the requirements of a locked file, each with its hashes on one line."""
    text = (lock.LOCKED / f"{name}.txt").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins(name, python):
    """Return name -> version of the pins of a locked file that apply to a Python version."""
    environment = {"python_version": python, "python_full_version": f"{python}.1"}
    found = {}
    for line in requirement_lines(name):
        requirement = Requirement(line.partition("--hash")[0].strip())
        if requirement.marker and not requirement.marker.evaluate(environment):
            continue
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        assert requirement.name not in found, f"{requirement.name} is pinned twice for Python {python}"
        found[canonicalize_name(requirement.name)] = specifier.version
    return found


def test_locked_files_exist_for_each_layer():
    declared = {path.stem for path in lock.DECLARED.glob("*.txt")}
    assert declared - {"simulator"} == set(LAYERS)
    assert {path.stem for path in lock.LOCKED.glob("*.txt")} == {*LAYERS, lock.CONSTRAINTS}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("layer", LAYERS)
def test_locked_file_satisfies_declared_ranges(layer, python):
    pinned = pins(layer, python)
    for text in lock.declared(layer):
        requirement = Requirement(text)
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, text


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("layer", lock.SHARED)
def test_locked_files_of_one_environment_agree(layer, python):
    assert pins(layer, python).items() <= pins(lock.CONSTRAINTS, python).items()


def test_locked_files_name_no_index():
    for path in lock.LOCKED.glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        assert [line for line in lines if line.startswith("-") or "://" in line or " @ " in line] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_locked_file_has_a_hash_for_each_requirement(layer):
    lines = requirement_lines(layer)
    assert lines
    assert [
        line for line in lines if not re.fullmatch(r"\S+==\S+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+", line)
    ] == []


def test_installation_requires_hashes():
    """A requirement that is added to a locked file without a hash is an error, too."""
    commands = [
        line
        for name in ("setup",)
        for line in (ROOT / "scripts" / name).read_text().replace("\\\n", " ").splitlines()
        if "pip install" in line and "simulator" not in line and "$options" not in line
    ]
    assert len(commands) >= 3
    assert [line for line in commands if "--require-hashes" not in line] == []


def test_each_amazon_aws_package_has_a_hash():
    text = (ROOT / "noxfile.py").read_text()
    used = set(re.findall(r"\"(ansible==[\d.]+)\"", text)) | {fetch_amazon_aws.PACKAGE}
    assert used == set(fetch_amazon_aws.HASHES)
    assert [digest for digest in fetch_amazon_aws.HASHES.values() if not re.fullmatch("[0-9a-f]{64}", digest)] == []


def test_npm_packages_have_hashes():
    for folder in ("requirements/node", "simulator/tests/iam_reference"):
        packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
        assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_each_layer_is_installed_by_a_make_target():
    makefile = (ROOT / "Makefile").read_text()
    installed = set(re.findall(r"\$\(LOCKED\)/(\w+)\.txt", makefile))
    assert installed == set(LAYERS)


def test_demo_layer_excludes_tools_of_other_layers():
    """The server extra of moto alone would add 40 packages that the simulator does not use."""
    assert not {"pytest", "ruff", "mypy", "sphinx", "molecule", "cfn-lint", "docker"} & set(pins("demo", "3.12"))


@pytest.fixture
def check(tmp_path):
    """Return a function that runs the check on a copy of the requirements."""
    shutil.copytree(lock.DECLARED, tmp_path / "requirements")
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "lock.py", tmp_path / "scripts")

    def _check():
        command = [sys.executable, str(tmp_path / "scripts" / "lock.py"), "--check"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return _check


def test_lock_check_current_files_pass(check):
    assert check().returncode == 0


@pytest.mark.parametrize(
    ("layer", "outdated"),
    [("uv", "uv"), ("lint", "constraints, demo, login, test, lint, docs, molecule, awx, benchmarks")],
)
def test_lock_check_changed_requirement_names_outdated_files(check, tmp_path, layer, outdated):
    with (tmp_path / "requirements" / f"{layer}.txt").open("a") as file:
        file.write("added>=1\n")
    done = check()
    assert done.returncode == 1
    assert f"outdated: {outdated}. Run `make lock`." in done.stderr


def test_lock_check_changed_comment_passes(check, tmp_path):
    with (tmp_path / "requirements" / "lint.txt").open("a") as file:
        file.write("# a comment\n")
    assert check().returncode == 0
