"""What covers page 1 of a PDF: its ink, its words, its other signatures.

Called by ``looking``. The page is drawn as it is seen, because no list of what is on it says what
of that is white.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf

from digitizer.errors import FileLocked, FileUnreadable
from digitizer.pages import ink, pdfdocument
from digitizer.signing.frame import Frame
from digitizer.signing.model import Rectangle
from digitizer.signing.placing import Cover, Ground

_SCALE = 1.5
"""Cells a point: 108 dpi, where the smallest print still is ink."""
_MOST_CELLS = 1_500_000
_INK = 0.2
"""So much darker than its paper is ink; patterned paper is lighter."""
_MOST_RECTANGLES = 20_000
_UNSEEN_FLAGS = 0b100011  # invisible, hidden, not viewed
_STRANGE = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError)


def look(path: Path) -> tuple[Frame, Ground]:
    """Return how page 1 is seen and what covers it.

    Raises:
        FileUnreadable, FileLocked: as they say.
    """
    try:
        with pikepdf.open(path) as pdf:
            if pdf.is_encrypted:
                raise FileLocked(path.name)
            page = pdf.pages[0]
            frame = _frame(page)
            taken = list(_annotations(page))
    except pikepdf.PasswordError as error:
        raise FileLocked(path.name) from error
    except _STRANGE as error:
        raise FileUnreadable(path.name) from error
    width, height = frame.size
    scale = min(_SCALE, (_MOST_CELLS / max(1.0, width * height)) ** 0.5)
    covered, words = _drawn(path, scale)
    for word in words:
        _fill(covered, frame.seen(word), scale)
    others = np.zeros_like(covered)
    for rectangle in taken:
        _fill(others, frame.seen(rectangle), scale)
    return frame, Ground(covered, others, scale)


def _frame(page: pikepdf.Page) -> Frame:
    media, crop = (_rectangle(box) for box in (page.mediabox, page.cropbox))
    shown = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    if shown[2] <= shown[0] or shown[3] <= shown[1]:
        shown = media
    turn = int(_inherited(page, "/Rotate", 0)) % 360
    unit = float(page.obj.get("/UserUnit", 1))
    if turn % 90 or unit <= 0 or shown[2] <= shown[0] or shown[3] <= shown[1]:
        raise ValueError("no page that can be shown")
    return Frame(shown, turn, unit)


def _inherited(page: pikepdf.Page, key: str, default: int) -> int:
    node: pikepdf.Object | None = page.obj
    depth = 0
    while isinstance(node, pikepdf.Dictionary) and depth < 50:
        if key in node:
            return int(node[key])
        node, depth = node.get("/Parent"), depth + 1
    return default


def _rectangle(box: pikepdf.Object) -> Rectangle:
    a, b, c, d = (float(side) for side in box)
    return (min(a, c), min(b, d), max(a, c), max(b, d))


def _annotations(page: pikepdf.Page) -> Iterator[Rectangle]:
    """Yield where something lies over the page that is seen: signatures, stamps, notes."""
    found = page.obj.get("/Annots")
    if not isinstance(found, pikepdf.Array):
        return
    for at, one in enumerate(found):
        if at >= _MOST_RECTANGLES:
            return
        with contextlib.suppress(*_STRANGE):  # a broken one is not seen either
            unseen = int(one.get("/F", 0)) & _UNSEEN_FLAGS
            if not unseen and one.get("/Subtype") not in ("/Link", "/Popup"):
                yield _rectangle(one["/Rect"])


def _drawn(path: Path, scale: float) -> tuple[Cover, list[Rectangle]]:
    """Return the ink of page 1 as seen, and where its words are, as counted."""
    with pdfdocument.opened(path) as document:
        page = document[0]
        bitmap = page.render(scale=scale, grayscale=True)
        picture = bitmap.to_pil().convert("L")
        bitmap.close()
        covered = (ink.contrast(picture) > _INK).astype(np.float32)
        text = page.get_textpage()
        count = min(text.count_rects(), _MOST_RECTANGLES)
        words = [text.get_rect(at) for at in range(count)]
        text.close()
        page.close()
        return covered, words


def _fill(cells: Cover, seen: Rectangle, scale: float) -> None:
    left, top = (max(0, int(np.floor(side * scale))) for side in seen[:2])
    right, bottom = (max(0, int(np.ceil(side * scale))) for side in seen[2:])
    cells[top:bottom, left:right] = 1.0
