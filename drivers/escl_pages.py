"""Take one answer to NextDocument off the line and land the pages in it.

Used by ``drivers.escl_job``. A page goes to disk as it comes; only when it is whole does it get
its name. A JPEG that is what was asked for is kept byte for byte.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Generator, Iterator
from email.message import Message
from pathlib import Path

from msgspec import Struct
from PIL import Image, UnidentifiedImageError

from digitizer.errors import ScannerLost, ScannerStrange, from_os
from digitizer.scanning import Mode, Progress
from drivers import escl_jpeg, images
from drivers.escl_http import Stream
from drivers.escl_xml import UNITS_PER_INCH
from drivers.landing import land_bytes, land_part, page_name

MAX_BODY_BYTES = 400_000_000
_PARTS_NAME = "escl.part"
_MAX_PARTS = 1000
_NAMES = {b"%PDF": "PDF", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"\x89PNG": "PNG"}


class Wanted(Struct, frozen=True):
    """What pages shall be. ``width``: of the region that is scanned, in 1/300 inch."""

    into: Path
    mode: Mode
    dpi: int
    width: int


def land(
    answer: Stream, wanted: Wanted, seq: int, told: Callable[[Progress], None]
) -> Generator[Path, None, None]:
    """Yield the page files in ``answer``, the first of them as page ``seq``.

    Raises:
        ScannerLost: a page is not whole; nothing of it is left.
        ScannerStrange: no JPEG, or larger than any page.
        DiskFull, HomeReadOnly.
    """
    boundary = _boundary(answer.headers.get("content-type", ""))
    name = page_name(seq, ".part") if boundary is None else _PARTS_NAME
    body = wanted.into / name
    try:
        _fetch(answer, body, seq, told)
        if boundary is None:
            yield _landed(body, wanted, seq)
            return
        for number, part in enumerate(_parts(body, boundary)):
            page = wanted.into / page_name(seq + number, ".part")
            _write(page, part)
            yield _landed(page, wanted, seq + number)
    finally:
        body.unlink(missing_ok=True)


def _fetch(answer: Stream, body: Path, seq: int, told: Callable[[Progress], None]) -> None:
    had = 0
    try:
        with body.open("wb") as file:
            for chunk in answer.chunks:
                had += len(chunk)
                if had > MAX_BODY_BYTES:
                    raise ScannerStrange(f"more than {MAX_BODY_BYTES} bytes")
                file.write(chunk)
                told(Progress(seq, had / answer.length if answer.length else None))
    except OSError as error:
        raise from_os(error, body.name) from error
    if answer.length is not None and had < answer.length:
        raise ScannerLost(f"page {seq}: {had} of {answer.length} bytes")


def _landed(part: Path, wanted: Wanted, seq: int) -> Path:
    """Check ``part``, make of it what is wanted, and give it its name."""
    try:
        try:
            head = _checked(part, seq)
            if wanted.mode is Mode.COLOR or (wanted.mode is Mode.GRAY and head.channels == 1):
                inches = wanted.width / UNITS_PER_INCH
                _set_dpi(part, head, escl_jpeg.true_dpi(head, wanted.dpi, inches))
                return land_part(wanted.into, seq, ".jpg")
            with Image.open(part, formats=("JPEG",)) as image:
                suffix, content = images.encode(image, wanted.mode, wanted.dpi)
        except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError) as error:
            raise ScannerStrange(f"page {seq}: {type(error).__name__}") from error
        except OSError as error:
            if error.errno is None:  # Pillow's own: it cannot be decoded to its end
                raise ScannerLost(f"page {seq}: damaged") from error
            raise from_os(error, part.name) from error
        return land_bytes(wanted.into, seq, suffix, content)
    finally:
        part.unlink(missing_ok=True)


def _checked(part: Path, seq: int) -> escl_jpeg.Head:
    with part.open("rb") as file:
        start = file.read(escl_jpeg.HEAD_BYTES)
        file.seek(max(0, part.stat().st_size - escl_jpeg.TAIL_BYTES))
        tail = file.read()
    if not start:
        raise ScannerLost(f"page {seq}: empty")
    if not escl_jpeg.begins(start):
        kind = next((kind for magic, kind in _NAMES.items() if start.startswith(magic)), "no image")
        raise ScannerStrange(f"page {seq}: {kind} instead of a JPEG")
    if not escl_jpeg.ends(tail):
        raise ScannerLost(f"page {seq}: cut short")
    head = escl_jpeg.read_head(start)
    if head is None:
        raise ScannerStrange(f"page {seq}: a JPEG without a frame")
    return head


def _set_dpi(part: Path, head: escl_jpeg.Head, dpi: tuple[int, int]) -> None:
    """Let the file tell its true resolution; the pixels stay as they are."""
    with part.open("r+b") as file:
        start = file.read(escl_jpeg.HEAD_BYTES)
        instead_of, new = escl_jpeg.corrected(start, head, dpi)
        if not new:
            return
        rest = b"" if len(new) == instead_of else start[instead_of:] + file.read()
        file.seek(0)
        file.write(new + rest)


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise from_os(error, file.name) from error


def _boundary(content_type: str) -> bytes | None:
    """Return what parts the pages of a multipart answer, or None for a single one."""
    if not content_type.lower().startswith("multipart/"):
        return None
    header = Message()
    header["content-type"] = content_type
    told = header.get_boundary()
    if not told:
        raise ScannerStrange("multipart without a boundary")
    return told.encode("latin-1", "replace")


def _parts(body: Path, boundary: bytes) -> Iterator[bytes]:
    """Yield the contents of a multipart body (RFC 2046, §5.1), one after another."""
    mark = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    if body.stat().st_size == 0:
        return
    with body.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        begins: int | None = None
        for number, found in enumerate(mark.finditer(whole)):
            if number > _MAX_PARTS:
                raise ScannerStrange("too many parts")
            if begins is not None:
                yield _content(whole[begins : found.start()])
            begins = None if found[1] else found.end()
        if begins is not None:
            raise ScannerLost("multipart cut short")


def _content(part: bytes) -> bytes:
    """Return a part without its headers."""
    if part.startswith((b"\r\n", b"\n")):
        return part.lstrip(b"\r\n")
    ends = [(part.find(gap), len(gap)) for gap in (b"\r\n\r\n", b"\n\n")]
    at, length = min(((at, length) for at, length in ends if at >= 0), default=(0, 0))
    return part[at + length :]
