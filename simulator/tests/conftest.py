# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Fixtures: one simulator for all tests, which is reset for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore
import pytest
from api_requests import ACCESS_KEY, SECRET_KEY
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from rds_simulator import Simulator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no coverage, which would take twice the time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("no_cover")


def _make_client(url: str, region: str = "eu-west-1", service: str = "rds", **options: Any) -> Any:
    settings: dict[str, Any] = {
        "aws_access_key_id": ACCESS_KEY,
        "aws_secret_access_key": SECRET_KEY,
        "config": Config(retries={"total_max_attempts": 1}, max_pool_connections=20),
        **options,
    }
    return boto3.client(service, endpoint_url=url, region_name=region, **settings)


# botocore 1.34 to 1.42 lack newer RDS parameters; with a later botocore, an unknown parameter is a bug in the test
OLDER = tuple(map(int, botocore.__version__.split(".")[:2])) < (1, 43)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Skip tests whose parameters an older botocore does not have."""
    try:
        return (yield)
    except ParamValidationError as error:
        if OLDER and "Unknown parameter in input" in str(error):
            pytest.skip(f"this botocore is too old: {str(error).splitlines()[-1].partition(',')[0]}")
        raise


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture(scope="session")
def connect(simulator: Simulator) -> Callable[..., Any]:
    """Return a function that creates a client (Region, service, …) without retries."""

    def make(**options: Any) -> Any:
        return _make_client(simulator.url, **options)

    return make


@pytest.fixture(scope="session")
def client(connect: Callable[..., Any]) -> Any:
    return connect()


@pytest.fixture
def sim(simulator: Simulator) -> Simulator:
    simulator.reset()
    return simulator


@pytest.fixture
def rds(sim: Simulator, client: Any) -> Any:
    return client


@pytest.fixture
def instance(rds: Any) -> Callable[[str], dict[str, Any]]:
    def describe(name: str) -> dict[str, Any]:
        return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]

    return describe


@pytest.fixture
def cluster(rds: Any) -> Callable[[str], dict[str, Any]]:
    def describe(name: str) -> dict[str, Any]:
        return rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]

    return describe


@pytest.fixture
def refused() -> Callable[..., tuple[str, str]]:
    """Return a function that makes a call which must fail, and returns its wire code and text."""

    def run(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return run
