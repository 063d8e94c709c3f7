# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The check of authentication tokens."""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from unittest import mock
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from login.tokens import ACCOUNT, HOST, KEYS, LONG_TERM, PORT, REGION, TEMPORARY, USER, Key, make_target, make_token
from rds_simulator.login.token import TokenRefused, verify

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=timezone.utc)
GOOD = {key: make_token(key, signed_at=NOW) for key in (LONG_TERM, TEMPORARY)}
SECRETS = [key.secret_access_key for key in GOOD] + [key.access_key_id for key in GOOD] + ["IQoJb3JpZ2luX2Vj"]
BOTH_KEYS = pytest.mark.parametrize("key", [LONG_TERM, TEMPORARY], ids=["long-term", "temporary"])


def accepts(token: str, user: str = USER, now: datetime = NOW, **target: object) -> Key:
    return verify(token, user, make_target(**target), KEYS.get, now)


def refused(
    token: str,
    user: str = USER,
    now: datetime = NOW,
    find: Callable[[str], Key | None] = KEYS.get,
    **target: object,
) -> TokenRefused:
    """Return the refusal, and check that its text contains no secret and no part of the token."""
    with pytest.raises(TokenRefused) as caught:
        verify(token, user, make_target(**target), find, now)
    text = f"{caught.value} {caught.value!r} {caught.value.reason}"
    secrets = [*SECRETS, *re.findall(r"[0-9a-f]{64}", token)]
    assert not [secret for secret in secrets if secret in text]
    return caught.value


def query_of(token: str) -> dict[str, str]:
    return dict(part.split("=") for part in token.partition("?")[2].split("&"))


def with_query(parameters: list[tuple[str, str]]) -> str:
    return f"{HOST}:{PORT}/?" + "&".join(f"{name}={value}" for name, value in parameters)


def signed_with(changes: dict[str, str]) -> str:
    """Return a token with other values, whose signature is valid for them."""
    values = {name: unquote(value) for name, value in query_of(GOOD[LONG_TERM]).items()} | changes
    del values["X-Amz-Signature"]
    query = "&".join(f"{name}={quote(values[name], safe='-_.~')}" for name in sorted(values))
    request = f"GET\n/\n{query}\nhost:{HOST}:{PORT}\n\nhost\n{hashlib.sha256(b'').hexdigest()}"
    scope = values["X-Amz-Credential"].split("/")[1:]
    text = (
        f"AWS4-HMAC-SHA256\n{values['X-Amz-Date']}\n{'/'.join(scope)}\n{hashlib.sha256(request.encode()).hexdigest()}"
    )
    key = b"AWS4" + LONG_TERM.secret_access_key.encode()
    for part in (*scope, text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return f"{HOST}:{PORT}/?{query}&X-Amz-Signature={key.hex()}"


@BOTH_KEYS
def test_verify_botocore_token_returns_credentials(key: Key) -> None:
    assert accepts(GOOD[key]) is key


@BOTH_KEYS
def test_verify_aws_cli_token_is_accepted(key: Key) -> None:
    aws = shutil.which("aws")
    if aws is None:
        pytest.skip("the AWS CLI is not installed")
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
        **({"AWS_SESSION_TOKEN": key.session_token} if key.session_token else {}),
    }
    command = [aws, "rds", "generate-db-auth-token", "--hostname", HOST, "--port", str(PORT), "--username", USER]
    done = subprocess.run(
        [*command, "--region", REGION], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert accepts(done.stdout.strip(), now=datetime.now(timezone.utc)) is key


@pytest.mark.parametrize("user", ["CamelCase", 'qu"ote', "with space", "a+b%c/d&e=f", "naïve", "u" * 63])
def test_verify_special_user_name_is_accepted(user: str) -> None:
    assert accepts(make_token(user=user, signed_at=NOW), user) is LONG_TERM


def test_verify_other_endpoint_of_database_is_accepted() -> None:
    reader = "orders.cluster-ro-abcdefghij12.eu-west-1.rds.amazonaws.com"
    endpoints = frozenset({f"{HOST}:{PORT}", f"{reader}:{PORT}"})
    assert accepts(make_token(host=reader, signed_at=NOW), endpoints=endpoints) is LONG_TERM


@BOTH_KEYS
def test_verify_reordered_parameters_are_accepted(key: Key) -> None:
    """Signature Version 4 sorts the parameters, and the SDKs write them in different orders."""
    parameters = list(query_of(GOOD[key]).items())
    for seed in range(20):
        shuffled = random.Random(seed).sample(parameters, len(parameters))
        assert accepts(with_query(shuffled)) is key


def test_verify_token_without_slash_is_accepted() -> None:
    """The SDKs for Go leave out the slash of the empty path."""
    assert accepts(GOOD[LONG_TERM].replace("/?", "?", 1)) is LONG_TERM


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (-301, "InvalidToken"),
        (-600, "InvalidToken"),
        (-299, None),
        (890, None),
        (900, None),
        (901, "ExpiredToken"),
        (905, "ExpiredToken"),
        (86_400, "ExpiredToken"),
    ],
)
def test_verify_age_decides(age: int, code: str | None) -> None:
    token = make_token(signed_at=NOW - timedelta(seconds=age))
    if code:
        assert refused(token).code == code
    else:
        accepts(token)


