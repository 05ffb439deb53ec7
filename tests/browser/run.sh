#!/usr/bin/env bash
# The program in a real browser: builds it, then runs every *.test.mjs beside this file.
# KOMAINU_CHROMIUM names another Chromium; KOMAINU_BIN another binary.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
if [ -z "${KOMAINU_BIN:-}" ]; then
    cargo build --package komainu
    KOMAINU_BIN="${CARGO_TARGET_DIR:-$root/target}/debug/komainu"
fi
export KOMAINU_BIN
exec node --test --test-concurrency=1 --test-reporter=spec "$here"/*.test.mjs
