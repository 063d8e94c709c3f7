# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The boto3 clients of a login check: RDS, STS, IAM, CloudWatch and CloudWatch Logs.

This is private to the collection.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from .._gateway.clock import Clock
from .._gateway.login import Caller
from .._gateway.paging import read_pages
from .._model import login_evidence as report
from .._model.errors import InputError, quoted
from .._model.login_evidence import PolicyFacts
from .call import call_operation
from .clock import ServerClock
from .parse_iam import ACTION, allowed_resources, parse_decision, principal_documents
from .rds_client import RdsClient
from .responses import reads_responses
from .session import freeze_credentials, lacks_session_token

try:
    from botocore.exceptions import BotoCoreError
except ImportError:
    pass  # AnsibleAWSModule reports the missing library

_CODES = (
    report.INVALID_TOKEN,
    report.EXPIRED_TOKEN,
    report.NOT_AUTHORIZED,
    report.THROTTLED,
    report.INTERNAL_ERROR,
)
# Amazon RDS User Guide, "IAM database authentication CloudWatch metrics"
_NAMESPACE, _METRIC_PREFIX = "AWS/RDS", "IamDbAuthConnection"
_FAILURES = ("FailureInvalidToken", "FailureInsufficientPermissions", "FailureThrottling", "FailureServerError")
_PERIOD = 60

# more pages than any account has; a page that repeats must not hold the task
_MOST_PAGES = 200


@reads_responses
class LoginClient(RdsClient):
    """Implements the API of a login check. ``client_of`` creates the boto3 client of another service."""

    def __init__(self, client: t.Any, region: str, client_of: t.Callable[[str], t.Any], clock: Clock) -> None:
        super().__init__(client, region)
        self._client_of = client_of
        self._clock = clock
        self._server_clock = ServerClock(clock)

    @property
    def lacks_session_token(self) -> bool:
        credentials = self._client._get_credentials()
        return credentials is not None and lacks_session_token(freeze_credentials(credentials))

    @property
    def clock_ahead(self) -> float | None:
        return self._server_clock.ahead

    def auth_token(self, host: str, port: int, user: str) -> str:
        """Return a new token. Raises InputError if there are no credentials."""
        try:
            token: str = self._client.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user)
        except BotoCoreError as error:
            raise InputError(f"access_key: no token can be signed: {error}. Set credentials.") from None
        except ValueError:  # a host that AWS has returned, and that is not a host name
            raise InputError(f"{quoted(host)}: no token can be signed for this endpoint. Check endpoint_url.") from None
        return token

    def caller(self) -> Caller:
        client = self._client_of("sts")
        self._server_clock.observe(client, "sts")
        answer = call_operation(client, "GetCallerIdentity", {})
        return Caller(arn=answer["Arn"], account=answer["Account"])

    def role_arn(self, name: str) -> str:
        answer = call_operation(self._client_of("iam"), "GetRole", {"RoleName": name})
        return str(answer["Role"]["Arn"])

    def simulate(self, principal_arn: str, resource_arn: str) -> PolicyFacts:
        request = {"PolicySourceArn": principal_arn, "ActionNames": [ACTION], "ResourceArns": [resource_arn]}
        answer = call_operation(self._client_of("iam"), "SimulatePrincipalPolicy", request)
        return parse_decision(answer["EvaluationResults"][0])

    def allowed_resources(self, principal_arn: str) -> tuple[str, ...]:
        client = self._client_of("iam")
        operation = "GetAccountAuthorizationDetails"
        request = {"Filter": ["User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"]}
        pages = read_pages(
            operation,
            lambda marker: call_operation(client, operation, {**request, **({"Marker": marker} if marker else {})}),
            lambda page: page["Marker"] if page.get("IsTruncated") else None,
        )
        return allowed_resources(principal_documents(list(pages), principal_arn))

    def login_errors(self, group: str, user: str, since: dt.datetime) -> tuple[str, ...]:
        client = self._client_of("logs")
        more: dict[str, str] = {}
        request = {"logGroupName": group, "startTime": int(since.timestamp() * 1000)}
        found: list[str] = []
        for _number in range(_MOST_PAGES):
            page = call_operation(client, "FilterLogEvents", {**request, **more})
            messages = [str(event.get("message", "")) for event in page.get("events") or []]
            found += [code for text in messages if _is_about(text, user) for code in _CODES if code in text]
            if not page.get("nextToken"):
                break
            more = {"nextToken": page["nextToken"]}
        return tuple(dict.fromkeys(found))

    def login_metrics(self, instance: str, since: dt.datetime) -> dict[str, float]:
        queries = [_query(kind, instance) for kind in _FAILURES]
        end = self._clock.now() + dt.timedelta(seconds=_PERIOD)
        request = {"MetricDataQueries": queries, "StartTime": since, "EndTime": end}
        answer = call_operation(self._client_of("cloudwatch"), "GetMetricData", request)
        by_id = {result["Id"]: sum(result.get("Values") or []) for result in answer["MetricDataResults"]}
        return {kind: by_id.get(kind[0].lower() + kind[1:], 0.0) for kind in _FAILURES}


def _is_about(text: str, user: str) -> bool:
    """Return whether a line of the log export is about a user.

    Source: Amazon RDS User Guide, "Troubleshooting for IAM DB authentication".
    """
    return any(f"for user {user} {word} " in text for word in ("because", "due"))


def _query(kind: str, instance: str) -> dict[str, t.Any]:
    metric = {
        "Namespace": _NAMESPACE,
        "MetricName": f"{_METRIC_PREFIX}{kind}",
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": instance}],
    }
    return {
        "Id": kind[0].lower() + kind[1:],
        "MetricStat": {"Metric": metric, "Period": _PERIOD, "Stat": "Sum"},
    }
