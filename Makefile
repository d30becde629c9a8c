# make demo: sets up, runs the examples and ends with their pages (on a terminal, unless DEMO_SERVE=no).
# make test: sets up and tests. make check: slower checks, a quarter of what holds for every metric
# in turn. make exhaustive: all of that (hours).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Certificates of the system first, as a company's network may need; those of uv where it has none.
SYNC := --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock
STAMP := $(VENV)/.set-up
HOME_DEMO ?= home/demo

.PHONY: demo test check exhaustive lint types docs lock bench browser postgres clean set-up
.DEFAULT_GOAL := demo

set-up: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 13) else 'Python 3.11 or 3.12 is needed; this is %d.%d. Say which to use: make PYTHON=python3.11' % sys.version_info[:2])"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"
	$(BIN)/uv pip sync --system-certs $(SYNC) 2>/dev/null || $(BIN)/uv pip sync $(SYNC)
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	$(BIN)/python -m compileall -q src
	touch $@

demo: set-up
	$(BIN)/sanjeh --home $(HOME_DEMO)/incident-log demo --example incident-log --no-serve
	$(BIN)/sanjeh --home $(HOME_DEMO)/year demo

lint: set-up
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: set-up
	$(BIN)/mypy

test: lint types
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"

# The pages in a real browser: Debian's, installed where we may, or the one named in CHROMIUM.
browser:
	@command -v chromium >/dev/null || test -n "$$CHROMIUM" || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || echo "No Chromium here: the tests in a browser are skipped."

# A PostgreSQL for the tests to start on loopback: Debian's, or the folder named in POSTGRES_BIN.
postgres:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || test -n "$$POSTGRES_BIN" || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null; } || echo "No PostgreSQL here: the tests with it are skipped."

check: set-up browser postgres
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m slow

exhaustive: set-up browser postgres
	SANJEH_QUARTER=all $(BIN)/python -m pytest -q -n 2 --dist loadfile -m slow

lock: set-up
	$(BIN)/uv pip compile --quiet --system-certs --generate-hashes --group dev --python-version 3.11 --no-header pyproject.toml -o requirements.lock

docs: set-up
	$(BIN)/python -m sanjeh.reference docs/reference

bench: set-up
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) home build dist
