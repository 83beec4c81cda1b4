#!/bin/sh
# Installs Chromium, PostgreSQL, Redis and age where that is possible (Debian, root); elsewhere says what is missing.
set -eu
missing=""
command -v chromium >/dev/null || missing="$missing chromium"
command -v age >/dev/null || missing="$missing age"
command -v redis-server >/dev/null || missing="$missing redis-server"
{ command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; } || missing="$missing postgresql"
if [ -z "$missing" ]; then echo "all there: chromium, age, redis-server, postgresql"; exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # several packages are meant
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Not installed here:$missing. The tests that need them are counted as skipped."
fi
