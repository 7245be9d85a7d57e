"""A report for support: what the doctor found, counts, the codes of what went wrong. No person.

Made by ``doctor --report`` and by the window's *Chẩn đoán*. In it are no names of people, no mã hồ
sơ, no account, no address of a server, no path inside somebody's folder: whoever gets it may not
be allowed to see those.
"""

from __future__ import annotations

import getpass
import platform
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from digitizer import __version__
from digitizer.config import Home
from digitizer.counted import counted
from digitizer.doctor import Check
from digitizer.errors import DigitizerError
from digitizer.storage import access, queries
from digitizer.storage.store import Store
from digitizer.work.queue import troubles

_LOG_BYTES = 256 * 1024
_LAST = 20
_RECORD = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ (?P<level>WARNING|ERROR|CRITICAL) \d+ "
    r"(?P<where>[\w.]+): (?P<said>.*)"
)
_RAISED = re.compile(r"(?:    )?(?P<name>[A-Za-z_][\w.]*(?:Error|Exception|Warning))(?::|$)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)+|bug|offline|stopped")


class Counts(Struct, frozen=True):
    """How much there is, and how often each trouble waits (code → pieces of work)."""

    dossiers: int
    pages: int
    outbox: int
    work: int
    unreadable: int
    server: str
    troubles: Mapping[str, int]


class Hidden(Struct, frozen=True):
    """What must not be in a report: words and what stands in their place, longest first."""

    words: tuple[tuple[str, str], ...]

    def take_out(self, text: str) -> str:
        """Return ``text`` without them."""
        for word, instead in self.words:
            text = text.replace(word, instead)
        return text


def made(home: Path, checks: Sequence[Check]) -> str:
    """Return the report on a home, as of now; ``checks``: what the doctor found. Blocks."""
    now = datetime.now().astimezone()
    return report(checks, counts(home), log_lines(home), hidden(home), now)


def counts(home: Path) -> Counts | None:
    """Count what a home holds; None where there is none, or it cannot be read."""
    database = Home(home).database
    if not database.exists():
        return None
    try:
        store = access.open_for_reading(Home(home.absolute())).store
    except (DigitizerError, OSError):
        return None
    try:
        return _counted(store)
    except DigitizerError:
        return None
    finally:
        store.close()


def _counted(store: Store) -> Counts:
    def count(sql: str) -> int:
        return int(store.rows(sql)[0][0])

    return Counts(
        count("SELECT count(*) FROM dossier"),
        count("SELECT count(*) FROM page WHERE deleted_at IS NULL"),
        count("SELECT count(*) FROM work WHERE kind = 'upload'"),
        count("SELECT count(*) FROM work WHERE kind NOT IN ('upload', 'sign')"),
        queries.unreadable(store),
        queries.setting(store, "server.kind") or "none",
        Counter(one.error for one in troubles(store)),
    )


def hidden(home: Path) -> Hidden:
    """Return what tells who works here: the account's name and folder, and the home's path."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError, ImportError):
        account = ""
    found = {str(home.absolute()): "~home", str(Path.home()): "~"}
    if account and account != "root":
        found[account] = "…"
    node = platform.node()
    if node:
        found[node] = "…"
    order = sorted(found.items(), key=lambda one: len(one[0]), reverse=True)
    return Hidden(tuple((word, instead) for word, instead in order if len(word) > 2))


def log_lines(home: Path) -> list[str]:
    """Return the end of the home's log; nothing where there is none."""
    try:
        with Home(home).log.open("rb") as opened:
            opened.seek(0, 2)
            opened.seek(max(0, opened.tell() - _LOG_BYTES))
            return opened.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def report(
    checks: Sequence[Check],
    found: Counts | None,
    log: Iterable[str],
    without: Hidden,
    now: datetime,
) -> str:
    """PURE: return the report as text, one thing a line."""
    lines = [
        f"digitizer {__version__} report, {now:%Y-%m-%d %H:%M}",
        f"system: {platform.system()} {platform.release()} {platform.machine()}, "
        f"Python {platform.python_version()}",
        "",
        *(f"{'ok     ' if one.ok else 'MISSING'}  {_check(one)}" for one in checks),
        "",
    ]
    if found is None:
        lines.append("home: nothing in it that can be read")
    else:
        lines += [
            f"home: {counted(found.dossiers, 'dossier')}, {counted(found.pages, 'page')}, "
            f"{counted(found.work, 'piece')} of work, {found.outbox} in the outbox, "
            f"{counted(found.unreadable, 'page')} without words",
            f"procedure system: {found.server}",
            *(f"trouble: {code} ({number})" for code, number in sorted(found.troubles.items())),
        ]
    told = _told(log)
    lines += ["", "last warnings in the log:", *(told or ["none"])]
    return without.take_out("\n".join(lines)) + "\n"


def _check(one: Check) -> str:
    said = f"{one.check}: {one.detail}"
    return f"{said}  ->  {one.fix}" if one.fix else said


def _told(log: Iterable[str]) -> list[str]:
    """Return when, where and by which code things went wrong: never a record's own words."""
    known = _codes(DigitizerError)
    found: list[str] = []
    for line in log:
        if (record := _RECORD.match(line)) is not None:
            codes = [word for word in _WORD.findall(record["said"]) if word in known]
            said = " ".join(dict.fromkeys(codes))
            found.append(f"{record['at']} {record['level']} {record['where']} {said}".rstrip())
        elif found and (raised := _RAISED.match(line)) is not None:
            found[-1] += f" {raised['name'].rpartition('.')[2]}"
    return found[-_LAST:]


def _codes(base: type[DigitizerError]) -> set[str]:
    return {base.code}.union(*(_codes(child) for child in base.__subclasses__()))
