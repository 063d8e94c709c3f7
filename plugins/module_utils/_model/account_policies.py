# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The principals of an AWS account and their policies, independent of the format of the IAM API.

This is private to the collection.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

USER, GROUP, ROLE = "user", "group", "role"
INLINE, CUSTOMER_MANAGED, AWS_MANAGED = "inline", "customer_managed", "aws_managed"


@dataclass(frozen=True)
class Policy:
    """A policy document and where it comes from.

    ``arn`` is None for an inline policy. ``document`` is JSON text, possibly URL-encoded, or a value that is already
    decoded.
    """

    kind: str
    name: str
    document: t.Any
    arn: str | None = None


@dataclass(frozen=True)
class Principal:
    """An IAM user, group or role. ``groups`` contains the names of the groups of a user."""

    kind: str
    arn: str
    name: str
    inline: tuple[Policy, ...] = ()
    attached: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    boundary: str | None = None


@dataclass(frozen=True)
class AccountPage:
    """One page of the principals and managed policies, and the marker of the next page (None: this is the last)."""

    principals: tuple[Principal, ...] = ()
    managed: tuple[Policy, ...] = ()
    marker: str | None = None


@dataclass(frozen=True)
class Account:
    """All principals of an account, and its managed policies by ARN."""

    principals: tuple[Principal, ...]
    managed: t.Mapping[str, Policy]


@dataclass(frozen=True)
class Proxy:
    """An RDS Proxy. Its ARN ends in its resource id."""

    name: str
    arn: str


@dataclass(frozen=True)
class ProxyPage:
    """One page of the RDS Proxies of a Region, and the marker of the next page (None: this is the last)."""

    proxies: tuple[Proxy, ...] = ()
    marker: str | None = None
