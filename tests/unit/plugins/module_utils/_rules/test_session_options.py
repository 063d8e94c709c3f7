# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The options of a module that uses the session of an assumed role."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.session_options import session_options

KEYS = {"access_key": "A", "secret_key": "S", "session_token": "T"}


def test_session_replaces_the_profile_of_the_environment():
    assert session_options({"sts_creds": {**KEYS, "expiration": "soon"}}) == {"profile": "", **KEYS}


@pytest.mark.parametrize("result", [{}, {"msg": "denied"}, {"sts_creds": None}, {"sts_creds": {}}])
def test_result_without_session_gives_no_option(result):
    assert session_options(result) == {}
