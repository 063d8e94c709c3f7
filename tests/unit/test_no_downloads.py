# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The collection connects to AWS and to databases only: it downloads nothing and installs nothing.

The lists name what is allowed, so that a new way to use the network has to be added here.
"""

from __future__ import annotations

import ast
import pathlib
import re
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
PLUGINS = sorted((ROOT / "plugins").rglob("*.py"))
CONTENT = sorted(path for folder in ("roles", "playbooks") for path in (ROOT / folder).rglob("*.yml"))

# boto3 connects to AWS; psycopg, pymysql and socket connect to the endpoint of a database
EXTERNAL = {"ansible", "ansible_collections", "boto3", "botocore", "psycopg", "pymysql", "yaml"}
# modules of the standard library that connect to other hosts or start programs, and the files that may use them
NETWORK = {
    *("asyncio", "ftplib", "http", "imaplib", "multiprocessing", "poplib", "smtplib", "socket", "socketserver"),
    *("ssl", "subprocess", "urllib.request", "webbrowser", "xmlrpc"),
}
USES = {
    "module_utils/_aws/call.py": {"ssl"},
    "module_utils/_database/ca_bundle.py": {"ssl"},
    "module_utils/_database/mysql.py": {"ssl"},
    "module_utils/_database/network.py": {"socket"},
}
ANSIBLE_NETWORK = ("ansible.module_utils.urls", "ansible.module_utils.connection", "ansible.galaxy")
PROGRAMS = {"Popen", "check_output", "open_url", "fetch_url", "popen", "run_command", "system"}

COLLECTIONS = ("passwordless.rds.", "amazon.aws.", "community.postgresql.", "community.mysql.")
LOCAL = {
    *("assert", "copy", "debug", "fail", "file", "import_role", "import_tasks", "include_role", "include_tasks"),
    *("include_vars", "meta", "pause", "set_fact", "set_stats", "stat", "template", "validate_argument_spec"),
}
LOOKUPS = {
    "ansible.builtin.file",
    "ansible.builtin.varnames",
    "ansible.builtin.vars",
    "passwordless.rds.rds_auth_token",
}
NESTED = ("always", "block", "handlers", "post_tasks", "pre_tasks", "rescue", "tasks")


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden_imports(name, tree):
    """Return the imports that use a network or start a program, and those of unknown packages."""
    found = set(imports(tree))
    allowed = USES.get(name, set())
    used = {item for item in found for part in NETWORK - allowed if item == part or item.startswith(f"{part}.")}
    unknown = {item for item in found if item.split(".")[0] not in EXTERNAL | set(sys.stdlib_module_names)}
    return used | unknown | {item for item in found if item.startswith(ANSIBLE_NETWORK)}


def called(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def tasks(items):
    """Return the tasks of a list, those in blocks and plays included."""
    for item in items or []:
        yield item
        for key in NESTED:
            yield from tasks(item.get(key))


def actions(text):
    """Return the module names in a file: the keys of tasks that contain a dot, and short names of builtin modules."""
    content = yaml.safe_load(text)
    if not isinstance(content, list):
        return set()
    return {key for task in tasks(content) for key in task if "." in key or key in BUILTIN}


# the modules of ansible-core that download, install or run something: also by their short names
BUILTIN = {
    *(
        "apt",
        "apt_key",
        "apt_repository",
        "command",
        "dnf",
        "dnf5",
        "expect",
        "get_url",
        "git",
        "package",
        "pip",
        "raw",
    ),
    *("rpm_key", "script", "shell", "subversion", "unarchive", "uri", "yum", "yum_repository"),
}


def forbidden_actions(text):
    known = {f"ansible.builtin.{name}" for name in LOCAL}
    return {name for name in actions(text) if name not in known and not name.startswith(COLLECTIONS)}


def forbidden_lookups(text):
    return set(re.findall(r"(?:lookup|query|q)\(\s*['\"]([\w.]+)", text)) - LOOKUPS


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.relative_to(ROOT / "plugins").as_posix())
def test_plugin_uses_no_other_network(path):
    tree = ast.parse(path.read_text())
    assert forbidden_imports(path.relative_to(ROOT / "plugins").as_posix(), tree) == set()
    assert PROGRAMS & set(called(tree)) == set()


def test_listed_files_use_what_is_listed():
    for name, used in USES.items():
        assert used <= set(imports(ast.parse((ROOT / "plugins" / name).read_text())))


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_role_or_playbook_downloads_nothing(path):
    text = path.read_text()
    assert forbidden_actions(text) == set()
    assert forbidden_lookups(text) == set()


def test_roles_and_playbooks_contain_tasks():
    assert len({name for path in CONTENT for name in actions(path.read_text())}) > 20


@pytest.mark.parametrize(
    "code",
    [
        "import urllib.request",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import requests",
        "import subprocess",
        "from ansible.module_utils.urls import open_url",
        "import http.client",
        "def run():\n    import socket",
    ],
)
def test_forbidden_import_is_found(code):
    assert forbidden_imports("modules/rds_iam_auth.py", ast.parse(code))


@pytest.mark.parametrize("call", ["module.run_command(['curl'])", "os.system('curl')", "fetch_url(module, url)"])
def test_started_program_is_found(call):
    assert PROGRAMS & set(called(ast.parse(call)))


@pytest.mark.parametrize(
    "task",
    [
        "- ansible.builtin.get_url: {url: x, dest: y}",
        "- uri: {url: x}",
        "- block: [{shell: curl x}]",
        "- hosts: all\n  tasks: [{rescue: [{ansible.builtin.pip: {name: x}}]}]",
        "- community.general.npm: {name: x}",
    ],
)
def test_forbidden_task_is_found(task):
    assert forbidden_actions(task)


def test_forbidden_lookup_is_found():
    assert forbidden_lookups("{{ lookup( 'ansible.builtin.url', 'x') }}")
