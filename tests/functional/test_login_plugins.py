# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The lookup for tokens and the filter for policies in playbooks and ad hoc commands, and their examples."""

from __future__ import annotations

import json
import os

import boto3
import pytest
import yaml
from ansible_collections.passwordless.rds.plugins.filter import rds_connect_policy
from ansible_collections.passwordless.rds.plugins.lookup import rds_auth_token
from ansible_collections.passwordless.rds.tests.functional.conftest import KEYS
from ansible_collections.passwordless.rds.tests.functional.test_examples import FLEET
from ansible_collections.passwordless.rds.tests.samples import quick_first

LOOKUP = "passwordless.rds.rds_auth_token"
ENDPOINT = "orders.c0ffee.eu-west-1.rds.amazonaws.com:5432"
# returns what Ansible passes to a module of community.postgresql or community.mysql
ECHO = """
import json
from ansible.module_utils.basic import AnsibleModule
names = ("login_host", "login_user", "login_db", "query", "ca_cert", "ssl_mode", "check_hostname", "config_file")
spec = {name: {"type": "str"} for name in names}
spec.update(login_password={"no_log": True}, login_port={"type": "int"}, connect_params={"type": "dict"})
module = AnsibleModule(spec, supports_check_mode=True)
module.exit_json(given=module.params, signed="Action=connect" in module.params["login_password"])
"""


def template(call):
    return f"msg={{{{ {call} }}}}"


def test_lookup_adhoc_needs_no_network(sim, ansible):
    ran = ansible.adhoc("debug", template(f"lookup('{LOOKUP}', '{ENDPOINT}', username='app')"))
    assert ran.code == 0, ran.output
    assert ran.tasks[0].result["msg"].startswith(f"{ENDPOINT}/?Action=connect&DBUser=app&X-Amz-Algorithm=")
    assert sim.calls == []


def test_lookup_adhoc_database_makes_two_calls(sim, ansible):
    sim.seed(FLEET)
    ran = ansible.adhoc("debug", template(f"query('{LOOKUP}', 'orders', 'ledger', 'shop', username='app')"))
    assert ran.code == 0, ran.output
    assert [token.partition(".")[0] for token in ran.tasks[0].result["msg"]] == ["orders", "ledger", "shop"]
    assert sorted(call.operation for call in sim.calls) == ["DescribeDBClusters", "DescribeDBInstances"]
    assert "instance/orders: IAM database authentication is disabled" in " ".join(ran.output.split())


@pytest.mark.parametrize(
    ("call", "said"),
    quick_first(
        [
            (f"lookup('{LOOKUP}', 'ordesr', username='app')", "Similar: instance/orders"),
            (f"lookup('{LOOKUP}', '{ENDPOINT}')", "username"),
            ("[] | passwordless.rds.rds_connect_policy(users=['app'])", "databases: it contains no database"),
        ],
        1,
    ),
)
def test_plugins_adhoc_invalid_input_fails(sim, ansible, call, said):
    sim.seed(FLEET)
    ran = ansible.adhoc("debug", template(call))
    assert ran.code == 2
    assert said in " ".join(ran.output.split())
    assert "Traceback" not in ran.output


def test_lookup_without_region_fails(ansible):
    ran = ansible.run(
        "ansible",
        "localhost",
        "-m",
        "debug",
        "-a",
        template(f"lookup('{LOOKUP}', '{ENDPOINT}', username='app')"),
        AWS_REGION="",
    )
    assert ran.code == 2
    assert "region: no Region is set" in " ".join(ran.output.split())


@pytest.mark.slow
def test_lookup_user_is_never_a_template(ansible):
    """The name in the result stays as it is, also where another template uses the result."""
    lookup = f"lookup('{LOOKUP}', '{ENDPOINT}', username=user, result='mysql', ca_cert='/ca.pem')"
    variables = {"user": "{{ '{' ~ '{ 1 + 1 }' ~ '}' }}", "login": f"{{{{ {lookup} }}}}"}
    ran = ansible.play([{"ansible.builtin.debug": {"msg": "{{ login.login_user }}"}, "vars": variables}])
    assert ran.code == 0, ran.output
    assert ran.tasks[0].result["msg"] == "{{ 1 + 1 }}"


