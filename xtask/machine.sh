# shellcheck shell=bash
# What a machine needs to build Komainu, and how it gets there. Sourced by ./start and ./check.
#
# Everything here is quick when nothing is missing, asks for administrator rights only to install packages, and
# says so before it does.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Cargo reads a relative folder from where it runs, which here is always the root.
CARGO_TARGET_DIR=$(cd "$root" && realpath -m "${CARGO_TARGET_DIR:-target}")
export CARGO_TARGET_DIR
# Node.js from npm, for distributions whose own is too old.
node_home=$root/target/tools/node

# One line of progress with the seconds since the start.
say() {
    printf '[%4ds] %s\n' "$SECONDS" "$*" >&2
}

# The last words: what happened and what to do.
stop() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

# Runs a command without its output, which is shown only if it fails.
quietly() {
    local log
    log=$(mktemp)
    if "$@" </dev/null >"$log" 2>&1; then
        rm -f "$log"
    else
        tail -n 30 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

# Whether version $1 is at least $2.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian packages that are missing: collected by want, installed in one go by install_wanted.
wanted=()

# want PACKAGE [COMMAND OR FILE]: the package is missing unless the command or file is there.
want() {
    local sign=${2:-$1}
    case $sign in
    /*) [ ! -e "$sign" ] || return 0 ;;
    *) ! command -v "$sign" >/dev/null || return 0 ;;
    esac
    case " ${wanted[*]} " in
    *" $1 "*) ;;
    *) wanted+=("$1") ;;
    esac
}

install_wanted() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        stop "次のものが足りません。この OS の方法で入れてから、もう一度お試しください。" \
            "These are missing. Install them the way this system does, then try again:" "  ${wanted[*]}"
    fi
    say "パッケージを入れます / Installing packages: ${wanted[*]}"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || stop \
            "管理者権限も sudo もないため、入れられません。管理者に次を実行してもらい、もう一度お試しください。" \
            "This needs an administrator and there is no sudo. Ask one to run this, then try again:" \
            "  apt-get update && apt-get install -y ${wanted[*]}"
        say "sudo を使います（パスワードを聞かれることがあります）/ Using sudo, which may ask for your password"
    fi
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 -qq)
    if ! { quietly as_root "${apt[@]}" update &&
        quietly as_root "${apt[@]}" install -y --no-install-recommends "${wanted[@]}"; }; then
        stop "パッケージを入れられませんでした。ネットワークとディスクの空きを確かめ、次を実行してからもう一度お試しください。" \
            "The packages could not be installed. Check network and disk space, run this, then try again:" \
            "  apt-get update && apt-get install -y ${wanted[*]}"
    fi
    wanted=()
}

# Puts tools of an earlier run on the PATH.
find_tools() {
    local bin=${CARGO_HOME:-$HOME/.cargo}/bin
    case :$PATH: in
    *":$bin:"*) ;;
    *) PATH=$bin:$PATH ;;
    esac
    if [ -x "$node_home/node_modules/.bin/node" ]; then
        PATH=$node_home/node_modules/.bin:$PATH
    fi
    export PATH
    hash -r
}

rust_wanted() {
    sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$root/Cargo.toml"
}

rust_is_enough() {
    local version
    version=$(cargo --version 2>/dev/null | cut -d' ' -f2) && [ -n "$version" ] && at_least "$version" "$(rust_wanted)"
}

# Rust from its own installer, unless a Rust that is new enough is there.
install_rust() {
    rust_is_enough && return
    say "Rust を入れます（1〜2分）/ Installing Rust, 1 to 2 minutes"
    if command -v rustup >/dev/null; then
        quietly rustup toolchain install stable --profile minimal || rust_failed
        quietly rustup default stable || rust_failed
    else
        local installer
        installer=$(mktemp)
        quietly curl --proto '=https' --tlsv1.2 --retry 3 -sSfo "$installer" https://sh.rustup.rs || rust_failed
        quietly env RUSTUP_INIT_SKIP_PATH_CHECK=yes sh "$installer" -y --no-modify-path --profile minimal \
            --default-toolchain stable || rust_failed
        rm -f "$installer"
    fi
    find_tools
    rust_is_enough || rust_failed
}

rust_failed() {
    stop "Rust $(rust_wanted) 以上を入れられませんでした。https://rustup.rs の手順で入れてから、もう一度お試しください。" \
        "Rust $(rust_wanted) or newer could not be installed. Install it as https://rustup.rs says, then try again."
}

node_is_enough() {
    local version
    version=$(node --version 2>/dev/null) && at_least "${version#v}" "$1" && command -v npm >/dev/null
}

# install_node VERSION: Node.js of the distribution if it is new enough, otherwise from npm into target/tools.
install_node() {
    node_is_enough "$1" && return
    want nodejs node
    want npm
    install_wanted
    hash -r
    node_is_enough "$1" && return
    local machine
    case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) node_failed "$1" ;;
    esac
    say "この OS の Node.js は古いため、npm から新しいものを target/tools に入れます / This system's Node.js is older than $1: taking a newer one from npm into target/tools"
    quietly npm install --prefix "$node_home" --no-save --no-audit --no-fund "node-linux-$machine@24" npm@11 ||
        node_failed "$1"
    find_tools
    node_is_enough "$1" || node_failed "$1"
}

node_failed() {
    stop "Node.js $1 以上を入れられませんでした。https://nodejs.org から入れてから、もう一度お試しください。" \
        "Node.js $1 or newer could not be installed. Install it from https://nodejs.org, then try again."
}

# What compiling needs: a C compiler for SQLite and the cryptography, curl for Rust's installer.
want_compiler() {
    want build-essential cc
    want build-essential make
    want pkg-config
    want curl
    want ca-certificates /etc/ssl/certs/ca-certificates.crt
}

# The front-end bundle and the typefaces, which the binary embeds. The first fetches the npm packages as locked.
build_assets() {
    (cd "$root" && cargo xtask ui && cargo xtask guide && cargo xtask fonts)
}

# How much room is left, for the words after a failed build.
room() {
    local disk memory
    disk=$(df -Ph "$root" | awk 'NR == 2 { print $4 }')
    memory=$(awk '/^MemAvailable/ { printf "%.1f GB", $2 / 1048576 }' /proc/meminfo)
    printf '空き / free: disk %s, memory %s' "$disk" "$memory"
}
