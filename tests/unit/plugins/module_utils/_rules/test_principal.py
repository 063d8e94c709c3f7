# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The identity that STS returns is translated to the principal whose policies IAM simulates."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.principal import (
    Principal,
    is_simulatable,
    principal_of,
)

# IAM User Guide, "IAM identifiers"
IDENTITIES = (
    ("arn:aws:iam::123456789012:user/app", Principal("arn:aws:iam::123456789012:user/app"), True),
    ("arn:aws:iam::123456789012:user/team/app", Principal("arn:aws:iam::123456789012:user/team/app"), True),
    (
        "arn:aws-cn:sts::123456789012:assumed-role/deploy/session",
        Principal("arn:aws-cn:sts::123456789012:assumed-role/deploy/session", "deploy"),
        False,
    ),
    ("arn:aws:sts::123456789012:federated-user/bob", Principal("arn:aws:sts::123456789012:federated-user/bob"), False),
    ("arn:aws:iam::123456789012:root", Principal("arn:aws:iam::123456789012:root"), False),
)


@pytest.mark.parametrize(("arn", "expected", "simulatable"), IDENTITIES)
def test_principal_of_identity_returns_user_or_role(arn, expected, simulatable):
    assert principal_of(arn) == expected
    assert is_simulatable(principal_of(arn)) is simulatable


def test_principal_with_role_arn_is_simulatable():
    session = principal_of("arn:aws:sts::123456789012:assumed-role/deploy/session")
    role = session.with_arn("arn:aws:iam::123456789012:role/path/deploy")
    assert role == Principal("arn:aws:iam::123456789012:role/path/deploy")
    assert is_simulatable(role)
