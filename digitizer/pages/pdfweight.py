"""How much the streams of a PDF unpack to, measured before anything draws them.

Called by ``pages.pdfpages``. Three megabytes of packed zeros are three gigabytes of operators, over
which a drawing library sits for minutes and ends with an empty page. Images are not weighed, which
are bounded by their width and height where they are decoded, nor attachments, which nobody unpacks.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import chain

import pikepdf

from digitizer.errors import PdfOverfull

MOST_OF_ONE = 32 << 20
"""Bytes of one stream: a hundred times what a crowded page of a drawing takes."""
MOST_OF_ALL = 512 << 20
"""Bytes of all of them, pages' contents counted twice: room for two thousand crowded pages."""
_PIECE = 1 << 20
_FLATE = ("/FlateDecode", "/Fl")


def check(pdf: pikepdf.Pdf, name: str) -> None:
    """Make sure that a PDF's streams unpack to what can be drawn in bounded time.

    Args:
        pdf: As qpdf has it.
        name: The file's, for the error.

    Raises:
        PdfOverfull: They do not.
    """
    total = 0
    for stream in chain(_contents(pdf), _others(pdf)):
        weight = _weight(stream)
        total += weight
        if weight > MOST_OF_ONE or total > MOST_OF_ALL:
            raise PdfOverfull(name)


def _contents(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    """Yield what pages say they show, whatever else it calls itself."""
    for page in pdf.pages:
        found = page.obj.get("/Contents")
        for part in found if isinstance(found, pikepdf.Array) else [found]:
            if isinstance(part, pikepdf.Stream):
                yield part


def _others(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    """Yield all other streams that drawing may unpack: forms, patterns, fonts, functions."""
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream) or thing.get("/Subtype") == "/Image":
            continue
        if thing.get("/Type") != "/EmbeddedFile":
            yield thing


def _weight(stream: pikepdf.Stream) -> int:
    """Return what a stream unpacks to; a little more than ``MOST_OF_ONE`` stands for any more."""
    found = stream.get("/Filter", pikepdf.Array())
    filters = [str(one) for one in (found if isinstance(found, pikepdf.Array) else [found])]
    pieces: Iterator[bytes] = iter([bytes(stream.read_raw_bytes())])
    for kind in filters:
        if kind not in _FLATE:
            break  # what text turns into binary grows nothing; the rest packs little
        pieces = _inflated(pieces)
    weight = 0
    for piece in pieces:
        weight += len(piece)
        if weight > MOST_OF_ONE:
            break
    return weight


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what pieces unpack to, a megabyte at most at once; what is damaged ends it."""
    unpacker = zlib.decompressobj()
    try:
        for piece in packed:
            left = piece
            while left and not unpacker.eof:
                yield unpacker.decompress(left, _PIECE)
                left = unpacker.unconsumed_tail
    except zlib.error:
        return
