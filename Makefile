# Every target is one command of the project; `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# One more than two cores have: browsers, and processes that are killed, are waited for.
TEST_PROCESSES ?= 3

# What the wheels of WeasyPrint load, and what the browser journeys drive.
PRINT_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
# The token of the demonstration.
RUN_PACKAGES := $(PRINT_PACKAGES) softhsm2
TEST_PACKAGES := $(RUN_PACKAGES) chromium poppler-utils qpdf

# Kept bytecode saves each process of a portal and of the tests a sixth of its start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check lint types imports check-migrations lint-migrations image-lint fix bench screenshots assets messages lock wheel clean-data clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## Start the portal with the demonstration city at http://127.0.0.1:8000 (PORTAL_PORT changes it)
	@.ci/debian-packages $(RUN_PACKAGES)
	@exec $(BIN)/python -m portal run

test: .venv/test.stamp ## Run all tests (TESTS=tests/unit/... for some)
	@.ci/debian-packages $(TEST_PACKAGES)
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --no-loadscope-reorder $(TESTS)

check: lint types imports check-migrations lint-migrations ## Check style, types, imports and migrations

lint: .venv/test.stamp ## Check the style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/test.stamp ## Check the types
	$(BIN)/mypy

imports: .venv/test.stamp ## Check who imports whom
	$(BIN)/lint-imports

check-migrations: .venv/test.stamp ## Compare the migrated database with the models
	$(BIN)/python -m portal database check

lint-migrations: .venv/test.stamp ## Check that the migrations suit a database in use
	$(BIN)/python -m portal database sql > .venv/migrations.sql
	$(BIN)/squawk --config .squawk.toml .venv/migrations.sql

image-lint: .venv/test.stamp ## Check the Dockerfile
	$(BIN)/hadolint Dockerfile

fix: .venv/test.stamp ## Put the style right where a machine can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/test.stamp ## Measure against the floors and the peers (BENCH=--quick in three minutes)
	@.ci/debian-packages $(PRINT_PACKAGES)
	$(BIN)/python -m bench $(BENCH)

screenshots: .venv/test.stamp ## Take the pictures of the README
	@.ci/debian-packages $(TEST_PACKAGES)
	$(BIN)/python -m docs.screenshots

assets: .venv/test.stamp ## Build static/ from npm packages and Sass (needs Node; the result is committed)
	PYTHON=$(CURDIR)/$(BIN)/python assets/build.sh

messages: .venv/test.stamp ## Bring translations/ up to date with the sentences of the code (the result is committed)
	PYTHON=$(BIN)/python .ci/messages

lock: .venv/test.stamp ## Write the lock files again after a change of the dependencies
	.ci/lock

wheel: .venv/test.stamp ## Build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel

clean-data: ## Forget the demonstration's data (nothing may be running)
	@.ci/clean-data

clean: ## Remove what was installed and built; the data stays
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The environment follows the lock files: a stamp is older than the file that changed.
.venv/run.stamp: requirements/run.txt pyproject.toml
	@.ci/install requirements/run.txt $@

.venv/test.stamp: requirements/test.txt pyproject.toml
	@.ci/install requirements/test.txt $@
	@touch .venv/run.stamp
