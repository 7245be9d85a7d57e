"""Files in, worked pages out, in order: child programs on a small pool of threads.

Called by ``inspection`` and ``bundle.files``. Takes files apart a little ahead of the pages being
read; of a page only its image and words stay, in files. A JPEG is one page already: it is copied
and proven whole by the program that reads it, which spares a program for each. A program stays for
page after page, because starting one costs a tenth of a page.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from digitizer import programs
from digitizer.errors import ProgramCrashed, ProgramTimeout, Stopped
from digitizer.model import Reading
from digitizer.pages.whole import WholePage

_INTAKE_SECONDS = 1800.0
_PAGE_SECONDS = 300.0
_AHEAD = 2
_JPEG_START = b"\xff\xd8\xff"


class WorkedPage(Struct, frozen=True):
    """A page of an outside file, read and OCRed.

    Attributes:
        file: Where it came from, as it was given.
        page: 1, 2, 3 … within ``file``.
        image: The page image in the scratch folder.
        whole: What it is and says.
        original: A copy of ``file`` where that is a signed PDF, else None.
    """

    file: Path
    page: int
    image: Path
    whole: WholePage
    original: Path | None = None


class _Source(Struct, frozen=True):
    """A page to be worked; ``original``: a copy of the signed PDF that it is from, or None."""

    file: Path
    page: int
    image: Path
    original: Path | None = None


Progress = Callable[[int], object]
"""Told how many pages are done, after each."""


def cores() -> int:
    """Return how many programs to run at once by default."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def worked(
    files: Sequence[Path],
    scratch: Path,
    *,
    jobs: int | None = None,
    stop: threading.Event | None = None,
    progress: Progress | None = None,
) -> Iterator[WorkedPage]:
    """Yield every page of ``files`` in order, read and OCRed.

    Args:
        files: Images and PDFs.
        scratch: An empty folder, the caller's to delete; page images, ``.tsv`` and ``.pdf`` of
            words stay in it until then.
        jobs: Programs at once; the number of cores by default.
        stop: Set from elsewhere to end it at once.
        progress: Told after each page.

    Raises:
        Stopped: ``stop`` was set.
        DigitizerError: From a file or a program; the programs still running were killed.
    """
    halt = _Halt(stop)
    ahead: deque[Future[WorkedPage]] = deque()
    workers = jobs or cores()
    readers = _Readers(scratch, halt)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="page")
    done = 0
    try:
        for source in _sources(files, scratch, halt):
            ahead.append(pool.submit(readers.work, source))
            if len(ahead) >= workers + _AHEAD:
                yield ahead.popleft().result()
                done += 1
                _tell(progress, done)
        while ahead:
            yield ahead.popleft().result()
            done += 1
            _tell(progress, done)
    finally:
        halt.set()
        pool.shutdown(wait=True, cancel_futures=True)
        readers.close()


class _Halt(threading.Event):
    """Set by us when anything failed, or by the caller's own event."""

    def __init__(self, outer: threading.Event | None) -> None:
        super().__init__()
        self._outer = outer

    def is_set(self) -> bool:
        return super().is_set() or (self._outer is not None and self._outer.is_set())


def _tell(progress: Progress | None, done: int) -> None:
    if progress is not None:
        progress(done)


def _sources(files: Sequence[Path], scratch: Path, halt: _Halt) -> Iterator[_Source]:
    for number, file in enumerate(files, 1):
        if halt.is_set():
            raise Stopped
        into = scratch / f"{number:05d}"
        into.mkdir()
        if _is_jpeg(file):
            image = Path(shutil.copyfile(file, into / file.with_suffix(".jpg").name))
            yield _Source(file, 1, image)
            continue
        answer = programs.run_module(
            "digitizer.pages.intake",
            str(file.absolute()),
            str(into),
            timeout=_INTAKE_SECONDS,
            stop=halt,
            scratch=scratch,
        )
        original = _inside(into, answer["original"]) if answer["original"] else None
        for page, image in enumerate(answer["files"], 1):
            yield _Source(file, page, _inside(into, image), original)


def _inside(folder: Path, name: str) -> Path:
    """Return the file of that name in ``folder``, whatever path a program gives it."""
    return folder / Path(name).name


def _is_jpeg(file: Path) -> bool:
    """Tell whether the file is plainly a JPEG; whatever is odd about others, intake will say. A
    pipe is not opened: nobody may ever write into it."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return opened.read(len(_JPEG_START)) == _JPEG_START
    except OSError:
        return False


def _at_home(page: WholePage, folder: Path) -> WholePage:
    """Return the page with its files where they were asked for, whatever paths a program gives."""
    words = page.words
    if words is None:
        return page
    tsv, text_pdf = (folder / file.name for file in (words.tsv, words.text_pdf))
    return replace(page, words=replace(words, tsv=tsv, text_pdf=text_pdf))


class _Readers:
    """The programs that read pages, one to each thread of the pool, for as long as it lives."""

    def __init__(self, scratch: Path, halt: _Halt) -> None:
        self._scratch = scratch
        self._halt = halt
        self._own = threading.local()
        self._all: list[programs.Companion] = []

    def work(self, source: _Source) -> WorkedPage:
        """Read and OCR a page; one that takes its program down keeps its image, without text."""
        began = time.monotonic()
        image, prefix = str(source.image), str(source.image.with_suffix(""))
        made = source.image.parent
        try:
            answer = self._companion().ask(image, prefix, timeout=_PAGE_SECONDS, stop=self._halt)
            whole = _at_home(WholePage.from_json(answer["pages"][0]), made)
        except (ProgramTimeout, ProgramCrashed) as error:
            found = programs.run_module(
                "digitizer.pages.reading",
                image,
                timeout=_PAGE_SECONDS,
                stop=self._halt,
                scratch=source.image.parent,
            )
            seconds = round(time.monotonic() - began, 3)
            whole = WholePage(Reading.from_json(found), None, error.code, seconds, None)
        return WorkedPage(source.file, source.page, source.image, whole, source.original)

    def _companion(self) -> programs.Companion:
        found: programs.Companion | None = getattr(self._own, "companion", None)
        if found is None:
            found = self._own.companion = programs.Companion("digitizer.pages.whole", self._scratch)
            self._all.append(found)
        return found

    def close(self) -> None:
        """End the programs, once the threads that ask them have ended."""
        for companion in self._all:
            companion.close()
