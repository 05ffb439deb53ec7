#!/usr/bin/env bash
# The program in a real browser: every *.test.mjs beside this file, or those that are named (`run.sh two-people offline`).
# KOMAINU_BIN names a built program instead of building one, KOMAINU_CHROMIUM another Chromium, KOMAINU_PICTURES a folder
# for pictures of the pages that were looked at, KOMAINU_BROWSERS (2) how many journeys go on at once.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

tests=()
for name in "$@"; do
    test=$here/$(basename "$name" .test.mjs).test.mjs
    if [ ! -f "$test" ]; then
        printf '%s: no journey is called %s; there are:\n' "$0" "$name" >&2
        (cd "$here" && printf '  %s\n' *.test.mjs | sed 's/\.test\.mjs$//') >&2
        exit 2
    fi
    tests+=("$test")
done
[ $# -gt 0 ] || tests=("$here"/*.test.mjs)

# The browser driver and axe, and a sign-in service; openpyxl and friends, which make and read papers beside our own program.
if [ ! -d "$root/ui/node_modules/playwright-core" ] || [ ! -d "$root/ui/node_modules/oidc-provider" ]; then
    (cd "$root" && cargo xtask ui)
fi
venv=$target/browser-venv
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi
export KOMAINU_TEST_PYTHON=$venv/bin/python

cd "$root"
# shellcheck source=tests/support/program.sh
source "$root/tests/support/program.sh"
build_program
exec node --test --test-concurrency="${KOMAINU_BROWSERS:-2}" --test-reporter=spec "${tests[@]}"
