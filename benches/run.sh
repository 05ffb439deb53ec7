#!/usr/bin/env bash
# The program's figures, as ratios to a bare floor in the same run; no part of ./check. See README.md beside this file.
set -euo pipefail
# shellcheck source=xtask/machine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../xtask/machine.sh"
cd "$root"

help() {
    cat <<'HELP'
性能の数字を測ります。/ Measures the program's figures.

  benches/run.sh [--binary PATH] [--growth] [PART…]

  PART           http, start, pack, growth, ledger, emergency, report; all of them unless named
  --binary PATH  measure this program and build none
  --growth       growth also with 200,000 institutions: minutes, and gigabytes in TMPDIR

KOMAINU_BENCH_ROUNDS (7) and KOMAINU_BENCH_SECONDS (1) make it longer and steadier.
HELP
}

binary=
words=()
while [ $# -gt 0 ]; do
    case $1 in
    --binary=*) binary=${1#*=} ;;
    --binary)
        [ $# -gt 1 ] || stop "benches/run.sh: --binary needs a path"
        binary=$2
        shift
        ;;
    --help | -h)
        help
        exit
        ;;
    --growth | http | start | pack | growth | ledger | emergency | report) words+=("$1") ;;
    *) stop "benches/run.sh: unknown word $1, see benches/run.sh --help" ;;
    esac
    shift
done

want_compiler
want postgresql /usr/lib/postgresql
want poppler-utils pdfinfo
want chromium "${KOMAINU_CHROMIUM:-chromium}"
install_wanted
find_tools
install_rust
install_node 20

if [ -z "$binary" ]; then
    build_assets
    cargo build --release --locked --package komainu
    binary=$CARGO_TARGET_DIR/release/komainu
fi
# The browser's driver, for the part that needs one.
[ -d ui/node_modules/playwright-core ] || cargo xtask ui
[ -x "$binary" ] || stop "benches/run.sh: there is no program $binary"
KOMAINU_BIN=$(realpath "$binary")
cargo build --release --locked --manifest-path benches/floor/Cargo.toml --target-dir "$CARGO_TARGET_DIR/floor"
KOMAINU_FLOOR=$CARGO_TARGET_DIR/floor/release/komainu-floor
export KOMAINU_BIN KOMAINU_FLOOR

exec tests/support/postgres.sh node benches/run.mjs "${words[@]}"
