# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Make one boto3 call, and convert every failure to a CallError.

This is private to the collection.
"""

from __future__ import annotations

import ssl
import typing as t

from .._gateway.clock import Clock
from .._model.errors import CallError
from .._model.secrets import hide_secrets, secrets_in
from .error_codes import AWS_FAULT, EXISTS, MISSING, THROTTLED, TIMED_OUT, WRONG_STATE
from .responses import UNREADABLE, check_types, may_change, start_operation, unreadable
from .session import credential_secrets

try:
    from botocore import exceptions as botocore_exceptions
    from botocore import xform_name
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library

_T = t.TypeVar("_T")

NO_CREDENTIALS = (
    "no AWS credentials were found. Set access_key and secret_key, profile, or the environment variables "
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a host with an IAM role"
)

# set in the metadata of a response if the outcome of an earlier attempt is unknown
_UNKNOWN = "OutcomeUnknown"


def register_retry_hooks(client: t.Any) -> None:
    """Mark each response of a client if the outcome of an earlier attempt is unknown.

    botocore retries by itself. The error of the last attempt may then follow a request that AWS has carried out.
    """
    client.meta.events.register("needs-retry.rds", _note_unknown)
    client.meta.events.register("after-call.rds", _tell_unknown)
    client.meta.events.register("after-call-error.rds", _mark_unknown)


def stop_retries_at(client: t.Any, moment: float, clock: Clock) -> None:
    """Stop the retries of botocore at this time of the monotonic clock, with or without a response to the call."""

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
            # the same error that botocore raises after its last retry
            raise botocore_exceptions.ClientError(response[1], getattr(operation, "name", ""))

    client.meta.events.register("needs-retry", stop)


def _note_unknown(
    *,
    response: tuple[t.Any, dict[str, t.Any]] | None = None,
    caught_exception: Exception | None = None,
    request_dict: dict[str, t.Any] | None = None,
    **_more: t.Any,
) -> None:
    if caught_exception is not None and _is_final(caught_exception):
        raise caught_exception  # botocore would retry a request that can never be sent
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
    """Call an API operation by its name and return the response. Raises CallError for every failure."""
    start_operation(operation)
    try:
        response: dict[str, t.Any] = getattr(client, xform_name(operation))(**parameters)
        check_types(response, client.meta.service_model.operation_model(operation).output_shape)
        return response
    except botocore_exceptions.ClientError as error:
        raise _refused(operation, error, _secrets(client, parameters)) from error
    except (botocore_exceptions.BotoCoreError, ResponseParserError) as error:
        raise _outcome_unknown(operation, error, _secrets(client, parameters)) from error
    except UNREADABLE as error:
        raise unreadable(operation, error, _secrets(client, parameters)) from error


def _secrets(client: t.Any, parameters: t.Mapping[str, t.Any]) -> set[str]:
    return secrets_in(parameters) | credential_secrets(client)


def none_if_missing(call: t.Callable[[], _T]) -> _T | None:
    """Return the result of a call, or None if the requested resource does not exist. Raises any other CallError."""
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
        message=hide_secrets(str(error.get("Message") or "AWS did not return a message"), secrets),
        request_id=metadata.get("RequestId"),
        retryable=code in THROTTLED or fault,
        outcome_unknown=may_change(operation) and (fault or unknown),
        fault=fault,
        missing=code in MISSING,
        invalid_state=code in WRONG_STATE,
        exists=code in EXISTS,
    )


def _is_unknown(response: t.Mapping[str, t.Any]) -> bool:
    """Whether AWS reported an internal error, so that it may have carried out the request."""
    code = str(response.get("Error", {}).get("Code", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code not in THROTTLED and (code in AWS_FAULT or code in TIMED_OUT or status >= 500)


def _outcome_unknown(operation: str, error: Exception, secrets: t.Collection[str]) -> CallError:
    broken = _is_broken(error)
    # an earlier attempt may have reached AWS
    unknown = broken or getattr(error, _UNKNOWN, False)
    not_connected = isinstance(error, botocore_exceptions.ConnectionError)
    return CallError(
        operation=operation,
        code=type(error).__name__,
        message=hide_secrets(_in_words(error), secrets),
        retryable=broken,
        outcome_unknown=unknown and may_change(operation),
        unsent=not unknown,
        no_response=unknown,
        unreachable=not_connected and not isinstance(error, botocore_exceptions.SSLError),
    )


def _is_broken(error: Exception | None) -> bool:
    """Whether the connection broke or the response could not be read, after the request may have been sent.

    A TLS error can occur in the handshake or later. Only an invalid certificate proves that it was in the handshake.
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
    """Whether no retry can succeed, because the request is malformed or the certificate of the server is invalid."""
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
    """Return the error that botocore has wrapped, or None."""
    return error.kwargs.get("error") if isinstance(error, botocore_exceptions.HTTPClientError) else None


def _in_words(error: Exception) -> str:
    if isinstance(error, botocore_exceptions.NoCredentialsError):
        return NO_CREDENTIALS
    if isinstance(error, botocore_exceptions.EndpointConnectionError):
        return f"{error}. Check region, endpoint_url and the network"
    if isinstance(_inner(error), ValueError):
        # the text of the error contains the header, which may contain a credential
        return (
            f"the request cannot be sent ({type(_inner(error)).__name__}). Remove line breaks and other characters "
            "that are invalid in an HTTP header from access_key, session_token and endpoint_url"
        )
    return str(error)
