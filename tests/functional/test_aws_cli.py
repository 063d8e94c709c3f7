# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The AWS CLI runs the commands of AWS's page "Enabling and disabling IAM database authentication".

The page: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Enabling.html. Its commands
about DB instances are here as it prints them; those about DB clusters are their counterparts in the Aurora user guide.

`aws` is taken from the path, or from the variable RDS_TEST_AWS_CLI; without it, these tests are skipped. It needs an
environment of its own, since each release of awscli pins one release of botocore.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess

import pytest
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS
from ansible_collections.passwordless.rds.tests.samples import quick_diagonal

AWS = shutil.which(os.environ.get("RDS_TEST_AWS_CLI", "aws"))
pytestmark = pytest.mark.skipif(AWS is None, reason="there is no AWS CLI: set RDS_TEST_AWS_CLI to an `aws`")

CREATE = """
aws rds create-db-instance \\
    --db-instance-identifier mydbinstance \\
    --db-instance-class db.m3.medium \\
    --engine MySQL \\
    --allocated-storage 20 \\
    --master-username masterawsuser \\
    --master-user-password masteruserpassword \\
    --enable-iam-database-authentication
"""
MODIFY = """
aws rds modify-db-instance \\
    --db-instance-identifier mydbinstance \\
    --apply-immediately \\
    --enable-iam-database-authentication
"""
CREATE_CLUSTER = """
aws rds create-db-cluster \\
    --db-cluster-identifier mydbcluster \\
    --engine aurora-mysql \\
    --master-username masterawsuser \\
    --master-user-password masteruserpassword \\
    --enable-iam-database-authentication
"""
MODIFY_CLUSTER = MODIFY.replace("instance", "cluster")
RESTORES = {
    "instance from snapshot": (
        "aws rds restore-db-instance-from-db-snapshot --db-instance-identifier new --db-snapshot-identifier kept"
    ),
    "instance to point in time": (
        "aws rds restore-db-instance-to-point-in-time --source-db-instance-identifier mydbinstance "
        "--target-db-instance-identifier new --use-latest-restorable-time"
    ),
    "cluster from snapshot": (
        "aws rds restore-db-cluster-from-snapshot --db-cluster-identifier new --snapshot-identifier kept "
        "--engine aurora-mysql"
    ),
    "cluster to point in time": (
        "aws rds restore-db-cluster-to-point-in-time --source-db-cluster-identifier mydbcluster "
        "--db-cluster-identifier new --use-latest-restorable-time"
    ),
}
SETTING = "IAMDatabaseAuthenticationEnabled"
ON, OFF = "--enable-iam-database-authentication", "--no-enable-iam-database-authentication"
# setting of the source, option, expected setting
REQUESTS = {"kept": (True, "", True), "off": (True, OFF, False), "on": (False, ON, True)}
KINDS = ["instance", "cluster"]