@pytest.mark.parametrize("wrong", ["", "pw-secret", "x" * 65_000, "/?", "?", f"{HOST}:{PORT}/?", "a" * 9000 + "?b=c"])
def test_verify_password_instead_of_token_is_invalid(wrong: str) -> None:
    assert refused(wrong).code == "InvalidToken"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (make_token(user="reporting", signed_at=NOW), "another database user"),
        (make_token(user=USER.upper(), signed_at=NOW), "another database user"),
        (make_token(region="us-east-1", signed_at=NOW), "another Region"),
        (make_token(port=PORT + 1, signed_at=NOW), "another endpoint"),
        (make_token(host="other.example", signed_at=NOW), "another endpoint"),
        (make_token(host="127.0.0.1", signed_at=NOW), "another endpoint"),
        (make_token(replace(LONG_TERM, secret_access_key="x" * 40), signed_at=NOW), "signature"),
        (make_token(Key("AKIAXXXXXXXXXXXXXXXX", "x" * 40), signed_at=NOW), "access key ID"),
        (make_token(replace(TEMPORARY, session_token=None), signed_at=NOW), "Security-Token is missing"),
        (make_token(replace(TEMPORARY, session_token="other"), signed_at=NOW), "session token does not match"),
        (make_token(replace(LONG_TERM, session_token="extra"), signed_at=NOW), "the access key has none"),
        (GOOD[LONG_TERM] + "&x=" + "y" * 9000, "signature"),
        ("https://" + GOOD[LONG_TERM], "another endpoint"),
        (GOOD[LONG_TERM].replace(f"DBUser={USER}", "DBUser=reporting"), "another database user"),
        (GOOD[LONG_TERM] + "é", "not ASCII"),
        (GOOD[TEMPORARY].replace("%2F", "%2f"), "malformed"),
        (GOOD[TEMPORARY].replace("%2B", "+"), "malformed"),
    ],
)
def test_verify_wrong_token_is_invalid(token: str, reason: str) -> None:
    refusal = refused(token)
    assert (refusal.code, reason in refusal.reason) == ("InvalidToken", True), refusal.reason


def test_verify_token_of_renamed_user_is_invalid() -> None:
    token = GOOD[LONG_TERM].replace(f"DBUser={USER}", "DBUser=reporting")
    assert refused(token, "reporting").reason == "the signature does not match"


@pytest.mark.parametrize("service", ["rds", "iam", "s3"])
def test_verify_other_service_is_invalid(service: str) -> None:
    credential = f"{LONG_TERM.access_key_id}/20261102/{REGION}/{service}/aws4_request"
    assert "not signed for rds-db" in refused(signed_with({"X-Amz-Credential": credential})).reason


@pytest.mark.parametrize(
    "expires", ["901", "1800", "604800", "0", "-1", "-900", "+900", "9e2", "", "900.0", "9" * 5000]
)
def test_verify_expires_out_of_range_is_invalid(expires: str) -> None:
    assert "X-Amz-Expires" in refused(signed_with({"X-Amz-Expires": expires})).reason


