# duban. Each target installs what it needs first; nothing but Python >= 3.11 with venv, make and a shell is required.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev
SOURCES := access cli config database demo documents flows migrations notifications supervision web models.py

.DEFAULT_GOAL := help
.PHONY: help install run demo serve test coverage check bench lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: $(RUN_STAMP) ## make .venv and install duban with the locked versions

run: $(RUN_STAMP) ## put the plan under supervision, run the demonstration, then serve the portal until Ctrl-C
	@$(BIN)/duban init
	@$(BIN)/duban demo
	@$(BIN)/duban serve

demo: $(RUN_STAMP) ## the same without the portal
	@$(BIN)/duban init
	@$(BIN)/duban demo

serve: $(RUN_STAMP) ## serve the portal and keep the clock
	@$(BIN)/duban init
	@$(BIN)/duban serve

test: $(DEV_STAMP) ## run all tests, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist loadfile

coverage: $(DEV_STAMP) ## the same with branch coverage, which takes twice the time
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered -n 2 --dist loadfile

check: $(DEV_STAMP) ## what can be checked without running: style, types, imports, migrations, the plan
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m database.check
	$(BIN)/duban plan check config/plans/hangzhou-2021-2023
	@! find tests -name 'test_*.py' | sed 's:.*/::' | sort | uniq -d | sed 's/$$/: two test files of this name, pytest imports one/' | grep .

bench: $(DEV_STAMP) ## run the benchmarks: a table, and JSON under var/
	$(BIN)/python -m benchmarks

lock: $(DEV_STAMP) ## resolve the locks anew: universal for Python 3.11-3.13, with hashes, no addresses
	$(BIN)/uv pip compile --quiet --no-header --universal --generate-hashes --no-emit-index-url --upgrade \
	  --python-version 3.11 pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --no-header --universal --generate-hashes --no-emit-index-url --upgrade \
	  --python-version 3.11 --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

clean: ## remove the environment; data under var/ stays
	rm -rf .venv

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "duban needs Python 3.11, 3.12 or 3.13; set PYTHON=")'
	$(PYTHON) -m venv .venv

$(RUN_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements-dev.lock
	@touch $@
