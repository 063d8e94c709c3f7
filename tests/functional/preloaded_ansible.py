# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Runs the commands of Ansible in forks of a process that has loaded Ansible and the modules.

A run costs a fraction of the processor time of a new ``ansible-playbook``, because neither the command nor any module
starts a process. Everything else is unchanged: the command, strategy, executor and templates of Ansible run the role,
and each module runs with the arguments that Ansible passes to it. This module replaces methods of ansible-core 2.21.

A run can be killed at any step. A step is the end of a task, or a request of a module: one call of AWS, or one SQL
statement. A run is killed with SIGKILL before or after the request was sent.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import typing as t
import warnings
from dataclasses import dataclass

# the version whose methods this module replaces
CORE = "2.21"
# in seconds, so that a run that hangs does not block the tests
RUN_TIMEOUT = 300
SUPPORTED = "2.21."
ROLES = pathlib.Path(__file__).parents[2] / "roles"
CLIS = {"ansible": ("adhoc", "AdHocCLI"), "ansible-playbook": ("playbook", "PlaybookCLI")}
_MODULE = re.compile(r"^ +(?:- )?((?:amazon|community|passwordless)\.\w+\.\w+):", re.MULTILINE)
_READ_SQL = re.compile(r"\s*(SELECT|SHOW|SET (datestyle|SQL_LOG_BIN))\b", re.IGNORECASE)
_READ_CALL = re.compile(r"(Get|List|Describe|Simulate|Assume)")


@dataclass(frozen=True)
class Kill:
    """The step at which a run is killed: the ``number``th step whose text contains a match of ``pattern``."""

    number: int
    pattern: str = ""


@dataclass(frozen=True)
class PreloadedRun:
    """A run that has ended. ``code`` is negative if it was killed. ``steps`` are as text, in their order."""

    code: int
    output: str
    steps: list[str]


