#!/bin/sh
# Makes this checkout ready to use: system packages first, then a virtual environment in .venv.
#
#   packaging/setup.sh run      what `make demo` and the program itself need (the default)
#   packaging/setup.sh test     that, and what `make test` and `make check` need
#   packaging/setup.sh bench    that, and what `make bench` compares us with
#   packaging/setup.sh package  what `make test` needs, and what makes and tries packages
#
# Running it again is cheap and touches neither apt nor the network: stamps in .venv say what is
# in place. A run that was cut off is repaired by the next one. Where system packages are missing
# and this account may not install them, it prints the one command to run and ends with status 3.
#
# DIGITIZER_SKIP_SYSTEM_PACKAGES=1 leaves the system packages to you (systems without apt);
# DIGITIZER_PYTHON=python3.12 chooses the Python, otherwise the first one that serves is taken.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd)
venv="$root/.venv"
goal=${1:-run}
unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX
export LC_ALL=C.UTF-8 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_WARN_SCRIPT_LOCATION=1

tools=
case $goal in
    run)     layers="run" ;;
    test)    layers="run test" ;;
    bench)   layers="run test bench" ;;
    package) layers="run test" tools="package" ;; # freezing has an environment of its own
    *)       echo "usage: packaging/setup.sh [run|test|bench|package]" >&2; exit 2 ;;
esac

say() { printf 'setup: %s\n' "$*"; }
# Ends the set-up: the user has to do something first.
stop() { printf 'setup: %s\n' "$@" >&2; exit 3; }

# --- system packages -------------------------------------------------------------------------

# One package a line: its name, or names, older releases' after a bar; then what it is for.
packages() {
    case $1 in
        run) cat <<'LIST'
tesseract-ocr           reads the text of a page
tesseract-ocr-vie       its Vietnamese language data
tesseract-ocr-osd       its page orientation data
libsane-dev             SANE, which talks to scanners, and its headers
sane-utils              SANE's own commands, for finding out why a scanner is silent
sane-airscan            SANE back end for network scanners (eSCL, WSD)
gcc                     compiles the Python binding of SANE
libc6-dev               C headers for the same
libgl1                  graphics, for the window
libegl1                 graphics, for the window
libopengl0              graphics, for the window
libglib2.0-0t64|libglib2.0-0  event loop and threads, for the window
libdbus-1-3             desktop messages, for the window
libfontconfig1          fonts, for the window
libfreetype6            fonts, for the window
libx11-xcb1             X11, for the window
libxkbcommon0           keyboard, for the window
libxkbcommon-x11-0      keyboard, for the window
libwayland-cursor0      Wayland, for the window
libwayland-egl1         Wayland, for the window
libxcb-cursor0          X11, for the window
libxcb-icccm4           X11, for the window
libxcb-image0           X11, for the window
libxcb-keysyms1         X11, for the window
libxcb-randr0           X11, for the window
libxcb-render-util0     X11, for the window
libxcb-render0          X11, for the window
libxcb-shape0           X11, for the window
libxcb-shm0             X11, for the window
libxcb-sync1            X11, for the window
libxcb-util1            X11, for the window
libxcb-xfixes0          X11, for the window
libxcb-xkb1             X11, for the window
fonts-noto-core         fonts with every Vietnamese letter
fonts-liberation        fonts of the size of Times New Roman and Arial
LIST
        ;;
        test) cat <<'LIST'
git                     lists the files of the checkout, for the tests of its rules
xvfb                    a display without a screen, so that tests can open the window
xdotool                 types and clicks in tests as a person would
poppler-utils           a second opinion on the PDF files we write
softhsm2                a token of software, for the tests of signing
openssl                 a timestamp server and certificates, for the same
strace                  stops a program at any system call, for the crash tests
chromium                a real browser, for the test of web pages that scan
LIST
        ;;
        bench) cat <<'LIST'
ghostscript             OCRmyPDF, which we measure against, writes PDF/A with it
simple-scan             GNOME Document Scanner, against which the start of the window is measured
dbus                    the message bus that it wants
LIST
        ;;
        package) cat <<'LIST'
