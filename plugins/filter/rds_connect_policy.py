# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations

DOCUMENTATION = r"""
name: rds_connect_policy
short_description: Build an IAM policy that allows database users to log in
version_added: 0.1.0
author:
  - The passwordless.rds contributors (@passwordless-rds)
description:
  - Returns an IAM policy document that allows C(rds-db:connect) for each of the users on each of the databases, and
    nothing else. The policy has one statement, and the resources are sorted, so that the same input always returns
    the same document.
  - Users are named exactly. The characters C(*), C(?) and C($) in the name of a user are written as the policy
    variables C(${*}), C(${?}) and C(${$}), so that they match only themselves. A name with a character that an IAM
    policy cannot contain is an error.
  - A DB cluster is named by its own resource ID, which covers all of its endpoints. A member of a cluster is replaced
    by its cluster. It is an error if the cluster is unknown.
  - A restored database has a new resource ID, so it needs a new policy.
positional: users, max_size, split
options:
  _input:
    description:
      - Databases as RV(passwordless.rds.rds_iam_auth_info#module:databases) or
        RV(passwordless.rds.rds_iam_auth#module:databases) return them. A single database is also valid.
      - An entry needs C(dbuser_arn_prefix), or C(arn) and C(resource_id). For an RDS Proxy, it needs only C(arn), the
        ARN of the proxy, which ends in its C(prx-) id.
    type: list
    elements: dict
    required: true
  users:
    description:
      - The names of the database users. They are case-sensitive.
    type: list
    elements: str
    required: true
  max_size:
    description:
      - The largest number of characters of a document. IAM does not count whitespace.
      - The quota is V(6144) for a managed policy. For inline policies, it is V(2048) for all policies of a user
        together, V(5120) for those of a group, and V(10240) for those of a role.
      - A larger policy is an error that shows the number of documents it would take.
    type: int
    default: 6144
  split:
    description:
      - Whether to return a list of documents, each within O(max_size). The list has one document if all users and
        databases fit.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Describe the databases of the application
  passwordless.rds.rds_iam_auth_info:
    db_instance_identifiers: [orders, payments]
    db_cluster_identifiers: [ledger]
    check_readiness: false
  register: found

- name: Show the policy for the application
  ansible.builtin.debug:
    msg: "{{ found.databases | passwordless.rds.rds_connect_policy(users=['app', 'reports']) }}"

- name: Attach the policy to the role of the application
  amazon.aws.iam_policy:
    iam_type: role
    iam_name: orders-service
    policy_name: database-login
    policy_json: "{{ found.databases | passwordless.rds.rds_connect_policy(users=['app'], max_size=10240) }}"

- name: Create as many managed policies as needed
  amazon.aws.iam_managed_policy:
    policy_name: "database-login-{{ index }}"
    policy: "{{ item }}"
  loop: "{{ found.databases | passwordless.rds.rds_connect_policy(users=['app', 'reports'], split=true) }}"
  loop_control:
    index_var: index
"""

RETURN = r"""
_value:
  description:
    - The policy document, or a list of documents with O(split=true).
  type: raw
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.login_resources import read_login_resources
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_policy import connect_policies


def rds_connect_policy(databases: t.Any, users: t.Any, max_size: t.Any = 6144, split: t.Any = False) -> t.Any:
    try:
        resources = read_login_resources(databases)
        # templates return numbers as text in ansible-core before 2.19
        return connect_policies(resources, users, max_size=int(max_size), split=boolean(split))
    except InputError as error:
        raise AnsibleFilterError(error.message) from error
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(
            f"max_size, split: they must be a number and a boolean: {error}. Correct them."
        ) from error


class FilterModule:
    """Ansible's entry point."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"rds_connect_policy": rds_connect_policy}
