# `make help` lists what can be made. Everything happens in .venv and in DATA_DIR; nothing is installed elsewhere,
# except Chromium by `make test` when it runs as root and finds none.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= var
TEST_PROCESSES ?= 2
TEST_ARGS ?=
# Options of the benchmarks and of the load tests; `--help` lists them.
BENCH_ARGS ?=
# Milliseconds that a commit takes in the slow rounds of bench-purchase, one or several: COMMIT_MS="2 20 50".
COMMIT_MS ?= 2
LOAD_ARGS ?=
SEEDS ?= 1000
SEED ?=
BUG ?=
INPUTS ?= 1000000
export DATA_DIR

step = @printf '\n== %s\n' "$(1)"

.PHONY: check-exports help run test lint types format lock reset screenshots migration-check mutants pure-coverage browser messages clean pytest \
    bench-guidance bench-purchase bench-moderation bench-audit kill-test bank-test race-test log-test simulate simulate-mutants fuzz

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/installed messages ## Start the marketplace with its demonstration (all set-up included)
	@exec $(BIN)/python -m marketplace.supervisor

test: lint types browser messages pytest ## Check everything, from nothing: style, types, layers, templates, all tests

pytest: $(VENV)/installed-dev
	$(call step,Tests)
	@CHROMIUM="$$(cat $(VENV)/chromium 2>/dev/null || true)" $(BIN)/pytest -n $(TEST_PROCESSES) $(TEST_ARGS)

lint: $(VENV)/installed-dev ## Check style, layers and templates
	$(call step,Style)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	$(call step,Layers)
	@$(BIN)/lint-imports
	$(call step,Templates)
	@$(BIN)/djlint --lint --quiet marketplace

types: $(VENV)/installed-dev ## Check types
	$(call step,Types)
	@$(BIN)/mypy

format: $(VENV)/installed-dev ## Put the code into shape
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

messages: $(VENV)/installed
	@if compgen -G 'marketplace/web/translations/*/LC_MESSAGES/*.po' > /dev/null; then \
	    $(BIN)/pybabel --quiet compile --directory marketplace/web/translations; fi

browser: ## Find Chromium, or install it when that is possible
	$(call step,Browser)
	@mkdir -p $(VENV); CHROMIUM="$${CHROMIUM:-}" bash config/find_chromium.sh > $(VENV)/chromium

screenshots: $(VENV)/installed-dev browser messages ## Take pictures of the main pages into screenshots/
	@CHROMIUM="$$(cat $(VENV)/chromium)" SCREENSHOTS=screenshots $(BIN)/pytest -q -m browser tests/browser

bench-guidance: $(VENV)/installed ## Measure price guidance against its budget
	@$(BIN)/python -m benchmarks.guidance

bench-purchase: $(VENV)/installed-dev ## Measure purchases over HTTP against pgbench sending the same statements
	@$(BIN)/python -m benchmarks.purchase --commit-ms $(COMMIT_MS) $(BENCH_ARGS)

bench-moderation: $(VENV)/installed-dev ## Measure the queue of moderation with 10,000 open cases
	@$(BIN)/python -m benchmarks.moderation $(BENCH_ARGS)

bench-audit: $(VENV)/installed-dev ## Measure the signed log: append, sequence, prove, verify a million entries
	@$(BIN)/python -m benchmarks.audit $(BENCH_ARGS)

kill-test: $(VENV)/installed-dev ## Kill web and worker 200 times under load; nothing may be lost or doubled
	@$(BIN)/python -m tests.processes.kills $(LOAD_ARGS)

bank-test: $(VENV)/installed-dev ## Move money at random with 16 clients for a minute; every invariant must hold
	@$(BIN)/python -m tests.processes.bank $(LOAD_ARGS)

race-test: $(VENV)/installed-dev ## Let 50 buyers race for each of 200 lots; one order and one payment each
	@$(BIN)/python -m tests.processes.race $(LOAD_ARGS)

