# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Makes one boto3 call and says in the collection's own words why it failed.

This is private to the collection.
"""

from __future__ import annotations

import ssl
import typing as t

from .._gateway.clock import Clock
from .._model.errors import CallError
from .._model.secrets import hide_secrets, secrets_in

try:
    from botocore import exceptions as botocore_exceptions
    from botocore import xform_name
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule says what is missing

_T = t.TypeVar("_T")

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

# What botocore retries as throttled and as transient (retries/standard.py, data/_retry.json)
_THROTTLED = frozenset(
    (
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    )
)
_TIMED_OUT = frozenset(("RequestTimeout", "RequestTimeoutException"))
_AWS_FAULT = frozenset(("InternalFailure", "InternalError", "ServiceUnavailable", "ServiceUnavailableException"))

# set in the metadata of an answer where the outcome of an attempt before is not known
_UNKNOWN = "OutcomeUnknown"


def register_retry_hooks(client: t.Any) -> None:
    """Let each answer of a client tell whether the outcome of an attempt before it is unknown: botocore tries again by
    itself, and what it is told then (throttled, wrong state) may be said of a request that has been carried out."""
    client.meta.events.register("needs-retry.rds", _note_unknown)
    client.meta.events.register("after-call.rds", _tell_unknown)
    client.meta.events.register("after-call-error.rds", _mark_unknown)


def stop_retries_at(client: t.Any, moment: float, clock: Clock) -> None:
    """Keep botocore from repeating a call once this moment of the monotonic clock has passed, whether the call got
    an error as its answer or none."""

    def stop(
        *,
        response: tuple[t.Any, dict[str, t.Any]] | None = None,
        caught_exception: Exception | None = None,
        operation: t.Any = None,
        **_more: t.Any,
    ) -> None:
        if clock.monotonic() < moment:
            return
        if caught_exception is not None:
            raise caught_exception
        if response is not None and response[0].status_code >= 300:
            # what botocore raises for this response once it repeats the call no more
            raise botocore_exceptions.ClientError(response[1], getattr(operation, "name", ""))

    client.meta.events.register("needs-retry.rds", stop)


def _note_unknown(
    *,
    response: tuple[t.Any, dict[str, t.Any]] | None = None,
    caught_exception: Exception | None = None,
    request_dict: dict[str, t.Any] | None = None,
    **_more: t.Any,
) -> None:
    if caught_exception is not None and _is_final(caught_exception):
        raise caught_exception  # botocore would repeat what can never be sent
    unknown = _is_broken(caught_exception) if response is None else _is_unknown(response[1])
    if unknown and request_dict is not None:
        request_dict["context"][_UNKNOWN] = True


def _tell_unknown(*, parsed: dict[str, t.Any], context: t.Mapping[str, t.Any], **_more: t.Any) -> None:
    if context.get(_UNKNOWN):
        parsed["ResponseMetadata"][_UNKNOWN] = True


def _mark_unknown(*, exception: Exception, context: t.Mapping[str, t.Any], **_more: t.Any) -> None:
    if context.get(_UNKNOWN):
        setattr(exception, _UNKNOWN, True)


def call_operation(client: t.Any, operation: str, parameters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Call an API operation by its name. Raises CallError, whatever goes wrong on the way to AWS and back."""
    try:
        answer: dict[str, t.Any] = getattr(client, xform_name(operation))(**parameters)
        return answer
    except botocore_exceptions.ClientError as error:
        raise _refused(operation, error, secrets_in(parameters)) from error
    except (botocore_exceptions.BotoCoreError, ResponseParserError) as error:
        raise _outcome_unknown(operation, error, secrets_in(parameters)) from error


def none_if_missing(call: t.Callable[[], _T]) -> _T | None:
    """Return what a call returns; None where what it asks for does not exist. Raises the other CallErrors."""
    try:
        return call()
    except CallError as error:
        if error.missing:
            return None
        raise