@pytest.fixture
def aws(sim, tmp_path):
    """Return a function that runs a command in its own process and returns its exit code and its output.

    The output of a successful command is parsed as JSON.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))},
        **KEYS,
        "AWS_DEFAULT_REGION": KEYS["AWS_REGION"],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "AWS_MAX_ATTEMPTS": "1",
    }

    def run(command):
        program, *arguments = shlex.split(command.replace("\\\n", " "))
        assert program == "aws"
        done = subprocess.run(
            [AWS, "--endpoint-url", sim.url, "--output", "json", *arguments],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            return done.returncode, done.stderr
        return 0, json.loads(done.stdout) if done.stdout.strip() else None

    return run


@pytest.fixture
def succeed(aws):
    """Return a function that runs a command, which must succeed, and returns the record that it printed."""

    def run(command):
        code, printed = aws(command)
        assert code == 0, printed
        return next(iter(printed.values()))

    return run


@pytest.fixture
def read_back(succeed):
    """Return the record of one database, read with a Describe command."""

    def run(kind, name):
        (row,) = succeed(f"aws rds describe-db-{kind}s --db-{kind}-identifier {name}")
        return row

    return run


@pytest.fixture
def fleet(sim):
    """Seed a DB instance and a DB cluster with the setting, each with a snapshot and automated backups."""

    def make(enabled):
        setting = {"iam_database_authentication_enabled": enabled}
        sim.seed(
            {
                "db_instances": [{"identifier": "mydbinstance", "engine": "mysql", **setting}],
                "db_clusters": [{"identifier": "mydbcluster", "engine": "aurora-mysql", **setting}],
                "snapshots": [{"identifier": "kept", "source": "mydbinstance"}],
                "cluster_snapshots": [{"identifier": "kept", "source": "mydbcluster"}],
            }
        )

    return make


def test_create_instance_with_class_of_aws_page_is_refused(aws):
    """RDS no longer offers db.m3.medium, so the example of the page does not run unchanged."""
    code, printed = aws(CREATE)
    assert code != 0
    assert "InvalidParameterCombination" in printed
    assert "DBInstanceClass=db.m3.medium" in printed


def test_create_instance_enables_setting(aws, succeed, read_back, sim):
    record = succeed(CREATE.replace("db.m3.medium", "db.m6g.large"))
    assert (record["DBInstanceStatus"], record[SETTING]) == ("creating", True)
    sim.clock.advance(600)
    assert aws("aws rds wait db-instance-available --db-instance-identifier mydbinstance") == (0, None)
    record = read_back("instance", "mydbinstance")
    assert (record["DBInstanceStatus"], record["Engine"], record[SETTING]) == ("available", "mysql", True)


@pytest.mark.slow
def test_create_cluster_enables_setting(aws, succeed, read_back, sim):
    record = succeed(CREATE_CLUSTER)
    assert (record["Status"], record[SETTING]) == ("creating", True)
    sim.clock.advance(600)
    assert aws("aws rds wait db-cluster-available --db-cluster-identifier mydbcluster") == (0, None)
    assert read_back("cluster", "mydbcluster")[SETTING] is True


@pytest.mark.parametrize(("kind", "enabled"), quick_diagonal(KINDS, [True, False]))
def test_modify_apply_immediately_changes_setting(succeed, read_back, fleet, sim, kind, enabled):
    fleet(not enabled)
    command = MODIFY if kind == "instance" else MODIFY_CLUSTER
    record = succeed(command if enabled else command.replace(ON, OFF))
    assert record["PendingModifiedValues"] == {SETTING: enabled}
    sim.clock.advance(60)
    record = read_back(kind, f"mydb{kind}")
    assert (record[SETTING], record.get("PendingModifiedValues", {})) == (enabled, {})


@pytest.mark.slow
@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_modify_deferred_waits_for_maintenance_window(succeed, read_back, fleet, sim, kind, enabled):
    """Without --apply-immediately, RDS "performs the modification during the next maintenance window"."""
    fleet(not enabled)
    command = (MODIFY if kind == "instance" else MODIFY_CLUSTER).replace("    --apply-immediately \\\n", "")
    assert "apply-immediately" not in command
    succeed(command if enabled else command.replace(ON, OFF))
    sim.clock.advance(3600)
    record = read_back(kind, f"mydb{kind}")
    assert (record[SETTING], record["PendingModifiedValues"]) == (not enabled, {SETTING: enabled})
    sim.clock.advance(7 * 86400)
    record = read_back(kind, f"mydb{kind}")
    assert (record[SETTING], record.get("PendingModifiedValues", {})) == (enabled, {})


@pytest.mark.parametrize("requested", REQUESTS)
@pytest.mark.sample(6)
@pytest.mark.parametrize("restore", RESTORES)
def test_restore_setting_is_inherited_or_requested(succeed, read_back, fleet, sim, restore, requested):
    """ "The IAM database authentication setting defaults to that of the source snapshot." """
    source, option, expected = REQUESTS[requested]
    fleet(source)
    succeed(f"{RESTORES[restore]} {option}")
    sim.clock.advance(600)
    kind = restore.split()[0]
    record = read_back(kind, "new")
    assert (record["DBInstanceStatus" if kind == "instance" else "Status"], record[SETTING]) == ("available", expected)


@pytest.mark.slow
def test_restore_of_copied_snapshot_and_clean_up(aws, succeed, read_back, fleet, sim):
    """A manual restore drill: copy the snapshot, restore the copy, check the result, and delete the database."""
    fleet(True)
    succeed("aws rds copy-db-snapshot --source-db-snapshot-identifier kept --target-db-snapshot-identifier drill")
    sim.clock.advance(120)
    assert aws("aws rds wait db-snapshot-available --db-snapshot-identifier drill") == (0, None)
    succeed("aws rds restore-db-instance-from-db-snapshot --db-instance-identifier new --db-snapshot-identifier drill")
    sim.clock.advance(600)
    assert read_back("instance", "new")[SETTING] is True
    events = succeed("aws rds describe-events --source-type db-instance --source-identifier new")
    assert events[0]["Message"] == "DB instance created"
    succeed("aws rds delete-db-instance --db-instance-identifier new --skip-final-snapshot")
    succeed("aws rds delete-db-snapshot --db-snapshot-identifier drill")
    sim.clock.advance(120)
    code, printed = aws("aws rds describe-db-instances --db-instance-identifier new")
    assert (code != 0, "DBInstanceNotFound" in printed) == (True, True)
