# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Installation of the environment, with stand-ins for the interpreter and uv that record their calls."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, ROOT

PYTHON = """#!/bin/sh
echo "python $*" >>"$CALLS"
for last; do :; done
case "$*" in
-V) echo Python 3.12.0 ;;
-c*sys.executable*) echo "$0" ;;
-c*"import pip"*) [ -z "${NO_PIP:-}" ] ;;
"-m pip config list") printf '%b' "${PIP_SETTINGS:-}" ;;
"-m venv"*) mkdir -p "$last/bin" && cp "$0" "$last/bin/python" ;;
"-m ensurepip"*) [ -z "${NO_ENSUREPIP:-}" ] ;;
"-m virtualenv"*) exit 1 ;;
*awscli.txt*) [ -z "${NO_AWSCLI:-}" ] ;;
*login.txt*) [ -z "${NO_LOGIN:-}" ] ;;
*"--target .venv/uv"*)
    [ -z "${NO_UV:-}" ] || exit 1
    mkdir -p .venv/uv/bin && cp "$UV_STAND_IN" .venv/uv/bin/uv ;;
*fetch_amazon_aws.py*galaxy) ;;
*fetch_amazon_aws.py*) [ -z "${NO_PACKAGE:-}" ] ;;
esac
"""
UV = """#!/bin/sh
echo "uv $* index=${UV_DEFAULT_INDEX:-} certificates=${SSL_CERT_FILE:-} downloads=$UV_PYTHON_DOWNLOADS" >>"$CALLS"
echo "indexes=${UV_INDEX:-} links=${UV_FIND_LINKS:-} no_index=${UV_NO_INDEX:-} proxy=${ALL_PROXY:-}" >>"$CALLS"
case "$*" in *awscli.txt*) [ -z "${NO_AWSCLI:-}" ] || exit 1 ;; esac
case "$*" in *login.txt*) [ -z "${NO_LOGIN:-}" ] || exit 1 ;; esac
[ -z "${UV_FAILS:-}" ]
"""
NPM = """#!/bin/sh
echo "npm $*" >>"$CALLS"
[ -z "${NO_PACKAGES:-}" ]
"""
BY_UV = "uv pip install --quiet --require-hashes --python .venv/python/bin/python -r requirements/locked/demo.txt"
BY_PIP = "python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/locked/demo.txt"


NODE_FOLDERS = ("requirements/node", "simulator/tests/iam_reference")


