# Centrale: everything that one does with this checkout. `make` alone lists it.
PYTHON ?= python3
VENV := .venv/bin
REAL := tests/e2e tests/contract

# A machine that forbids it has each of hundreds of starts compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help portal run test unit real check bench screenshots lock clean bootstrap-run bootstrap-dev

help: ## This list
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-11s %s\n' "$$name" "$$text"; done
	@echo
	@echo "Settings (environment): CENTRALE_HOME, CENTRALE_HTTP_PORT, CENTRALE_SIP_PORT; all: docs/guides/running.md"

run: bootstrap-run portal ## Start the exchange; the first time it fetches all that it needs
	@exec $(VENV)/centrale up

test: unit real ## All tests, the real switch and real phones included

unit: bootstrap-dev ## Tests that need no Asterisk: decisions, scenarios in virtual time
	$(VENV)/python -m pytest -n auto -m "not real" $(REAL:%=--ignore=%)
	$(VENV)/python tools/portal.py check

real: bootstrap-dev portal ## Tests on a real Asterisk with real phones, in a real Chromium, and on a real PostgreSQL
	$(VENV)/centrale runtime --tools
	$(VENV)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(REAL) # in this order: the long files first
	$(VENV)/python -m pytest -n auto -m real $(REAL:%=--ignore=%)

check: bootstrap-dev ## Lint, format, types, import rules, no download addresses
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/python tools/no_download_addresses.py

bench: bootstrap-dev ## Measure against plain Dial() on the same Asterisk; also build/bench.json
	$(VENV)/centrale runtime --tools
	$(VENV)/python -m bench

screenshots: bootstrap-dev portal ## Take the pictures of the README again, of a running exchange with calls
	$(VENV)/python -m tests.e2e.browser.pictures

lock: bootstrap-dev ## Lock the dependencies of pyproject.toml again, with hashes
	$(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet uv
	build/lock/bin/uv pip compile $(LOCK) pyproject.toml -o requirements/run.txt
	build/lock/bin/uv pip compile $(LOCK) pyproject.toml --extra dev -o requirements/dev.txt
	printf 'hatchling\neditables\nnodejs-wheel\n' | build/lock/bin/uv pip compile $(LOCK) - -c requirements/dev.txt -o requirements/build.txt
LOCK := --quiet --upgrade --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11

clean: ## Remove what can be made again; homes and the cached runtime stay
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

portal: bootstrap-run ## Build the portal's pages, when something of them changed
	@$(VENV)/python tools/portal.py

bootstrap-run:
	@$(PYTHON) tools/bootstrap.py run

bootstrap-dev:
	@$(PYTHON) tools/bootstrap.py dev
