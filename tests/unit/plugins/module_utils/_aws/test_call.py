# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The meaning of an error: whether a retry can succeed, and whether AWS may have carried out the request."""

from __future__ import annotations

import http.client
import ssl

import pytest
import urllib3.exceptions
from ansible_collections.passwordless.rds.plugins.module_utils._aws.call import call_operation
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import CallError
from botocore import exceptions
from botocore.loaders import Loader
from botocore.parsers import ResponseParserError
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

URL = {"endpoint_url": "https://rds.eu-west-1.amazonaws.com"}
THROTTLED = ThrottledRetryableChecker._THROTTLED_ERROR_CODES
TRANSIENT = TransientRetryableChecker._TRANSIENT_ERROR_CODES
_POLICY = Loader().load_data("_retry")
OF_RETRY_JSON = [
    case["applies_when"]["response"]["service_error_code"]
    for case in _POLICY["definitions"].values()
    if "service_error_code" in case["applies_when"].get("response", {})
    and case["applies_when"]["response"]["service_error_code"] != "BadDigest"  # not part of this protocol
]


class Client:
    """A client whose operations all raise the same error."""

    def __init__(self, error):
        self._error = error

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)

        def operation(**_parameters):
            raise self._error

        return operation


def caught(error, operation="ModifyDBInstance"):
    with pytest.raises(CallError) as raised:
        call_operation(Client(error), operation, {})
    return raised.value


def flags(error, operation="ModifyDBInstance"):
    found = caught(error, operation)
    return {name for name in ("retryable", "outcome_unknown", "unreachable") if getattr(found, name)}


def refused(code, status=400):
    return exceptions.ClientError(
        {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "ModifyDBInstance"
    )


@pytest.mark.parametrize("code", sorted({*THROTTLED, *TRANSIENT, *OF_RETRY_JSON}))
def test_error_code_retried_by_botocore_is_retryable(code):
    assert "retryable" in flags(refused(code))


@pytest.mark.parametrize("status", [400, 503])
@pytest.mark.parametrize("code", THROTTLED)
def test_error_throttled_was_not_carried_out(code, status):
    assert flags(refused(code, status)) == {"retryable"}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InternalFailure", 500),
        ("InternalError", 500),
        ("ServiceUnavailable", 503),
        ("502", 502),
        ("503", 503),
        ("504", 504),
        ("SomethingNew", 500),
        ("RequestTimeout", 400),
        ("RequestTimeoutException", 400),
    ],
)
def test_error_internal_has_unknown_outcome(code, status):
    assert flags(refused(code, status)) == {"retryable", "outcome_unknown"}
    assert flags(refused(code, status), "DescribeDBInstances") == {"retryable"}
    assert caught(refused(code, status)).unknown_outcome_reason == (
        "AWS returned an internal error for ModifyDBInstance, and may have carried it out"
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(exceptions.ReadTimeoutError(**URL), {"retryable", "outcome_unknown"}, id="read-timeout"),
        pytest.param(exceptions.ConnectionClosedError(**URL), {"retryable", "outcome_unknown"}, id="closed"),
        pytest.param(exceptions.ResponseStreamingError(error="cut"), {"retryable", "outcome_unknown"}, id="streaming"),
        pytest.param(ResponseParserError("half an answer"), {"retryable", "outcome_unknown"}, id="unreadable"),
        pytest.param(
            exceptions.HTTPClientError(error=ConnectionResetError()), {"retryable", "outcome_unknown"}, id="reset"
        ),
        pytest.param(exceptions.EndpointConnectionError(**URL), {"unreachable"}, id="refused"),
        pytest.param(exceptions.ConnectTimeoutError(**URL), {"unreachable"}, id="connect-timeout"),
        pytest.param(exceptions.ProxyConnectionError(proxy_url="http://proxy"), {"unreachable"}, id="proxy"),
        # a retry cannot fix an invalid certificate
        pytest.param(exceptions.SSLError(error="certificate verify failed", **URL), set(), id="certificate"),
        pytest.param(
            exceptions.SSLError(error="[SSL: CERTIFICATE_VERIFY_FAILED] unable to get issuer", **URL),
            set(),
            id="issuer",
        ),
        pytest.param(
            exceptions.SSLError(error=urllib3.exceptions.SSLError(ssl.SSLCertVerificationError(1, "hostname")), **URL),
            set(),
            id="hostname",
        ),
        # other TLS errors can occur after the request was sent
        pytest.param(
            exceptions.SSLError(error=urllib3.exceptions.SSLError(ssl.SSLEOFError(8, "EOF")), **URL),
            {"retryable", "outcome_unknown"},
            id="tls-eof",
        ),
        pytest.param(
            exceptions.SSLError(error=ssl.SSLError(1, "[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC]"), **URL),
            {"retryable", "outcome_unknown"},
            id="tls-record",
        ),
        pytest.param(exceptions.NoCredentialsError(), set(), id="credentials"),
        pytest.param(exceptions.ParamValidationError(report="wrong"), set(), id="parameters"),
        pytest.param(exceptions.HTTPClientError(error=ValueError("Invalid header value")), set(), id="header"),
        pytest.param(exceptions.HTTPClientError(error=UnicodeEncodeError("latin-1", "€", 0, 1, "")), set(), id="euro"),
        pytest.param(exceptions.HTTPClientError(error=http.client.InvalidURL()), set(), id="url"),
        pytest.param(exceptions.HTTPClientError(error=urllib3.exceptions.InvalidHeader()), set(), id="invalid-header"),
        pytest.param(exceptions.HTTPClientError(error=OSError("Too many open files")), set(), id="files"),
    ],
)
def test_error_without_answer(error, expected):
    assert flags(error) == expected
    for read in ("DescribeDBInstances", "GetMetricData"):
        assert flags(error, read) == expected - {"outcome_unknown"}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused("AccessDenied", 403), "AWS refused ModifyDBInstance"),
        (exceptions.ReadTimeoutError(**URL), "there was no valid response to ModifyDBInstance"),
        (exceptions.EndpointConnectionError(**URL), "ModifyDBInstance could not be sent to AWS"),
        (exceptions.SSLError(error="certificate verify failed", **URL), "ModifyDBInstance could not be sent to AWS"),
        (exceptions.NoCredentialsError(), "ModifyDBInstance could not be sent to AWS"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_error_message_states_whether_aws_answered(error, words):
    assert caught(error).failure == words


@pytest.mark.parametrize(
    "inner",
    [
        ValueError("Invalid header value b'secret\\ntoken'"),
        UnicodeEncodeError("latin-1", "secret€", 6, 7, "ordinal not in range"),
        urllib3.exceptions.LocationParseError("https://secret"),
    ],
)
def test_error_invalid_header_is_hidden(inner):
    found = caught(exceptions.HTTPClientError(error=inner))
    assert "secret" not in str(found)
    assert "session_token" in found.detail


def test_error_of_operating_system_is_shown():
    assert "Too many open files" in caught(exceptions.HTTPClientError(error=OSError("Too many open files"))).detail
