# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""No module and no lookup writes a marked secret anywhere: in successful runs, in check mode, and in failures."""

from __future__ import annotations

import importlib
import json
import logging
import pathlib
import tempfile

import pytest
from ansible.errors import AnsibleError
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.passwordless.rds.plugins.lookup import rds_auth_token
from ansible_collections.passwordless.rds.plugins.module_utils._options.login import LOGIN_SPEC
from ansible_collections.passwordless.rds.tests.samples import quick_diagonal
from ansible_collections.passwordless.rds.tests.unit.canaries import SECRETS, Searched, leaks, written_files
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.permission_modes import (
    CLUSTER,
    FROM_SNAPSHOT,
    INSTANCE,
    NEW_INSTANCE,
    SNAPSHOTS,
    fleet,
)
from botocore import httpsession

PLUGINS = pathlib.Path(__file__).parents[4] / "plugins"
# a module of an action contains its documentation only
ACTIONS = {path.stem for path in (PLUGINS / "action").glob("*.py")}
MODULES = sorted({path.stem for path in (PLUGINS / "modules").glob("*.py")} - ACTIONS)
LOOKUPS = sorted(path.stem for path in (PLUGINS / "lookup").glob("*.py"))
KEYS = {"access_key": "ASIAIOSFODNN7EXAMPLE", **{name: SECRETS[name] for name in ("secret_key", "session_token")}}
_LOGIN = {**INSTANCE, "ca_cert": "", "connect_host": "127.0.0.1", "connect_port": 1, "timeout": 2}
# the options of each module that are passwords, in a task that would succeed
TASKS = {
    "rds_connect_policies_info": {},
    "rds_create_iam": {**NEW_INSTANCE, "master_user_password": SECRETS["master_user_password"]},
    "rds_iam_auth": {**INSTANCE, "apply_immediately": True},
    "rds_iam_auth_info": {**CLUSTER},
    "rds_login_check": {
        **_LOGIN,
        "username": "app",
        "admin_username": "postgres",
        "admin_password": SECRETS["admin_password"],
    },
    "rds_restore_iam": {
        **FROM_SNAPSHOT,
        # only a restore from Amazon S3 takes it, so the module refuses it, and must not show it
        "master_user_password": SECRETS["master_user_password"],
    },
    "rds_users_info": {**_LOGIN, "username": "app", "password": SECRETS["password"]},
}
OPERATIONS = ("*", "iam:GetAccountAuthorizationDetails", "iam:SimulatePrincipalPolicy", "sts:GetCallerIdentity")


def succeed(sim, options):
    pass


def known_secrets(options):
    """Return the secrets that the run has, in its options or in its profile."""
    prefix = "profile_" if "profile" in options else ""
    keys = [SECRETS[f"{prefix}{name}"] for name in ("secret_key", "session_token")]
    return [*keys, *(value for value in options.values() if value in SECRETS.values())]


def echo(sim, options):
    """Repeat all secrets of the run in each error of AWS."""
    for operation in OPERATIONS:
        message = " ".join(known_secrets(options))
        sim.faults.add(operation=operation, code="InvalidParameterValue", message=message, times=None)


def refuse_signature(sim, options):
    """Return what AWS returns for a signature that it does not accept: the request that it has signed."""
    message = f"The Canonical String should have been\nx-amz-security-token:{known_secrets(options)[1]}\n"
    sim.faults.add(operation="*", code="SignatureDoesNotMatch", message=message, times=None)


def deny(sim, options):
    sim.faults.add(operation="*", deny=True, times=None)


def cut(sim, options):
    sim.faults.add(operation="*", cut="before", times=None)


def garble(sim, options):
    sim.faults.add(operation="*", malformed="before", times=None)


def cannot_connect(sim, options):
    options["endpoint_url"] = "http://127.0.0.1:1"


def break_header(sim, options):
    options["session_token"] = f"{SECRETS['session_token']}\n"


def use_unknown_option(sim, options):
    options["passwrd"] = SECRETS["password"]


