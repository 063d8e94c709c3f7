# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The documentation site builds without warnings and agrees with the code."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.module_utils._model import login_cause, problem
from ansible_collections.passwordless.rds.plugins.module_utils._model.restore_source import RESTORE_METHODS
from ansible_collections.passwordless.rds.plugins.module_utils._rules import (
    connect_findings,
    new_database,
    problems,
    restore,
)
from ansible_collections.passwordless.rds.plugins.module_utils._run.create import OPERATIONS
from ansible_collections.passwordless.rds.plugins.modules import rds_connect_policies_info, rds_login_check
from ansible_collections.passwordless.rds.tests.functional import documents


def codes(module, *beginnings):
    """The problem codes that a file of the core uses."""
    return [
        value
        for name, value in vars(module).items()
        if name.startswith(beginnings) and name.isupper() and vars(problem).get(name) is value
    ]


# ``rds-db:connect`` and the actions that find the endpoint of a database
LOGIN_ACTIONS = {"rds-db:connect", "rds:DescribeDBInstances", "rds:DescribeDBClusters"}
GUIDES = sorted(path.stem for path in documents.GUIDES.glob("*.rst"))


@pytest.mark.slow
def test_docs_site_builds_without_warnings(tmp_path):
    build = [sys.executable, str(documents.ROOT / "scripts" / "docs.py"), str(tmp_path)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    index = (tmp_path / "index.html").read_text()
    for guide in GUIDES:
        assert f"docsite/{guide}.html" in index
    module = (tmp_path / "rds_iam_auth_module.html").read_text()
    assert "enable_iam_database_authentication" in module


def test_docs_guides_are_all_listed():
    sections = yaml.safe_load((documents.ROOT / "docs" / "docsite" / "extra-docs.yml").read_text())["sections"]
    assert sorted(name for section in sections for name in section["toctree"]) == GUIDES


def actions(caption):
    """The actions that a policy in the permissions guide allows."""
    policy = json.loads(documents.captioned("guide_permissions")[caption])
    return {action for statement in policy["Statement"] for action in statement["Action"]}


def test_docs_policy_allows_actions_of_the_gateway():
    folder = documents.ROOT / "plugins" / "module_utils"
    source = "".join((folder / f"{name}.py").read_text() for name in ("_aws/rds_client", "_aws/provisioning_client"))
    texts = re.findall(r"f?\"((?:Describe|Modify)\w*(?:\{\w+\})?\w*)\"", source)
    assert len(texts) > 10
    fillings = {
        "{plural}": ("DBInstances", "DBClusters"),
        "{cluster}": ("", "Cluster"),
        "{kind}": ("Instance", "Cluster"),
        "{prefix}": ("DB", "DBCluster"),
    }
    # the creating operations are named where they are selected; tagging is part of each of them
    asked = {way.operation for ways in RESTORE_METHODS.values() for way in ways.values()}
    asked |= {*OPERATIONS, "AddTagsToResource"}
    for text in texts:
        (hole,) = re.findall(r"\{\w+\}", text) or ("",)
        asked |= {text.replace(hole, filling) for filling in fillings[hole]} if hole else {text}
    metrics = re.findall(r'call_operation\(.*, "(\w+)"', (folder / "_aws" / "usage_client.py").read_text())
    assert {f"rds:{operation}" for operation in asked} | {f"cloudwatch:{operation}" for operation in metrics} == {
        action for action in actions("all.json") if action.startswith(("rds:", "cloudwatch:"))
    } - {"rds:DescribeDBProxies"}


def documented_actions(plugin):
    """The actions that the documentation of a plugin names."""
    return set(re.findall(r"C\(([a-z-]+:\w+)\)", (documents.ROOT / "plugins" / plugin).read_text()))


def test_docs_login_check_policy_allows_actions_of_the_client():
    source = (documents.ROOT / "plugins" / "module_utils" / "_aws" / "login_client.py").read_text()
    asked = set()
    for method in source.split("    def "):
        services, operations = (
            re.findall(r'_client_of\("(\w+)"', method),
            re.findall(r'(?:call_operation\(.*, |operation = )"(\w+)"', method),
        )
        asked |= {f"{service}:{operation}" for service in services for operation in operations}
    assert len(asked) == 6
    # every identity may call GetCallerIdentity (AWS STS API Reference)
    asked.remove("sts:GetCallerIdentity")
    assert actions("rds_login_check.json") == asked | LOGIN_ACTIONS


def test_docs_token_policy_allows_actions_of_the_lookup():
    # the lookup and rds_users_info describe databases with the two operations of the client of rds_iam_auth
    assert actions("rds_auth_token.json") == actions("rds_users_info.json") == LOGIN_ACTIONS


@pytest.mark.parametrize(
    ("plugin", "caption"),
    [
        ("modules/rds_login_check.py", "rds_login_check.json"),
        ("modules/rds_users_info.py", "rds_users_info.json"),
        ("lookup/rds_auth_token.py", "rds_auth_token.json"),
    ],
)
def test_docs_plugin_names_the_actions_of_the_guide(plugin, caption):
    assert documented_actions(plugin) == actions(caption)


def test_docs_connect_policies_policy_allows_module_actions():
    documented = documented_actions("modules/rds_connect_policies_info.py")
    assert actions("rds_connect_policies_info.json") == documented - {"rds-db:connect"}
    client = (documents.ROOT / "plugins" / "module_utils" / "_aws" / "policies_client.py").read_text()
    operations = {action.partition(":")[2] for action in actions("rds_connect_policies_info.json")}
    assert {"GetAccountAuthorizationDetails", "DescribeDBProxies"} == {name for name in operations if name in client}


@pytest.mark.parametrize("code", connect_findings.FINDING_CODES)
def test_docs_findings_of_policies_are_explained(code):
    assert f"   * - ``{code}``\n" in (documents.GUIDES / "guide_login.rst").read_text()
    documented = yaml.safe_load(rds_connect_policies_info.RETURN)["findings"]["contains"]["code"]["description"]
    assert [text for text in documented if text.startswith(f"V({code}) ")]


@pytest.mark.parametrize("code", codes(problems, ""))
def test_docs_problem_codes_are_explained(code):
    assert f"``{code}``" in (documents.GUIDES / "guide_enabling.rst").read_text()


@pytest.mark.parametrize("code", [*codes(restore, "SOURCE_", "TARGET_"), *codes(new_database, "")])
def test_docs_problem_codes_of_creation_are_explained(code):
    assert f"``{code}``" in (documents.GUIDES / "guide_restoring.rst").read_text()


def test_docs_causes_of_failed_logins_are_explained_in_order():
    text = (documents.GUIDES / "guide_login.rst").read_text()
    explained = re.findall(r"^   \* - ``(\w+)``\n     - \S.*\n(?:       .*\n)*     - \S", causes_in(text), re.MULTILINE)
    assert explained == [*login_cause.CAUSES, login_cause.UNKNOWN]
    documented = " ".join(yaml.safe_load(rds_login_check.RETURN)["cause"]["description"])
    assert [code for code in explained if f"V({code})" not in documented] == []


def causes_in(text):
    return text.partition("Find out why a login fails\n")[2].partition("Witnesses and their permissions\n")[0]


def test_docs_permissions_of_login_witnesses_are_complete():
    """The guide and the module name each call that the client makes."""
    source = (documents.ROOT / "plugins" / "module_utils" / "_aws" / "login_client.py").read_text()
    found = re.findall(r'call_operation\(\s*(?:client|self\._client_of\("(\w+)"\)), "(\w+)"', source)
    calls = {operation for _service, operation in found}
    assert {"SimulatePrincipalPolicy", "FilterLogEvents"} <= calls
    guide = (documents.GUIDES / "guide_login.rst").read_text().partition("Witnesses and their permissions\n")[2]
    for call in {*calls, "DescribeDBInstances", "DescribeDBClusters"}:
        assert f":{call}``" in guide


def packages(folder):
    """The packages of a folder, which has Python files in folders below it."""
    return {path.name for path in folder.iterdir() if path.is_dir() and any(path.rglob("*.py"))}


def explained_packages():
    """The packages that the contributor guide explains, each in a paragraph of its own: name -> text."""
    text = (documents.GUIDES / "guide_contributing.rst").read_text()
    return dict(re.findall(r"^``(\w+)``\n((?:   \S.*\n)+)", text, re.MULTILINE))


def test_docs_packages_are_explained():
    core = packages(documents.ROOT / "plugins" / "module_utils") | {"_module"}
    simulator = packages(documents.ROOT / "simulator" / "src" / "rds_simulator")
    assert {"_model", "_run"} <= core
    assert {"api", "state"} <= simulator
    explained = explained_packages()
    assert set(explained) == core | simulator
    for text in explained.values():
        assert len(text.split()) > 15
