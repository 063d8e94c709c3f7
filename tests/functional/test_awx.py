# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The playbook as a job template: through ansible-runner, with survey answers, as a check job and a run job."""

from __future__ import annotations

import datetime as dt
import json
import os
import pathlib
import typing as t

import ansible_runner
import pytest
from ansible_collections.passwordless.rds.tests.functional import documents
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS
from ansible_collections.passwordless.rds.tests.samples import quick_first
from rds_simulator.login.metrics import LoginHistory

FLEET = {
    "db_parameter_groups": [{"name": "legacy-pg13", "family": "postgres13", "parameters": {"ssl": "0"}}],
    "db_instances": [
        {"identifier": "orders", "engine": "postgres"},
        {"identifier": "shop", "engine": "mysql"},
        {"identifier": "legacy", "engine": "postgres", "engine_version": "13.20", "db_parameter_group": "legacy-pg13"},
    ],
    "db_clusters": [{"identifier": "ledger", "engine": "aurora-postgresql", "members": 2}],
}
# a survey sends text, also for numbers and booleans, and blank text for no answer
ANSWERS = {
    "rds_iam_auth_instances": "orders\n\n  shop \n",
    "rds_iam_auth_clusters": " ledger, ",
    "rds_iam_auth_setting": "enabled",
    "rds_iam_auth_unused_for": "",
    "rds_iam_auth_apply_immediately": "true",
    "rds_iam_auth_apply_other_pending_changes": "",
    "rds_iam_auth_include_read_replicas": "false",
    "rds_iam_auth_ssl_parameter": "require",
    "rds_iam_auth_on_problem": "",
    "rds_iam_auth_wait_timeout": "600",
    "rds_iam_auth_wait_delay": "0.2",
    "rds_iam_auth_region": "",
}
SECRETS = {**KEYS, "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLETOKENEXAMPLETOKENEXAMPLETOKEN"}
SWITCH = "Enable or disable IAM database authentication"


class Job(t.NamedTuple):
    """The status of a job, its events, its stats, and its output."""

    status: str
    code: int
    events: list[dict[str, t.Any]]
    artifacts: dict[str, t.Any]
    shown: str

    def result(self, task: str = SWITCH) -> dict[str, t.Any]:
        """Return the result of a task."""
        (found,) = (
            event["event_data"]["res"]
            for event in self.events
            if event["event"] in ("runner_on_ok", "runner_on_failed") and event["event_data"]["task"] == task
        )
        return found