def use_invalid_region(sim, options):
    options["region"] = "nowhere"


FAULTS = [
    succeed,
    echo,
    refuse_signature,
    deny,
    cut,
    garble,
    cannot_connect,
    break_header,
    use_unknown_option,
    use_invalid_region,
]


@pytest.fixture
def profile(tmp_path, monkeypatch):
    """Write a profile with secrets, and return the path of the file."""
    path = tmp_path / "credentials"
    path.write_text(
        "[canary]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n"
        f"aws_secret_access_key = {SECRETS['profile_secret_key']}\n"
        f"aws_session_token = {SECRETS['profile_session_token']}\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    return path


@pytest.fixture
def places(tmp_path, monkeypatch, profile, caplog, sim):
    """Search the system log, the temporary files, the journal of the simulator and the log of Python at the end."""
    searched = Searched()
    lines = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, msg, log_args=None: lines.append(f"{msg} {log_args}"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    caplog.set_level(logging.INFO)
    yield searched
    searched.check("system log", "\n".join(lines))
    searched.check("log of Python and botocore", caplog.text)
    searched.check("journal of the simulator", json.dumps([call.as_dict() for call in sim.calls], default=str))
    searched.check("representation of the journal", repr(sim.calls))
    for name, text in written_files(tmp_path, profile).items():
        searched.check("temporary files", text, where=name)


def secret_options(module):
    """Return the options of a module that Ansible must not log, except credentials of AWS."""
    spec = importlib.import_module(f"ansible_collections.passwordless.rds.plugins.modules.{module}").ARGUMENT_SPEC
    return {name for name, option in spec.items() if option.get("no_log")}


@pytest.mark.parametrize("module", MODULES)
def test_each_module_and_secret_option_has_a_canary(module):
    assert secret_options(module) <= {name for name in TASKS[module] if TASKS[module][name] in SECRETS.values()}
    assert LOGIN_SPEC.keys() >= {"ca_cert"}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(("module", "fault"), quick_diagonal(MODULES, FAULTS))
def test_module_shows_no_secret(sim, capsys, places, profile, module, fault, check):
    for credentials in (KEYS, {"access_key": None, "secret_key": None, "profile": "canary"}):
        sim.reset()
        sim.seed(fleet(**SNAPSHOTS))
        options = {**TASKS[module], **credentials, "debug_botocore_endpoint_logs": True}
        if "ca_cert" in options:
            options["ca_cert"] = httpsession.where()
        fault(sim, options)
        runner = Runner(module, sim.url, capsys)
        runner(check=check, **{"aws_config": {"retries": {"max_attempts": 1}}, **options})
        places.check("result with invocation and diff", runner.output, where=(module, fault.__name__))
        places.check("standard error", capsys.readouterr().err)


def look_up(terms, options):
    plugin = rds_auth_token.LookupModule()
    plugin._load_name = "passwordless.rds.rds_auth_token"
    return plugin.run(terms, {}, **options)


def test_each_lookup_has_a_canary():
    assert LOOKUPS == ["rds_auth_token"]


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault is not use_unknown_option])
def test_lookup_error_shows_no_secret(sim, capsys, places, profile, fault):
    for credentials in (KEYS, {"profile": "canary"}):
        sim.reset()
        sim.seed(fleet(enabled=True))
        options = {"endpoint_url": sim.url, "region": "eu-west-1", "username": "app", **credentials}
        fault(sim, options)
        if "profile" in credentials:
            options.pop("session_token", None)
        options["aws_config"] = {"retries": {"max_attempts": 1}, "connect_timeout": 1}
        try:
            (token,) = look_up(["instance/orders"], options)
            assert fault in (succeed, break_header)
            # the token is the result; it names the session token, and never the secret key
            assert leaks(token, [SECRETS["secret_key"], SECRETS["profile_secret_key"]], marks=()) == []
        except AnsibleError as error:
            places.check("error of the lookup", f"{error} {error!r} {error.__cause__!r}", where=fault.__name__)
        places.check("standard output", "".join(capsys.readouterr()))
