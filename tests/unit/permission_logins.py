# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The tasks with logins whose permissions the tests record, and the identity that runs them.

The databases have the names and the resource IDs of the permissions guide.
"""

from __future__ import annotations

import copy
import json
import typing as t

from ansible_collections.passwordless.rds.scripts import policy_docs

from .login_fleet import ACCOUNT, REGION, SEED, USER, LoginFleet

ROLE = "orders-service"
RESOURCE_IDS = {"db_instances": "db-ABCDEFGHIJKL01234", "db_clusters": "cluster-ABCDEFGHIJKL01234"}
_ID_KEYS = {"db_instances": "DbiResourceId", "db_clusters": "DbClusterResourceId"}


class LoginMode(t.NamedTuple):
    """``sid`` and ``task`` as in Mode. ``plugin`` is a module, or the lookup ``rds_auth_token`` with ``terms``.

    ``omitted`` are actions that the caller does not have, so that the login fails. ``fault`` is the error of the check
    of the token. Without an action in ``optional``,
    the module returns its result, which names the action.
    """

    plugin: str
    sid: str
    task: str
    kind: str = "instance"
    options: t.Mapping[str, t.Any] = {}
    terms: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()
    fault: str | None = None
    optional: tuple[str, ...] = ()


_OF_CAUSE = (
    *("iam:GetRole", "iam:SimulatePrincipalPolicy", "iam:GetAccountAuthorizationDetails"),
    *("logs:FilterLogEvents", "cloudwatch:GetMetricData"),
)
LOGIN_MODES = (
    LoginMode("rds_auth_token", "Instance", "A token for ``instance/NAME``", terms=("instance/orders",)),
    LoginMode("rds_auth_token", "Cluster", "A token for ``cluster/NAME``", "cluster", terms=("cluster/ledger",)),
    LoginMode("rds_auth_token", "AnyKind", "A token for ``NAME``, without its kind", terms=("orders",)),
    LoginMode("rds_login_check", "Instance", "A login to a DB instance"),
    LoginMode("rds_login_check", "Cluster", "A login to a DB cluster", "cluster"),
    LoginMode(
        "rds_login_check",
        "Explain",
        "The cause of a failed login to a DB instance, with the credentials of a role",
        options={"fail_on": "never"},
        omitted=("rds-db:connect",),
        optional=_OF_CAUSE,
    ),
    LoginMode(
        "rds_login_check",
        "ExplainCluster",
        "The cause of a failed login to a DB cluster, with the credentials of a role",
        "cluster",
        options={"fail_on": "never"},
        omitted=("rds-db:connect",),
        optional=(*_OF_CAUSE, "rds:DescribeDBInstances"),
    ),
    LoginMode(
        "rds_login_check",
        "ExplainLog",
        "The cause of a login to a DB instance that failed although the policies allow it",
        options={"fail_on": "never"},
        optional=(*_OF_CAUSE, "rds-db:connect"),
        fault="InternalError",
    ),
    LoginMode("rds_users_info", "Instance", "The users of a DB instance", options={"username": USER}),
    LoginMode("rds_users_info", "Cluster", "The users of a DB cluster", "cluster", options={"username": USER}),
)


def seed() -> dict[str, t.Any]:
    """Return databases that accept logins, with fixed resource IDs, and the role of their application."""
    document = copy.deepcopy(SEED)
    for section, resource_id in RESOURCE_IDS.items():
        document[section][0]["extra"] = {_ID_KEYS[section]: resource_id}
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    document["iam_roles"] = [{"name": ROLE, "trust": {"Version": "2012-10-17", "Statement": [trust]}}]
    return document


class Identity:
    """The user of a fleet, or a session of the role of the application, and its only policy."""

    def __init__(self, fleet: LoginFleet, *, is_role: bool) -> None:
        self._iam = fleet.iam
        self._is_role = is_role
        fleet.allow()
        if is_role:
            arn = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
            session = fleet.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
            fleet.options.update(
                access_key=session["AccessKeyId"],
                secret_key=session["SecretAccessKey"],
                session_token=session["SessionToken"],
                region=REGION,
            )
            fleet.undo.callback(lambda: self._iam.delete_role_policy(RoleName=ROLE, PolicyName="generated"))

    def allow(self, permissions: policy_docs.Permissions) -> None:
        """Replace the policy."""
        mode: policy_docs.Mode = {"sid": "Test", "task": "", "permissions": permissions or {"sts:Nothing": ["*"]}}
        document = json.dumps(policy_docs.policy([mode]))
        if self._is_role:
            self._iam.put_role_policy(RoleName=ROLE, PolicyName="generated", PolicyDocument=document)
        else:
            self._iam.put_user_policy(UserName="deploy", PolicyName="generated", PolicyDocument=document)
