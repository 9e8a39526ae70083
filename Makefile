# Set-up and everything else with nothing but Python 3.11+, pip and make. `make run` and `make test` need no other step.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COQUI_VENV := .venv-coqui

.PHONY: run demo test test-faults test-deploy test-coqui bench lint format bundle audit sbom clean

run: $(VENV)/.installed
	@exec $(BIN)/python manage.py serve

demo: $(VENV)/.installed
	@exec $(BIN)/python manage.py serve --once

test: $(VENV)/.installed-dev
	@exec $(BIN)/python -m tests.run

# Faults injected into real processes, on both stacks at once: docs/reliability.md. Some ten minutes on two idle cores.
test-faults: $(VENV)/.installed-dev
	@exec $(BIN)/python -m tests.faults

# Backup, restore and the proxies on running services, with the other tests of what is deployed: some five minutes.
test-deploy: $(VENV)/.installed-dev
	@exec $(BIN)/python -m pytest tests/deploy

# PyTorch and the Coqui library in an environment of their own: 6.3 GB, some minutes the first time.
test-coqui: $(COQUI_VENV)/.installed
	@exec $(COQUI_VENV)/bin/python -m pytest tests/coqui

# All that is measured, in one table with the machine: benchmarks/README.md. At most fifteen minutes; BENCH="--only api".
bench: $(VENV)/.installed-dev
	@exec $(BIN)/python -m benchmarks.table $(BENCH)

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

$(VENV)/.installed: $(BIN)/python requirements.txt requirements-web.txt
	@echo "Installing the packages into $(VENV): a minute or a few, this once."
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt client/pyproject.toml
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	@touch $@

$(COQUI_VENV)/.installed: $(COQUI_VENV)/bin/python requirements.txt requirements-dev.txt requirements-coqui.txt requirements-coqui-dev.txt
	$(COQUI_VENV)/bin/python -m pip install --disable-pip-version-check --quiet -r requirements-coqui-dev.txt
	@touch $@

# Everything an installation without network needs, in one file with checksums: docs/deploy.md.
bundle: $(VENV)/.installed
	@exec $(BIN)/python -m tools.bundle $(BUNDLE_ARGUMENTS)

# The advisories on the pinned versions. It needs the network; --strict: what cannot be asked about is a failure too.
audit: .release/.tools
	@.release/tools/bin/pip-audit --strict --requirement requirements.txt --no-deps --disable-pip

# What a release is made of, with versions and licences: an environment that holds nothing but the service.
sbom: .release/.runtime
	@.release/tools/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml --output-file sbom.json .release/runtime
	@echo "sbom.json: $$(grep -c '"purl"' sbom.json) packages"

.release/.tools: requirements-release.txt
	$(PYTHON) -m venv .release/tools
	.release/tools/bin/pip install --disable-pip-version-check --quiet -r requirements-release.txt
	@touch $@

.release/.runtime: .release/.tools requirements.txt requirements-web.txt
	$(PYTHON) -m venv --without-pip --clear .release/runtime
	.release/tools/bin/pip --python .release/runtime/bin/python install --disable-pip-version-check --quiet -r requirements.txt
	@touch $@

clean:
	rm -rf .release sbom.json $(VENV) $(COQUI_VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