@pytest.fixture
def launch(sim, tmp_path):
    """Return a function that launches a job: ``launch(answers, check=True)``."""
    sim.seed(FLEET)
    project = tmp_path / "project"
    project.mkdir()
    (project / "enable_iam.yml").write_text(documents.captioned("guide_awx")["enable_iam.yml"])
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts").write_text(
        "localhost ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'\n"
    )
    environment = {**SECRETS, "AWS_URL": sim.url, "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}

    def _launch(answers: dict[str, t.Any], *, check: bool = False) -> Job:
        ident = f"job-{len(list(tmp_path.glob('artifacts/*')))}"
        runner = ansible_runner.run(
            private_data_dir=str(tmp_path),
            ident=ident,
            playbook="enable_iam.yml",
            extravars=answers,
            envvars=environment,
            cmdline="--diff --check" if check else "--diff",
            quiet=True,
        )
        events = [event for event in runner.events if event["event"].startswith("runner_on_")]
        folder = pathlib.Path(runner.config.artifact_dir)
        shown = "".join(path.read_text() for path in [folder / "stdout", *(folder / "job_events").glob("*.json")])
        stats = [e["event_data"] for e in runner.events if e["event"] == "playbook_on_stats"]
        return Job(runner.status, runner.rc, events, stats[-1].get("artifact_data", {}) if stats else {}, shown)

    return _launch


def test_enable_job_check_run_and_second_run(sim, launch):
    preview = launch(ANSWERS, check=True)
    assert (preview.status, preview.code) == ("successful", 0), preview.shown
    assert [call.operation for call in sim.calls if call.operation.startswith("Modify")] == []
    ran = launch(ANSWERS)
    assert (ran.status, ran.code) == ("successful", 0), ran.shown
    outcomes = {"instance/orders": "applied", "instance/shop": "applied", "cluster/ledger": "applied"}
    for job in (preview, ran):
        assert job.result()["changed"] is True
        assert job.artifacts["rds_iam_auth_outcomes"] == outcomes
        assert job.artifacts["rds_iam_auth_summary"]["applied"] == 3
        assert "iam_database_authentication" in job.shown
    assert preview.result()["diff"] == ran.result()["diff"]
    plans = [job.artifacts.pop("rds_iam_auth_expect_plan_ids") for job in (preview, ran)]
    assert plans == [{"localhost": preview.result()["plan_id"]}, {}]
    changes = [job.artifacts.pop("rds_iam_auth_changes") for job in (preview, ran)]
    assert changes[0] == [f"{database}: would be applied" for database in outcomes]
    assert changes[1] == [f"{database}: applied" for database in outcomes]
    assert f"plan_id: {preview.result()['plan_id']}" in preview.shown
    assert preview.artifacts == ran.artifacts
    again = launch(ANSWERS)
    assert again.result()["changed"] is False
    assert set(again.artifacts["rds_iam_auth_outcomes"].values()) == {"unchanged"}
    for job in (preview, ran, again):
        for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            assert SECRETS[name] not in job.shown


@pytest.mark.slow
def test_enable_job_problem_fails_and_is_in_stats(sim, launch):
    job = launch({**ANSWERS, "rds_iam_auth_instances": "legacy, shop"})
    assert (job.status, job.code) == ("failed", 2)
    assert job.artifacts["rds_iam_auth_outcomes"] == {
        "instance/legacy": "failed",
        "instance/shop": "skipped",
        "cluster/ledger": "skipped",
    }
    assert job.artifacts["rds_iam_auth_changed"] is False
    assert "ssl_disabled" in job.result()["msg"]
    assert "Traceback" not in job.shown


@pytest.mark.parametrize(
    ("answers", "said"),
    quick_first(
        [
            (
                {"rds_iam_auth_setting": "inherit"},
                "rds_iam_auth_setting: 'inherit' is not valid. Use one of: enabled, disabled.",
            ),
            # the YAML value off, from the extra variables of a template
            (
                {"rds_iam_auth_setting": False},
                "rds_iam_auth_setting: 'false' is not valid. Use one of: enabled, disabled.",
            ),
            (
                {"rds_iam_auth_apply_immediatly": "true"},
                "the variable does not exist. Did you mean rds_iam_auth_apply_immediately?",
            ),
            (
                {"rds_iam_auth_instances": " \n", "rds_iam_auth_clusters": " , ", "rds_iam_auth_select_engines": " "},
                "no database is named",
            ),
        ],
        1,
    ),
)
def test_enable_job_invalid_answers_are_refused(sim, launch, answers, said):
    job = launch({**ANSWERS, **answers}, check=True)
    assert job.status == "failed"
    assert said in job.shown
    assert sim.calls == []


@pytest.mark.slow
def test_enable_job_explicit_disabled_is_kept(sim, launch):
    sim.database("instance", "shop")["IAMDatabaseAuthenticationEnabled"] = True
    answers = dict.fromkeys(ANSWERS, "")
    job = launch({**answers, "rds_iam_auth_instances": "shop", "rds_iam_auth_setting": " Disabled"}, check=True)
    assert job.artifacts["rds_iam_auth_outcomes"] == {"instance/shop": "scheduled"}
    assert json.dumps(job.result()["diff"]["after"]["instance/shop"]["pending"]) == '"disabled"'


def test_enable_job_disables_only_unused_databases(sim, launch):
    sim.database("instance", "shop")["IAMDatabaseAuthenticationEnabled"] = True
    # the job uses the time of RDS
    dimensions = [[{"Name": "DBInstanceIdentifier", "Value": "shop"}]]
    hour_ago = sim.clock.now() - dt.timedelta(hours=1)
    LoginHistory("123456789012", "eu-west-1").add(dimensions, hour_ago, 1, None)
    answers = {"rds_iam_auth_instances": "shop", "rds_iam_auth_setting": "disabled", "rds_iam_auth_unused_for": " 24h "}
    job = launch({**dict.fromkeys(ANSWERS, ""), **answers})
    assert (job.status, job.code) == ("failed", 2)
    assert "in_use: unused_for: CloudWatch counts 1 successful IAM login in the last 24h" in job.result()["msg"]
    assert job.artifacts["rds_iam_auth_outcomes"] == {"instance/shop": "failed"}


SELECTION = {
    **ANSWERS,
    "rds_iam_auth_instances": "",
    "rds_iam_auth_clusters": "",
    "rds_iam_auth_select_all": "false",
    "rds_iam_auth_select_engines": "postgres\nmysql, aurora-postgresql",
    "rds_iam_auth_select_tags": "env = prod\nteam\n",
    "rds_iam_auth_select_include": "",
    "rds_iam_auth_select_exclude": "leg*\n",
    "rds_iam_auth_max_changes": " 2 ",
    "rds_iam_auth_expect_plan_id": "",
}


def tag(sim, kind, name, **tags):
    sim.database(kind, name)["TagList"] = [{"Key": key, "Value": value} for key, value in tags.items()]


@pytest.fixture
def tagged(sim, launch):
    for name in ("orders", "legacy"):
        tag(sim, "instance", name, env="prod", team="a")
    tag(sim, "cluster", "ledger", env="prod", team="")
    tag(sim, "instance", "shop", env="prod")
    return launch


def test_enable_workflow_check_approval_and_run(sim, tagged):
    preview = tagged(SELECTION, check=True)
    assert preview.artifacts["rds_iam_auth_outcomes"] == {"instance/orders": "applied", "cluster/ledger": "applied"}
    # AWX passes the stats of a job to the following jobs as extra variables
    ran = tagged({**SELECTION, **preview.artifacts})
    assert (ran.status, ran.code) == ("successful", 0), ran.shown
    assert ran.result()["plan_id"] == preview.result()["plan_id"]
    assert sim.database("instance", "orders")["IAMDatabaseAuthenticationEnabled"] is True


@pytest.mark.slow
def test_enable_workflow_changed_after_check_is_refused(sim, tagged):
    preview = tagged(SELECTION, check=True)
    tag(sim, "instance", "orders", env="test", team="a")
    tag(sim, "instance", "shop", env="prod", team="b")
    ran = tagged({**SELECTION, **preview.artifacts})
    assert ran.status == "failed"
    assert "the plan has changed since it was approved" in ran.result()["msg"]
    assert [call.operation for call in sim.calls if call.operation.startswith("Modify")] == []
    assert set(ran.artifacts["rds_iam_auth_outcomes"].values()) == {"skipped"}


@pytest.mark.slow
def test_enable_job_more_than_max_changes_is_refused(sim, tagged):
    job = tagged({**SELECTION, "rds_iam_auth_max_changes": "1"})
    assert "max_changes: 1: 2 databases would change" in job.result()["msg"]


def test_enable_job_select_all_with_exclusions(sim, tagged):
    answers = {**dict.fromkeys(SELECTION, ""), "rds_iam_auth_select_all": "True", "rds_iam_auth_select_exclude": "shop"}
    job = tagged(answers, check=True)
    assert sorted(job.artifacts["rds_iam_auth_outcomes"]) == ["cluster/ledger", "instance/legacy", "instance/orders"]


def put_hosts(folder, **hosts):
    local = "ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'"
    lines = [f"{name} {local} {variables}\n" for name, variables in hosts.items()]
    (folder / "inventory" / "hosts").write_text("".join(lines))


@pytest.mark.slow
def test_enable_job_several_hosts_return_combined_stats(sim, launch, tmp_path):
    sim.seed({"region": "us-east-1", **{key: FLEET[key] for key in ("db_parameter_groups", "db_instances")}})
    put_hosts(
        tmp_path,
        eu="rds_iam_auth_region=eu-west-1 rds_iam_auth_instances=orders,shop",
        us="rds_iam_auth_region=us-east-1 rds_iam_auth_instances=orders,legacy",
        none="rds_iam_auth_region=us-east-1",
    )
    answers = {"rds_iam_auth_hosts": "all", "rds_iam_auth_apply_immediately": "true", "rds_iam_auth_wait_delay": "0.2"}
    job = launch(answers)
    assert job.status == "failed"
    assert job.artifacts["rds_iam_auth_outcomes"] == {
        "eu/instance/orders": "applied",
        "eu/instance/shop": "applied",
        "us/instance/orders": "skipped",
        "us/instance/legacy": "failed",
    }
    assert job.artifacts["rds_iam_auth_changed"] is True
    summary = job.artifacts["rds_iam_auth_summary"]
    assert {key: count for key, count in summary.items() if count} == {
        "applied": 2,
        "skipped": 1,
        "failed": 1,
        "total": 4,
    }
    ids = [
        event["event_data"]["res"]["plan_id"]
        for event in sorted(job.events, key=lambda event: str(event["event_data"].get("host")))
        if event["event"] in ("runner_on_ok", "runner_on_failed")
        and event["event_data"]["task"] == SWITCH
        and "plan_id" in event["event_data"]["res"]
    ]
    assert job.artifacts["rds_iam_auth_plan_id"] == ",".join(ids)


@pytest.mark.slow
def test_enable_workflow_each_host_expects_its_own_plan(sim, launch, tmp_path):
    sim.seed({"region": "us-east-1", "db_instances": FLEET["db_instances"][:2]})
    put_hosts(
        tmp_path,
        eu="rds_iam_auth_region=eu-west-1 rds_iam_auth_instances=orders",
        us="rds_iam_auth_region=us-east-1 rds_iam_auth_instances=orders,shop",
    )
    preview = launch({"rds_iam_auth_hosts": "all"}, check=True)
    plans = preview.artifacts["rds_iam_auth_expect_plan_ids"]
    assert preview.artifacts["rds_iam_auth_plan_id"] == f"{plans['eu']},{plans['us']}"
    ran = launch({"rds_iam_auth_hosts": "all", **preview.artifacts})
    assert (ran.status, ran.code) == ("successful", 0), ran.shown
    assert ran.artifacts["rds_iam_auth_summary"]["scheduled"] == 3


@pytest.mark.slow
def test_enable_workflow_host_without_preview_changes_nothing(sim, launch, tmp_path):
    sim.seed({"region": "us-east-1", "db_instances": FLEET["db_instances"][:2]})
    regions = ("eu-west-1", "us-east-1")
    put_hosts(tmp_path, **{name: f"rds_iam_auth_region={name} rds_iam_auth_instances=orders" for name in regions})
    preview = launch({"rds_iam_auth_hosts": "eu-west-1"}, check=True)
    ran = launch({"rds_iam_auth_hosts": "all", **preview.artifacts})
    assert ran.status == "failed"
    assert "there is no approved plan for host us-east-1" in ran.shown
    pending = [sim.database("instance", "orders", region).get("PendingModifiedValues") or {} for region in regions]
    assert ["IAMDatabaseAuthenticationEnabled" in values for values in pending] == [True, False]


@pytest.mark.slow
def test_enable_workflow_failed_check_job_changes_nothing(sim, launch):
    sim.faults.add(operation="DescribeDBInstances", deny=True)
    answers = {"rds_iam_auth_instances": "orders"}
    preview = launch(answers, check=True)
    assert preview.status == "failed"
    assert preview.artifacts["rds_iam_auth_expect_plan_ids"] == {"localhost": ""}
    sim.faults.clear()
    sim.calls_clear()
    ran = launch({**answers, **preview.artifacts})
    assert ran.status == "failed"
    assert "there is no approved plan for host localhost" in ran.shown
    assert not [call for call in sim.calls if call.operation.startswith("Modify")]
