# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Start the simulator with the databases of the demo, run the demo, and always stop the simulator."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import typing as t

HERE = pathlib.Path(__file__).parent
SIMULATOR = "rds_simulator"
READY = "listening on "


@contextlib.contextmanager
def simulator() -> t.Iterator[str]:
    """Run the simulator at 30 times the real speed. Yields its URL."""
    command = [sys.executable, "-m", SIMULATOR, "--port", "0", "--seed", str(HERE / "fleet.yml"), "--speed", "30"]
    # in its own session, so that Ctrl-C reaches only this script, which then stops the simulator
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith(READY):
            sys.exit(f"the simulator did not start: {line}")
        yield line[len(READY) :].strip()
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def play(address: str) -> int:
    """Run the playbook of the demo against the simulator. Returns the exit code of ansible-playbook."""
    environment = {
        **os.environ,
        "AWS_URL": address,
        "AWS_REGION": "eu-west-1",
        # the simulator accepts any credentials; these are the examples of the AWS documentation
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ANSIBLE_CONFIG": str(HERE / "ansible.cfg"),
    }
    return subprocess.run(["ansible-playbook", str(HERE / "playbook.yml")], env=environment, check=False).returncode


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with simulator() as address:
            print("This is a simulation: RDS is simulated on this machine, and no AWS account is used.", flush=True)
            sys.exit(play(address))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