log-test: $(VENV)/installed-dev ## Let 16 writers and two sequencers work for a minute; no gap, no double in the log
	@$(BIN)/python -m tests.processes.log $(LOAD_ARGS)

migration-check: $(VENV)/installed-dev ## Run every migration up, down and up, and compare the result with the models
	@$(BIN)/pytest -q tests/migrations

mutants: $(VENV)/installed-dev ## Change the pure modules a little at a time and see whether their tests notice
	@rm -rf mutants
	@$(BIN)/mutmut run --max-children $(TEST_PROCESSES) > mutants.log 2>&1 || { tr '\r' '\n' < mutants.log | tail -n 40; exit 1; }
	@rm -f mutants.log
	@$(BIN)/python -m tests.mutation.report

pure-coverage: $(VENV)/installed-dev ## Want every branch of the pure modules run by their unit tests
	@rm -f .coverage.pure*
	@COVERAGE_FILE=.coverage.pure $(BIN)/coverage run -m pytest -q -p no:xdist $$($(BIN)/python -m tests.mutation.pure tests)
	@COVERAGE_FILE=.coverage.pure $(BIN)/coverage combine --quiet
	@COVERAGE_FILE=.coverage.pure $(BIN)/coverage report --fail-under=100 --include="$$($(BIN)/python -m tests.mutation.pure modules)"
	@rm -f .coverage.pure*

simulate: $(VENV)/installed-dev ## Play orders, money and faults from seeds on every core (SEEDS=10000), or tell one (SEED=123)
	@$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(SEEDS)) $(if $(BUG),--bug $(BUG))

simulate-mutants: $(VENV)/installed-dev ## Plant bugs in the payments and see whether the simulation catches them
	@$(BIN)/python -m tests.simulation --mutants

fuzz: $(VENV)/installed-dev ## Give the readers of the audit log's formats broken inputs (INPUTS=1000000)
	@$(BIN)/python -m tests.fuzz --inputs $(INPUTS)

check-exports: $(VENV)/installed-dev ## Validate made-up lots' exports against the published schemas in a folder (SCHEMAS=…)
	@$(BIN)/python -m tests.exports_against $(SCHEMAS)

lock: $(VENV)/installed-dev ## Compile requirements*.txt from pyproject.toml
	@$(BIN)/pip install --quiet uv
	@for group in '' '--group dev'; do \
	    $(BIN)/uv pip compile pyproject.toml $$group --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-config --no-header --no-emit-index-url --no-emit-find-links \
	        --output-file "requirements$${group:+-dev}.txt"; done

reset: ## Remove the demonstration's data, after asking
	@$(PYTHON) -c 'import sys; sys.exit(input("Remove everything in $(DATA_DIR)/? Type yes: ").strip() != "yes")'
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m marketplace.supervisor.reset; else rm -rf -- '$(DATA_DIR)'; fi

clean: ## Remove what the tools and the installation wrote (not the data)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache htmlcov .coverage mutants mutants.log

# The stamps hold the lock's checksum, so that a checkout that only touched the file's time installs nothing.
$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; assert (3, 11) <= sys.version_info[:2] < (3, 14), "Python 3.11, 3.12 or 3.13 is needed"'
	@$(PYTHON) -m venv $(VENV) || { echo 'On Debian: apt-get install python3-venv' >&2; exit 1; }

$(VENV)/installed: $(VENV)/bin/pip requirements.txt
	@if [ ! -f $(VENV)/installed-dev ] && ! sha256sum --check --status $@ 2>/dev/null; then \
	    printf '== Installing what the program needs (once)\n'; \
	    $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; fi
	@sha256sum requirements.txt > $@

$(VENV)/installed-dev: $(VENV)/bin/pip requirements-dev.txt
	@if ! sha256sum --check --status $@ 2>/dev/null; then \
	    printf '== Installing what the program and its tests need (once)\n'; \
	    $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt; fi
	@sha256sum requirements-dev.txt > $@