python3-dev             the Python that goes into the package, with its shared library
python3-venv            the environment that is frozen
binutils                reads which libraries a program needs
dpkg-dev                packs
xz-utils                packs
appstream               checks what software shops show
debootstrap             makes fresh systems to try packages on
LIST
        ;;
    esac
}

# Leaves out what is no package here: what Ubuntu calls chromium only fetches a snap, which needs a
# running system. The test that wants it is skipped there.
offered_here() {
    # shellcheck source=/dev/null
    if (. /etc/os-release && [ "${ID:-}" = ubuntu ]) 2>/dev/null; then
        grep -v '^chromium '
    else
        cat
    fi
}

python_packages() {
    cat <<'LIST'
python3                 runs the program
python3-dev             headers to compile the Python binding of SANE
python3-venv            makes the virtual environment
LIST
}

has_candidate() { # a name
    apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [^(]'
}

# Of the given lines, those whose package is installed under none of its names.
missing_packages() {
    dpkg-query -W -f='${Package} ${db:Status-Status}\n' | WANTED=$1 awk '
        $2 == "installed" { installed[$1] = 1 }
        END {
            lines = split(ENVIRON["WANTED"], line, "\n")
            for (i = 1; i <= lines; i++) {
                split(line[i], word, " ")
                found = 0
                alternatives = split(word[1], name, "|")
                for (j = 1; j <= alternatives; j++) if (name[j] in installed) found = 1
                if (!found && line[i] != "") print line[i]
            }
        }'
}

# The names to hand to apt for the lines on standard input: of several, the one apt offers.
installable_names() {
    while read -r names _; do
        chosen=${names##*|}
        for name in $(echo "$names" | tr '|' ' '); do
            if has_candidate "$name"; then chosen=$name; break; fi
        done
        echo "$chosen"
    done | tr '\n' ' ' | sed 's/ $//'
}

check_release() {
    [ -r /etc/os-release ] || return 0
    # shellcheck source=/dev/null
    release=$(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-99}")
    version=${release#* }
    case $release in
        debian\ *) [ "${version%%.*}" -ge 12 ] && return 0 ;;
        ubuntu\ *) [ "${version%%.*}" -ge 24 ] && return 0 ;;
        *) return 0 ;;
    esac
    stop "This is ${release}; Debian 12 or Ubuntu 24.04 is the oldest that works."
}

install_packages() { # lines as in packages()
    wanted=$1
    say "These system packages are missing:"
    echo "$wanted" | while read -r names purpose; do
        printf '  %-22s %s\n' "${names##*|}" "$purpose"
    done
    command -v apt-get >/dev/null || stop \
        "There is no apt-get here. Install the same things with this system's own tool, then run" \
        "the command again with DIGITIZER_SKIP_SYSTEM_PACKAGES=1 in the environment."
    check_release

    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo -n"
    else
        stop "This account may not install packages. Run this once, then try again:" \
            "  sudo apt-get update && sudo apt-get install --no-install-recommends -y $(echo "$wanted" | installable_names)"
    fi

    say "Installing them with apt-get ..."
    PATH=$PATH:/usr/sbin:/sbin # which `su` alone does not give, and dpkg insists on
    export PATH
    # A set-up that was cut off may have left packages unpacked only.
    $as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a
    if ! install_with_apt "$wanted"; then
        say "Refreshing the package lists, then once more ..."
        $as_root apt-get update -q -o DPkg::Lock::Timeout=300 || say "Some lists could not be refreshed."
        install_with_apt "$wanted" || stop \
            "apt-get could not install the packages; its own message is above." \
            "On Ubuntu the component 'universe' must be enabled."
    fi
}

install_with_apt() { # lines as in packages()
    # shellcheck disable=SC2046,SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 $(echo "$1" | installable_names) </dev/null
}

# --- Python ----------------------------------------------------------------------------------

