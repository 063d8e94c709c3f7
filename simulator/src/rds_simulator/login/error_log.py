# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The log ``iam-db-auth-error`` in moto's CloudWatch Logs, for databases that export it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.logs.models import logs_backends

from ..rules.refusals import IAM_LOG
from .target import LoginTarget

if TYPE_CHECKING:
    from ..state.world import World

# "Troubleshooting for IAM DB authentication", table of errors (✓). Two of the texts have no space after "Error Code:".
_TEXTS = {
    "InvalidToken": "Failed to authenticate the connection request for user {user} because the provided token is "
    "malformed or otherwise invalid. (Status Code: 400, Error Code: InvalidToken)",
    "ExpiredToken": "Failed to authenticate the connection request for user {user} because the token age is longer "
    "than 15 minutes. (Status Code: 400, Error Code:ExpiredToken)",
    "NotAuthorized": "Failed to authorize the connection request for user {user} because the IAM policy assumed by "
    "the caller '{caller}' is not authorized to perform `rds-db:connect` on the DB instance. (Status Code: 403, "
    "Error Code:NotAuthorized)",
    "ThrottlingException": "Failed to authorize the connection request for user {user} due to IAM DB authentication "
    "throttling. (Status Code: 429, Error Code: ThrottlingException)",
    "InternalError": "Failed to authorize the connection request for user {user} due to an internal IAM DB "
    "authentication error. (Status Code: 500, Error Code: InternalError)",
}


def write_error(world: World, target: LoginTarget, user: str, code: str, caller_arn: str) -> None:
    """Write a refused login to the log, if the database exports it. The caller holds the world's lock.

    The log group is ``/aws/rds/instance/NAME/iam-db-auth-error``, or ``/aws/rds/cluster/NAME/…`` for clusters (UG,
    publishing database logs, ✓). The name of the log stream is that of the DB instance (?). The time does not pass
    PutLogEvents, which refuses events that are more than two hours ahead.
    """
    database = world.backend(target.account, target.region).database_store(target.kind).get(target.name)
    if database is None or IAM_LOG not in database.record.get("EnabledCloudwatchLogsExports", []):
        return
    group_name, stream_name = f"/aws/rds/{target.kind}/{target.name}/{IAM_LOG}", target.instance or target.name
    backend = logs_backends[target.account][target.region]
    backend.ensure_log_group(group_name)
    group = backend.groups[group_name]
    if stream_name not in group.streams:
        group.create_log_stream(stream_name)
    event = {"timestamp": int(world.login_time().timestamp() * 1000), "message": error_line(user, code, caller_arn)}
    group.put_log_events(stream_name, [event])


def error_line(user: str, code: str, caller_arn: str) -> str:
    """Return the line for a refused login. Characters of the user name that could break the line are replaced."""
    printable = "".join(character if character.isprintable() else "?" for character in user)
    text = _TEXTS.get(code, _TEXTS["InternalError"])
    return f"[ERROR] {text.format(user=printable, caller=caller_arn)}"
