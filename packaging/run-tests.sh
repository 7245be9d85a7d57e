#!/bin/sh
# Runs pytest where every machine looks the same to it: a UTF-8 locale, an empty run-time folder,
# and (by pytest-xvfb) a display of its own for each worker. Homes that tests make go into memory
# where there is room: none of them outlives its test, and the store waits for the disk at every
# step. Called by `make test`; arguments go to pytest.
set -eu

cd "$(dirname "$0")/.."
runtime=$(mktemp -d)
homes=$runtime
if [ "$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print ($4 > 2 * 1024 * 1024) }')" = 1 ]; then
    homes=$(mktemp -d /dev/shm/digitizer-tests.XXXXXX)
fi
trap 'rm -rf "$runtime" "$homes"' EXIT
trap 'exit 130' INT TERM HUP
chmod 700 "$runtime"
unset DISPLAY WAYLAND_DISPLAY DIGITIZER_HOME
export LC_ALL=C.UTF-8 QT_QPA_PLATFORM=xcb XDG_RUNTIME_DIR="$runtime"
.venv/bin/python -m pytest --basetemp="$homes/pytest" "$@" </dev/null
