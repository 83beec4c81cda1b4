#!/bin/sh
# Builds a wheel that carries the built phone app: sh lumptracker/packaging/wheel.sh FOLDER (after make setup).
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
target=$1
test -f "$here/frontend/dist/index.html" || { echo "The phone app is not built: make setup" >&2; exit 1; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cp -R "$here/lumptracker" "$here/tracking" "$here/triage" "$here/pyproject.toml" "$here/README.md" "$room/"
cp -R "$here/frontend/dist" "$room/lumptracker/app"
find "$room" -name __pycache__ -type d -prune -exec rm -rf {} +
"${PY:-python3}" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$target" "$room"
