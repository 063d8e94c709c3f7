# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Asks AWS the questions that its documentation leaves open, with small experiments in your own account.

usage: python -m ansible_collections.passwordless.rds.scripts.ask_aws.main [OPTIONS] [EXPERIMENT ...]

Prints the estimate first, and makes no call before you confirm it. Each experiment removes what it has created. After a
run that was interrupted, call the script with --cleanup and the ID that the run has printed.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import typing as t

from . import aws
from .cassette import cassette, save
from .experiments import EXPERIMENTS, NOT_ASKED
from .model import Experiment
from .plan import Limits, PlanError, check_run, estimate, select, windows
from .runner import Runner, Stopped, clean_up

Connect = t.Callable[[argparse.Namespace], aws.Rds]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    usual = Limits()
    made = argparse.ArgumentParser(prog="ask-aws", description="Ask AWS what its documentation leaves open.")
    made.add_argument("experiments", nargs="*", metavar="EXPERIMENT", help="the switches to ask about (default: all)")
    made.add_argument("--region", help="the Region (default: that of the environment)")
    made.add_argument("--profile", help="a profile of the AWS configuration")
    made.add_argument("--yes", action="store_true", help="start without asking for confirmation")
    made.add_argument("--list", action="store_true", help="list the experiments, and call nothing")
    made.add_argument("--max-databases", type=int, default=usual.databases)
    made.add_argument("--max-instance-hours", type=float, default=usual.instance_hours)
    made.add_argument("--max-minutes", type=int, default=usual.minutes, help="the time limit of the run")
    made.add_argument("--cassettes", type=pathlib.Path, default=pathlib.Path("ask-aws"), help="folder of the answers")
    made.add_argument("--cleanup", metavar="RUN", help="delete what an interrupted run has left")
    made.add_argument("--endpoint-url", help="another endpoint, for example that of the simulator")
    return made


def describe() -> str:
    """Return the list of experiments, and of the questions without one."""
    asked = [f"{item.switch}: {item.question} [{item.source}]\n    {estimate([item])}" for item in EXPERIMENTS]
    return "\n".join([*asked, "Not asked:", *(f"{name}: {reason}" for name, reason in NOT_ASKED.items())])


def ask(rds: aws.Rds, experiments: t.Sequence[Experiment], options: argparse.Namespace, clock: aws.Clock) -> int:
    """Run the experiments, and print and record each answer. Return the exit code."""
    run = aws.new_run()
    print(f"The ID of this run is {run}. If it is interrupted, run: make ask-aws-cleanup RUN={run}", flush=True)
    limits = Limits(options.max_databases, options.max_instance_hours, options.max_minutes)
    values = {"password": aws.new_password(), **windows(clock.utc())}
    runner = Runner(rds, run, limits, clock=clock, values=values)
    code = 0
    for experiment in experiments:
        try:
            runner.check_total()
        except Stopped as exc:
            print(exc)
            return 1
        try:
            records, trace, reason = runner.run(experiment)
        finally:
            left = clean_up(rds, run, clock=clock)
            runner.instances_deleted()
        if left:
            names = ", ".join(name for _kind, name, _unique in left)
            print(f"Not deleted in time: {names}. Run: make ask-aws-cleanup RUN={run}")
            return 1
        content = cassette(experiment, records, trace, date=clock.utc().date().isoformat())
        path = save(options.cassettes, content)
        position = content["position"]
        print(f"{experiment.switch}: {'no answer' if position is None else position} ({path}). {reason}".rstrip())
        code = code or int(position is None)
    return code


def main(
    arguments: t.Sequence[str] | None = None, *, connect: Connect | None = None, clock: aws.Clock | None = None
) -> int:
    """Return the exit code."""
    options = parser().parse_args(arguments)
    wait = clock or aws.Clock()
    if options.list:
        print(describe())
        return 0
    try:
        if options.cleanup is not None:
            run = check_run(options.cleanup)
        else:
            experiments = select(EXPERIMENTS, options.experiments)
            needed = estimate(experiments)
            limits = Limits(options.max_databases, options.max_instance_hours, options.max_minutes)
            limits.check(needed)
    except PlanError as exc:
        print(exc, file=sys.stderr)
        return 2
    if options.cleanup is None and not _confirmed(str(needed), options):
        print("Nothing was sent to AWS.")
        return 2
    rds = connect(options) if connect else aws.connect(options.region, options.profile, options.endpoint_url)
    if options.cleanup is None:
        return ask(rds, experiments, options, wait)
    left = clean_up(rds, run, clock=wait)
    print(f"Left: {', '.join(name for _kind, name, _unique in left)}" if left else f"Nothing of {run} is left.")
    return int(bool(left))


def _confirmed(text: str, options: argparse.Namespace) -> bool:
    print(f"{text} The run ends after {options.max_minutes} minutes at most. AWS charges you for it:")
    print("https://aws.amazon.com/rds/pricing/")
    if options.yes:
        return True
    try:
        return input("Type yes to start: ").strip() == "yes"
    except EOFError:
        return False


if __name__ == "__main__":
    sys.exit(main())
