# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The record of a wave in the report, and whether the next wave starts."""

from __future__ import annotations

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_record import record as _record
from ansible_collections.passwordless.rds.plugins.module_utils._rules.rollout_record import verification_targets

REPORT = {"waves": [], "blocked": {}, "failures": [], "stopped": "", "preview": False}
WAVE = {"number": 1, "total": 2, "select": {"all": True}}
STOPPED = [{"code": "not_modifiable", "message": "it is stopped"}]


def database(name, **state):
    plain = {
        "arn": f"arn:aws:rds:eu-west-1:1:db:{name}",
        "resource_id": f"db-{name}",
        "identifier": name,
        "kind": "instance",
        "changed": True,
    }
    setting = {"iam_database_authentication_enabled": True, "pending_iam_database_authentication": None}
    return {**plain, **setting, "outcome": "applied", "problems": [], **state}


def seen(name, current, pending=None):
    return database(name, iam_database_authentication_enabled=current, pending_iam_database_authentication=pending)


def short(arns):
    return [arn.rpartition(":")[2] for arn in arns]


PREVIEW = {"databases": [database("a"), database("b")], "summary": {"applied": 2}, "plan_id": "abc"}
BOTH = {"databases": [seen("a", True), seen("b", True)]}
APPLIED = {"databases": [database("a"), database("b")]}
REFUSED = database("b", outcome="failed", changed=False, problems=STOPPED)


def record(applied=None, verified=None, *, preview=None, report=None, now=True, allowed=0):
    results = {"preview": PREVIEW if preview is None else preview, "applied": applied or {}, "verified": verified or {}}
    options = {"apply_immediately": now, "max_failures": allowed}
    return _record(REPORT if report is None else report, WAVE, results, options)


@pytest.mark.parametrize(
    ("applied", "verified", "allowed", "changed", "failed", "stopped"),
    [
        (APPLIED, BOTH, 0, ["a", "b"], [], ""),
        # the task crashed, so only the verification is known
        (
            {"failed": True, "msg": "MODULE FAILURE"},
            {"databases": [seen("a", True), seen("b", False)]},
            5,
            ["a"],
            [],
            "Stopped at wave 1 of 2: MODULE FAILURE",
        ),
        # the change was accepted, but did not take effect
        (
            APPLIED,
            {"databases": [seen("a", True), seen("b", False)]},
            0,
            ["a", "b"],
            ["b"],
            "Stopped at wave 1 of 2: 1 database failed, and rollout_max_failures is 0.",
        ),
        (APPLIED, {"databases": [seen("a", True)]}, 1, ["a", "b"], ["b"], ""),
        # it became blocked after the preview, so nothing in the wave was changed
        (
            {
                "failed": True,
                "msg": "b is stopped",
                "databases": [database("a", changed=False, outcome="skipped"), REFUSED],
            },
            {"databases": [seen("a", False), seen("b", False)]},
            5,
            [],
            ["b"],
            "Stopped at wave 1 of 2: b is stopped",
        ),
        # one database failed, and the other continued
        (
            {"failed": True, "msg": "b: refused", "databases": [database("a"), REFUSED]},
            {"databases": [seen("a", True), seen("b", False)]},
            1,
            ["a"],
            ["b"],
            "",
        ),
        # skipped after AWS refused the request, with rollout_on_problem: skip
        (
            {"databases": [database("a"), {**REFUSED, "outcome": "skipped"}]},
            {"databases": [seen("a", True), seen("b", False)]},
            "0",
            ["a"],
            ["b"],
            "Stopped at wave 1 of 2: 1 database failed, and rollout_max_failures is 0.",
        ),
        (APPLIED, {"msg": "cannot be described"}, 5, ["a", "b"], [], "Stopped at wave 1 of 2: cannot be described"),
    ],
)
def test_record_applied(applied, verified, allowed, changed, failed, stopped):
    report = record(applied, verified, allowed=allowed)
    (wave,) = report["waves"]
    assert (short(wave["changed"]), short(wave["failed"]), report["failures"]) == (changed, failed, failed)
    assert report["stopped"] == stopped


@pytest.mark.parametrize("now", [True, "True"])
@pytest.mark.parametrize(
    ("current", "pending", "done_now", "done_in_window"),
    [
        (True, None, True, True),
        (True, True, True, True),
        (False, True, False, True),
        (False, None, False, False),
        (False, False, False, False),
        (True, False, False, False),
        (None, None, False, False),
    ],
)
def test_record_verified(now, current, pending, done_now, done_in_window):
    verified = {"databases": [seen("a", current, pending)]}
    preview = {"databases": [database("a")]}
    for apply_immediately, done in ((now, done_now), ("False" if now == "True" else False, done_in_window)):
        report = record(preview, verified, preview=preview, now=apply_immediately)
        assert report["failures"] == ([] if done else ["a"])


