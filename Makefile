# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

# `make` lists the targets. Everything lives in .venv and goes with `make clean`.

SHELL := /bin/sh
.DEFAULT_GOAL := help
ENV := scripts/env

.PHONY: help setup check test test-all demo lint docs clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null || grep '##' Makefile

setup: .venv/ready ## Private virtual environment with all that is needed

.venv/ready: requirements/simulator.txt requirements/test.txt requirements/lint.txt requirements/ways.txt scripts/setup scripts/find_python scripts/fetch_amazon_aws.py
	@scripts/setup

check: setup ## Fast inner loop: lint, types, tests of the pure core
	@$(ENV) python scripts/gates.py ruff format types
	@$(ENV) python -m pytest -q tests/unit/plugins/module_utils

lint: setup ## All static gates
	@$(ENV) python scripts/gates.py

test: setup ## Everything: the gates, then all tests
	@$(ENV) scripts/test

test-all: .venv/nox ## The same on every supported ansible-core, and on the oldest and newest dependencies
	@$(ENV) nox

.venv/nox: .venv/ready requirements/nox.txt
	@.venv/python/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/nox.txt
	@touch .venv/nox

demo: setup ## Preview, refuse, switch on, second run: against a simulated fleet
	@$(ENV) python demo/run.py

docs: setup ## The documentation site, in docs/build
	@$(ENV) python scripts/docs.py

clean: ## Remove what the other targets made
	@rm -rf .venv .nox docs/build .mypy_cache .pytest_cache .ruff_cache .coverage tests/output