class PreloadedAnsible:
    """A context manager that starts the process that is forked for each run."""

    def __init__(self, folder: pathlib.Path, environment: t.Mapping[str, str]) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> PreloadedAnsible:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def run(self, arguments: t.Sequence[str], kill: Kill | None = None) -> PreloadedRun:
        """Run ``ansible-playbook`` with these arguments. Record the steps."""
        steps = self._folder / "steps"
        steps.write_text("")
        output = self._folder / "output"
        code = self._send(
            command=["ansible-playbook", *arguments],
            output=str(output),
            steps=str(steps),
            kill=[kill.number, kill.pattern] if kill else None,
        )
        return PreloadedRun(code, output.read_text(), steps.read_text().splitlines())

    def run_command(
        self, command: t.Sequence[str], folder: pathlib.Path, environment: t.Mapping[str, str]
    ) -> tuple[int, str]:
        """Run ``ansible`` or ``ansible-playbook`` in this folder. Return its code and its output."""
        output = self._folder / "output"
        code = self._send(command=list(command), folder=str(folder), environment=dict(environment), output=str(output))
        return code, output.read_text()

    def _send(self, **request: t.Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def is_supported() -> bool:
    """Return whether the installed ansible-core has the methods that this module replaces."""
    from ansible.release import __version__

    return __version__.startswith(SUPPORTED)


class _Steps:
    """Records the steps of a run, and kills it at one of them."""

    def __init__(self, request: t.Mapping[str, t.Any]) -> None:
        self._path = pathlib.Path(request["steps"])
        self._remaining, self._pattern = request["kill"] or (0, "")

    def record(self, text: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(" ".join(text.split()) + "\n")
        if self._remaining and re.search(self._pattern, text):
            self._remaining -= 1
            if not self._remaining:
                os.kill(os.getpid(), signal.SIGKILL)

    def record_calls(self, owner: t.Any, name: str, describe: t.Callable[..., tuple[str, bool]]) -> None:
        """Record a step before and after each call of a method. A call that only reads is one step."""
        original = getattr(owner, name)

        def _call(this: t.Any, *arguments: t.Any, **more: t.Any) -> t.Any:
            text, changes = describe(*arguments, **more)
            if changes:
                self.record(f"before the change {text}")
            result = original(this, *arguments, **more)
            self.record(f"after the {'change' if changes else 'request'} {text}")
            return result

        setattr(owner, name, _call)


def _describe_sql(query: t.Any, *_arguments: t.Any, **_more: t.Any) -> tuple[str, bool]:
    return str(query), not _READ_SQL.match(str(query))


def _describe_call(operation: str, *_arguments: t.Any, **_more: t.Any) -> tuple[str, bool]:
    return operation, not _READ_CALL.match(operation)


def _install(steps: _Steps) -> None:
    """Record the requests of the modules and the ends of the tasks as steps."""
    import psycopg
    import pymysql.cursors
    from ansible.executor.task_queue_manager import TaskQueueManager
    from botocore.client import BaseClient

    steps.record_calls(psycopg.Cursor, "execute", _describe_sql)
    steps.record_calls(psycopg.Connection, "commit", lambda: ("COMMIT", True))
    steps.record_calls(pymysql.cursors.Cursor, "execute", _describe_sql)
    steps.record_calls(BaseClient, "_make_api_call", _describe_call)
    original = TaskQueueManager.send_callback

    def _send(manager: t.Any, method: str, *arguments: t.Any, **more: t.Any) -> t.Any:
        result = original(manager, method, *arguments, **more)
        if method in ("v2_runner_on_ok", "v2_runner_on_failed"):
            steps.record(f"end of a task: {method}")
        return result

    TaskQueueManager.send_callback = _send


def _execute_module(
    action: t.Any,
    module_name: str | None = None,
    module_args: dict[str, t.Any] | None = None,
    task_vars: dict[str, t.Any] | None = None,
    *,
    ignore_unknown_opts: bool = False,
    **_more: t.Any,
) -> dict[str, t.Any]:
    """Run a module in this process, which is the worker of the task. Replaces a method of ActionBase."""
    from ansible.module_utils.testing import patch_module_args

    name, arguments = module_name or action._task.action, module_args if module_args is not None else action._task.args
    action._update_module_args(name, arguments, task_vars or {}, ignore_unknown_opts=ignore_unknown_opts)
    output = io.StringIO()
    with (
        patch_module_args(arguments),
        _as_module_process(action),
        contextlib.redirect_stdout(output),
        contextlib.suppress(SystemExit),
    ):
        _module(name).main()
    result = action._parse_returned_data({"stdout": output.getvalue(), "stderr": "", "rc": 0}, "legacy")
    return t.cast("dict[str, t.Any]", result.as_result_dict() if hasattr(result, "as_result_dict") else result)


def _run_task(worker: t.Any) -> None:
    """Run a task in this process instead of a fork. Replaces a method of WorkerProcess."""
    from ansible._internal import _task
    from ansible.executor.task_executor import TaskExecutor

    task = worker._task.copy()
    task.squash()
    with _task.TaskContext.create(task=task, task_vars=worker._task_vars, host_name=worker._host.name):
        executor = TaskExecutor(
            worker._host,
            worker._play_context,
            worker._loader,
            worker._shared_loader_obj,
            worker._final_q,
            worker._variable_manager,
        )
        result = executor.run()
        result.finalize_registered_values()
    # callbacks read the values of the task after the loop
    worker._task.ignore_errors = result.ignore_errors
    worker._task.ignore_unreachable = result.ignore_unreachable
    worker._final_q.send_task_result(worker._host, worker._task, result)


@contextlib.contextmanager
def _as_module_process(action: t.Any) -> t.Iterator[None]:
    """Set the environment of the task, and make ansible-core return warnings in the result, as in a new process."""
    from ansible.module_utils import _internal

    changes: dict[str, str] = {}
    action._compute_environment_string(changes)
    before, environment = _internal.is_controller, dict(os.environ)
    os.environ.update(changes)
    _internal.is_controller = False
    try:
        yield
    finally:
        _internal.is_controller = before
        os.environ.clear()
        os.environ.update(environment)


def _module(name: str) -> t.Any:
    from ansible.plugins.loader import module_loader

    resolved = module_loader.find_plugin_with_context(name).resolved_fqcn
    namespace, collection, plugin = resolved.split(".")
    path = f"ansible_collections.{namespace}.{collection}.plugins.modules.{plugin}"
    __import__(path)
    return sys.modules[path]


@contextlib.contextmanager
def _quiet() -> t.Iterator[None]:
    """Discard the warnings for modules that the run may not use."""
    with pathlib.Path(os.devnull).open("w") as null, contextlib.redirect_stderr(null), contextlib.redirect_stdout(null):
        yield


def _load() -> None:
    """Load Ansible, the modules and the models of boto3, and replace the methods."""
    import botocore.session
    from ansible.executor.process import worker
    from ansible.plugins import action
    from ansible.plugins.loader import init_plugin_loader
    from botocore.loaders import JSONFileLoader, Loader
    from jinja2 import Environment

    for command in CLIS:
        _cli(command)
    init_plugin_loader()
    warnings.filterwarnings("ignore", "AnsibleCollectionFinder has already been configured")
    text = "".join(path.read_text() for path in ROLES.rglob("*/tasks/**/*.yml"))
    for name in sorted(set(_MODULE.findall(text))):
        with _quiet(), contextlib.suppress(ImportError):
            _module(name)
    action.ActionBase._execute_module = _execute_module
    worker.WorkerProcess.start = _run_task
    _cache_results(JSONFileLoader, "load_file")
    _cache_results(Loader, "list_available_services")
    _cache_results(Environment, "compile")
    for service in ("iam", "sts", "rds"):
        botocore.session.get_session().create_client(service, region_name="eu-west-1")


def _cache_results(owner: t.Any, name: str) -> None:
    """Cache the results of a method by its arguments, for this process and its forks."""
    original = getattr(owner, name)
    cache: dict[t.Any, t.Any] = {}

    def _call(this: t.Any, *arguments: t.Any, **more: t.Any) -> t.Any:
        key = (type(this), arguments, tuple(sorted(more.items())))
        if key not in cache:
            cache[key] = original(this, *arguments, **more)
        return cache[key]

    setattr(owner, name, _call)


def _cli(command: str) -> t.Any:
    module, name = CLIS[command]
    return getattr(importlib.import_module(f"ansible.cli.{module}"), name)


def _run(request: t.Mapping[str, t.Any]) -> t.NoReturn:
    """Run the command in this fork."""
    signal.alarm(RUN_TIMEOUT)
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    if "environment" in request:
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
    sys.argv = request["command"]
    if "steps" in request:
        _install(_Steps(request))
    code = 1
    try:
        _cli(sys.argv[0]).cli_executor(sys.argv)
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 1
    finally:
        sys.stdout.flush()
        os._exit(code)


def _serve() -> None:
    _load()
    for line in sys.stdin:
        gc.freeze()
        child = os.fork()
        if not child:
            _run(json.loads(line))
        _child, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
