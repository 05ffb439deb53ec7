#!/usr/bin/env bash
# Faults: the program is killed, its disk fills, its database goes away, its clock jumps. Every *.test.mjs beside this
# file, or those named: tests/faults/run.sh kill clock. KOMAINU_KILLS=200 is the long run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/support/program.sh
source "$root/tests/support/program.sh"
cd "$root"
build_program

names=("$@")
[ $# -gt 0 ] || for file in "$here"/*.test.mjs; do names+=("$(basename "$file" .test.mjs)"); done

# A server each: a demo fills only an empty database, and one test stops its server.
failed=0
for name in "${names[@]}"; do
    "$root/tests/support/postgres.sh" node --test --test-reporter=spec "$here/$name.test.mjs" || failed=1
done
exit "$failed"
