# shellcheck shell=bash
# The program as the browser, API and fault tests run it. Sourced by their run.sh.

# Builds it unless KOMAINU_BIN names one. The same units as the tests' own build: with fewer packages or without their
# test helpers cargo would compile half of the libraries a second time.
build_program() {
    if [ -z "${KOMAINU_BIN:-}" ]; then
        cargo build --locked --workspace --bins --tests
        KOMAINU_BIN="${CARGO_TARGET_DIR:-$PWD/target}/debug/komainu"
    fi
    export KOMAINU_BIN
}
