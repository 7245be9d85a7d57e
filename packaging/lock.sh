#!/bin/sh
# Rewrites packaging/*.lock from pyproject.toml: exact versions with the hashes of all their files,
# good for every platform and every supported Python. Called by `make lock`, by hand, when a
# dependency changes; the result is reviewed and committed.
#
# Versions already locked stay unless pyproject.toml forbids them; LOCK_ARGS=--upgrade renews all.
# The locks name no package index: where files come from is the business of the machine.
set -eu

cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
echo "lock: fetching the resolver (uv) for this run only ..."
.venv/bin/python -m venv "$tool"
"$tool/bin/python" -m pip install --quiet uv

# Each lock keeps to the versions of those before it, so that they can be installed together.
resolve() { # name, then what to resolve
    name=$1
    shift
    # shellcheck disable=SC2086
    "$tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links ${LOCK_ARGS:-} \
        "$@" --output-file "packaging/$name.lock" >/dev/null
    echo "lock: packaging/$name.lock"
}

resolve run pyproject.toml --extra sandbox
resolve build packaging/build.in -c packaging/run.lock
resolve test pyproject.toml --extra sandbox --extra dev -c packaging/run.lock
resolve package packaging/package.in -c packaging/run.lock -c packaging/build.lock
resolve bench pyproject.toml --extra sandbox --extra dev --extra bench -c packaging/test.lock

if grep -nE '://|^ *-(i|f|-index|-extra-index|-find-links)' packaging/*.lock; then
    echo "lock: a lock names a place; see the lines above." >&2
    exit 1
fi
