# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

# `make` lists the targets. `make clean` removes everything that the other targets created.

SHELL := /bin/sh
.DEFAULT_GOAL := help
ENV := scripts/env
LOCKED := requirements/locked

# The layers share one environment, so only one installation may run at a time.
.NOTPARALLEL:

.PHONY: help setup check test test-all demo lint lock docs benchmarks audit sbom ask-aws ask-aws-cleanup clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null || grep '##' Makefile

setup: .venv/test ## Install everything for the tests; the other targets install their own requirements

# A file marks each installed layer. The demo layer recreates the environment, and then the other layers follow.
.venv/demo: $(LOCKED)/uv.txt $(LOCKED)/demo.txt $(LOCKED)/login.txt simulator/pyproject.toml scripts/setup scripts/find_python scripts/fetch_amazon_aws.py
	@scripts/setup demo
	@touch $@

.venv/check: .venv/demo $(LOCKED)/test.txt $(LOCKED)/lint.txt
	@scripts/setup test lint
	@touch $@

.venv/docs: .venv/demo $(LOCKED)/docs.txt
	@scripts/setup docs
	@touch $@

.venv/test: .venv/check .venv/docs $(LOCKED)/molecule.txt $(LOCKED)/awx.txt $(LOCKED)/awscli.txt requirements/node/package-lock.json
	@scripts/setup molecule awx awscli node
	@touch $@

.venv/benchmarks: .venv/check $(LOCKED)/benchmarks.txt
	@scripts/setup benchmarks
	@touch $@

.venv/audit/done: .venv/demo $(LOCKED)/audit.txt
	@scripts/setup audit
	@touch $@

check: .venv/check ## Fast checks: lint, types, and the tests of the core
	@$(ENV) scripts/check

lint: .venv/check ## All static checks
	@$(ENV) nox --no-venv --parallel 2 -s lint

test: .venv/test ## All static checks, and all tests but the slow ones
	@$(ENV) scripts/test

# nox finds no interpreter behind a shim of pyenv, so the interpreters of pyenv precede the shims on the PATH
test-all: .venv/test ## All tests, and the unit tests on each supported ansible-core with the oldest and newest dependencies
	@TEST_ALL=1 $(ENV) scripts/test
	@for folder in "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/*/bin; do PATH="$$folder:$$PATH"; done; $(ENV) nox

demo: .venv/demo ## Show a refused request, the change and a login with a token on simulated databases
	@$(ENV) python demo/run.py

docs: .venv/docs ## Build the documentation site in docs/build
	@$(ENV) python scripts/docs.py

benchmarks: .venv/benchmarks ## Install the requirements of the benchmarks; benchmarks/README.md lists the commands

audit: .venv/audit/done ## Look up known vulnerabilities of the pinned requirements online; AUDIT_OPTIONS="-s osv" selects OSV
	@scripts/audit $(AUDIT_OPTIONS)

sbom: .venv/check ## Build the collection and the wheel of the simulator in .venv/dist, with software bills of materials
	@$(ENV) python scripts/sbom.py

ASK_AWS := .venv/python/bin/python -m ansible_collections.passwordless.rds.scripts.ask_aws.main

# scripts/env hides the AWS configuration of the user, which these two targets need
ask-aws: .venv/demo ## Check uncertain rules of RDS in your AWS account, which costs money; OPTIONS="--list" shows them
	@PYTHONPATH=.venv/collections $(ASK_AWS) $(OPTIONS)

ask-aws-cleanup: .venv/demo ## Delete what an interrupted run has left in your AWS account; RUN=ask-... is its ID
	@PYTHONPATH=.venv/collections $(ASK_AWS) --cleanup "$(RUN)" $(OPTIONS)

lock: .venv/demo ## Compile requirements/locked from requirements; UPGRADE=1 selects the newest versions
	@.venv/python/bin/python scripts/lock.py $(if $(UPGRADE),--upgrade)

clean: ## Remove everything that the other targets created
	@rm -rf .venv .nox docs/build .mypy_cache .pytest_cache .ruff_cache .coverage tests/output