def _refused(operation: str, raised: botocore_exceptions.ClientError, secrets: t.Collection[str]) -> CallError:
    response: t.Mapping[str, t.Any] = raised.response
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    unknown = bool(metadata.get(_UNKNOWN)) or getattr(raised, _UNKNOWN, False)
    code = str(error.get("Code", "Unknown"))
    fault = _is_unknown(response)
    return CallError(
        operation=operation,
        code=code,
        message=hide_secrets(str(error.get("Message") or "AWS gave no reason"), secrets),
        request_id=metadata.get("RequestId"),
        retryable=code in _THROTTLED or fault,
        outcome_unknown=_may_change(operation) and (fault or unknown),
        fault=fault,
        missing=code in _MISSING,
        invalid_state=code in _WRONG_STATE,
        exists=code in _EXISTS,
    )


def _is_unknown(response: t.Mapping[str, t.Any]) -> bool:
    """Whether AWS reported an internal error, so that it may have carried out the request."""
    code = str(response.get("Error", {}).get("Code", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code not in _THROTTLED and (code in _AWS_FAULT or code in _TIMED_OUT or status >= 500)


def _outcome_unknown(operation: str, error: Exception, secrets: t.Collection[str]) -> CallError:
    broken = _is_broken(error)
    # an attempt before may have reached AWS
    unknown = broken or getattr(error, _UNKNOWN, False)
    never_there = isinstance(error, botocore_exceptions.ConnectionError)
    return CallError(
        operation=operation,
        code=type(error).__name__,
        message=hide_secrets(_in_words(error), secrets),
        retryable=broken,
        outcome_unknown=unknown and _may_change(operation),
        unsent=not unknown,
        no_response=unknown,
        unreachable=never_there and not isinstance(error, botocore_exceptions.SSLError),
    )


def _is_broken(error: Exception | None) -> bool:
    """Whether the connection broke or the response could not be read, after the request may have been sent.

    A TLS error can be of the handshake or of a later record; only an invalid certificate shows which.
    """
    if isinstance(error, botocore_exceptions.SSLError):
        return not _has_invalid_certificate(error)
    broken = (
        botocore_exceptions.ReadTimeoutError,
        botocore_exceptions.ConnectionClosedError,
        botocore_exceptions.ResponseStreamingError,
        ResponseParserError,
    )
    return isinstance(error, broken) or isinstance(_inner(error), (ConnectionError, TimeoutError))


def _is_final(error: Exception) -> bool:
    """Whether the same request can never be sent: it is malformed, or the server's certificate is invalid."""
    local = (botocore_exceptions.HTTPClientError, botocore_exceptions.SSLError)
    return isinstance(error, local) and not _is_broken(error)


def _has_invalid_certificate(error: botocore_exceptions.SSLError) -> bool:
    cause: t.Any = error.kwargs.get("error")
    while isinstance(cause, BaseException):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or next((inner for inner in cause.args if isinstance(inner, BaseException)), None)
    return "certificate verify failed" in str(error).lower().replace("_", " ")


def _inner(error: Exception | None) -> t.Any:
    """What botocore found no name for."""
    return error.kwargs.get("error") if isinstance(error, botocore_exceptions.HTTPClientError) else None


def _may_change(operation: str) -> bool:
    return not operation.startswith("Describe")


def _in_words(error: Exception) -> str:
    if isinstance(error, botocore_exceptions.NoCredentialsError):
        return (
            "no AWS credentials were found: set access_key and secret_key, or profile, or the environment variables "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run on a host with a role"
        )
    if isinstance(error, botocore_exceptions.EndpointConnectionError):
        return f"{error}: check region, endpoint_url and the network"
    if isinstance(_inner(error), ValueError):
        # the text of the error repeats the header, which may hold a credential
        return (
            f"the request cannot be sent ({type(_inner(error)).__name__}). Remove line breaks and other characters "
            "that are invalid in an HTTP header from access_key, session_token and endpoint_url"
        )
    return str(error)
