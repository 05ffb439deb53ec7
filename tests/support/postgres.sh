#!/usr/bin/env bash
# A PostgreSQL of the tests' own, thrown away afterwards: in a temporary folder, on a free port of the loopback
# interface, with a password made for the occasion.
#
#   tests/support/postgres.sh COMMAND …    runs the command with KOMAINU_TEST_POSTGRES_URL set
#
#   tests/support/postgres.sh --control start|stop    stops a running one and starts it again, from within COMMAND
#
# or sourced, for postgres_start and postgres_stop. Nothing is fsynced, as the data is worth
# nothing; but what was committed outlives the server's process, which some tests end at once.

postgres_home=
postgres_options=

# The newest server on this machine.
postgres_bin() {
    local newest
    newest=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    dirname "${newest:-$(command -v initdb || true)}"
}

# PostgreSQL refuses to run as root; its package brings a user for it.
postgres_as() {
    if [ "$(id -u)" = 0 ]; then
        (cd "$postgres_home" && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

postgres_start() {
    local bin password port attempt
    bin=$(postgres_bin)
    if [ "$bin" = . ]; then
        echo "PostgreSQL is not installed: apt-get install postgresql" >&2
        return 1
    fi
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    postgres_home=$(mktemp -d "${TMPDIR:-/tmp}/komainu-postgres.XXXXXX")
    (umask 077 && printf '%s\n' "$password" >"$postgres_home/password")
    [ "$(id -u)" != 0 ] || chown -R postgres: "$postgres_home"
    postgres_as "$bin/initdb" --pgdata="$postgres_home/data" --username=komainu --encoding=UTF8 --locale=C.UTF-8 \
        --auth=scram-sha-256 --pwfile="$postgres_home/password" --no-sync >"$postgres_home/initdb.log" || {
        cat "$postgres_home/initdb.log" >&2
        return 1
    }
    # Another program may take the port between the choice and the start.
    for attempt in 1 2 3 4 5; do
        port=$((20000 + RANDOM % 12000))
        if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            continue
        fi
        postgres_options="-h 127.0.0.1 -p $port -k $postgres_home \
            -c fsync=off -c full_page_writes=off -c max_connections=300"
        if postgres_control start; then
            export KOMAINU_TEST_POSTGRES_HOME=$postgres_home KOMAINU_TEST_POSTGRES_OPTIONS=$postgres_options
            export KOMAINU_TEST_POSTGRES_URL="postgres://komainu:$password@127.0.0.1:$port/postgres"
            return
        fi
        echo "attempt $attempt on port $port failed" >&2
    done
    cat "$postgres_home/server.log" >&2
    return 1
}

# postgres_control start|stop: the server of postgres_start, on the same data and port. pg_ctl knows it by the pid in its
# own data folder.
postgres_control() {
    case $1 in
    start)
        postgres_as "$(postgres_bin)/pg_ctl" start --silent --wait --pgdata="$postgres_home/data" \
            --log="$postgres_home/server.log" --options="$postgres_options"
        ;;
    stop) postgres_as "$(postgres_bin)/pg_ctl" stop --silent --wait --mode=immediate --pgdata="$postgres_home/data" ;;
    esac
}

postgres_stop() {
    [ -n "$postgres_home" ] || return 0
    postgres_control stop || true
    rm -rf "$postgres_home"
    postgres_home=
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    if [ "$1" = --control ]; then
        postgres_home=$KOMAINU_TEST_POSTGRES_HOME
        postgres_options=$KOMAINU_TEST_POSTGRES_OPTIONS
        postgres_control "$2"
        exit
    fi
    trap postgres_stop EXIT
    trap 'exit 130' INT TERM
    postgres_start
    "$@"
fi
