"""Makes one bundle: pages in, a validated PDF/A-2b out, whole or not at all.

Called by the bundle program. Peak memory does not grow with the number of pages.
"""

from __future__ import annotations

import io
import logging
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from msgspec.structs import replace
from pikepdf import pdfa

from digitizer.bundle import metadata, textlayer
from digitizer.bundle.container import ContainerWriter
from digitizer.bundle.request import BundleMade, BundleRequest
from digitizer.durable import sha256_of, sync_file, sync_folder
from digitizer.errors import BundleInvalid, OutputUnwritable, from_os

if TYPE_CHECKING:
    from typing_extensions import Buffer

log = logging.getLogger(__name__)

_FLAVOUR = "2b"
_WRITE_BYTES = 1 << 18
_NAMED_AT_MOST = 5


def make(request: BundleRequest) -> BundleMade:
    """Make the bundle that ``request`` asks for.

    Raises:
        BundleInvalid: It would not be valid PDF/A-2b; nothing was written.
        OutputUnwritable, DiskFull: The output's folder does not take it.
        FileMissing, FileEmpty, FileUnreadable, ImageTooLarge: from a page's files.
    """
    began = time.monotonic()
    folder = request.out.parent
    try:
        with tempfile.TemporaryDirectory(prefix=".digitizer-bundle-", dir=folder) as scratch:
            ready = _checked(request, Path(scratch))
            sync_file(ready)
            digest = sha256_of(ready)
            size = ready.stat().st_size
            ready.replace(request.out)
        sync_folder(folder)
    except (PermissionError, FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise OutputUnwritable(request.out.name) from error
    except OSError as error:
        raise from_os(error, request.out.name) from error
    return BundleMade(
        request.out,
        len(request.pages),
        size,
        digest,
        pdfa=True,
        seconds=round(time.monotonic() - began, 3),
    )


def _checked(request: BundleRequest, scratch: Path) -> Path:
    """Write the bundle as ``_written`` does. Where it is not valid, say which pages are to blame:
    those that are not by themselves."""
    try:
        return _written(request, scratch)
    except BundleInvalid as error:
        bad = [
            number
            for number, page in enumerate(request.pages, start=1)
            if not _is_valid(replace(request, pages=(page,)), scratch)
        ]
        if not bad:
            raise
        pages = ", ".join(str(number) for number in bad[:_NAMED_AT_MOST])
        raise BundleInvalid(f"{request.out.name}, page {pages}") from error


def _is_valid(request: BundleRequest, scratch: Path) -> bool:
    try:
        _written(request, scratch)
    except BundleInvalid:
        return False
    return True


def _written(request: BundleRequest, scratch: Path) -> Path:
    """Write and validate the bundle inside ``scratch``; return its path."""
    container, ready = scratch / "container.pdf", scratch / "bundle.pdf"
    fonts: dict[str, Path] = {}
    set_in: list[str | None] = []
    with container.open("wb") as out:
        writer = ContainerWriter(out, scratch)
        for page in request.pages:
            found = textlayer.layer(page.text_pdf) if page.text_pdf else None
            writer.add(page, request.style, found.text if found else None)
            set_in.append(found.font if found else None)
            if found and page.text_pdf:
                fonts.setdefault(found.font, page.text_pdf)
        writer.finish()
    with ExitStack() as stack:
        pdf = stack.enter_context(pikepdf.open(container, access_mode=pikepdf.AccessMode.stream))
        shared = {
            digest: pdf.copy_foreign(
                stack.enter_context(pikepdf.open(path)).pages[0].obj.Resources.Font[textlayer.FONT]
            )
            for digest, path in fonts.items()
        }
        for page_object, font in zip(pdf.pages, set_in, strict=True):
            if font is not None:
                page_object.obj.Resources.Font = pikepdf.Dictionary({textlayer.FONT: shared[font]})
        pdfa.prepare(pdf, _FLAVOUR)
        metadata.describe(pdf, request)
        options = pdfa.resolve_save_kwargs(_FLAVOUR, deterministic_id=True)
        with _Target(ready.open("wb", buffering=0), _WRITE_BYTES) as target:
            pdf.save(target, **options)
            target.flush()
            if target.trouble is not None:
                raise target.trouble
    container.unlink()
    report = pdfa.validate_written(ready, _FLAVOUR, save_kwargs=options)
    if not report.passed:
        log.error("not PDF/A: %s", "; ".join(str(finding) for finding in report.findings[:20]))
        raise BundleInvalid(request.out.name)
    return ready


class _Target(io.BufferedWriter):
    """Where the PDF library writes to. A failed write inside it would end the whole process, so
    trouble (a full disk) is kept back until it has finished."""

    trouble: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        if self.trouble is None:
            try:
                return super().write(data)
            except OSError as error:
                self.trouble = error
        return memoryview(data).nbytes

    def flush(self) -> None:
        if self.trouble is None:
            try:
                super().flush()
            except OSError as error:
                self.trouble = error
