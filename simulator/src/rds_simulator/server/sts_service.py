# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The operations of STS whose credentials moto does not store, or whose session policies and tags it ignores."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole
from moto.sts.responses import TokenResponse
from moto.sts.utils import random_session_token

from ..rules.iam import PolicyError, parse_policy
from ..state.principals import Principal, assumed_role_session, find_credentials, find_principal
from ..state.sessions import FEDERATED, ROLE, ROOT, USER, Session
from ..state.world import World

# the model of STS lacks the common errors of AWS, such as AccessDenied
warnings.filterwarnings("ignore", message=r"Exception\(StsError\) with code", category=UserWarning)

OPERATIONS = frozenset(("AssumeRole", "GetCallerIdentity", "GetFederationToken", "GetSessionToken"))
_ROLE = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>\d{12}):role/.+")
_DEFAULT_DURATION = 43200
_SHORTEST_DURATION, _LONGEST_DURATION = 900, 129600


class StsError(ServiceException):
    """An error of STS."""


class StsService(TokenResponse):
    """moto's STS with sessions that are stored."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def assume_role(self) -> ActionResult:
        """AssumeRole, with session policies and session tags. moto accepts roles that do not exist."""
        self._check_session_policy()
        self._check_role(self._get_param("RoleArn") or "")
        answer = super().assume_role()
        result = answer.result
        assumed = result["Credentials"] if isinstance(result, Mapping) else None
        if isinstance(assumed, AssumedRole):
            session = assumed_role_session(assumed, self._policy_arns(), self._tags())
            self.world.sessions[session.access_key_id] = session
        return answer

    def get_caller_identity(self) -> ActionResult:
        """GetCallerIdentity. moto does not know the sessions of GetSessionToken and GetFederationToken."""
        session = self.world.sessions.get(self.access_key)
        if session is None or session.kind == ROLE:
            return super().get_caller_identity()
        federated = f"{session.account}:{session.name}"
        user_id = federated if session.kind == FEDERATED else session.owner or session.account
        return ActionResult({"UserId": user_id, "Account": session.account, "Arn": session.caller_arn})

    def get_session_token(self) -> ActionResult:
        """GetSessionToken. moto answers for callers that it does not know."""
        caller = self._caller("GetSessionToken")
        if caller is None:
            return super().get_session_token()
        kind = USER if caller.kind == USER else ROOT
        return ActionResult({"Credentials": self._start_session(caller, kind, caller.arn)})

    def get_federation_token(self) -> ActionResult:
        """GetFederationToken. moto answers for callers that it does not know."""
        caller = self._caller("GetFederationToken")
        if caller is None:
            return super().get_federation_token()
        self._check_session_policy()
        name = self._get_param("Name")
        arn = f"arn:{caller.partition}:sts::{caller.account}:federated-user/{name}"
        return ActionResult(
            {
                "Credentials": self._start_session(caller, FEDERATED, arn),
                "FederatedUser": {"FederatedUserId": f"{caller.account}:{name}", "Arn": arn},
                "PackedPolicySize": 6,
            }
        )

    def _check_role(self, arn: str) -> None:
        """Raise StsError if the role does not exist (code: IAM user guide, troubleshooting roles ✓; texts: △)."""
        found = _ROLE.fullmatch(arn)
        if found is None:
            raise StsError("ValidationError", "Request ARN is invalid")
        backend = iam_backends[found["account"]][found["partition"]]
        if any(role.arn == arn for role in backend.roles.values()):
            return
        credentials = find_credentials(self.world, self.access_key)
        partition, account = self.partition, self.current_account
        caller = credentials.caller_arn if credentials else f"arn:{partition}:sts::{account}:user/moto"
        raise StsError(
            "AccessDenied", f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        )

    def _caller(self, operation: str) -> Principal | None:
        """Return the calling user or root user; raise StsError for temporary credentials (STS API reference ✓)."""
        caller = find_principal(self.world, self.access_key)
        if caller is not None and caller.session is not None:
            raise StsError("AccessDenied", f"Cannot call {operation} with session credentials")
        return caller

    def _start_session(self, caller: Principal, kind: str, arn: str) -> dict[str, Any]:
        now = datetime.now(timezone.utc).replace(microsecond=0)
        key = iam_backends[caller.account][caller.partition].create_temp_access_key()
        policy = self._get_param("Policy") if kind == FEDERATED else None
        session = Session(
            access_key_id=key.access_key_id,
            secret_access_key=key.secret_access_key,
            session_token=random_session_token(),
            issued=now,
            expires=now + self._duration(),
            caller_arn=arn,
            account=caller.account,
            kind=kind,
            owner=str(caller.entity.id) if caller.entity is not None else "",
            name=self._get_param("Name") or "",
            policies=(policy,) if policy else (),
            policy_arns=tuple(self._policy_arns()) if kind == FEDERATED else (),
            tags=tuple(self._tags().items()) if kind == FEDERATED else (),
        )
        self.world.sessions[session.access_key_id] = session
        return {
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": session.secret_access_key,
            "SessionToken": session.session_token,
            "Expiration": session.expires,
        }

    def _duration(self) -> timedelta:
        """Return the requested duration: 15 minutes to 36 hours (STS API reference, GetSessionToken ✓)."""
        seconds = self._get_int_param("DurationSeconds", _DEFAULT_DURATION)
        if not _SHORTEST_DURATION <= seconds <= _LONGEST_DURATION:
            raise StsError(
                "ValidationError",
                f"durationSeconds: {seconds}: must be between {_SHORTEST_DURATION} and {_LONGEST_DURATION}",
            )
        return timedelta(seconds=seconds)

    def _check_session_policy(self) -> None:
        policy = self._get_param("Policy")
        if not policy:
            return
        try:
            parse_policy(policy)
        except PolicyError as error:
            raise StsError("MalformedPolicyDocument", f"Syntax errors in policy. {error}") from None

    def _policy_arns(self) -> list[str]:
        return [item["arn"] for item in self._get_param("PolicyArns", [])]

    def _tags(self) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in self._get_param("Tags", [])}