# Can make a virtual environment, and can compile against its own headers.
suitable_python() {
    "$1" - 2>/dev/null <<'PY'
import ensurepip, pathlib, sys, sysconfig, venv
header = pathlib.Path(sysconfig.get_path("include"), "Python.h")
sys.exit(not (sys.version_info >= (3, 11) and header.is_file()))
PY
}

find_python() {
    for name in ${DIGITIZER_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3}; do
        path=$(command -v "$name") || continue
        if suitable_python "$path"; then echo "$path"; return 0; fi
    done
    return 1
}

# --- the virtual environment -----------------------------------------------------------------

fingerprint() { # file …; changes with their contents, this script and the place of the checkout
    { echo "$root"; cat packaging/setup.sh packaging/build.lock "$@"; } | sha256sum | cut -d' ' -f1
}

is_stamped() { # stamp, file …
    stamp=$venv/.setup-$1
    shift
    [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint "$@")" ]
}

write_stamp() { # stamp, file …
    stamp=$venv/.setup-$1
    shift
    fingerprint "$@" >"$stamp.part"
    mv "$stamp.part" "$stamp"
}

venv_is_whole() {
    [ ! -e "$venv/.setup-running" ] && "$venv/bin/python" -c '' 2>/dev/null
}

# Every installed layer still is what its lock says; a layer not installed yet is fine.
layers_are_current() {
    for layer in run test bench; do
        if [ -e "$venv/.setup-$layer" ] && ! is_stamped "$layer" "packaging/$layer.lock"; then
            return 1
        fi
    done
    [ -e "$venv/.setup-run" ]
}

all_done() {
    venv_is_whole && layers_are_current && is_stamped project pyproject.toml || return 1
    for layer in $layers; do
        is_stamped "$layer" "packaging/$layer.lock" || return 1
    done
}

pip_install() {
    "$venv/bin/python" -m pip install --quiet "$@" || {
        printf 'setup: %s\n' \
            "Python packages could not be installed; pip's own message is above." \
            "Is this machine connected? The next run starts from here." >&2
        exit 4
    }
}

build_venv() {
    if ! venv_is_whole || ! layers_are_current; then
        rm -rf "$venv"
        python=$(find_python) || stop "No Python 3.11 or later with venv and its C headers was found."
        say "Making a virtual environment in .venv with $("$python" -V) ..."
        # The mark comes first: whatever ends this run before the last line, the next one sees it.
        mkdir "$venv"
        : >"$venv/.setup-running"
        "$python" -m venv "$venv"
        pip_install --require-hashes -r packaging/build.lock
    else
        : >"$venv/.setup-running"
    fi
    for layer in $layers; do
        is_stamped "$layer" "packaging/$layer.lock" && continue
        say "Installing the pinned Python packages ($layer) ..."
        pip_install --require-hashes --no-build-isolation -r "packaging/$layer.lock"
        write_stamp "$layer" "packaging/$layer.lock"
    done
    pip_install --no-deps --no-build-isolation --no-index -e .
    write_stamp project pyproject.toml
    rm "$venv/.setup-running"
}

# --- all of it -------------------------------------------------------------------------------

# Two set-ups at once would take each other's half-made environment for a broken one.
if command -v flock >/dev/null; then exec 9<packaging/setup.sh; flock 9; fi

if [ -z "${DIGITIZER_SKIP_SYSTEM_PACKAGES:-}" ]; then
    wanted=$(for layer in $layers $tools; do packages "$layer"; done | offered_here)
    # A Python that came otherwise and can do what is needed is as good as the distribution's.
    if ! venv_is_whole && ! find_python >/dev/null; then
        wanted=$(printf '%s\n%s' "$wanted" "$(python_packages)")
    fi
    missing=$wanted
    if command -v dpkg-query >/dev/null; then missing=$(missing_packages "$wanted"); fi
    if [ -n "$missing" ]; then install_packages "$missing" 9<&-; fi
fi
if all_done; then exit 0; fi
build_venv 9<&-
say "Ready."
