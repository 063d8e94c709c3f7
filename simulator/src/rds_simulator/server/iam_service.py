# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The operations of IAM that moto lacks, or has in part: policy simulation, boundaries of users, account details."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.serialize import never_return
from moto.iam.exceptions import IAMException
from moto.iam.models import User
from moto.iam.responses import IamResponse

from ..state.managed_policies import ensure_aws_managed
from ..state.principal_policies import set_user_boundary
from ..state.world import World
from .account_details import account_details
from .policy_simulation import simulate_custom_policy, simulate_principal_policy

OPERATIONS = frozenset(
    (
        "AttachGroupPolicy",
        "AttachRolePolicy",
        "AttachUserPolicy",
        "CreateUser",
        "DeleteUserPermissionsBoundary",
        "GetAccountAuthorizationDetails",
        "ListUsers",
        "PutUserPermissionsBoundary",
        "SimulateCustomPolicy",
        "SimulatePrincipalPolicy",
    )
)


class IamService(IamResponse):
    """moto's IAM with additional operations."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.RESPONSE_KEY_PATH_TO_TRANSFORMER = {
            **IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER,
            "ListUsersResponse.Users.User.PermissionsBoundary": never_return,
        }

    def simulate_principal_policy(self) -> ActionResult:
        """SimulatePrincipalPolicy."""
        return ActionResult(simulate_principal_policy(self.world, self.backend, self._given()))

    def simulate_custom_policy(self) -> ActionResult:
        """SimulateCustomPolicy."""
        return ActionResult(simulate_custom_policy(self._given()))

    def get_account_authorization_details(self) -> ActionResult:
        """GetAccountAuthorizationDetails, in pages."""
        return ActionResult(account_details(self.backend, self._given()))

    def put_user_permissions_boundary(self) -> ActionResult:
        """PutUserPermissionsBoundary."""
        self._set_boundary(self.backend.get_user(self._get_param("UserName")))
        return EmptyResult()

    def delete_user_permissions_boundary(self) -> ActionResult:
        """DeleteUserPermissionsBoundary."""
        set_user_boundary(self.backend.get_user(self._get_param("UserName")), None)
        return EmptyResult()

    def create_user(self) -> ActionResult:
        """CreateUser, with PermissionsBoundary."""
        boundary = self._get_param("PermissionsBoundary")
        if boundary:
            self._check_boundary(boundary)
        answer = super().create_user()
        if boundary:
            self._set_boundary(self.backend.get_user(self._get_param("UserName")))
        return answer

    def attach_user_policy(self) -> ActionResult:
        """AttachUserPolicy, with the managed policies of AWS."""
        ensure_aws_managed(self.backend, self._get_param("PolicyArn"))
        return super().attach_user_policy()

    def attach_group_policy(self) -> ActionResult:
        """AttachGroupPolicy, with the managed policies of AWS."""
        ensure_aws_managed(self.backend, self._get_param("PolicyArn"))
        return super().attach_group_policy()

    def attach_role_policy(self) -> ActionResult:
        """AttachRolePolicy, with the managed policies of AWS."""
        ensure_aws_managed(self.backend, self._get_param("PolicyArn"))
        return super().attach_role_policy()

    def _given(self) -> dict[str, Any]:
        parameters: dict[str, Any] = self._get_params()
        return {name: value for name, value in parameters.items() if name not in ("Action", "Version")}

    def _set_boundary(self, user: User) -> None:
        arn = self._get_param("PermissionsBoundary")
        self._check_boundary(arn)
        set_user_boundary(user, arn)

    def _check_boundary(self, arn: str) -> None:
        """Raise for an invalid ARN as moto does for roles, and for a policy that does not exist (model ✓)."""
        if not self.backend.policy_arn_regex.match(arn):
            raise IAMException("InvalidParameterValue", f"Value ({arn}) for parameter PermissionsBoundary is invalid.")
        ensure_aws_managed(self.backend, arn)
        self.backend.get_policy(arn)
