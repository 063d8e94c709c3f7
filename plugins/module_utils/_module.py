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

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._aws.call import stop_retries_at
from ._aws.clock import SystemClock
from ._gateway.rds import RdsApi
from ._model.errors import InputError, RdsError, quoted
from ._model.result import Result
from ._model.secrets import HIDDEN, is_distinctive, mask_secrets, secrets_in
from ._options.change import check_numbers
from ._run.context import RunContext

# To import boto3 and to read its data makes a hundred thousand objects, and no garbage to look for among them, neither
# then nor later: a tenth of the time of a large task.
gc.disable()
try:
    import boto3
    from botocore.exceptions import UnknownRegionError
except ImportError:
    pass  # AnsibleAWSModule says what is missing
_A = t.TypeVar("_A", bound=RdsApi)
Workflow = t.Callable[[t.Mapping[str, t.Any], RunContext[_A]], Result]

# how many seconds a module without wait_timeout asks again
_RETRY_SECONDS = 300

# seconds until a connection is given up that is not established, or not answered
_CONNECT_TIMEOUT, _READ_TIMEOUT = 10, 30

# botocore takes a while to say which regions there may be: it is asked only of unusual names
_USUAL_REGION = re.compile(r"(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov)?-[a-z]+-\d")
_EXTRA = "extra_parameters"
_OWN_SECRETS = ("master_user_password",)


class _MaskingModule(AnsibleModule):
    """An AnsibleModule that masks secrets in its arguments, in the output and in the log.

    Ansible replaces the value of a ``no_log`` option wherever it occurs in the output, and logs and shows dictionaries
    as they are. A short password would damage ordinary words, and a secret in ``extra_parameters`` would be shown. The
    arguments are therefore masked by their names, and only secrets that no ordinary text contains are replaced.
    """

    params: dict[str, t.Any]

    def _log_invocation(self) -> None:
        given = self.params
        self.params = self._masked_arguments()
        super()._log_invocation()
        self.params = given

    def exit_json(self, **kwargs: t.Any) -> None:
        self._mask()
        super().exit_json(**kwargs)

    def fail_json(self, msg: str, **kwargs: t.Any) -> None:
        self._mask()
        super().fail_json(msg, **kwargs)

    def _mask(self) -> None:
        secrets = {str(self.params[name]) for name in self._own_secrets()}
        secrets |= secrets_in(self.params.get(_EXTRA))
        self.no_log_values.difference_update(secrets)
        self.no_log_values.update(filter(is_distinctive, secrets))
        self.params = self._masked_arguments()

    def _masked_arguments(self) -> dict[str, t.Any]:
        hidden = dict.fromkeys(self._own_secrets(), HIDDEN)
        extra = self.params.get(_EXTRA)
        if isinstance(extra, dict):
            hidden[_EXTRA] = mask_secrets(extra)
        elif extra is not None:  # an argument that Ansible itself refuses
            hidden[_EXTRA] = HIDDEN
        return {**self.params, **hidden}

    def _own_secrets(self) -> list[str]:
        return [name for name in _OWN_SECRETS if self.params.get(name)]


def run_module(argument_spec: t.Mapping[str, t.Any], run: Workflow[_A], api: t.Callable[[t.Any, str], _A]) -> None:
    """Run a flow as an Ansible module, options in, result or failure out; ``api`` is made of a client and a region."""
    AnsibleAWSModule.default_settings["module_class"] = _MaskingModule
    module = AnsibleAWSModule(argument_spec=dict(argument_spec), supports_check_mode=True)
    try:
        check_numbers(argument_spec, module.params)
        clock, seconds = SystemClock(), max(module.params.get("wait_timeout", _RETRY_SECONDS), 1)
        until = clock.monotonic() + seconds
        client = module.client("rds", config=_config(seconds))
        gc.freeze()
        gc.enable()
        stop_retries_at(client, until, clock)
        region = client.meta.region_name
        _check_region(region)
        context = RunContext(
            api=api(client, region),
            clock=clock,
            warn=warn,
            check_mode=module.check_mode,
        )
        result = run(module.params, context).render()
    except RdsError as error:
        module.fail_json(msg=error.message, **error.render())
    module.exit_json(**result)


def _config(seconds: int) -> dict[str, t.Any]:
    """How botocore connects, within the time that the task has. A user's ``aws_config`` wins.

    The retries of botocore cover short failures and slow down all calls of the client while AWS throttles it. The
    callers retry longer failures, because they know the deadline.
    """
    return {
        "connect_timeout": min(_CONNECT_TIMEOUT, seconds),
        "read_timeout": min(_READ_TIMEOUT, seconds),
        "retries": {"mode": "adaptive", "max_attempts": 4},
    }


def _check_region(region: str) -> None:
    if _USUAL_REGION.fullmatch(region):
        return
    try:
        boto3.session.Session().get_partition_for_region(region)
    except UnknownRegionError:
        raise InputError(f"region: {quoted(region)} is not the name of an AWS region, like eu-west-1") from None
