# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Runs a module in this process as Ansible does: arguments as JSON, the result from stdout."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import logging
import typing as t

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as ansible_warnings
from ansible.module_utils.common.parameters import PASS_VARS
from botocore.session import get_session

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # ansible-core before 2.18

    @contextlib.contextmanager
    def patch_module_args(args: dict[str, t.Any]) -> t.Iterator[None]:
        before = basic._ANSIBLE_ARGS
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": args}).encode()
        try:
            yield
        finally:
            basic._ANSIBLE_ARGS = before


CREDENTIALS = {
    "access_key": "AKIAIOSFODNN7EXAMPLE",
    "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "region": "eu-west-1",
}


class Result(dict[str, t.Any]):
    """The result that a module printed."""

    @property
    def outcomes(self) -> dict[str, str]:
        return {f"{d['kind']}/{d['identifier']}": d["outcome"] for d in self["databases"]}

    @property
    def codes(self) -> list[str]:
        return [problem["code"] for d in self["databases"] for problem in d["problems"]]

    def database(self, identifier: str) -> dict[str, t.Any]:
        (found,) = (d for d in self["databases"] if d["identifier"] == identifier)
        return found


class Runner:
    """Runs one module against one endpoint. ``capsys`` is the fixture of pytest."""

    def __init__(self, module: str, endpoint: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._main = importlib.import_module(f"ansible_collections.passwordless.rds.plugins.modules.{module}").main
        self._endpoint = endpoint
        self._capsys = capsys
        self.output = ""

    def __call__(self, *, check: bool = False, **options: t.Any) -> Result:
        """Run the module. Options that are None are omitted, including credentials."""
        args = {**CREDENTIALS, "endpoint_url": self._endpoint, **options}
        given = {name: value for name, value in args.items() if value is not None}
        given.update(_ansible_check_mode=check, _ansible_diff=True, _ansible_verbosity=0)
        if "inject_invocation" in PASS_VARS:  # ansible-core 2.20 and later: return the invocation, as with -vvv
            given.update(_ansible_inject_invocation=True)
        self._capsys.readouterr()
        ansible_warnings._global_warnings.clear()
        with patch_module_args(given), _in_module_process(), pytest.raises(SystemExit):
            self._main()
        self.output = self._capsys.readouterr().out
        result = Result(json.loads(self.output))
        result["warnings"] = [_text_of(warning) for warning in result.get("warnings", ())]
        return result

    def ok(self, **options: t.Any) -> Result:
        result = self(**options)
        assert not result.get("failed"), result["msg"]
        return result

    def fails(self, **options: t.Any) -> Result:
        result = self(**options)
        assert result.get("failed"), result
        # an older amazon.aws causes deprecation warnings on a newer ansible-core
        own = {name: value for name, value in result.items() if name != "deprecations"}
        assert "Traceback" not in json.dumps(own)
        return result


@contextlib.contextmanager
def _in_module_process() -> t.Iterator[None]:
    """Make ansible-core treat this process as a module process. Tests of filters make it a controller.

    The log of the option ``debug_botocore_endpoint_logs`` ends with the module, as it does with its process.
    """
    log = logging.getLogger("botocore.endpoint")
    level, handlers = log.level, list(log.handlers)
    with pytest.MonkeyPatch.context() as patch:
        # ansible-core 2.19 and later displays warnings on a controller instead of returning them
        if importlib.util.find_spec("ansible.module_utils._internal"):
            patch.setattr("ansible.module_utils._internal.is_controller", False, raising=False)
        try:
            yield
        finally:
            log.setLevel(level)
            log.handlers[:] = handlers


def _text_of(warning: t.Any) -> str:
    """Return the text of a warning. ansible-core 2.19 and later returns warnings as records."""
    return warning if isinstance(warning, str) else warning["event"]["msg"]


def needs(operation: str, *parameters: str) -> None:
    """Skip a test if the installed botocore does not know these parameters, which the module then refuses."""
    known = get_session().get_service_model("rds").operation_model(operation).input_shape.members
    if not set(parameters) <= set(known):
        pytest.skip(f"this botocore does not send {', '.join(parameters)}")