def test_record_preview_only():
    blocked = database("old", outcome="skipped", changed=False, problems=STOPPED)
    report = record(preview={**PREVIEW, "databases": [*PREVIEW["databases"], blocked]}, applied={"skipped": True})
    (wave,) = report["waves"]
    assert (short(wave["changed"]), list(wave["blocked"].values()), wave["failed"]) == (
        ["a", "b"],
        ["it is stopped"],
        {},
    )
    assert (wave["plan_id"], wave["summary"], report["stopped"]) == ("abc", {"applied": 2}, "")


def test_record_preview_failed():
    report = record(preview={"failed": True, "msg": "old: ssl_disabled", "databases": [database("a", changed=False)]})
    assert report["stopped"] == "Stopped at wave 1 of 2: old: ssl_disabled"
    assert report["waves"][0]["changed"] == []


@pytest.mark.parametrize("preview", [True, "True"])
def test_record_preview_failed_check_mode_reads_as_preview(preview):
    failed = {"failed": True, "msg": "old: ssl_disabled", "databases": []}
    report = record(preview=failed, report={**REPORT, "preview": preview})
    assert report["stopped"] == "Would stop at wave 1 of 2: old: ssl_disabled"


def test_record_wave_without_databases():
    report = record(preview={})
    (wave,) = report["waves"]
    assert (wave["changed"], wave["failed"], wave["error"], report["stopped"]) == ([], {}, "", "")


def test_record_deleted_database_has_kind_and_identifier():
    gone = database("a", arn=None, resource_id=None, changed=False, outcome="failed", problems=STOPPED)
    report = record(preview={"failed": True, "msg": "not_found", "databases": [gone]})
    assert report["blocked"] == {"instance/a": "it is stopped"}


def test_record_counts_failures_of_all_waves():
    first = record({"databases": [database("a"), REFUSED]}, BOTH, allowed=1)
    other = database("c", outcome="failed", changed=False, problems=STOPPED)
    results = {"preview": {"databases": [database("c")]}, "applied": {"databases": [other]}, "verified": BOTH}
    second = _record(first, {**WAVE, "number": 2}, results, {"max_failures": "1"})
    assert (first["stopped"], second["failures"]) == ("", ["b", "c"])
    assert second["stopped"] == "Stopped at wave 2 of 2: 2 databases failed, and rollout_max_failures is 1."


RENAMED = database("b2", resource_id="db-b", identifier="b2")


def test_record_renamed_database_is_verified():
    applied = {"databases": [database("a"), RENAMED]}
    report = record(applied, {"databases": [seen("a", True), seen("b2", True) | {"resource_id": "db-b"}]})
    (wave,) = report["waves"]
    assert (short(wave["changed"]), wave["failed"], report["stopped"]) == (["a", "b2"], {}, "")
    lost = record(applied, {"databases": [seen("a", True), seen("b2", False) | {"resource_id": "db-b"}]})
    assert lost["failures"] == ["b2"]


def test_record_renamed_failed_database_is_failed():
    failed = {**RENAMED, "changed": False, "outcome": "failed", "problems": STOPPED}
    report = record({"failed": True, "msg": "refused", "databases": [database("a"), failed]}, BOTH)
    assert (report["failures"], report["blocked"]) == (["b2"], {})


@pytest.mark.parametrize(
    ("applied", "names"),
    [
        ({"databases": [database("a"), RENAMED]}, ["a", "b2"]),
        # the task crashed, or did not report the database
        ({"failed": True, "msg": "MODULE FAILURE"}, ["a", "b"]),
        ({"databases": [database("a"), database("b", arn=None, resource_id=None)]}, ["a", "b"]),
    ],
)
def test_verification_targets(applied, names):
    ledger = database("ledger", kind="cluster", arn="arn:aws:rds:eu-west-1:1:cluster:ledger", resource_id="cluster-L")
    preview = {"databases": [*PREVIEW["databases"], ledger, database("done", changed=False)]}
    targets = verification_targets(preview, applied)
    assert (short(targets["instance"]), targets["cluster"]) == (names, [ledger["arn"]])


def test_record_without_results_outcome_is_unknown():
    report = record({"failed": True, "msg": "MODULE FAILURE"}, {"msg": "cannot be described", "failed": True})
    (wave,) = report["waves"]
    assert (wave["changed"], short(wave["outcome_unknown"])) == ([], ["a", "b"])
    assert report["stopped"] == "Stopped at wave 1 of 2: MODULE FAILURE"


@pytest.mark.parametrize(
    ("applied", "verified"), [(APPLIED, BOTH), (APPLIED, {"msg": "x"}), ({"failed": True, "msg": "x"}, BOTH), ({}, {})]
)
def test_record_outcome_is_known(applied, verified):
    assert record(applied, verified)["waves"][0]["outcome_unknown"] == []


@pytest.mark.parametrize("allowed", ["2.0", 2.0, " 2 ", True])
def test_record_max_failures_accepts_text_numbers(allowed):
    assert record({"databases": [database("a"), REFUSED]}, BOTH, allowed=allowed)["stopped"] == ""
