# Two commands are enough: `make run` and `make test`. They share one .venv, which a
# stamp file marks as complete; a second call starts at once.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PURE := tests/schedule_rules tests/calendars tests/email_templates tests/planning tests/letters tests/collection
PACKAGES := schedule_rules calendars email_templates reminders
# The first Python that is new enough; `make PYTHON=... run` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
ROOT_APT := $(shell [ "$$(id -u)" = 0 ] && command -v apt-get)

.DEFAULT_GOAL := help
.PHONY: help run test quick storm fuzz lint audit tools lock clean

help:
	@echo 'make run    install what is needed and start the service (HOST=, PORT=)'
	@echo 'make test   install what the tests need, then lint and test everything'
	@echo 'make storm  600 messages on each database, workers killed or stopped at random (minutes)'
	@echo 'make quick  lint, types, contracts and the tests of the pure rooms (half a minute)'
	@echo 'make fuzz   10 000 hostile requests, half of them on each database (FUZZ_SEED=)'
	@echo 'make lint   ruff, mypy, the import contracts and bandit'
	@echo 'make audit  known weaknesses of the libraries (asks osv.dev)'
	@echo 'make lock   resolve the dependencies (UPGRADE=--upgrade: to their newest)'
	@echo 'make clean  remove .venv and what tools leave behind (keeps var/)'

run: $(VENV)/.installed
	@exec $(BIN)/reminders run $(if $(HOST),--host '$(HOST)') $(if $(PORT),--port '$(PORT)')

test: $(VENV)/.installed-dev tools
	@$(MAKE) --no-print-directory lint
	@./.ci/tests $(BIN)

# What needs no database, server or browser; the two halves go side by side.
quick: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint & lint=$$!; \
	$(BIN)/pytest -q -p no:cacheprovider $(PURE); tests=$$?; \
	wait $$lint && exit $$tests

storm: $(VENV)/.installed-dev
	$(BIN)/pytest -q tests/storm/long_storm.py

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit -q -c pyproject.toml -r $(PACKAGES)

# Hostile requests, by another seed each time; FUZZ_SEED=n repeats a walk that found something.
fuzz: $(VENV)/.installed-dev
	FUZZ_REQUESTS=$(or $(FUZZ_REQUESTS),5000) FUZZ_SEED=$(or $(FUZZ_SEED),$(shell date +%s)) \
		$(BIN)/pytest -q tests/web/test_fuzz.py

# Known weaknesses of the pinned libraries; asks osv.dev, so it is no part of the tests.
audit: | $(BIN)/python
	@[ -x build/audit/bin/pip-audit ] || { $(PYTHON) -m venv build/audit && build/audit/bin/pip install -q pip-audit; }
	build/audit/bin/pip-audit -s osv --disable-pip --require-hashes -r requirements-dev.lock

# -- the virtual environment ----------------------------------------------------

# An environment that exists without its stamp was interrupted: it is completed.
$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo 'Python 3.11 or newer is needed (python3).' >&2; exit 1; }
	@echo 'Making $(VENV) ...'
	@$(PYTHON) -m venv $(VENV) || { [ -n "$(ROOT_APT)" ] \
		&& apt-get -qq update && apt-get -qq install -y python3-venv && $(PYTHON) -m venv $(VENV); } \
		|| { echo 'Could not make $(VENV): is the package python3-venv installed?' >&2; exit 1; }

define install
	@[ -x $(BIN)/python ] && $(BIN)/python -m pip --version >/dev/null 2>&1 \
		|| { rm -rf $(VENV); $(MAKE) --no-print-directory $(BIN)/python; }
	@echo 'Installing $(1) into $(VENV) (once) ...'
	@[ -t 1 ] || q=-q; $(PIP) install $$q --require-hashes -r $(1)
	@$(PIP) install -q --no-deps --no-build-isolation -e .
endef

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(call install,requirements.lock)
	@touch $@

# The development lock holds the runtime's pins too, so `make run` is ready after it.
$(VENV)/.installed-dev: requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.installed $@

# -- what the tests need from the system ------------------------------------------

# Named loudly where missing; an error under CI=true, where nothing may be left out.
tools:
	@./.ci/tools

# -- housekeeping -------------------------------------------------------------------

LOCK := build/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options $(UPGRADE)

# Keeps the pins that still fit; `make lock UPGRADE=--upgrade` resolves all anew.
lock: | $(BIN)/python
	@[ -x build/lock/bin/pip-compile ] || { $(PYTHON) -m venv build/lock && build/lock/bin/pip install -q pip-tools; }
	$(LOCK) --extra dev --build-deps-for editable -o requirements-dev.lock pyproject.toml
	$(LOCK) --build-deps-for editable -c requirements-dev.lock -o requirements.lock pyproject.toml
	$(LOCK) -o tests/acceptance/khal.lock tests/acceptance/khal.in

clean:
	rm -rf $(VENV) build dist *.egg-info node_modules tests/acceptance/node_modules \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +
