#!/usr/bin/env bash
# Fuzzing of every parser that reads a stranger's file, with libFuzzer: tests/fuzz/run.sh [SECONDS] [TARGET…]
#
# Each target runs for SECONDS (10 unless told otherwise) on an own core. What it finds lies in target/fuzz/finds and fails
# the run; the corpus in target/fuzz/corpus grows from run to run. The long run before a release: run.sh 14400
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
seconds=${1:-10}
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(workbook workbook_parts evidence typed
    discovery_nmap discovery_glpi discovery_cyclonedx discovery_capture)

# Counters in all our code and in the libraries beneath it; --target keeps them out of what runs while building.
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
folder=${CARGO_TARGET_DIR:-$root/target}/fuzz
cd "$here"
cargo build --locked --release --target "$host" --target-dir "$folder/build" --bins
bin=$folder/build/$host/release

mkdir -p "$folder/finds"
"$bin/seeds" "$folder/corpus"
failed=0
for target in "${targets[@]}"; do
    log=$folder/$target.log
    if "$bin/$target" "$folder/corpus/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -max_len=65536 -artifact_prefix="$folder/finds/$target-" -print_final_stats=1 >"$log" 2>&1; then
        printf '%s: %s inputs in %s s, nothing found\n' "$target" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$seconds"
    else
        failed=1
        printf '%s: FOUND, see %s\n' "$target" "$log"
        tail -n 30 "$log"
    fi
done
exit "$failed"
