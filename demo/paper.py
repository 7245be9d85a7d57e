"""The paper of the demonstration: drawn on this machine, then put into the scanner's feeder.

Drawn pages are kept for the next run, as long as the code that draws them stays as it is.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import shutil
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from digitizer.sandbox import seed, sheet, stack
from digitizer.sandbox.seed import Waiting
from digitizer.sandbox.stack import StackPage

OURS, OTHER = (
    next(d for d in seed.DOSSIERS if d.no.endswith(serial)) for serial in ("-0001", "-0007")
)
"""Two dossiers that wait at the sandbox: the one we scan into, and the one whose receipt turns up.

Both register a birth, which is what the drawn papers are about.
"""


class Sheet(Enum):
    """One side of a sheet: what is on it, for which dossier. The value is its file's name."""

    FORM = "form"
    LETTER = "letter"
    BACK = "back"
    ASKEW = "askew"
    OTHER_RECEIPT = "other-receipt"
    OTHER_FORM = "other-form"
    OTHER_LETTER = "other-letter"
    OTHER_ASKEW = "other-askew"


@dataclass(frozen=True, slots=True)
class Paper:
    """What was drawn, in a folder. ``fresh``: how many sheets of it by this run."""

    folder: Path
    fresh: int

    def load(self, tray: Path, *sheets: Sheet) -> None:
        """Put sheets into the feeder in this order, in place of what lies there."""
        for left in tray.iterdir():
            left.unlink()
        for number, one in enumerate(sheets, start=1):
            os.link(_image(self.folder, one), tray / f"{number}-{one.value}.jpg")

    def truth(self, one: Sheet) -> str:
        """Return what is written on a sheet."""
        return _text(self.folder, one).read_text("utf-8")


def draw(into: Path, progress: Callable[[int, int], None]) -> Paper:
    """Draw what ``into`` does not hold yet, on all cores; what older code drew is removed.

    ``progress`` is called with how many of how many sheets are drawn.
    """
    folder = into / _version()
    for old in into.iterdir():
        if old != folder:
            shutil.rmtree(old)
    folder.mkdir(mode=0o700, exist_ok=True)
    missing = [one for one in Sheet if not _image(folder, one).exists()]
    if missing:
        cores = min(len(missing), os.cpu_count() or 1)
        with ProcessPoolExecutor(cores, initializer=_leave_signals) as pool:
            for done, _ in enumerate(pool.map(_draw, missing, [folder] * len(missing)), start=1):
                progress(done, len(missing))
    return Paper(folder, len(missing))


def _leave_signals() -> None:
    """Let the demonstration, not each of its workers, answer Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _draw(one: Sheet, folder: Path) -> None:
    """Draw one sheet; its image gets its name last, once everything is there."""
    page = _page(one)
    _text(folder, one).write_text(page.text, "utf-8")
    aside = folder / f"{one.value}.part"
    aside.mkdir(exist_ok=True)
    stack.save(page, aside).rename(_image(folder, one))
    aside.rmdir()


def _image(folder: Path, one: Sheet) -> Path:
    return folder / f"{one.value}.jpg"


def _text(folder: Path, one: Sheet) -> Path:
    return folder / f"{one.value}.txt"


def _page(one: Sheet) -> StackPage:
    holder = (OTHER if one.value.startswith("other") else OURS).holder
    match one:
        case Sheet.FORM | Sheet.OTHER_FORM:
            return stack.form(holder)
        case Sheet.LETTER | Sheet.OTHER_LETTER:
            return stack.letter(holder)
        case Sheet.ASKEW | Sheet.OTHER_ASKEW:
            return stack.askew_statement(holder)
        case Sheet.OTHER_RECEIPT:
            return stack.receipt(OTHER.no, holder)
        case Sheet.BACK:
            return stack.blank_back()


def _version() -> str:
    """Return what changes whenever the pages would come out differently."""
    sources = [inspect.getsource(module) for module in (sheet, stack, seed)]
    return hashlib.sha256("".join(sources).encode()).hexdigest()[:16]


def procedure_of(dossier: Waiting) -> str:
    """Return the name of a dossier's procedure."""
    return next(p.name for p in seed.PROCEDURES if p.code == dossier.procedure)
