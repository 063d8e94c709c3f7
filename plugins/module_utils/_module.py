# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Run a workflow as an Ansible module.

Only this file imports ``amazon.aws``, and only this file exits or fails a module.

This is private to the collection.
"""

from __future__ import annotations

import gc
import typing as t
from functools import partial

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.warnings import warn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._aws.call import stop_retries_at
from ._aws.clock import SystemClock
from ._aws.session import check_region, client_config
from ._gateway.rds import RdsApi
from ._model.errors import RdsError
from ._model.printable import printable, printable_messages
from ._model.result import Result
from ._model.secrets import HIDDEN, is_distinctive, is_secret_name, mask_secrets, secrets_in
from ._options.change import check_numbers
from ._run.context import RunContext

# Reading the data of boto3 creates about a hundred thousand objects that are never garbage. Excluding them
# from garbage collection saves a tenth of the time of a large task.
gc.disable()
_A = t.TypeVar("_A", bound=RdsApi)
Workflow = t.Callable[[t.Mapping[str, t.Any], RunContext[_A]], Result]

# the number of seconds for which a module without wait_timeout retries
_RETRY_SECONDS = 300

_EXTRA = "extra_parameters"
_OWN_SECRETS = ("master_user_password", "admin_password", "password")


class _MaskingModule(AnsibleModule):
    """An AnsibleModule that masks secrets in its arguments, in the output and in the log.

    Ansible replaces every occurrence of the value of a ``no_log`` option in the output, and it logs and shows
    dictionaries unchanged. A short password would damage ordinary words, and a secret in ``extra_parameters`` would be
    shown. Arguments are therefore masked by name, and only secrets that ordinary text does not contain are replaced.
    """

    params: dict[str, t.Any]

    def _log_invocation(self) -> None:
        given = self.params
        # syslog refuses a NUL character, and the module would fail before its own checks
        self.params = {name: _without_nul(value) for name, value in self._masked_arguments().items()}
        super()._log_invocation()
        self.params = given

    def exit_json(self, **kwargs: t.Any) -> None:
        self._mask()
        super().exit_json(**kwargs)

    def fail_json(self, msg: str, **kwargs: t.Any) -> None:
        self._mask()
        # Ansible and amazon.aws also fail the module, and show the values of options as they are
        super().fail_json(printable(str(msg)), **kwargs)

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
        elif extra is not None:  # a value that is not a dictionary, which Ansible refuses
            hidden[_EXTRA] = HIDDEN
        return {**self.params, **hidden}

    def _own_secrets(self) -> list[str]:
        # Ansible refuses an unknown option, and would show its value. The name may be a misspelled secret option.
        unknown = [name for name in self.params if name not in self.argument_spec and is_secret_name(name)]
        return [name for name in (*_OWN_SECRETS, *unknown) if self.params.get(name)]


def _without_nul(value: t.Any) -> t.Any:
    return value.replace("\0", "\\0") if isinstance(value, str) else value


def _retry_seconds(params: t.Mapping[str, t.Any]) -> int:
    """Return the number of seconds for which a client retries its calls."""
    seconds: int = params.get("wait_timeout", params.get("timeout", _RETRY_SECONDS))
    return max(seconds, 1)


def _connect(
    module: AnsibleAWSModule, seconds: int, clock: SystemClock, service: str, *, region: str | None = None
) -> t.Any:
    """Return the boto3 client of a service, whose calls are retried for this number of seconds.

    Without ``region``, the client uses the Region of the task.
    """
    until = clock.monotonic() + seconds
    client = module.client(service, config=client_config(seconds), **({"region": region} if region else {}))
    stop_retries_at(client, until, clock)
    return client


def run_module(
    argument_spec: t.Mapping[str, t.Any], run: Workflow[_A], api: t.Callable[..., _A], *, other_services: bool = False
) -> None:
    """Run a workflow as an Ansible module, and exit with its result or fail with its error.

    ``api`` creates the API from a boto3 client and a Region. With ``other_services``, it also gets a function that
    returns the client of another service or Region, and the clock.
    """
    AnsibleAWSModule.default_settings["module_class"] = _MaskingModule
    module = AnsibleAWSModule(argument_spec=dict(argument_spec), supports_check_mode=True)
    try:
        check_numbers(argument_spec, module.params)
        clock, seconds = SystemClock(), _retry_seconds(module.params)
        connect = partial(_connect, module, seconds, clock)
        client = connect("rds")
        gc.freeze()
        gc.enable()
        region = client.meta.region_name
        check_region(region)
        context = RunContext(
            api=api(client, region, *((connect, clock) if other_services else ())),
            clock=clock,
            warn=lambda text: warn(printable(text)),
            check_mode=module.check_mode,
        )
        result = run(module.params, context).render()
    except RdsError as error:
        module.fail_json(msg=error.message, **printable_messages(error.render()))
    module.exit_json(**printable_messages(result))
