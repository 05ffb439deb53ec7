#!/usr/bin/env bash
# kill -9 in the middle of backup and restore, on the demo's data, again and again; says what was found.
#
#   tests/faults/backup.sh [ROUNDS]      20 rounds of each where nothing is said
#
# Held: a file with a backup's name is whole; a folder whose restore was cut off is not taken for an installation, and the
# same command begins anew and succeeds. KOMAINU_BIN names another binary.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=${1:-20}
if [ -z "${KOMAINU_BIN:-}" ]; then
    (cd "$root" && cargo build --package komainu)
    KOMAINU_BIN="${CARGO_TARGET_DIR:-$root/target}/debug/komainu"
fi
place=$(mktemp -d "${TMPDIR:-/tmp}/komainu-faults.XXXXXX")
trap 'rm -rf "$place"' EXIT
komainu() { "$KOMAINU_BIN" "$@" </dev/null; }
milliseconds() { date +%s%3N; }

# The demo's world, as the program makes it.
"$KOMAINU_BIN" demo --data "$place/data" --port 0 --log error </dev/null >"$place/demo.log" &
demo=$!
until grep -q http "$place/demo.log"; do
    kill -0 "$demo"
    sleep 0.2
done
kill -TERM "$demo"
wait "$demo"

# Starts the command, kills it after a part of the time that it takes as a whole.
kill_after() {
    local wait=$1 pid
    shift
    "$KOMAINU_BIN" "$@" </dev/null >/dev/null 2>&1 &
    pid=$!
    sleep "$wait"
    if kill -KILL "$pid" 2>/dev/null; then cut=$((cut + 1)); fi
    wait "$pid" 2>/dev/null || true
}

# A moment of the given milliseconds, as seconds.
moment() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); }

began=$(milliseconds)
komainu backup "$place/first.age" --demo --data "$place/data" >/dev/null
took=$(($(milliseconds) - began))
mkdir "$place/backups"
cut=0 whole=0
for round in $(seq "$rounds"); do
    kill_after "$(moment $((took * round / (rounds + 1))))" backup "$place/backups/$round.age" --demo --data "$place/data"
    if [ -e "$place/backups/$round.age" ]; then
        komainu backup verify "$place/backups/$round.age" --key-file "$place/data/backup.key" >/dev/null
        whole=$((whole + 1))
        rm "$place/backups/$round.age"
    fi
done
komainu backup "$place/backups" --demo --data "$place/data" >/dev/null
left=$(find "$place/backups" -mindepth 1 | wc -l)
echo "backup: $rounds rounds, $cut cut off, $whole whole, 0 half taken for whole; left beside the next backup: $((left - 1))"
[ "$left" = 1 ]

began=$(milliseconds)
komainu restore "$place/first.age" --key-file "$place/data/backup.key" --data "$place/whole" >/dev/null
took=$(($(milliseconds) - began))
cut=0 refused=0
for round in $(seq "$rounds"); do
    new="$place/new-$round"
    kill_after "$(moment $((took * round / (rounds + 1))))" \
        restore "$place/first.age" --key-file "$place/data/backup.key" --data "$new"
    if [ -e "$new/restoring" ]; then
        if komainu log verify --demo --data "$new" >/dev/null 2>&1; then
            echo "a half restored folder was opened" >&2
            exit 1
        fi
        refused=$((refused + 1))
    fi
    if [ ! -e "$new/komainu.db" ] || [ -e "$new/restoring" ]; then
        komainu restore "$place/first.age" --key-file "$place/data/backup.key" --data "$new" >/dev/null
    fi
    komainu log verify --demo --data "$new" >/dev/null
    rm -r "$new"
done
echo "restore: $rounds rounds, $cut cut off, $refused refused until restored again, every log whole afterwards"
