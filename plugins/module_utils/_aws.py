# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Where the collection meets Ansible: the only import of amazon.aws, the only place that exits or fails a module.

This is private to the collection.
"""

from __future__ import annotations

import gc
import re
import typing as t

# To import boto3 and to read its data makes a hundred thousand objects, and no garbage to look for among them, neither
# then nor later: a tenth of the time of a large task.
gc.disable()

try:
    import boto3
    from botocore.exceptions import UnknownRegionError
except ImportError:
    pass  # AnsibleAWSModule says what is missing

from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._call_errors import give_up_at
from ._clock import SystemClock
from ._errors import InputError, RdsError
from ._gateway import Api
from ._options import check_numbers
from ._switch import Surroundings

_A = t.TypeVar("_A", bound=Api)
Flow = t.Callable[[t.Mapping[str, t.Any], Surroundings[_A]], t.Mapping[str, t.Any]]

# how many seconds a module without wait_timeout asks again
_PATIENCE = 300
# seconds until a connection is given up that is not established, or not answered
_CONNECT_TIMEOUT, _READ_TIMEOUT = 10, 30

# botocore takes a while to say which regions there may be: it is asked only of unusual names
_USUAL_REGION = re.compile(r"(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov)?-[a-z]+-\d")

# also where it is misspelt
_SECRET = re.compile(r"passw|pasw|secret$|token$", re.IGNORECASE)


def run_module(argument_spec: t.Mapping[str, t.Any], flow: Flow[_A], api: t.Callable[[t.Any, str], _A]) -> None:
    """Run a flow as an Ansible module, options in, result or failure out; ``api`` is made of a client and a region."""
    module = AnsibleAWSModule(argument_spec=dict(argument_spec), supports_check_mode=True)
    module.no_log_values.update(_typed_secrets(module.params.get("extra_parameters") or {}))
    try:
        check_numbers(argument_spec, module.params)
        clock, seconds = SystemClock(), max(module.params.get("wait_timeout", _PATIENCE), 1)
        until = clock.monotonic() + seconds
        client = module.client("rds", config=_config(seconds))
        gc.freeze()
        gc.enable()
        give_up_at(client, until, clock)
        region = client.meta.region_name
        _check_region(region)
        around = Surroundings(
            api=api(client, region),
            clock=clock,
            warn=warn,
            check_mode=module.check_mode,
        )
        result = flow(module.params, around)
    except RdsError as error:
        module.fail_json(msg=error.message, **error.result)
    module.exit_json(**result)


def _config(seconds: int) -> dict[str, t.Any]:
    """How botocore connects, within the time that the task has. A user's ``aws_config`` wins.

    Its own retries bridge a hiccup, and slow down all calls of the client while AWS throttles; what lasts longer is
    retried by the flows, which know a deadline.
    """
    return {
        "connect_timeout": min(_CONNECT_TIMEOUT, seconds),
        "read_timeout": min(_READ_TIMEOUT, seconds),
        "retries": {"mode": "adaptive", "max_attempts": 4},
    }


def _typed_secrets(extra: t.Mapping[str, t.Any]) -> set[str]:
    """A secret that is refused has been handed over all the same: Ansible shows what a task was given."""
    return {value for name, value in extra.items() if isinstance(value, str) and value and _SECRET.search(name)}


def _check_region(region: str) -> None:
    if _USUAL_REGION.fullmatch(region):
        return
    try:
        boto3.session.Session().get_partition_for_region(region)
    except UnknownRegionError:
        raise InputError(f"region: {region!r} is not the name of an AWS region, like eu-west-1") from None
