"""``doctor``: what works on this machine, what is missing, how to get it.

Looks only; changes nothing but a probe file in the home. Knows no driver: their troubles are
handed in.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
from msgspec import Struct

from digitizer import __version__, encrypting, homekeys, programs
from digitizer.authority import authority_of
from digitizer.bridge import looking, talk
from digitizer.config import Home
from digitizer.errors import DigitizerError
from digitizer.homekeys import Mode
from digitizer.installed import is_frozen
from digitizer.passwords import Passwords
from digitizer.policy import ENCRYPTION, Policy
from digitizer.policyfile import read_policy
from digitizer.servers import server_of
from digitizer.storage import access, auditlog
from digitizer.storage.store import Store
from digitizer.usbaccess import barred

_SCARCE_BYTES = 2_000_000_000
_TOOL_SECONDS = 20
_TAIL = 500
"""So many lines of the audit record are looked at."""
_AIRSCAN = "libsane-airscan.so.1"


class Check(Struct, frozen=True):
    """One thing looked at. ``fix`` says what to do where it is not ``ok``."""

    check: str
    ok: bool
    detail: str
    fix: str = ""


def examine(
    home: Path, drivers: Mapping[str, DigitizerError | None], port: int = talk.PORT
) -> list[Check]:
    """Look at everything.

    Args:
        home: The home folder; need not exist yet.
        drivers: Each driver's trouble on this machine, or None where it can run.
        port: Where web pages that scan look for this machine.
    """
    policy, here = read_policy(), _home(home)
    checks = [
        Check("digitizer", True, f"{__version__}, Python {platform.python_version()}"),
        *_tesseract(),
        *(
            Check(
                f"scanner driver {name}",
                error is None,
                str(error) if error else "runs",
                "apt install libsane1 sane-airscan, then set up again" if error else "",
            )
            for name, error in drivers.items()
        ),
        _package("window", "PySide6", "PySide6-Essentials"),
        _package("sandbox", "starlette", "starlette"),
        here,
        _disk(home),
        _keyring(home),
        _encryption(Home(home.absolute()), policy, opens=here.ok),
        *_known_here(home, policy, port),
        _policy(policy),
        _confined(),
    ]
    if os.name == "posix":
        checks += [_airscan(), _scanner_group()]
    return checks


def _tesseract() -> list[Check]:
    program = shutil.which("tesseract")
    fix = "apt install tesseract-ocr tesseract-ocr-vie"
    if program is None:
        return [Check("tesseract", False, "not found", fix)]
    try:
        said = subprocess.run(
            [program, "--list-langs"], capture_output=True, text=True, timeout=_TOOL_SECONDS
        )
        version = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=_TOOL_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [Check("tesseract", False, type(error).__name__, fix)]
    languages = said.stdout.split()
    lines = (version.stdout or version.stderr).splitlines()
    return [
        Check("tesseract", True, lines[0] if lines else program),
        _language("vie", languages, "tesseract-ocr-vie"),
        _language("osd", languages, "tesseract-ocr-osd"),
    ]


def _language(name: str, languages: list[str], package: str) -> Check:
    there = name in languages
    return Check(
        f"tesseract language {name}",
        there,
        "installed" if there else "not installed",
        "" if there else f"apt install {package}",
    )


def _package(check: str, module: str, package: str) -> Check:
    if importlib.util.find_spec(module) is None:
        fix = "install digitizer again" if is_frozen() else "set up again: make setup"
        return Check(check, False, f"{package} is not installed", fix)
    return Check(check, True, f"{package} {importlib.metadata.version(package)}")


def _home(home: Path) -> Check:
    place = home
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
        if (home / "digitizer.db").exists():
            access.open_for_reading(Home(home.absolute())).store.close()
    except OSError as error:
        return Check("home", False, f"{home}: {error.strerror}", "check the folder's permissions")
    except DigitizerError as error:
        return Check("home", False, str(error), error.fix)
    return Check("home", True, str(home))


def _disk(home: Path) -> Check:
    place = home
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    enough = free >= _SCARCE_BYTES
    return Check(
        "disk",
        enough,
        f"{free / 1e9:.1f} GB free",
        "" if enough else "free some space: a dossier takes about 10 MB",
    )


def _keyring(home: Path) -> Check:
    name = type(keyring.get_keyring()).__module__
    usable = not name.endswith((".fail", ".null"))
    if usable and Passwords(Home(home)).in_file:
        return Check("keyring", True, "it took none: the password is kept in a private file")
    return Check(
        "keyring", True, name if usable else "none: the password is kept in a private file"
    )


def _encryption(home: Home, policy: Policy, *, opens: bool) -> Check:
    """Tell how the home lies on the disk; the key itself is the home's own line. ``opens``: the
    database can be opened, and may be open."""
    try:
        found = encrypting.state(home)
        if not opens:
            access.check_keys(home)
        elif found.mode is Mode.OFF and access.has_sealed(home):
            raise homekeys.without_state(home)
    except DigitizerError as error:
        return Check("encryption", False, str(error), error.fix)
    except OSError as error:
        return Check("encryption", False, f"{home.vault}: {error.strerror}", "ask support")
    held = f", its key held by a {found.custody}" if found.custody else ""
    if found.able and found.mode is Mode.OFF and policy.locked.get(ENCRYPTION) == "on":
        fix = "digitizer encryption on"
        return Check("encryption", False, "off; the administrator's file wants it on", fix)
    if found.able:
        return Check("encryption", True, f"{found.mode}{held}")
    fix = "install digitizer again" if is_frozen() else "set up again: make setup"
    needed = found.mode is not Mode.OFF
    return Check("encryption", not needed, f"{found.mode}{held}; it lacks its libraries", fix)


def _known_here(home: Path, policy: Policy, port: int) -> list[Check]:
    """Look at this machine's clock, the audit record, the bridge for web pages, and the office's
    CA, by what the home holds."""
    database = Home(home).database
    if not database.exists():
        return []
    try:
        store = access.open_for_reading(Home(home.absolute())).store
    except (DigitizerError, OSError):
        return []  # told by the home's own line
    try:
        server = server_of(store)
        newest = store.rows("SELECT max(opened_at) FROM dossier")[0][0]
        checks = [_clock(newest), _record(store)]
        if not store.outdated():
            checks.append(_bridge(looking.look(Home(home), store, policy, port)))
        return [*checks, *([_authority(server.ca)] if server and server.ca else [])]
    except DigitizerError:
        return []
    finally:
        store.close()


def _clock(newest: str | None) -> Check:
    """``newest``: when something was last begun in the home, as it is stored."""
    now = datetime.now(UTC)
    ahead = newest is not None and datetime.fromisoformat(newest) > now + timedelta(days=1)
    said = f"{now.astimezone():%Y-%m-%d %H:%M}"
    return Check("clock", not ahead, said, "set the date and time" if ahead else "")


def _record(store: Store) -> Check:
    """Look at the end of the audit record; all of it is what ``verify`` looks at."""
    name = "audit record"
    if store.outdated():
        return Check(name, True, "begins when the home is opened next")
    broken = auditlog.tail_broken(store, _TAIL)
    if broken:
        return Check(name, False, broken, "change nothing, run 'digitizer verify', ask support")
    return Check(name, True, f"{auditlog.head(store).seq} lines")


def _bridge(seen: looking.Seen) -> Check:
    return Check("Scan button of web pages", not seen.fix, seen.detail, seen.fix)


def _authority(ca: str) -> Check:
    name, fix = "office certificate", "ask the administrator for a new one"
    try:
        ends = authority_of(ca).ends
    except DigitizerError as error:
        return Check(name, False, error.code, fix)
    good = datetime.now(UTC) < ends
    return Check(name, good, f"until {ends:%Y-%m-%d}", "" if good else fix)


def _policy(policy: Policy) -> Check:
    """Look at the administrator's file; none is the usual case."""
    name, file = "administrator's file", policy.file
    if policy.problem:
        fix = "correct the file; until then nothing is set or locked by it"
        return Check(name, False, f"{file}: {policy.problem}", fix)
    if policy.unknown:
        keys = ", ".join(policy.unknown)
        return Check(name, False, f"{file}: cannot be used: {keys}", "correct or remove these keys")
    if file is None or not file.exists():
        return Check(name, True, "none")
    return Check(name, True, f"{file}: {len(policy.locked)} settings locked")


