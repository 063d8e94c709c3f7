# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""DescribeCertificates: the certificate authorities of RDS."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..api.paging import page
from ..api.registry import ApiRequest, operation
from ..errors import AwsError, not_implemented

DEFAULT = "rds-ca-rsa2048-g1"
OLD = "rds-ca-2019"

# Name, SHA-1 thumbprint, validity: from the example of describe-certificates in the AWS CLI reference (✓).
_AUTHORITIES = (
    ("rds-ca-2019", "d40ddb29e3750dffa671c3140bbf5f478d1c8096", "2019-08-22T17:08:50", "2024-08-22T17:08:50"),
    ("rds-ca-ecc384-g1", "2ee3dcc06e50192559b13929e73484354f23387d", "2021-05-24T22:06:59", "2121-05-24T23:06:59"),
    ("rds-ca-rsa2048-g1", "7c40cb42714b6fdb2b296f9bbd0e8bb364436a76", "2021-05-24T21:59:00", "2061-05-24T22:59:00"),
    ("rds-ca-rsa4096-g1", "19da4f2af579a8ae1f6a0fa77aa5befd874b4cab", "2021-05-24T22:03:20", "2121-05-24T23:03:20"),
)


def _rows(request: ApiRequest) -> list[dict[str, Any]]:
    prefix = f"arn:{request.backend.partition}:rds:{request.backend.region}::cert:"
    return [
        {
            "CertificateIdentifier": name,
            "CertificateType": "CA",
            "Thumbprint": thumbprint,
            "ValidFrom": datetime.fromisoformat(f"{start}+00:00"),
            "ValidTill": datetime.fromisoformat(f"{end}+00:00"),
            "CertificateArn": f"{prefix}{name}",
            "CustomerOverride": False,
        }
        for name, thumbprint, start, end in _AUTHORITIES
    ]


@operation("DescribeCertificates")
def describe_certificates(request: ApiRequest) -> dict[str, Any]:
    """Return one authority by name, ignoring case, or all; raise CertificateNotFound (model ✓; text ?)."""
    if request.parameters.get("Filters"):
        raise not_implemented("Filters of DescribeCertificates")
    given, rows = request.parameters.get("CertificateIdentifier"), _rows(request)
    if given:
        rows = [row for row in rows if row["CertificateIdentifier"] == given.lower()]
        if not rows:
            raise AwsError("CertificateNotFound", f"Certificate not found: {given}")
    result = page(request, "Certificates", rows, key=lambda row: str(row["CertificateIdentifier"]))
    return {**result, "DefaultCertificateForNewLaunches": DEFAULT}
