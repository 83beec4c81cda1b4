#!/bin/sh
# The whole gate, in the order in which mistakes are cheapest to learn of. `make test` runs it with PY set.
set -eu
export ALL_IS_INSTALLED=yes  # a test that cannot run is a failure here, not a skip
export PYTHONWARNINGS=default::DeprecationWarning:__main__
say() { printf '\n== %s\n' "$1"; }

say "what the tests need from the machine"
sh tests/packages.sh

export LUMPTRACKER_DATA="$(mktemp -d)"
trap 'rm -rf "$LUMPTRACKER_DATA"' EXIT

say "style, types, floors"
.venv/bin/ruff check .
.venv/bin/ruff format --check --quiet .
.venv/bin/mypy lumptracker tracking triage tests benchmarks manage.py
.venv/bin/lint-imports --no-logo
"$PY" -m tests.lockfiles

say "settings, migrations, schema"
"$PY" manage.py makemigrations --check --dry-run
PUBLIC_URL=https://tracker.example.org VAPID_SUBJECT=https://tracker.example.org "$PY" manage.py check --deploy --fail-level WARNING
"$PY" manage.py spectacular --validate --fail-on-warn --file "$LUMPTRACKER_DATA/openapi.yaml"
cmp docs/openapi.yaml "$LUMPTRACKER_DATA/openapi.yaml" || { echo "docs/openapi.yaml is stale. Run: make schema"; exit 1; }

say "phone app: lint, types, tests"
(cd frontend && npm run --silent lint && npm run --silent check && npm test --silent && npm run --silent size)

say "tests on SQLite"
"$PY" -m pytest -q -n 2 --durations=15 --durations-min=4 -m "not e2e and not soak"

say "tests on PostgreSQL: those that depend on the database"
TEST_ON=postgres "$PY" -m pytest -q -n 2 --durations=15 --durations-min=4 -m "not e2e and not soak"

say "the main job, end to end, in a browser"
walks() { "$PY" -m pytest -q --durations=15 -m "e2e and not soak" "$@" tests/e2e; }
# Two browsers and two products share the machine here. What fails is walked once more with the machine to itself, and
# the first failure stays in the log to be looked into; what fails twice, or was not found again, fails the gate.
walks -n 2 --dist loadfile || walks -n 0 --last-failed --last-failed-no-failures none
