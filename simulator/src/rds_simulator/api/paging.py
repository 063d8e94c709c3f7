# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Pagination with MaxRecords and Marker."""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ..errors import AwsError
from .registry import ApiRequest

_Item = TypeVar("_Item")
DEFAULT_RECORDS = 100
SMALLEST = 20


def page(
    request: ApiRequest,
    result_key: str,
    items: Iterable[_Item],
    *,
    key: Callable[[_Item], str],
    largest: int = 100,
    show: Callable[[_Item], Any] = lambda item: item,
) -> dict[str, Any]:
    """Return one page of items, which must be sorted by ``key``.

    The marker names the last item of the page, so that the next page continues there even if items were created or
    deleted in the meantime. MaxRecords can be 20 to 100, or 20 to 1,000 for orderable options (botocore's model ✓).
    """
    size = page_size(request, largest)
    last = last_shown(request)
    if last:
        items = (item for item in items if key(item) > last)
    shown = list(itertools.islice(items, size + 1))
    result: dict[str, Any] = {result_key: [show(item) for item in shown[:size]]}
    if len(shown) > size:
        result["Marker"] = encode_marker(key(shown[size - 1]))
    return result


def last_shown(request: ApiRequest) -> str:
    """Return the key of the last item of the previous page, or ``""`` for the first page."""
    marker = request.parameters.get("Marker")
    return decode_marker(marker) if marker else ""


def page_size(request: ApiRequest, largest: int) -> int:
    """Return MaxRecords; raise AwsError if it is out of range.

    Code and text: hashicorp/terraform-provider-aws #37251 (△).
    """
    size = request.parameters.get("MaxRecords", DEFAULT_RECORDS)
    if not SMALLEST <= size <= largest:
        raise AwsError(
            "InvalidParameterValue",
            f"Invalid value {size} for MaxRecords. Must be between {SMALLEST} and {largest}",
        )
    return int(size)


def encode_marker(last: str) -> str:
    """Return an opaque marker."""
    return base64.b64encode(last.encode()).decode()


def decode_marker(marker: str) -> str:
    """Return the key that a marker contains; raise AwsError if the marker is invalid."""
    try:
        return base64.b64decode(marker, validate=True).decode()
    except (binascii.Error, ValueError):
        raise AwsError("InvalidParameterValue", f"Invalid value for Marker: {marker}") from None
