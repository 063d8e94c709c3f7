# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The managed policies of AWS. By default, moto has their documents but does not offer them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from moto.iam.models import AWSManagedPolicy, IAMBackend


def ensure_aws_managed(backend: IAMBackend, arn: str) -> None:
    """Add a managed policy of AWS to an account. Do nothing for other ARNs and for unknown policies."""
    prefix = f"arn:{backend.partition}:iam::aws:policy"
    if not arn.startswith(f"{prefix}/") or arn in backend.managed_policies:
        return
    path, _unused, name = arn.removeprefix(prefix).rpartition("/")
    data = _documents().get(name)
    if data is None or data.get("Path", "/") != f"{path}/":
        return
    policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
    backend.managed_policies[policy.arn] = policy


@lru_cache(maxsize=1)
def _documents() -> dict[str, dict[str, Any]]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    documents: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    return documents
