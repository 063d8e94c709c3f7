# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Makes one boto3 call and says in the collection's own words why it failed.

This is private to the collection.
"""

from __future__ import annotations

import typing as t

try:
    from botocore import exceptions as botocore_exceptions
    from botocore import xform_name
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule says what is missing

from . import _secrets
from ._errors import CallError

# Wire codes, as botocore's error traits give them (not the shape names that CloudTrail prints).
_MISSING = frozenset(
    (
        "DBInstanceNotFound",
        "DBClusterNotFoundFault",
        "DBParameterGroupNotFound",
        "DBClusterParameterGroupNotFound",
        "DBSnapshotNotFound",
        "DBClusterSnapshotNotFoundFault",
        "DBInstanceAutomatedBackupNotFound",
        "DBClusterAutomatedBackupNotFoundFault",
    )
)
_EXISTS = frozenset(("DBInstanceAlreadyExists", "DBClusterAlreadyExistsFault"))
_WRONG_STATE = frozenset(("InvalidDBInstanceState", "InvalidDBClusterStateFault", "InvalidDBParameterGroupState"))
_THROTTLED = frozenset(
    (
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
    )
)
_AWS_FAULT = frozenset(("InternalFailure", "InternalError", "ServiceUnavailable", "ServiceUnavailableException"))


# set in the metadata of an answer where the answer to an attempt before was lost
_LOST = "AnswerLost"


def watch(client: t.Any) -> None:
    """Let each answer of a client tell whether the answer to an attempt before it was lost: botocore tries again by
    itself, and what it is told then (throttled, wrong state) may be said of a request that has been carried out."""
    client.meta.events.register("needs-retry.rds", _note_lost)
    client.meta.events.register("after-call.rds", _tell_lost)


def _note_lost(
    *, caught_exception: Exception | None = None, request_dict: dict[str, t.Any] | None = None, **_more: t.Any
) -> None:
    if request_dict is not None and isinstance(caught_exception, botocore_exceptions.HTTPClientError):
        request_dict["context"][_LOST] = True


def _tell_lost(*, parsed: dict[str, t.Any], context: t.Mapping[str, t.Any], **_more: t.Any) -> None:
    if context.get(_LOST):
        parsed["ResponseMetadata"][_LOST] = True


def translated(client: t.Any, operation: str, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Call an API operation by its name. Raises CallError, whatever goes wrong on the way to AWS and back."""
    try:
        answer: dict[str, t.Any] = getattr(client, xform_name(operation))(**parameters)
        return answer
    except botocore_exceptions.ClientError as error:
        raise _refused(operation, error.response, _secrets.secrets_in(parameters)) from error
    except (botocore_exceptions.BotoCoreError, ResponseParserError) as error:
        raise _unanswered(operation, error, _secrets.secrets_in(parameters)) from error


def _refused(operation: str, response: t.Mapping[str, t.Any], secrets: t.Collection[str]) -> CallError:
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code = str(error.get("Code", "Unknown"))
    wrong_state = code in _WRONG_STATE
    return CallError(
        operation=operation,
        code=code,
        message=_secrets.hide(str(error.get("Message") or "AWS gave no reason"), secrets),
        request_id=metadata.get("RequestId"),
        passing=code in _THROTTLED or code in _AWS_FAULT or metadata.get("HTTPStatusCode", 0) >= 500,
        unanswered=bool(metadata.get(_LOST)),
        missing=code in _MISSING,
        wrong_state=wrong_state,
        exists=code in _EXISTS,
    )


def _unanswered(operation: str, error: Exception, secrets: t.Collection[str]) -> CallError:
    # the request may have been carried out where the connection broke, or the answer could not be read
    broken = isinstance(error, (botocore_exceptions.HTTPClientError, ResponseParserError))
    never_there = isinstance(error, botocore_exceptions.ConnectionError)
    return CallError(
        operation=operation,
        code=type(error).__name__,
        message=_secrets.hide(_in_words(error), secrets),
        passing=broken,
        unanswered=broken,
        unreachable=never_there and not isinstance(error, botocore_exceptions.SSLError),
    )


def _in_words(error: Exception) -> str:
    if isinstance(error, botocore_exceptions.NoCredentialsError):
        return (
            "no AWS credentials were found: set access_key and secret_key, or profile, or the environment variables "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run on a host with a role"
        )
    if isinstance(error, botocore_exceptions.EndpointConnectionError):
        return f"{error}: check region, endpoint_url and the network"
    return str(error)
