#!/bin/sh
# Validates the OSCAL export of every form, year and language against the published OSCAL models (from PyPI's
# compliance-trestle, pinned). The virtual environment is kept under the cargo target directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
venv=${CARGO_TARGET_DIR:-$root/target}/oscal-venv
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi
cd "$root"
cargo run --quiet --package komainu-catalog --example oscal "$out"
"$venv/bin/python" "$here/validate.py" "$out"
