# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The sessions for each supported ansible-core, and for the oldest and newest dependencies.

``make test-all`` runs all sessions; ``nox --list`` lists them. antsibull-nox.toml configures the sessions of
antsibull-nox that need only the Python package index. The ansible-test sessions of antsibull-nox download ansible-core
from a public forge and run it in containers; the sessions below do the same work in virtual environments.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import typing as t

import antsibull_nox
import nox

ROOT = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "scripts"))

from interpreters import find
from tree import copy_collection

antsibull_nox.load_antsibull_nox_toml()

# these ansible packages contain amazon.aws 10.1.2 and 11.4.0
AMAZON_AWS_10, AMAZON_AWS_11 = "ansible==12.3.0", "ansible==14.5.0"
OLDEST_BOTO3 = ("boto3==1.34.0", "botocore==1.34.0")


class Environment(t.NamedTuple):
    """One combination of supported versions."""

    core: str
    python: str
    amazon_aws: str = AMAZON_AWS_11
    boto3: tuple[str, ...] = ()

    def __str__(self) -> str:
        ends = ("amazon.aws-10.1" if self.amazon_aws == AMAZON_AWS_10 else "", "boto3-1.34" if self.boto3 else "")
        return "-".join(["core", self.core, "py", self.python, *filter(None, ends)])


ENVIRONMENTS = (
    Environment("2.17", "3.10", AMAZON_AWS_10, OLDEST_BOTO3),
    Environment("2.17", "3.10"),
    Environment("2.18", "3.11"),
    Environment("2.19", "3.11"),
    Environment("2.20", "3.12"),
    Environment("2.21", "3.13", AMAZON_AWS_10),
    Environment("2.21", "3.13"),
)


def _amazon_aws(package: str) -> pathlib.Path:
    """Return the folder of amazon.aws from this ansible package. Downloads it once."""
    tree = ROOT / ".nox" / "collections" / package.replace("==", "-")
    folder = tree / "ansible_collections" / "amazon" / "aws"
    if not (folder / "MANIFEST.json").is_file():
        fetch = [sys.executable, str(ROOT / "scripts" / "fetch_amazon_aws.py"), str(tree), package]
        subprocess.run(fetch, check=True)
    return folder


def _test(session: nox.Session, environment: Environment) -> None:
    if find(environment.python) is None:
        session.skip(f"there is no Python {environment.python}")
    session.install(f"ansible-core~={environment.core}.0", *environment.boto3, "-r", "requirements/test.txt")
    tree = pathlib.Path(session.create_tmp()).resolve() / "tree"
    collection = copy_collection(tree, amazon_aws=_amazon_aws(environment.amazon_aws))
    session.chdir(collection)
    variables = {"ANSIBLE_COLLECTIONS_PATH": str(tree), "PYTHONPATH": ""}
    session.run("python", str(ROOT / "scripts" / "run_ansible_test.py"), "sanity", env=variables)
    session.run("python", str(ROOT / "scripts" / "run_ansible_test.py"), "units", env=variables)


def _session(environment: Environment) -> None:
    @nox.session(name=f"ansible-test-{environment}", python=find(environment.python) or False)
    def _run(session: nox.Session) -> None:
        """Run the sanity and unit tests of ansible-test."""
        _test(session, environment)


for _environment in ENVIRONMENTS:
    _session(_environment)
