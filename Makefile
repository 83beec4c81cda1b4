# Every verb of the project. `make run` and `make test` are all a new machine needs: Python >= 3.11, Node >= 20, make.

PYTHON ?= python3
PY := .venv/bin/python
FRONT_SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null) tracking/fields.toml $(wildcard tracking/texts/*.toml triage/rules/*.toml) triage/regions.toml

.PHONY: run setup test soak mutation bench screenshots schema wheel locks sbom format clean

run: .venv/.base frontend/dist/.built
	@exec $(PY) manage.py serve

setup: .venv/.base frontend/dist/.built
	@$(PY) manage.py prepare

.venv/.base: requirements/base.txt
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.base
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/.built: frontend/node_modules/.installed $(FRONT_SOURCES)
	@cd frontend && npm run --silent build
	@touch $@

test: .venv/.dev frontend/dist/.built
	@PY=$(PY) sh tests/gate.sh

soak: .venv/.dev frontend/dist/.built
	@$(PY) -m pytest -q -m soak
	@TEST_ON=postgres $(PY) -m pytest -q -m soak tests/tracking/test_share_rounds.py
	@$(PY) -m benchmarks.mixed
	@$(PY) -m tests.mutation --sample 300

# Every small fault of the judgement, some hours; FILES narrows it. See docs/mutation.md.
mutation: .venv/.dev
	@$(PY) -m tests.mutation $(FILES)

bench: .venv/.dev frontend/dist/.built
	@$(PY) -m benchmarks

screenshots: .venv/.dev frontend/dist/.built
	@$(PY) -m tests.e2e.screenshots docs/screenshots

schema: .venv/.dev
	@$(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

# A wheel with the built phone app inside, in .cache/wheel: `pipx install` it, then `lumptracker serve`.
wheel: .venv/.base frontend/dist/.built
	@PY=$(PY) sh lumptracker/packaging/wheel.sh .cache/wheel

# Locks name no package index: see docs/decisions.md.
locks: .venv/.dev
	@$(PY) -m pip install --quiet uv
	@.venv/bin/uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 --no-header --no-annotate -q -o requirements/base.txt
	@.venv/bin/uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 --no-header --no-annotate -q -o requirements/dev.txt

# What the product is made of (CycloneDX 1.6), from the locks, for scanners.
sbom: .venv/.base
	@mkdir -p .cache && $(PY) -m tests.sbom > .cache/sbom.json && echo .cache/sbom.json

format: .venv/.dev
	@.venv/bin/ruff check --fix --quiet . && .venv/bin/ruff format --quiet .
