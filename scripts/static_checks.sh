# shellcheck shell=sh
# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
# Functions that run sessions of nox beside the tests. Their output is shown only if a check fails.

# usage: start_checks SESSION ...
start_checks() {
    checks_log=.venv/checks.log
    nox --no-venv --parallel 2 -s "$@" >"$checks_log" 2>&1 &
    checks_pid=$!
    trap 'kill "$checks_pid" 2>/dev/null || true' EXIT
}

# usage: finish CODE_OF_THE_TESTS; exits with the code of the checks if they failed, else with the code of the tests
finish() {
    checks=0
    wait "$checks_pid" || checks=$?
    [ "$checks" -eq 0 ] || cat "$checks_log"
    [ "$checks" -eq 0 ] || exit "$checks"
    exit "$1"
}
