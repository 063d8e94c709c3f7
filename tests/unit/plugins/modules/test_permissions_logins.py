# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Logins work with exactly the permissions that the guide documents, and each one that is missing is named."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError
from ansible_collections.amazon.aws.plugins.doc_fragments import common, region
from ansible_collections.passwordless.rds.plugins.lookup import rds_auth_token
from ansible_collections.passwordless.rds.scripts import policy_docs
from ansible_collections.passwordless.rds.tests.unit import permission_records
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.login_fleet import USER, LoginFleet
from ansible_collections.passwordless.rds.tests.unit.permission_logins import LOGIN_MODES, Identity, seed
from rds_simulator import Simulator
from rds_simulator.requirements import missing_packages

pytestmark = [
    pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt"),
    pytest.mark.slow,
]
NAMES = [f"{mode.plugin}-{mode.sid}" for mode in LOGIN_MODES]
LOGIN = "rds-db:connect"
LOOKUP = "passwordless.rds.rds_auth_token"


@pytest.fixture(scope="module")
def simulator():
    with Simulator(speed=1.0) as running:
        running.seed(seed())
        yield running


@pytest.fixture(scope="module", autouse=True)
def _options_are_defined():
    """Define the options of the lookup as the loader of plugins does, which needs an installed collection."""
    texts = (common.ModuleDocFragment.PLUGINS, region.ModuleDocFragment.PLUGINS, rds_auth_token.DOCUMENTATION)
    options = {name: option for text in texts for name, option in yaml.safe_load(text)["options"].items()}
    constants.config.initialize_plugin_configuration_definitions("lookup", LOOKUP, options)


@pytest.fixture
def start(simulator, capsys):
    """Return a function that returns the runs of a mode, and the identity that runs it."""
    fleets = []

    def start(mode):
        fleet = LoginFleet(simulator, mode.kind)
        fleets.append(fleet)
        identity = Identity(fleet, is_role="Explain" in mode.sid)
        if "Explain" in mode.sid:
            fleet.export_log()
        if mode.fault:
            simulator.faults.add(operation=LOGIN, code=mode.fault, times=None)

        def run():
            simulator.calls_clear()
            return run_plugin(mode, fleet, capsys)

        return run, identity

    yield start
    simulator.settings.update(enforce_policies=False)
    simulator.faults.clear()
    for fleet in fleets:
        fleet.undo.close()


def run_plugin(mode, fleet, capsys):
    if not mode.terms:
        return Runner(mode.plugin, fleet.simulator.url, capsys)(
            **{"session_token": None, **fleet.options, **mode.options}
        )
    plugin = rds_auth_token.LookupModule()
    plugin._load_name = LOOKUP
    options = {name: fleet.options[name] for name in ("access_key", "secret_key", "region", "endpoint_url", "username")}
    try:
        (token,) = plugin.run(list(mode.terms), {}, **options)
    except AnsibleError as error:
        return {"failed": True, "msg": str(error)}
    try:
        fleet.connect(USER, token).close()
    except Exception as error:
        return {"failed": True, "msg": f"{LOGIN} of {USER}: {type(error).__name__}"}
    return {}


def succeeds(run):
    result = run()
    assert not result.get("failed"), result["msg"]
    return result


@pytest.fixture(scope="module")
def recording():
    """Collect the permissions of each mode, and write them at the end."""
    found = {}
    yield found
    for plugin, permissions in found.items():
        modes = [mode for mode in LOGIN_MODES if mode.plugin == plugin]
        permission_records.record(plugin, modes, permissions)


if permission_records.RECORDS:

    @pytest.mark.parametrize("mode", LOGIN_MODES, ids=NAMES)
    def test_permissions_of_logins_are_recorded(simulator, start, recording, mode):
        run, identity = start(mode)
        identity.allow({} if mode.omitted else {LOGIN: ["*"]})
        succeeds(run)
        recording.setdefault(mode.plugin, {})[mode.sid] = used(simulator, mode)


def used(simulator, mode):
    pairs = policy_docs.pairs_of(permission_records.required(simulator))
    return policy_docs.smallest(pair for pair in pairs if pair[0] not in mode.omitted)


@pytest.mark.parametrize("mode", LOGIN_MODES, ids=NAMES)
def test_permissions_documented_for_logins_are_sufficient(simulator, start, mode):
    documented = permission_records.recorded(mode.plugin, mode.sid)
    run, identity = start(mode)
    identity.allow(documented)
    simulator.settings.update(enforce_policies=True)
    assert "is not authorized" not in re.sub(r"[^\"]*rds-db:connect[^\"]*", "", json.dumps(succeeds(run)))
    assert used(simulator, mode) == documented


MISSING = [
    (mode, action, resource)
    for mode in LOGIN_MODES
    for action, resource in policy_docs.pairs_of(permission_records.recorded(mode.plugin, mode.sid))
]


@pytest.mark.parametrize(
    ("mode", "action", "resource"), MISSING, ids=[f"{m.plugin}-{m.sid}-{a}-{r}" for m, a, r in MISSING]
)
def test_permission_missing_for_login_is_named(simulator, start, mode, action, resource):
    run, identity = start(mode)
    identity.allow(permission_records.without(permission_records.recorded(mode.plugin, mode.sid), action, resource))
    simulator.settings.update(enforce_policies=True)
    result = run()
    assert bool(result.get("failed")) is (action not in mode.optional)
    assert action in json.dumps({**result, "invocation": None})
