"""The driver behind ``import`` and ``watch``: its pages come from files, not from glass.

Runs inside ``drivers.worker``. Each file goes through the intake program, which checks it to its
end and writes its pages; a bad file never stops the good ones after it. Knows no image format.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer import programs
from digitizer.errors import (
    DigitizerError,
    FileNotPlain,
    InputError,
    ProgramCrashed,
    ProgramTimeout,
    ScanCancelled,
    ScannerNotFound,
    Stopped,
    from_os,
)
from digitizer.scanning import (
    KEPT_WHOLE,
    Capabilities,
    Device,
    Profile,
    Progress,
    ScannedPage,
    unheard,
)
from drivers.landing import land_file, land_original
from drivers.listing import expanded, odd

_INTAKE = "digitizer.pages.intake"
_INTAKE_SECONDS = 600.0
_ALIVE_SECONDS = 1.0
_NAMED_AT_MOST = 5


def scanner(state: Path | None) -> FolderScanner:
    """Return the driver; it needs nothing that may be missing."""
    return FolderScanner()


class FolderScanner:
    """Takes ``Profile.files`` in order. There is nothing to discover and nothing to set."""

    def devices(self) -> list[Device]:
        """Return nothing: files are named, not found."""
        return []

    def capabilities(self, device: str) -> Capabilities:
        """Raise ``ScannerNotFound``: no file is a device."""
        raise ScannerNotFound(device)

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        """Yield the pages of every file that can be read, then raise for those that cannot.

        The error is the first bad file's; its detail also names the others that were refused.
        """
        if not profile.files:  # somebody took it for a scanner
            raise ScannerNotFound(profile.device)
        aside = into / "intake"
        try:
            aside.mkdir()
        except OSError as error:
            raise from_os(error) from error
        intake = programs.Companion(_INTAKE, aside, profile.files)
        try:
            kept = "whole" if KEPT_WHOLE in profile.options else ""
            yield from self._all(profile, _Taking(intake, aside, into, stop, told, kept))
        finally:
            intake.close()
            shutil.rmtree(aside, ignore_errors=True)

    def _all(self, profile: Profile, taking: _Taking) -> Generator[ScannedPage, None, None]:
        bad: list[tuple[Path, DigitizerError]] = []
        seq = profile.first - 1
        for path in profile.files:
            try:
                files = expanded(path)
                if path.is_dir():
                    bad += [(one, FileNotPlain()) for one in odd(path)]
            except InputError as error:
                bad.append((path, error))
                continue
            for file in files:
                try:
                    for page in taking.pages(file, seq + 1):
                        seq = page.seq
                        yield page
                        if profile.pages is not None and seq - profile.first + 1 >= profile.pages:
                            return
                except (InputError, ProgramCrashed, ProgramTimeout) as error:
                    bad.append((file, error))
        if bad:
            (first, reason), others = bad[0], bad[1:]
            also = f" (also refused: {_names([path for path, _ in others])})" if others else ""
            raise type(reason)(f"{_names([first])}{also}")


class _Taking(Struct, frozen=True):
    """One scan: its intake program, a folder for that to write into, what ``scan`` got, and
    which PDFs are kept as they are."""

    intake: programs.Companion
    aside: Path
    into: Path
    stop: threading.Event
    told: Callable[[Progress], None]
    kept: str

    def pages(self, file: Path, first: int) -> Iterator[ScannedPage]:
        """Land the pages of one file, numbered from ``first``; none where it is not whole."""
        written, original = self._written(file, first)
        try:
            if original is not None:  # before its first page: what takes that takes it along
                land_original(original, self.into)
            for number, page in enumerate(written):
                landed = land_file(page, self.into, first + number)
                last = number == len(written) - 1
                yield ScannedPage(first + number, landed, file, last)
                if self.stop.is_set() and not last:
                    raise ScanCancelled(file.name)
        finally:
            for left in (*written, *([original] if original else [])):
                left.unlink(missing_ok=True)

    def _written(self, file: Path, first: int) -> tuple[list[Path], Path | None]:
        """Have the intake program take one file and return the pages it wrote, in order, and the
        signed PDF that they are from, if they are from one."""
        if self.stop.is_set():
            raise ScanCancelled(file.name)
        try:
            with _said(lambda: self.told(Progress(first))):  # its own time limit watches over it
                answer: Any = self.intake.ask(
                    str(file),
                    str(self.aside),
                    str(first),
                    self.kept,
                    timeout=_INTAKE_SECONDS,
                    stop=self.stop,
                )
        except Stopped as error:
            raise ScanCancelled(file.name) from error
        except (ProgramCrashed, ProgramTimeout):
            self._sweep()
            raise
        original = answer["original"]
        return (
            [self.aside / Path(name).name for name in answer["files"]],
            self.aside / Path(original).name if original else None,
        )

    def _sweep(self) -> None:
        """Remove what a program that was brought down left."""
        for left in self.aside.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


@contextlib.contextmanager
def _said(alive: Callable[[], None]) -> Iterator[None]:
    """Call ``alive`` every second while the block runs."""
    over = threading.Event()

    def say() -> None:
        while not over.wait(_ALIVE_SECONDS):
            alive()

    speaker = threading.Thread(target=say, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join()


def _names(bad: list[Path]) -> str:
    shown = ", ".join(path.name for path in bad[:_NAMED_AT_MOST])
    more = len(bad) - _NAMED_AT_MOST
    return f"{shown} and {more} more" if more > 0 else shown
