# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""All waves are checked before the first one starts, and a database belongs to the first wave that selects it."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_plan import plan, shared_report_path


def database(name, kind="instance"):
    return {"arn": f"arn:{kind}:{name}", "kind": kind, "identifier": name}


def preview(*databases):
    return {"databases": list(databases), "failed": False}


EMPTY = {"failed": True, "msg": "select: no database matches", "summary": {"total": 0}, "databases": []}
REFUSED = {"failed": True, "msg": "AccessDenied", "error": {"code": "AccessDenied"}, "summary": {"total": 0}}
INVALID = {"failed": True, "msg": "select: it has no criterion"}


def test_plan_database_belongs_to_first_wave():
    waves = [{"tags": {"env": "test"}}, {"all": True}]
    previews = [preview(database("a"), database("c", "cluster")), preview(database("a"), database("b"))]
    planned = plan(waves, previews, empty_waves="fail", on_problem="skip")
    assert planned["stopped"] == ""
    assert [wave["db_instance_identifiers"] for wave in planned["waves"]] == [["arn:instance:a"], ["arn:instance:b"]]
    assert [wave["db_cluster_identifiers"] for wave in planned["waves"]] == [["arn:cluster:c"], []]
    assert [(wave["number"], wave["total"], wave["select"]) for wave in planned["waves"]] == [
        (1, 2, waves[0]),
        (2, 2, waves[1]),
    ]


@pytest.mark.parametrize(
    ("previews", "empty_waves", "stopped"),
    [
        ([preview(database("a")), EMPTY], "skip", ""),
        ([preview(database("a")), EMPTY], "fail", "No wave was started: wave 2: select: no database matches"),
        ([preview(database("a")), INVALID], "skip", "No wave was started: wave 2: select: it has no criterion"),
        # a call that AWS refused is not an empty region
        ([REFUSED, REFUSED], "skip", "No wave was started: waves 1, 2: AccessDenied"),
        (
            [INVALID, EMPTY],
            "fail",
            "No wave was started: wave 1: select: it has no criterion; wave 2: select: no database matches",
        ),
        ([preview(database("a"))], "skip", "No wave was started: wave 2: it was not previewed"),
        ([{"failed": True}, EMPTY], "skip", "No wave was started: wave 1: the preview failed"),
    ],
)
def test_plan_invalid_wave_stops_the_rollout(previews, empty_waves, stopped):
    assert plan([{}, {}], previews, empty_waves=empty_waves, on_problem="skip")["stopped"] == stopped


def blocked(name, **state):
    return {**database(name), "problems": [{"code": "ssl_disabled", "message": "ssl is 0"}], **state}


FIX = "Fix the cause, or set on_problem to skip to exclude blocked databases"


@pytest.mark.parametrize(
    ("previews", "on_problem", "stopped"),
    [
        ([preview(database("a")), preview(blocked("old"))], "skip", ""),
        (
            [preview(database("a")), preview(database("b"), blocked("old", kind="cluster"))],
            "fail",
            f"No wave was started: wave 2: 1 database is blocked: cluster old: ssl is 0. {FIX}",
        ),
        # it belongs to the first wave only
        (
            [preview(blocked("old")), preview(blocked("old"), database("b"))],
            "fail",
            f"No wave was started: wave 1: 1 database is blocked: instance old: ssl is 0. {FIX}",
        ),
        (
            [preview(*(blocked(f"o{n}") for n in range(5))), preview(database("b"))],
            "fail",
            "No wave was started: wave 1: 5 databases are blocked: instance o0: ssl is 0; instance o1: ssl is 0; "
            f"instance o2: ssl is 0; and 2 more. {FIX}",
        ),
        ([preview(database("a")), EMPTY], "fail", "No wave was started: wave 2: select: no database matches"),
    ],
)
def test_plan_blocked_database_stops_the_rollout(previews, on_problem, stopped):
    planned = plan([{}, {}], previews, empty_waves="fail", on_problem=on_problem)
    assert planned["stopped"] == stopped


def test_plan_without_waves_stops_the_rollout():
    planned = plan([], [], empty_waves="skip", on_problem="skip")
    assert planned["stopped"] == "No wave was started: rollout_waves is empty"


@pytest.mark.parametrize(
    ("paths", "shared"),
    [
        ({"eu": "eu.json", "us": "us.json"}, False),
        ({"eu": "r.json", "us": "r.json"}, True),
        ({"eu": "./r.json", "us": " out/../r.json"}, True),
        ({"eu": "", "us": ""}, False),
        ({"eu": None, "us": None}, False),
        ({"us": "r.json"}, False),
        ({"eu": "r.json"}, False),
    ],
)
def test_plan_shared_report_path(paths, shared):
    error = shared_report_path("eu", paths, variable="report")
    assert bool(error) is shared
    if shared:
        assert error.startswith("report: 'r.json' is the same for 2 hosts: eu, us.")
