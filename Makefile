# The few things one does with this checkout. `make` alone lists them.
# Every target sets up what it needs by itself (packaging/setup.sh) and says so.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

# What is compiled once is kept, as on the machine of a user: some systems forbid it to Python.
unexport PYTHONDONTWRITEBYTECODE

# Tests that run at the same time (one more than there are cores to suit: they wait a lot), and
# anything else for pytest: make test PYTEST_ARGS="-k capture -x"
JOBS ?= 3
PYTEST_ARGS ?=
# Which of the tests that take long; CI takes "slow and not whole".
SLOW ?= slow
TOGETHER := -n $(JOBS) --dist loadfile --no-loadscope-reorder

# Where pictures go.
OUT ?= build/screenshots

.PHONY: help setup setup-test setup-package demo test test-slow check format bench eval histories
.PHONY: fuzz load line screenshots lock deb bundle package-test check-windows clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what the program needs: system packages, then .venv
	@packaging/setup.sh run

setup-test: ## Install that and what the tests need
	@packaging/setup.sh test

setup-package: ## Install what the tests need and what makes packages
	@packaging/setup.sh package

demo: setup ## Scan, read, bundle and upload a stack of pages on this machine, start to finish
	@$(PYTHON) -m demo

test: check ## Run the checks, then the tests
	@packaging/run-tests.sh $(TOGETHER) -m "not slow" $(PYTEST_ARGS)

test-slow: setup-test ## Run the tests that take long: a kill at every system call, whole stacks, histories
	@packaging/run-tests.sh $(TOGETHER) -m "$(SLOW)" $(PYTEST_ARGS)

check: setup-test ## Run the linters, the type checker, the import contracts, licences, known vulnerabilities
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports
	@$(PYTHON) -m shipping.licences
	@$(PYTHON) -m shipping.audit

check-windows: setup-test ## Check the types of what runs on Windows
	@$(PYTHON) -m mypy --platform win32 --cache-dir .mypy_cache/win32

format: setup-test ## Put the code into the house's form
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

bench: ## Measure against OCRmyPDF on this machine (installs it; BENCH="--quick ingest": part of it)
	@packaging/setup.sh bench
	@$(PYTHON) -m tests.bench $(BENCH)

eval: setup-test ## Measure how right the page engine is on a folder of pages: make eval DATA=folder
	@test -n "$(DATA)" || { echo "make eval DATA=folder: which folder of pages?" >&2; exit 2; }
	@$(PYTHON) -m tests.eval "$(DATA)" $(TASKS)

histories: setup-test ## Let ten thousand things happen to a desk and its server (HISTORIES=n)
	@nice $(PYTHON) -m tests.histories $(HISTORIES)

fuzz: setup-test ## Feed made-up hostile input to every reader (FUZZ=20000: examples a test)
	@nice $(PYTHON) -m tests.fuzz $(FUZZ)

load: setup-test ## Let 200 desks with 50 papers each come online in one minute (LOAD="--capacity 8")
	@$(PYTHON) -m tests.load $(LOAD)

line: setup-test ## Move 200 papers over a weak line that is cut 20 times
	@$(PYTHON) -m tests.line $(LINE)

screenshots: setup-test ## Take a picture of every screen in every state (OUT=folder; SHOTS=--docs: the guide's)
	@$(PYTHON) -m tests.ui.shots "$(OUT)" $(SHOTS)

lock: setup ## Renew packaging/*.lock after a change of dependencies (LOCK_ARGS=--upgrade: all)
	@packaging/lock.sh

deb: setup-package ## Make the Debian package, in dist/ (on Debian 12: for all that is newer too)
	@$(PYTHON) -m shipping.deb

bundle: setup-package ## Make the portable bundle for Linux, in dist/
	@$(PYTHON) -m shipping.bundle

package-test: setup-package ## Make both twice, try them on fresh systems (as root; PACKAGE="--release trixie")
	@$(PYTHON) -m tests.packages $(PACKAGE)

clean: ## Remove what can be made again, .venv included
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	@find digitizer drivers ui demo shipping tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