def test_lookup_output_contains_no_token(sim, ansible):
    sim.seed(FLEET)
    tasks = [
        {
            "name": "Use the token",
            "ansible.builtin.command": {
                "cmd": "cat",
                "stdin": f"{{{{ lookup('{LOOKUP}', 'orders', username='app') }}}}",
            },
            "changed_when": False,
            "no_log": True,
        },
        {
            "name": "Fail",
            "ansible.builtin.debug": {"msg": f"{{{{ lookup('{LOOKUP}', 'nobody', username='app') }}}}"},
            "ignore_errors": True,
        },
    ]
    ran = ansible.play(tasks, "-vvvv")
    assert ran.code == 0, ran.output
    assert "there is no DB instance or DB cluster" in " ".join(ran.output.split())
    for text in ("X-Amz-Signature", "Action=connect", KEYS["AWS_SECRET_ACCESS_KEY"]):
        assert text not in ran.output


@pytest.fixture
def community(tmp_path):
    """Collections whose modules return their options, and a psql that shows its environment."""
    for name, module in (("postgresql", "postgresql_query"), ("mysql", "mysql_query")):
        folder = tmp_path / "tree" / "ansible_collections" / "community" / name / "plugins" / "modules"
        folder.mkdir(parents=True)
        (folder / f"{module}.py").write_text(ECHO)
    program = tmp_path / "bin" / "psql"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$PGUSER $PGSSLMODE $PGPASSWORD"\n')
    program.chmod(0o755)
    return {
        "ANSIBLE_COLLECTIONS_PATH": f"{tmp_path / 'tree'}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}",
        "PATH": f"{program.parent}:{os.environ['PATH']}",
    }


@pytest.mark.slow
def test_examples_of_lookup_run(sim, ansible, community):
    sim.seed(FLEET)
    (ansible.folder / "playbook.yml").write_text(
        yaml.safe_dump(
            [{"hosts": "localhost", "gather_facts": False, "tasks": yaml.safe_load(rds_auth_token.EXAMPLES)}]
        )
    )
    for more in ([], ["--check"]):
        ran = ansible.run("ansible-playbook", "playbook.yml", *more, **community)
        assert ran.code == 0, ran.output
    given = [task.result["given"] for task in ran.tasks[-2:]]
    assert [task.result["signed"] for task in ran.tasks[-2:]] == [True, True]
    assert [options["login_db"] for options in given] == ["ledger", "shop"]
    assert given[0]["login_host"].startswith("ledger.cluster-ro-")
    assert (given[0]["ssl_mode"], given[0]["connect_params"]) == ("verify-full", {"gssencmode": "disable"})
    assert (given[1]["check_hostname"], given[1]["config_file"]) == ("True", "")


@pytest.mark.slow
def test_examples_of_filter_run(sim, ansible):
    sim.seed(FLEET)
    iam = boto3.client(
        "iam",
        endpoint_url=sim.url,
        region_name=KEYS["AWS_REGION"],
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    iam.create_role(RoleName="orders-service", AssumeRolePolicyDocument=json.dumps({"Statement": []}))
    tasks = yaml.safe_load(rds_connect_policy.EXAMPLES)
    ran = ansible.play(tasks)
    assert ran.code == 0, ran.output
    shown = ran.tasks[1].result["msg"]
    assert [arn.rpartition("/")[2] for arn in shown["Statement"][0]["Resource"]] == ["app", "reports"] * 3
    attached = iam.get_role_policy(RoleName="orders-service", PolicyName="database-login")["PolicyDocument"]
    assert [arn.rpartition("/")[2] for arn in attached["Statement"][0]["Resource"]] == ["app"] * 3
    again = ansible.play(tasks)
    assert "changed=0" in again.output
