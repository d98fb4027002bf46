#!/bin/sh
# Builds the driver with the code under test and judges what it observes; prints TAP.
set -eu
tests=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=$(mktemp -d "${TMPDIR:-/tmp}/judge.XXXXXX")
trap 'rm -rf "$build"' EXIT

# The compiler runs where the driver will run, and hands the program out through a pipe: there the judge's files are hidden, so
# that no source can include them.
compile='program=$(mktemp) && trap "rm -f $program" EXIT &&
    g++ -std=c++20 -O1 -pthread -I "$1" -o "$program" "$2"/*.cpp "$1"/*.cpp >&2 && cat "$program"'
if ! sh -c "exec ${BENCHGEN_CANDIDATE:-} \"\$@\"" sh sh -c "$compile" sh "${tests%/*}/workspace" "$tests/driver" \
    >"$build/driver" 2>"$build/messages"; then
    echo "driver does not build:"
    sed 's/^/# /' "$build/messages"
    echo "Bail out! the driver does not build"
    exit 1
fi
chmod 755 "$build" "$build/driver"
python3 -I -B "$tests/judge.py" "$build/driver" "$@"
