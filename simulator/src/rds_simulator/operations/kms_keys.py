# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Resolution of KMS keys in requests to the ARN that RDS stores."""

from __future__ import annotations

from ..errors import AwsError
from ..state.backend import Backend
from .request_parameters import default_key

_DEFAULT_ALIAS = "alias/aws/rds"


def key_arn(backend: Backend, given: str) -> str:
    """Return the ARN of a key that is given as ARN, id or alias (model ✓).

    Raise AwsError KMSKeyNotAccessibleFault for an unknown alias and for a key of another Region (model ✓).
    """
    prefix = f"arn:{backend.partition}:kms:{backend.region}:"
    if given.startswith("arn:") and not given.startswith(prefix):
        raise not_accessible(given)
    name = given.split(":", 5)[5] if given.startswith("arn:") else given
    if name.startswith("alias/"):
        return _key_of_alias(backend, name, given)
    return given if given.startswith("arn:") else f"{prefix}{backend.account}:key/{given}"


def _key_of_alias(backend: Backend, alias: str, given: str) -> str:
    if alias == _DEFAULT_ALIAS:
        return default_key(backend)
    # moto's KMS runs in the same process. Its import takes time, and few requests need it.
    from moto.kms.models import kms_backends

    keys = kms_backends[backend.account][backend.region]
    key = keys.get_key_id_from_alias(alias)
    if key is None:
        raise not_accessible(given)
    return str(keys.keys[key].arn)


def not_accessible(given: str | None) -> AwsError:
    """Return KMSKeyNotAccessibleFault (code: model ✓; text: awslabs/aurora-snapshot-tool issue 25 △)."""
    return AwsError(
        "KMSKeyNotAccessibleFault",
        f"Specified KMS key [{given}] does not exist, is not enabled or you do not have permissions to access it.",
    )