def _confined() -> Check:
    """Let a child program try what it must not do; only Linux holds it back from all of it."""
    name, able = "child programs held back", sys.platform == "linux"
    try:
        held = programs.run_module("digitizer.confined", timeout=_TOOL_SECONDS)
    except DigitizerError as error:
        return Check(name, False, str(error), "see the log")
    free = [what for what in ("files", "network", "programs") if not held[what]]
    if not free:
        return Check(name, True, "from other files, the network and other programs")
    fix = "a kernel with Landlock and seccomp (Linux 5.19 or later)" if able else ""
    return Check(name, not able, f"not from: {', '.join(free)}", fix)


def _scanner_group() -> Check:
    """Look whether this account may use the USB scanners that are plugged in."""
    found = barred()
    fix = "sudo usermod -aG scanner ACCOUNT, then sign in again" if found else ""
    said = f"not for this account: {', '.join(found)}" if found else "none is barred"
    return Check("USB scanners", not found, said, fix)


def _airscan() -> Check:
    found = [
        path
        for folder in (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))
        for pattern in (f"sane/{_AIRSCAN}", f"*/sane/{_AIRSCAN}")
        for path in folder.glob(pattern)
    ]
    return Check(
        "network scanners (sane-airscan)",
        bool(found),
        "installed" if found else "not installed",
        "" if found else "apt install sane-airscan",
    )
