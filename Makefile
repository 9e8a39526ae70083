# Set-up and everything else with nothing but Python 3.11+, pip and make. `make run` and `make test` need no other step.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COQUI_VENV := .venv-coqui

.PHONY: run demo test test-coqui lint format clean

run: $(VENV)/.installed
	@exec $(BIN)/python manage.py serve

demo: $(VENV)/.installed
	@exec $(BIN)/python manage.py serve --once

test: $(VENV)/.installed-dev
	@exec $(BIN)/python -m tests.run

# PyTorch and the Coqui library in an environment of their own: 6.3 GB, some minutes the first time.
test-coqui: $(COQUI_VENV)/.installed
	@exec $(COQUI_VENV)/bin/python -m pytest tests/coqui

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy .

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(BIN)/python $(COQUI_VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: Python 3.11 or newer is needed: make PYTHON=python3.11 " + "run")'
	$(PYTHON) -m venv $(@D:/bin=)

$(VENV)/.installed: $(BIN)/python requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	@touch $@

$(COQUI_VENV)/.installed: $(COQUI_VENV)/bin/python requirements.txt requirements-dev.txt requirements-coqui.txt requirements-coqui-dev.txt
	$(COQUI_VENV)/bin/python -m pip install --disable-pip-version-check --quiet -r requirements-coqui-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) $(COQUI_VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
