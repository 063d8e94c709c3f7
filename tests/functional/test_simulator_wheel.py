# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The simulator's wheel: it is built and installed without a network, and the installed simulator answers."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import zipfile

import boto3
import pytest
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, KEYS, ROOT
from rds_simulator import __version__

SIMULATOR = ROOT / "simulator"
PACKAGE = SIMULATOR / "src" / "rds_simulator"
SEED = """\
db_instances:
  - identifier: orders
    engine: mysql
"""
# runs the command with --help, then says whether it has imported moto, which takes a second or more
HELP = """
import runpy, sys
sys.argv = ["rds-simulator", "--help"]
try:
    runpy.run_module("rds_simulator", run_name="__main__")
except SystemExit:
    print("moto imported:", "moto" in sys.modules)
"""


def requirements():
    lines = (ROOT / "requirements" / "simulator.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def run(*arguments, **options):
    return subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=HANG, **options).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("flit_core", reason="flit_core builds the wheel")
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "flit_core.wheel", "--outdir", str(folder), cwd=SIMULATOR)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The environment of a process that finds the installed simulator, and not the checkout's."""
    pytest.importorskip("pip", reason="pip installs the wheel")
    target = tmp_path_factory.mktemp("target")
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--target",
        str(target),
        str(wheel),
    )
    return {**os.environ, **KEYS, "PYTHONPATH": str(target)}, target


def test_requirements_match_pyproject():
    text = (SIMULATOR / "pyproject.toml").read_text()
    declared = re.search(r"^dependencies = (\[.*?^\])", text, re.MULTILINE | re.DOTALL)[1]
    assert sorted(ast.literal_eval(declared)) == sorted(requirements())


def test_wheel_holds_every_file_of_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sorted(names) == sorted(path.relative_to(PACKAGE.parent).as_posix() for path in files)
    assert "rds_simulator/py.typed" in names


def test_wheel_metadata_names_version_and_command(wheel):
    prefix = f"rds_simulator-{__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{prefix}/METADATA").decode()
        commands = archive.read(f"{prefix}/entry_points.txt").decode()
    assert f"\nVersion: {__version__}\n" in metadata
    assert [re.sub(r"\s", "", text) for text in re.findall(r"^Requires-Dist: ([^;\n]+)$", metadata, re.MULTILINE)] == (
        requirements()
    )
    assert "rds-simulator=rds_simulator.__main__:main" in commands


def test_installed_command_prints_version(installed, tmp_path):
    environment, _target = installed
    printed = run(sys.executable, "-m", "rds_simulator", "--version", env=environment, cwd=tmp_path)
    assert printed == f"rds-simulator {__version__}\n"


def test_help_without_import_of_moto(installed, tmp_path):
    environment, target = installed
    code = "import rds_simulator, sys; print(rds_simulator.__file__, 'moto' in sys.modules)"
    assert (
        run(sys.executable, "-c", code, env=environment, cwd=tmp_path) == f"{target}/rds_simulator/__init__.py False\n"
    )
    printed = run(sys.executable, "-c", HELP, env=environment, cwd=tmp_path)
    assert "--speed" in printed
    assert printed.endswith("moto imported: False\n")


def test_installed_simulator_answers(installed, tmp_path):
    environment, _target = installed
    (tmp_path / "fleet.yml").write_text(SEED)
    command = [sys.executable, "-m", "rds_simulator", "--seed", "fleet.yml"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = re.fullmatch(r"listening on (\S+)\n", process.stdout.readline())[1]
            client = boto3.client(
                "rds",
                endpoint_url=url,
                region_name=KEYS["AWS_REGION"],
                aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
            )
            (found,) = client.describe_db_instances(DBInstanceIdentifier="orders")["DBInstances"]
        finally:
            process.terminate()
    assert (found["DBInstanceIdentifier"], found["Engine"]) == ("orders", "mysql")
    assert process.returncode == 0
