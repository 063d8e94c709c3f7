# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Measure a rollout over 40 combinations of account and Region, in slices as in AWX, against the simulator.

usage: shards.py [--accounts 8] [--databases 25] [--slices 4] [--forks 5] [--latency 0.05] [--write]

Each slice is a separate job. All jobs run at the same time, here on one machine. The second run changes nothing.
--write: write the results to benchmarks/results/shards.json
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import pathlib
import tempfile
import typing as t

import yaml
from ansible_collections.passwordless.rds.benchmarks import compare_amazon_aws
from ansible_collections.passwordless.rds.benchmarks.measure import Simulated

RESULTS = pathlib.Path(__file__).resolve().parent / "results" / "shards.json"
REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-southeast-2")
WAVES = [{"tags": {"env": "test"}}, {"tags": {"env": "prod"}}]


def fleet(account: str, region: str, databases: int) -> dict[str, t.Any]:
    """Return the databases of one account in one Region."""
    test = databases // 2
    return {
        "account": account,
        "region": region,
        "db_instances": [
            {"identifier": "test-{n}", "count": test, "engine": "mysql", "tags": {"env": "test"}},
            {"identifier": "prod-{n}", "count": databases - test, "engine": "postgres", "tags": {"env": "prod"}},
        ],
    }


def role(account: str) -> dict[str, t.Any]:
    """Return the role that the rollout assumes in one account."""
    return {"account": account, "iam_roles": [{"name": "rollout"}]}


def inventory(shards: t.Iterable[tuple[str, str]]) -> dict[str, t.Any]:
    """Return an inventory with one host for each account and Region."""
    hosts = {
        f"{account}-{region}": {
            "rds_rollout_role_arn": f"arn:aws:iam::{account}:role/rollout",
            "rds_rollout_region": region,
        }
        for account, region in shards
    }
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    return {"shards": {"hosts": hosts, "vars": local}}


def play(simulated: Simulated, folder: pathlib.Path, hosts: list[str], slices: int, forks: int) -> dict[str, t.Any]:
    """Run one rollout over all hosts, with one job for each slice."""
    answers = {
        "rds_rollout_hosts": "shards",
        "rds_rollout_waves": WAVES,
        "rds_rollout_apply_immediately": True,
        "rds_rollout_report_path": str(folder / "{{ inventory_hostname }}.json"),
    }
    common = ["ansible-playbook", "-i", str(folder / "shards.yml"), "passwordless.rds.rollout", "-f", str(forks)]
    jobs = [
        [*common, "-e", json.dumps(answers), "--limit", ",".join(hosts[number::slices])] for number in range(slices)
    ]
    with concurrent.futures.ThreadPoolExecutor(max_workers=slices) as pool:
        ran = list(pool.map(lambda job: simulated.run(*job), jobs))
    reports = [json.loads((folder / f"{host}.json").read_text()) for host in hosts]
    changed = sum(len(wave["changed"]) for report in reports for wave in report["waves"])
    return {
        "seconds": round(max(run.seconds for run in ran), 1),
        "processor_seconds": round(sum(run.cpu_seconds for run in ran), 1),
        "largest_process_mib": round(max(run.memory_mib for run in ran)),
        "databases_changed": changed,
        "shards_done": sum(report["after"]["coverage_percent"] == 100 and not report["stopped"] for report in reports),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--accounts", type=int, default=8, help=f"each in {len(REGIONS)} regions")
    parser.add_argument("--databases", type=int, default=25, help="in each account and region")
    parser.add_argument("--slices", type=int, default=4)
    parser.add_argument("--forks", type=int, default=5, help="of each slice")
    parser.add_argument("--latency", type=float, default=0.05, help="seconds for each API call")
    parser.add_argument("--write", action="store_true", help="write the results")
    arguments = parser.parse_args()
    shards = [(str(111111111111 * n), region) for n in range(1, arguments.accounts + 1) for region in REGIONS]
    hosts = inventory(shards)
    with Simulated(arguments.latency) as simulated, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "shards.yml").write_text(yaml.safe_dump(hosts))
        accounts = dict.fromkeys(account for account, _region in shards)
        simulated.fill(
            *(role(account) for account in accounts),
            *(fleet(account, region, arguments.databases) for account, region in shards),
        )
        names = list(hosts["shards"]["hosts"])
        runs = {
            which: play(simulated, folder, names, arguments.slices, arguments.forks) for which in ("first", "second")
        }
    document = {"versions": compare_amazon_aws.versions(), **vars(arguments), "shards": len(shards), **runs}
    document.pop("write")
    print(json.dumps(document, indent=2))
    if arguments.write:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
