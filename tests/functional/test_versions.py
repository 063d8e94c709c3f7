# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The supported versions are the same in each place that states them."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.module_utils._database import mysql
from ansible_collections.passwordless.rds.scripts import lock
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, ROOT

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("rds_*.py"))


def text(path):
    return (ROOT / path).read_text()


def loaded(path):
    return yaml.safe_load(text(path))


def ranges(lines):
    """Return name -> oldest version, from lines such as ``boto3>=1.34.0``."""
    found = (re.match(r"([\w.-]+) ?>= ?([\d.]*\d)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


# Ansible and ansible-galaxy enforce these versions
GALAXY = loaded("galaxy.yml")["dependencies"]["amazon.aws"].removeprefix(">=")
CORE = loaded("meta/runtime.yml")["requires_ansible"].removeprefix(">=")
SDK = ranges(text("meta/ee-requirements.txt").splitlines())
WANTED = {"ansible-core": CORE, "amazon.aws": GALAXY, **SDK, "python": "3.9"}
# only the modules that log in need them
LOGIN_MODULES = ("rds_login_check", "rds_users_info")
DRIVERS = {"psycopg": "3.1", "PyMySQL": "1.2"}


@pytest.fixture(scope="module")
def documented():
    """Return the output of ansible-doc for each module."""
    names = [f"passwordless.rds.{name}" for name in MODULES]
    done = subprocess.run(["ansible-doc", "--json", *names], check=True, capture_output=True, timeout=HANG)
    return {name: entry["doc"] for name, entry in json.loads(done.stdout).items()}


@pytest.mark.parametrize("module", MODULES)
def test_versions_in_ansible_doc_equal_declared_ones(documented, module):
    wanted = {**WANTED, **DRIVERS} if module in LOGIN_MODULES else WANTED
    assert ranges(documented[f"passwordless.rds.{module}"]["requirements"]) == wanted


def test_versions_in_readme_equal_declared_ones():
    section = text("README.md").partition("## Requirements\n")[2].partition("\n## ")[0]
    assert f"- ansible-core {CORE} or later\n" in section
    assert f"- `amazon.aws` {GALAXY} or later\n" in section
    assert f"- boto3 and botocore {SDK['boto3']} or later" in section
    assert f"- Python {WANTED['python']} or later where the modules run" in section
    assert f"boto3 from {SDK['boto3']} on" in section


def test_versions_of_drivers_are_those_of_the_code():
    assert DRIVERS["PyMySQL"] == ".".join(map(str, mysql.OLDEST_PYMYSQL))
    line = "psycopg {psycopg} or later for PostgreSQL, and PyMySQL {PyMySQL} or later for MySQL".format(**DRIVERS)
    assert line in text("README.md")


def test_versions_minimum_of_boto3_equals_botocore():
    assert set(SDK) == {"boto3", "botocore"}
    assert len(set(SDK.values())) == 1


def test_versions_in_requirement_files_equal_declared_ones():
    assert ranges(text("tests/integration/requirements.txt").splitlines()) == SDK
    declared = ranges(lock.declared("demo"))
    assert (declared["ansible-core"], declared["boto3"]) == (CORE, SDK["boto3"])


def test_versions_in_role_and_image_equal_declared_ones():
    for path in ROOT.glob("roles/*/meta/main.yml"):
        assert loaded(path.relative_to(ROOT))["galaxy_info"]["min_ansible_version"] == CORE.removesuffix(".0")
    assert f"ansible-core>={CORE}\n" in text("docs/docsite/rst/guide_awx.rst")


def test_versions_matrix_covers_range_of_readme():
    """The matrix contains the oldest version of each, and the README names the tested versions."""
    matrix = text("noxfile.py")
    cores = sorted(re.findall(r'Environment\("(\d+\.\d+)"', matrix))
    assert f"{cores[0]}.0" == CORE
    assert f'"boto3=={SDK["boto3"]}", "botocore=={SDK["botocore"]}"' in matrix
    oldest, newest = re.search(r"contain amazon.aws (\d+\.\d+)\.\d+ and (\d+\.\d+)\.\d+", matrix).groups()
    assert oldest.split(".")[0] == GALAXY.split(".")[0]
    tested = f"tests ansible-core {cores[0]} to {cores[-1]}, `amazon.aws` {oldest} and {newest}, "
    assert tested in text("README.md")
    assert f'VERSION, PACKAGE = "{newest}.' in text("scripts/fetch_amazon_aws.py")


def test_versions_of_python_agree():
    """find_python, the pinned requirements, the matrix and the README name the same versions."""
    script = text("scripts/find_python")
    (found,) = re.findall(r"\((\d+), (\d+)\) <= sys.version_info\[:2\] <= \((\d+), (\d+)\)", script)
    oldest, newest = ".".join(found[:2]), ".".join(found[2:])
    assert oldest == lock.OLDEST_PYTHON
    assert f"No Python {oldest} to {newest} was found" in script
    assert f"You need Python {oldest} to {newest}" in text("README.md")
    pythons = sorted(re.findall(r'Environment\("[\d.]+", "([\d.]+)"', text("noxfile.py")))
    assert (pythons[0], pythons[-1]) == (oldest, newest)