class Checkout:
    """A folder with the real scripts, and stand-ins for the commands that they call."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "scripts").mkdir()
        for name in ("setup", "uv", "find_python"):
            shutil.copy(ROOT / "scripts" / name, folder / "scripts")
        for path in NODE_FOLDERS:
            shutil.copytree(ROOT / path, folder / path, ignore=shutil.ignore_patterns("*.py", "*.js"))
        for name, text in {"python": PYTHON, "uv-stand-in": UV, "npm": NPM}.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)

    def run(self, *layers, **variables):
        """Return the output of the script with its exit code first, and the calls of the stand-ins."""
        calls = self.folder / "calls"
        calls.write_text("")
        known = {"PATH": f"{self.folder}:{os.defpath}", "PYTHON": self.folder / "python", "CALLS": calls}
        environment = {**known, "UV_STAND_IN": self.folder / "uv-stand-in", **variables}
        done = subprocess.run(
            [self.folder / "scripts" / "setup", *layers],
            env={name: str(value) for name, value in environment.items()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=HANG,
            check=False,
        )
        return f"{done.returncode}\n{done.stdout}", calls.read_text()


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def test_setup_demo_uses_uv(checkout):
    output, calls = checkout.run("demo")
    assert output.splitlines() == [
        "0",
        "virtual environment (Python 3.12.0) ... ok",
        "installer ... ok",
        "requirements: demo ... ok",
        "requirements: login ... ok",
        "simulator ... ok",
        "amazon.aws ... ok",
    ]
    assert "--no-deps --no-build-isolation --editable simulator" in calls
    assert f"{BY_UV} index= certificates= downloads=never\n" in calls
    assert BY_PIP not in calls
    link = checkout.folder / ".venv" / "collections" / "ansible_collections" / "passwordless" / "rds"
    assert link.resolve() == checkout.folder


@pytest.mark.parametrize("failure", ["NO_UV", "UV_FAILS"])
def test_setup_demo_without_uv_uses_pip(checkout, failure):
    output, calls = checkout.run("demo", **{failure: "1"})
    assert output.startswith("0\n"), output
    assert BY_PIP in calls


def test_setup_python_without_pip_installs_pip_in_environment(checkout):
    output, calls = checkout.run("demo", NO_PIP="1")
    assert output.startswith("0\n"), output
    assert "python -m ensurepip\n" in calls
    assert BY_UV in calls


def test_setup_python_without_ensurepip_names_missing_package(checkout):
    output, _calls = checkout.run("demo", NO_PIP="1", NO_ENSUREPIP="1")
    assert output.startswith("1\n")
    assert "apt-get install python3-venv" in output


def test_setup_amazon_aws_not_in_index_uses_galaxy(checkout):
    output, calls = checkout.run("demo", NO_PACKAGE="1")
    assert output.startswith("0\n"), output
    assert "python scripts/fetch_amazon_aws.py .venv/collections galaxy\n" in calls


def test_setup_further_layers_extend_environment(checkout):
    checkout.run("demo")
    output, calls = checkout.run("molecule", "awx", "awscli")
    assert output == "0\nAWS CLI ... ok\nrequirements: molecule awx ... ok\n"
    assert "--python .venv/awscli/bin/python -r requirements/locked/awscli.txt" in calls
    assert "-r requirements/locked/molecule.txt -r requirements/locked/awx.txt" in calls
    assert (checkout.folder / ".venv" / "tools" / "aws").is_symlink()


def test_setup_demo_without_login_layer_says_so(checkout):
    output, _calls = checkout.run("demo", NO_LOGIN="1")
    assert output.startswith("0\n"), output
    assert "requirements: login ... not available: logins are skipped (.venv/setup.log says why)\n" in output


def test_setup_node_installs_both_folders(checkout):
    checkout.run("demo")
    output, calls = checkout.run("node")
    assert output == "0\nNode.js packages ... ok\n"
    assert "npm ci --prefix .venv/node " in calls
    assert "npm ci --prefix .venv/iam-reference " in calls
    assert (checkout.folder / ".venv" / "node" / "package-lock.json").is_file()


def test_setup_node_without_packages_removes_folders(checkout):
    checkout.run("demo")
    output, _calls = checkout.run("node", NO_PACKAGES="1")
    assert output.startswith("0\nNode.js packages ... not available: their tests are skipped")
    assert not (checkout.folder / ".venv" / "node").exists()


@pytest.mark.parametrize(
    ("settings", "variables", "index"),
    [
        ("global.index-url='mirror'", {}, "mirror"),
        ("global.index-url='mirror'\\ninstall.index-url='nearer'", {}, "nearer"),
        (":env:.index-url='chosen'\\nglobal.index-url='mirror'", {}, "chosen"),
        ("global.index-url='mirror'", {"UV_DEFAULT_INDEX": "own"}, "own"),
    ],
)
def test_setup_uv_uses_index_of_pip(checkout, settings, variables, index):
    output, calls = checkout.run("demo", PIP_SETTINGS=f"global.cert='ca.pem'\\n{settings}\\n", **variables)
    assert output.startswith("0\n"), output
    assert f"{BY_UV} index={index} certificates=ca.pem downloads=never\n" in calls


def test_setup_without_aws_cli_adds_other_layers(checkout):
    checkout.run("demo")
    output, calls = checkout.run("molecule", "awscli", NO_AWSCLI="1")
    assert output.splitlines() == [
        "0",
        "AWS CLI ... not available: its tests are skipped (.venv/setup.log says why)",
        "requirements: molecule ... ok",
    ]
    assert "-r requirements/locked/molecule.txt" in calls
    assert not (checkout.folder / ".venv" / "tools" / "aws").exists()


def test_setup_aws_cli_unavailable_removes_old_command(checkout):
    """The command of an earlier installation may have another version than the locked one."""
    checkout.run("demo")
    checkout.run("awscli")
    assert (checkout.folder / ".venv" / "tools" / "aws").is_symlink()
    checkout.run("awscli", NO_AWSCLI="1")
    assert not (checkout.folder / ".venv" / "tools" / "aws").is_symlink()


@pytest.mark.parametrize(
    ("settings", "variables", "expected"),
    [
        ("global.extra-index-url='second'", {}, "indexes=second "),
        ("global.extra-index-url='second third'", {}, "indexes=second third "),
        (r"global.extra-index-url='\\nsecond\\nthird'", {}, "indexes=second third "),
        (r"global.find-links='\\nwheels\\nothers'", {}, "links=wheels,others "),
        ("global.extra-index-url='second'", {"UV_INDEX": "own"}, "indexes=own "),
        ("global.extra-index-url='second'", {"UV_EXTRA_INDEX_URL": "own"}, "indexes= "),
        ("global.find-links='wheels others'", {}, "links=wheels,others "),
        ("global.find-links='wheels'", {"UV_FIND_LINKS": "own"}, "links=own "),
        ("global.no-index='true'", {}, "no_index=1 "),
        ("global.no-index='1'", {}, "no_index=1 "),
        ("global.no-index='false'", {}, "no_index= "),
        ("global.extra-index-url='second'", {"DEFAULT_INDEX_ONLY": "1"}, "indexes= "),
        ("global.find-links='wheels'", {"DEFAULT_INDEX_ONLY": "1"}, "links= "),
        ("global.proxy='gate'", {}, "proxy=gate\n"),
        ("global.proxy='gate'", {"HTTPS_PROXY": "own"}, "proxy=\n"),
    ],
)
def test_setup_uv_uses_settings_of_pip(checkout, settings, variables, expected):
    output, calls = checkout.run("demo", PIP_SETTINGS=f"{settings}\\n", **variables)
    assert output.startswith("0\n"), output
    assert expected in calls


def test_make_parallel_installs_one_layer_at_a_time(tmp_path):
    """The layers share one environment, so `make -j` must not install two at the same time."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements" / "locked").mkdir(parents=True)
    for name in ("uv", "demo", "login", "test", "lint", "docs", "molecule", "awx", "awscli"):
        (tmp_path / "requirements" / "locked" / f"{name}.txt").touch()
    (tmp_path / "requirements" / "node").mkdir()
    (tmp_path / "requirements" / "node" / "package-lock.json").touch()
    (tmp_path / "simulator").mkdir()
    (tmp_path / "simulator" / "pyproject.toml").touch()
    (tmp_path / "scripts").mkdir()
    for name in ("find_python", "fetch_amazon_aws.py"):
        (tmp_path / "scripts" / name).touch()
    setup = tmp_path / "scripts" / "setup"
    setup.write_text('#!/bin/sh\nmkdir -p .venv\necho "begin" >>calls\nsleep 0.2\necho "end" >>calls\n')
    setup.chmod(0o755)
    subprocess.run(["make", "-j4", "setup"], cwd=tmp_path, check=True, capture_output=True, timeout=HANG)
    assert (tmp_path / "calls").read_text() == "begin\nend\n" * 4
