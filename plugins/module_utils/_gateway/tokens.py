# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The interface to the signer of tokens. ``_aws.tokens`` implements it with botocore.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

from .._model.database import Endpoint


class TokenSigner(t.Protocol):
    """Signs tokens with one set of credentials, for one Region, without an API call."""

    @property
    def region(self) -> str:
        """The Region for which tokens are signed."""

    def check_validity(self, seconds: int) -> None:
        """Raise InputError if the credentials are missing, incomplete, or valid for less than this time."""

    def sign(self, endpoint: Endpoint, username: str) -> str:
        """Return a token with which the user logs in at the endpoint."""
