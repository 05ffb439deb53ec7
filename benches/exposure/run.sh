#!/usr/bin/env bash
# The exposure engine beside bare programs and libraries: benches/exposure/run.sh [CONNECTIONS ...]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${CARGO_TARGET_DIR:-$here/target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ -x "$target/libraries/bin/python" ] || python3 -m venv "$target/libraries"
"$target/libraries/bin/pip" install --quiet --requirement "$here/requirements.txt"
cargo build --release --quiet --manifest-path "$here/Cargo.toml" --target-dir "$target"

[ $# -gt 0 ] || set -- 1000 10000 100000 1000000
for connections in "$@"; do
    "$target/release/komainu-exposure-bench" "$connections" 1 "$work/$connections"
    "$target/libraries/bin/python" "$here/libraries.py" "$work/$connections"
done
