# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Extreme numbers in every numeric parameter: the simulator accepts them or returns an AWS error."""

from __future__ import annotations

from typing import Any

import pytest
from api_requests import FLEET, METHODS, REQUESTS, integer_members, upload
from botocore.exceptions import ClientError, ParamValidationError

EXTREMES = (-(2**31), -1, 0, 2**31 - 1)
MEMBERS = [
    pytest.param(*member, marks=() if number % 3 == 0 else pytest.mark.slow)
    for number, member in enumerate(integer_members())
]


@pytest.mark.parametrize(("operation", "path"), MEMBERS, ids="-".join)
def test_extreme_number_is_accepted_or_an_aws_error(sim: Any, rds: Any, operation: str, path: tuple[str, ...]) -> None:
    """The members come from botocore's model.

    Afterwards, the databases can be described, and the clock advances.
    """
    _fill(sim, operation)
    for number in EXTREMES:
        value: Any = {path[1]: number} if len(path) == 2 else number
        code = _code(getattr(rds, METHODS[operation]), **{**REQUESTS.get(operation, {}), path[0]: value})
        assert code != "SimulatorError", number
        if code:
            continue  # a refused request changes nothing
        sim.clock.advance(3 * 86400)
        rds.describe_db_instances()
        rds.describe_db_clusters()
        _fill(sim, operation)


def _fill(sim: Any, operation: str) -> None:
    sim.reset()
    sim.seed(FLEET)
    if operation.endswith("FromS3"):
        upload(sim)


def _code(call: Any, **parameters: Any) -> str:
    """Return the error code of a call, or an empty string.

    botocore itself refuses numbers below the minimum that its model has for some members.
    """
    try:
        call(**parameters)
    except ParamValidationError as error:
        if "valid min value" not in str(error):
            raise
        return "ParamValidationError"
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""
