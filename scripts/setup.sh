# Sourced by scripts/run and scripts/test: the environments, and what the system must have.

say() { printf '%s\n' "$*" >&2; }

# A Python of 3.11 or newer; $PYTHON names one to be used first.
find_python() {
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    say "benchgen needs Python 3.11 or newer; none is on PATH (set PYTHON to one)."
    exit 1
}

# Makes .venv with the given extra, once for each state of pyproject.toml: later starts need no network.
make_environment() {
    extra=$1
    stamp=".venv/.ready-$(cat pyproject.toml scripts/setup.sh | cksum | tr -d ' ')-${extra:-core}"
    [ -e "$stamp" ] && return
    python=$(find_python)
    say "setting up .venv ($("$python" --version))"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".${extra:+[$extra]}"
    : >"$stamp"
}

# Makes .venv-openbench once and keeps it: 766 MB that only the tests of the real openbench need, apart because it pins
# other versions than ours.
make_openbench() {
    [ -e .venv-openbench/.ready ] && return
    say "setting up .venv-openbench, once; BENCHGEN_NO_OPENBENCH=1 leaves it out"
    python=$(find_python)
    "$python" -m venv .venv-openbench &&
        .venv-openbench/bin/python -m pip install --quiet --disable-pip-version-check "openbench==0.5.3" "mcp<2" &&
        : >.venv-openbench/.ready
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"; else return 1; fi
}

# install_missing "command package" …: installs the packages of the commands that are missing, where apt can.
install_missing() {
    wanted=""
    for pair in "$@"; do
        command -v "${pair%% *}" >/dev/null 2>&1 || wanted="$wanted ${pair#* }"
    done
    [ -n "$wanted" ] || return 0
    if command -v apt-get >/dev/null 2>&1; then
        say "installing:$wanted"
        # shellcheck disable=SC2086 # a list of words is meant
        (as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq $wanted) >/dev/null 2>&1 && return 0
    fi
    say "missing on this machine, please install:$wanted"
    return 1
}

# What checks the pages, from npm, once for each state of its lock file. Without npm or network those tests are skipped.
install_page_checks() {
    stamp="tests/browser/node_modules/.ready-$(cksum <tests/browser/package-lock.json | tr -d ' ')"
    [ -e "$stamp" ] && return
    say "installing axe-core and html-validate for the tests"
    (cd tests/browser && npm ci --silent --no-audit --no-fund) && : >"$stamp"
}
