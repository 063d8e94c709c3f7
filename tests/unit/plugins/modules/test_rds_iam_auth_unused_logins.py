# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""``unused_for`` after logins with a token to real servers."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.passwordless.rds.tests.unit.harness import Runner
from ansible_collections.passwordless.rds.tests.unit.login_fleet import SEED, LoginFleet
from rds_simulator import Simulator
from rds_simulator.requirements import missing_packages

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="logins are not installed: see requirements/login.txt")

REFUSED = {"iam_logins": [{"age": 7200, "outcome": "NotAuthorized"}]}


@pytest.mark.parametrize("kind", ["instance", pytest.param("cluster", marks=pytest.mark.slow)])
def test_unused_for_login_with_token_keeps_setting(capsys, kind):
    """Refused logins without a count of the successful ones keep the setting, and so does a successful login."""
    seed = copy.deepcopy(SEED)
    seed["db_instances"][0].update(REFUSED)
    seed["db_clusters"][0]["members"] = [{"identifier": f"ledger-{n}", **REFUSED} for n in (1, 2)]
    with Simulator(speed=1.0) as simulator:
        simulator.seed(seed)
        fleet = LoginFleet(simulator, kind)
        options = {
            f"db_{kind}_identifier": fleet.name,
            "enabled": False,
            "apply_immediately": True,
            "unused_for": "24h",
            "session_token": None,
            **fleet.caller,
        }
        switch = Runner("rds_iam_auth", simulator.url, capsys)
        unknown = switch.fails(check=True, **options)
        assert set(unknown.codes) == {"usage_unknown"}
        assert "no datapoint of IamDbAuthConnectionSuccess" in unknown["msg"]

        login = Runner("rds_login_check", simulator.url, capsys)(session_token=None, **fleet.options)
        assert login["logged_in"] is True, login
        assert fleet.caller["secret_key"] not in login["msg"]

        for check in (True, False):
            result = switch.fails(check=check, **options)
            assert result.codes == ["in_use"]
            assert "CloudWatch counts 1 successful IAM login in the last 24h" in result["msg"]
        assert fleet.record["IAMDatabaseAuthenticationEnabled"] is True
