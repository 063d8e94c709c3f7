# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The checks, and the tests on each supported ansible-core with the oldest and newest dependencies.

The session ``lint`` runs all checks. They use the installed environment and no network: run them with ``--no-venv``.
Some are sessions of antsibull-nox, which antsibull-nox.toml configures. The others of antsibull-nox install packages
from the network for each run, or run containers, so the sessions of this file do the same work.

``make test-all`` runs the sessions for each ansible-core, in virtual environments. ``nox --list`` lists all sessions.
"""

from __future__ import annotations

import functools
import pathlib
import subprocess
import sys
import typing as t

import antsibull_nox
import nox

ROOT = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "scripts"))

from tree import copy_collection

antsibull_nox.load_antsibull_nox_toml()
nox.options.allow_parallel = True

PACKAGE = "ansible_collections.passwordless.rds"
TYPED = (f"{PACKAGE}.plugins", f"{PACKAGE}.scripts", f"{PACKAGE}.benchmarks", "rds_simulator", "demo")
COPY = ROOT / ".venv" / "copy"
COLLECTION = COPY / "ansible_collections" / "passwordless" / "rds"
ANSIBLE_TEST = ("python", str(ROOT / "scripts" / "run_ansible_test.py"))

check = functools.partial(nox.session, python=False, default=False)


def _run_on_copy(session: nox.Session, *command: str) -> None:
    """Run a command that needs the collection in a collections tree. Show the output if the command fails."""
    session.chdir(COLLECTION)
    session.run(*command, env={"ANSIBLE_COLLECTIONS_PATH": str(COPY), "PYTHONPATH": str(COPY)}, silent=True)


@check()
def copy(session: nox.Session) -> None:
    """Copy the collection to a collections tree, for the checks that need one."""
    copy_collection(COPY)


@check()
def ruff(session: nox.Session) -> None:
    """Lint the Python code, and check its format."""
    session.run("ruff", "check", "--quiet", "--output-format", "concise", ".")
    session.run("ruff", "format", "--check", "--quiet", ".")


@check()
def mypy(session: nox.Session) -> None:
    """Check the types of everything but the tests."""
    packages = [argument for name in TYPED for argument in ("-p", name)]
    session.run("mypy", "--no-error-summary", *packages)


@check(requires=["copy"])
def sanity(session: nox.Session) -> None:
    """Run the sanity tests of ansible-test on the collection. ``make test-all`` also runs them on the tests."""
    excluded = [
        option for folder in ("simulator/", "tests/unit/", "tests/functional/") for option in ("--exclude", folder)
    ]
    _run_on_copy(session, *ANSIBLE_TEST, "sanity", *excluded)


@check(name="ansible-lint", requires=["copy"])
def ansible_lint(session: nox.Session) -> None:
    """Lint the roles and playbooks."""
    _run_on_copy(session, "ansible-lint", "--offline", "--profile", "production", "-q", "--nocolor")


@check(name="antsibull-docs", requires=["copy"])
def antsibull_docs(session: nox.Session) -> None:
    """Lint the documentation of the collection."""
    # with a smaller scope, antsibull-docs does not find the fragments of amazon.aws
    scope = ("--validate-collection-refs", "all")
    _run_on_copy(session, "antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", *scope, ".")


@check(requires=["copy"])
def build(session: nox.Session) -> None:
    """Build the collection."""
    output = ("--output-path", str(ROOT / ".venv" / "build"))
    _run_on_copy(session, "ansible-galaxy", "collection", "build", "--force", *output)


@check(requires=["copy"])
def changelog(session: nox.Session) -> None:
    """Lint the changelog fragments."""
    _run_on_copy(session, "antsibull-changelog", "lint")


@check()
def yamllint(session: nox.Session) -> None:
    """Lint the YAML files."""
    session.run("yamllint", "--strict", ".")


@check()
def reuse(session: nox.Session) -> None:
    """Check that each file has a licence."""
    session.run("reuse", "lint", "--lines")


@check()
def secrets(session: nox.Session) -> None:
    """Scan the files for secrets."""
    session.run("python", "scripts/secret_scan.py")


@check()
def generated(session: nox.Session) -> None:
    """Check that the generated files are current: the pinned requirements, the RETURN blocks and the policies."""
    session.run("python", "scripts/lock.py", "--check")
    session.run("python", "scripts/return_docs.py", "--check")
    session.run("python", "scripts/policy_docs.py", "--check")


# the longest first, so that no worker is idle at the end
CHECKS = (
    *("copy", "sanity", "ansible-lint", "antsibull-docs", "ruff", "mypy", "changelog", "reuse", "yamllint"),
    *("secrets", "build", "generated", "docs-check", "extra-checks"),
)


@check(requires=CHECKS)
def lint(session: nox.Session) -> None:
    """Run all checks."""


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
    session.install(f"ansible-core~={environment.core}.0", *environment.boto3, "-r", "requirements/test.txt")
    tree = pathlib.Path(session.create_tmp()).resolve() / "tree"
    collection = copy_collection(tree, amazon_aws=_amazon_aws(environment.amazon_aws))
    session.chdir(collection)
    variables = {"ANSIBLE_COLLECTIONS_PATH": str(tree), "PYTHONPATH": ""}
    session.run("python", str(ROOT / "scripts" / "run_ansible_test.py"), "sanity", env=variables)
    session.run("python", str(ROOT / "scripts" / "run_ansible_test.py"), "units", env=variables)


def _session(environment: Environment) -> None:
    @nox.session(name=f"ansible-test-{environment}", python=environment.python)
    def _run(session: nox.Session) -> None:
        """Run the sanity and unit tests of ansible-test."""
        _test(session, environment)


for _environment in ENVIRONMENTS:
    _session(_environment)
