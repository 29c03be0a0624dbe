# `make run` and `make test` need python3 (3.11 or later) alone; everything else comes from requirements.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test test-core check lock tables samples browser clean

run: $(READY)
	$(BIN)/mojimend run sample_data/archive --mappings sample_data/mappings --policy sample_data/policy.toml --output out

test: $(READY) browser check
	$(BIN)/python -m pytest

test-core: $(READY)
	$(BIN)/python -m pytest -x -q -m "not slow" repair tests/repair tests/laws

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Versions and hashes, no addresses: any index that has these files will do.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The report is looked at in a real browser where Debian's packages can be had; elsewhere those tests are skipped.
browser:
	@if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null; \
	else echo "chromium or fonts-noto-cjk is missing: the report's browser tests are skipped"; fi

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --extra dev --no-annotate --no-header -o requirements.lock pyproject.toml

tables: $(READY)
	$(BIN)/python -m flows.build_tables

samples: $(READY)
	$(BIN)/python sample_data/make.py

clean:
	rm -rf $(VENV) out build
