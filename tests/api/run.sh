#!/usr/bin/env bash
# The API of a running demo against its own OpenAPI document, by schemathesis (PyPI, pinned). The virtual environment is
# kept under the cargo target directory. KOMAINU_BIN names another binary; arguments go on to schemathesis.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
venv=$target/api-venv

if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi
cd "$root"
# shellcheck source=tests/support/program.sh
source "$root/tests/support/program.sh"
build_program
exec "$venv/bin/python" "$here/contract.py" "$@"