def test_verify_shorter_expires_counts() -> None:
    token = signed_with({"X-Amz-Expires": "60"})
    accepts(token, now=NOW + timedelta(seconds=60))
    assert refused(token, now=NOW + timedelta(seconds=61)).code == "ExpiredToken"


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Amz-Date": "20261102T120000"},
        {"X-Amz-Date": "20261302T120000Z"},
        {"X-Amz-Date": "2026-11-02T12:00Z"},
        {"X-Amz-Date": "20261102T126000Z"},
        {"X-Amz-Date": "20261101T235959Z"},
        {"X-Amz-Algorithm": "AWS4-HMAC-SHA512"},
        {"X-Amz-SignedHeaders": "host;x-amz-date"},
        {"Action": "Connect"},
        {"X-Amz-Credential": f"{LONG_TERM.access_key_id}/20261102/{REGION}/rds-db"},
        {"X-Amz-Credential": f"{LONG_TERM.access_key_id}/20261102/{REGION}/rds-db/aws4_request/x"},
        {"X-Amz-Credential": f"{LONG_TERM.access_key_id}/20261102/{REGION}/rds-db/aws3_request"},
        {"X-Amz-Credential": "/////"},
    ],
    ids=str,
)
def test_verify_wrong_value_with_valid_signature_is_invalid(changes: dict[str, str]) -> None:
    assert refused(signed_with(changes)).code == "InvalidToken"


@BOTH_KEYS
def test_verify_missing_parameter_is_invalid(key: Key) -> None:
    parameters = query_of(GOOD[key])
    for name in parameters:
        rest = [(other, value) for other, value in parameters.items() if other != name]
        assert refused(with_query(rest)).code == "InvalidToken"


@BOTH_KEYS
def test_verify_repeated_parameter_is_invalid(key: Key) -> None:
    parameters = list(query_of(GOOD[key]).items())
    for name, value in parameters:
        assert "repeated" in refused(with_query([*parameters, (name, value)])).reason
        assert "repeated" in refused(with_query([(name, "other"), *parameters])).reason


@BOTH_KEYS
def test_verify_exchanged_values_are_invalid(key: Key) -> None:
    parameters = query_of(GOOD[key])
    names = list(parameters)
    for name, other in zip(names, names[1:]):
        exchanged = {**parameters, name: parameters[other], other: parameters[name]}
        assert refused(with_query(list(exchanged.items()))).code in ("InvalidToken", "ExpiredToken")


def test_verify_expired_credentials_are_expired() -> None:
    def find(_unused: str) -> Key:
        return replace(TEMPORARY, expires=NOW)

    assert refused(GOOD[TEMPORARY], find=find).code == "ExpiredToken"
    later = replace(TEMPORARY, expires=NOW + timedelta(seconds=1))
    assert verify(GOOD[TEMPORARY], USER, make_target(), {TEMPORARY.access_key_id: later}.get, NOW) is later


def test_verify_caller_of_other_account_is_not_authorized() -> None:
    assert refused(GOOD[LONG_TERM], account="210987654321").code == "NotAuthorized"
    assert accepts(GOOD[LONG_TERM], account=ACCOUNT) is LONG_TERM


@BOTH_KEYS
def test_verify_compares_secrets_in_constant_time(key: Key) -> None:
    with mock.patch("rds_simulator.login.token.hmac.compare_digest", return_value=False) as compare:
        refused(GOOD[key])
    compared = [argument.decode() for call in compare.call_args_list for argument in call.args]
    assert (key.session_token or query_of(GOOD[key])["X-Amz-Signature"]) in compared


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(
    key=st.sampled_from([LONG_TERM, TEMPORARY]),
    operation=st.sampled_from(["replace", "insert", "delete"]),
    index=st.integers(0, 9),
    position=st.integers(0, 1000),
    difference=st.integers(1, 255),
)
def test_verify_altered_field_is_refused(key: Key, operation: str, index: int, position: int, difference: int) -> None:
    """Each example alters one byte of one field of a good token: the address, or a parameter with its name."""
    address, query = GOOD[key].split("?")
    fields = [address, *query.split("&")]
    index %= len(fields)
    field = fields[index]
    position %= len(field)
    byte = "" if operation == "delete" else chr((ord(field[position]) + difference) % 256)
    fields[index] = field[:position] + byte + field[position + (operation != "insert") :]
    altered = fields[0] + "?" + "&".join(fields[1:])
    assume(altered not in (GOOD[key], GOOD[key].replace("/?", "?")))  # a token without the slash is valid
    assert refused(altered).code in ("InvalidToken", "ExpiredToken")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=400) | st.binary(max_size=400).map(lambda data: data.decode("utf-8", "surrogateescape")))
def test_verify_arbitrary_text_is_invalid(text: str) -> None:
    assert refused(text).code == "InvalidToken"
    assert refused(f"{HOST}:{PORT}/?{text}").code == "InvalidToken"


def test_signed_with_no_change_is_accepted() -> None:
    """The helper signs as botocore does, so that its tokens are refused for their values only."""
    assert signed_with({}).split("X-Amz-Signature=")[1] == query_of(GOOD[LONG_TERM])["X-Amz-Signature"]
