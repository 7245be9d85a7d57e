"""``bundle FILE…``: images and PDFs to one searchable PDF/A-2b, without a store.

Called by the command line and the bench. Pages are read and OCRed in child programs side by
side, then bundled in one more; the output appears whole or not at all.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer import programs
from digitizer.bundle.request import BundleMade, BundlePage, BundleRequest, Style
from digitizer.errors import DiskFull, OutputIsInput, OutputUnwritable, from_os
from digitizer.pages.stream import Progress, WorkedPage, worked

_BUNDLE_SECONDS, _BUNDLE_SECONDS_A_PAGE = 120.0, 10.0


class Unread(Struct, frozen=True):
    """A page of ``file`` (from 1) whose words could not be read, and the error's code."""

    file: Path
    page: int
    error: str


class Made(Struct, frozen=True):
    """What ``bundle`` wrote: ``bytes`` its size, ``seconds`` all of the time it took, ``unread``
    the pages whose words could not be read: they are in it without text."""

    out: Path
    pages: int
    bytes: int
    pdfa: bool
    seconds: float
    unread: tuple[Unread, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as the command line's JSON."""
        return {
            "out": str(self.out),
            "pages": self.pages,
            "bytes": self.bytes,
            "pdfa": self.pdfa,
            "seconds": self.seconds,
            "unread": [
                {"file": str(one.file), "page": one.page, "error": one.error} for one in self.unread
            ],
        }


def bundle_files(
    files: Sequence[Path],
    out: Path,
    *,
    style: Style = Style.FAITHFUL,
    jobs: int | None = None,
    stop: threading.Event | None = None,
    progress: Progress | None = None,
) -> Made:
    """Make one searchable PDF/A-2b of every page of ``files``, in order.

    Args:
        files: Images and PDFs.
        out: The PDF to write; left as it was on any failure.
        style: How images go in.
        jobs: Pages at once; the number of cores by default.
        stop: Set from elsewhere to end it at once.
        progress: Told how many pages are OCRed, after each.

    Raises:
        Stopped: ``stop`` was set.
        OutputIsInput: ``out`` is one of ``files``.
        OutputUnwritable, DiskFull: The output's folder does not take it.
        FileMissing, FileEmpty, FileUnreadable, FileLocked, ImageTooLarge: from a file.
        ToolMissing, ProgramTimeout, ProgramCrashed, BundleInvalid: from a program.
    """
    began = time.monotonic()
    _check_writable(out)
    if any(_same_file(file, out) for file in files):
        raise OutputIsInput(out.name)
    place = out.absolute().parent
    try:
        with (
            tempfile.TemporaryDirectory(prefix="digitizer-bundle-") as folder,
            tempfile.TemporaryDirectory(prefix=".digitizer-bundle-", dir=place) as beside,
        ):
            scratch = Path(folder)
            ready = Path(beside, out.name)  # the program may be killed; what it left goes with it
            stream = worked(files, scratch, jobs=jobs, stop=stop, progress=progress)
            with closing(stream):  # type: ignore[type-var]
                found = list(stream)
            pages = tuple(_page(page) for page in found)
            unread = tuple(
                Unread(page.file, page.page, page.whole.failed)
                for page in found
                if page.whole.failed
            )
            made = _bundle(
                BundleRequest(
                    out=ready,
                    pages=pages,
                    title=_title(out),
                    style=style,
                    created=_newest(files),
                ),
                scratch / "request.json",
                stop,
            )
            ready.replace(out)
    except OSError as error:
        known = from_os(error, out.name)
        raise known if isinstance(known, DiskFull) else OutputUnwritable(out.name) from error
    seconds = round(time.monotonic() - began, 3)
    return Made(out, made.pages, made.bytes, made.pdfa, seconds, unread)


def _bundle(request: BundleRequest, file: Path, stop: threading.Event | None) -> BundleMade:
    file.write_text(json.dumps(request.to_json()), encoding="ascii")  # a name may be no text
    timeout = _BUNDLE_SECONDS + _BUNDLE_SECONDS_A_PAGE * len(request.pages)
    return BundleMade.from_json(
        programs.run_module("digitizer.bundle", str(file), timeout=timeout, stop=stop)
    )


def _check_writable(out: Path) -> None:
    """Say at once, not after an hour of OCR, that the output has no place."""
    folder = out.absolute().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK) or out.is_dir():
        raise OutputUnwritable(out.name)


def _same_file(one: Path, other: Path) -> bool:
    """Tell whether two names are one file, through whatever links."""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def _title(out: Path) -> str:
    """Return the bundle's name as a title; a file name may hold what is no text."""
    text = os.fsencode(out.stem).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def _newest(files: Sequence[Path]) -> datetime:
    """Return when the newest of the files was written: the bundle's date."""
    newest = max(file.stat().st_mtime for file in files)
    return datetime.fromtimestamp(int(newest), UTC)


def _page(page: WorkedPage) -> BundlePage:
    found, words = page.whole.reading, page.whole.words
    return BundlePage(
        image=page.image,
        turn=found.turn,
        skew=found.skew,
        width=found.width,
        height=found.height,
        dpi_x=found.dpi_x,
        dpi_y=found.dpi_y,
        text_pdf=words.text_pdf if words else None,
        box=found.own_box,
    )
