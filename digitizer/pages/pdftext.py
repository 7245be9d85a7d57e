"""The words that a PDF page has of itself, where they can be trusted to be what people see.

Called by ``pages.pdfpages`` with the page as pdfium opened it and as it was rendered. A scan with
a hidden layer of somebody's OCR, letters without a mapping to Unicode, and the fonts Vietnam used
before Unicode (TCVN3, VNI) give none: such a page is read by OCR like any other.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from digitizer.pages import strays
from digitizer.pages.ownwords import OwnWord

_MOST_LETTERS, _MOST_OBJECTS = 40_000, 20_000
_PARTS, _SAMPLE = 100_000, 200
_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_LEAST_WORDS = 3
_UNMAPPED, _UNSEEN, _STRANGE, _LETTERED = 0.02, 0.2, 0.2, 0.6
_COVERED_BY_IMAGES, _EXPLAINED = 0.6, 0.35
_COVERED_BY_FIELDS = 0.3
_CELL = 4
_INK_LEVEL, _SEEN_STEP = 150, 40
_NEW_PARAGRAPH = 1.7
_LEGACY = re.compile(r"(^|\+)(\.?Vn[A-Z0-9]|VNI[-_ ]|VNTime|VNI$|TCVN)", re.ASCII)
_VIETNAMESE = frozenset(
    unicodedata.normalize("NFC", base + mark)
    for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
) | frozenset("đĐ")
_VOWELS = frozenset("aeiouyAEIOUY")

Mask = NDArray[np.bool_]


class _Letter(Struct, frozen=True):
    """One character; ``box``: left, top, right, bottom in parts of the page."""

    text: str
    box: tuple[float, float, float, float]


Area = tuple[float, float, float, float]
"""Left, top, right and bottom in parts of the page as it is shown."""


def field_areas(page: pypdfium2.PdfPage) -> list[Area]:
    """Return where the page's form fields lie; to be asked before they are flattened."""
    found: list[Area] = []
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_OBJECTS)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        edges = pdfium.FS_RECTF()
        is_field = pdfium.FPDFAnnot_GetSubtype(note) == pdfium.FPDF_ANNOT_WIDGET
        if is_field and pdfium.FPDFAnnot_GetRect(note, edges):
            found.append(_on_page(page, edges.left, edges.bottom, edges.right, edges.top))
        pdfium.FPDFPage_CloseAnnot(note)
    return found


def words(
    page: pypdfium2.PdfPage, shown: Image.Image, fields: Sequence[Area] = ()
) -> list[OwnWord]:
    """Return the page's own words in its order, or none where they are not to be trusted.

    Args:
        page: With its forms and notes flattened, if they were rendered.
        shown: The page as rendered, upright.
        fields: Where form fields lie.
    """
    pictures = _pictures(page)
    if pictures is None:
        return []
    letters = _letters(page)
    if letters is None:
        return []
    found = strays.into_lines(list(_grouped(letters)))
    grey = np.asarray(shown.convert("L").reduce(_CELL))
    seen = [word for word in found if _is_seen(word, grey)]
    if len(seen) < _LEAST_WORDS or len(seen) < (1 - _UNSEEN) * len(found):
        return []
    if not _is_language(seen) or not _explains(seen, pictures, fields, grey):
        return []
    return seen


def _letters(page: pypdfium2.PdfPage) -> list[_Letter] | None:
    """Return the page's visible characters, white space included; None for what is no text."""
    text = _text_page(page)
    try:
        count = text.count_chars()
        if not 0 < count <= _MOST_LETTERS:
            return None
        found, unmapped, hidden = [], 0, 0
        for index in range(count):
            code = int(pdfium.FPDFText_GetUnicode(text, index))
            sign = chr(code) if code <= 0x10FFFF else "\ufffd"
            if pdfium.FPDFText_IsGenerated(text, index) == 1 or sign.isspace():
                found.append(_Letter("\n" if sign in "\r\n" else " ", (0, 0, 0, 0)))
                continue
            unmapped += _is_unmapped(text, index, sign)
            shape = pdfium.FPDFText_GetTextObject(text, index)
            if shape and pdfium.FPDFTextObj_GetTextRenderMode(shape) in _INVISIBLE:
                hidden += 1
            found.append(_Letter(sign, _box(page, text, index)))
        drawn = sum(not letter.text.isspace() for letter in found)
        if hidden > _UNSEEN * drawn or unmapped > _UNMAPPED * drawn or _is_legacy(text, count):
            return None
        return found
    finally:
        text.close()


def _text_page(page: pypdfium2.PdfPage) -> pypdfium2.PdfTextPage:
    """Open the page's text as it is when its letters stand upright, however it is shown: pdfium
    takes those that stand on their heads in the wrong order."""
    text = page.get_textpage()
    count = text.count_chars()
    sample = range(0, min(count, _MOST_LETTERS), max(1, count // _SAMPLE))
    quarters = [-round(pdfium.FPDFText_GetCharAngle(text, i) / (math.pi / 2)) % 4 for i in sample]
    rotation, shown = 90 * max(set(quarters), key=quarters.count, default=0), page.get_rotation()
    if rotation == shown:
        return text
    text.close()
    page.set_rotation(rotation)
    try:
        return page.get_textpage()
    finally:
        page.set_rotation(shown)


def _is_unmapped(text: pypdfium2.PdfTextPage, index: int, sign: str) -> bool:
    category = unicodedata.category(sign)
    return (
        category in ("Co", "Cn", "Cc", "Cs")
        or sign == "\ufffd"
        or pdfium.FPDFText_HasUnicodeMapError(text, index) == 1
    )


def _is_legacy(text: pypdfium2.PdfTextPage, count: int) -> bool:
    """Tell whether a font is one of those whose letters stand for others (TCVN3, VNI)."""
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    for index in range(0, count, max(1, count // _SAMPLE)):
        size = pdfium.FPDFText_GetFontInfo(text, index, name, len(name), flags)
        if 0 < size <= len(name) and _LEGACY.search(name.value.decode("utf-8", "replace")):
            return True
    return False


def _box(
    page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, index: int
) -> tuple[float, float, float, float]:
    rectangle = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, index, rectangle)
    return _on_page(page, rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)


def _on_page(
    page: pypdfium2.PdfPage, left: float, bottom: float, right: float, top: float
) -> tuple[float, float, float, float]:
    """Return a rectangle of the PDF's as parts of the page as it is shown, from the top left."""
    points = []
    for x, y in ((left, bottom), (right, top)):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _PARTS, _PARTS, 0, x, y, across, down)
        points.append((across.value / _PARTS, down.value / _PARTS))
    (x0, y0), (x1, y1) = points
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _grouped(letters: Sequence[_Letter]) -> Iterator[OwnWord]:
    """Yield words, with their lines and paragraphs."""
    paragraph, line, last = 1, 1, None
    current: list[_Letter] = []
    line_broken = False
    for letter in [*letters, _Letter("\n", (0, 0, 0, 0))]:
        if not letter.text.isspace():
            current.append(letter)
            continue
        if current:
            word = _word(current, paragraph, line)
            if last is not None and line_broken:
                height = max(last.bottom - last.top, word.bottom - word.top, 1e-4)
                step = word.top - last.top
                if 0 <= step <= _NEW_PARAGRAPH * height:
                    line += 1
                else:
                    paragraph, line = paragraph + 1, 1
                word = _word(current, paragraph, line)
            current, line_broken, last = [], False, word
            if word.right > 0 and word.left < 1 and word.bottom > 0 and word.top < 1:
                yield word
        line_broken = line_broken or letter.text == "\n"


def _word(letters: Sequence[_Letter], paragraph: int, line: int) -> OwnWord:
    text = unicodedata.normalize("NFC", "".join(letter.text for letter in letters))
    sides = [letter.box for letter in letters]
    left, top = (max(0.0, min(box[side] for box in sides)) for side in (0, 1))
    right, bottom = (min(1.0, max(box[side] for box in sides)) for side in (2, 3))
    return OwnWord(text, min(left, right), min(top, bottom), right, bottom, paragraph, line)


def _cells(
    box: tuple[float, float, float, float], shape: tuple[int, ...], margin: int = 0
) -> tuple[slice, slice]:
    down, across = shape[0], shape[1]
    return (
        slice(max(0, int(box[1] * down) - margin), int(box[3] * down) + 1 + margin),
        slice(max(0, int(box[0] * across) - margin), int(box[2] * across) + 1 + margin),
    )


def _is_seen(word: OwnWord, grey: NDArray[np.uint8]) -> bool:
    inside = grey[_cells((word.left, word.top, word.right, word.bottom), grey.shape)]
    return bool(inside.size) and int(inside.max()) - int(inside.min()) >= _SEEN_STEP


def _is_language(found: Sequence[OwnWord]) -> bool:
    """Tell letters that somebody wrote from codes that stand for other letters."""
    text = "".join(word.text for word in found)
    marked = [sign for sign in text if sign.isalpha() and not sign.isascii()]
    strange = sum(sign not in _VIETNAMESE for sign in marked)
    if strange > _STRANGE * len(marked) and strange > 0.01 * len(text):
        return False
    tokens = [word.text for word in found if word.text.isalpha() and len(word.text) > 1]
    voiced = sum(any(_plain(sign) in _VOWELS for sign in token) for token in tokens)
    return len(tokens) < 10 or voiced >= _LETTERED * len(tokens)


def _plain(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[0]


def _pictures(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]] | None:
    """Return where the page's images lie; None where it has more objects than any page."""
    found = []
    for number, shape in enumerate(page.get_objects(max_depth=4)):
        if number >= _MOST_OBJECTS:
            return None
        if shape.type == pdfium.FPDF_PAGEOBJ_IMAGE and shape.level == 0:
            found.append(_on_page(page, *shape.get_bounds()))
    return found


def _explains(
    found: Sequence[OwnWord],
    pictures: Sequence[Area],
    fields: Sequence[Area],
    grey: NDArray[np.uint8],
) -> bool:
    """Tell whether most of what is dark on the page is those words; photos beside them may be, and
    so may the frames and ticks of form fields."""
    ink = grey < _INK_LEVEL
    covered = np.zeros(ink.shape, dtype=np.bool_)
    for box in pictures:
        covered[_cells(box, ink.shape)] = True
    if covered.mean() < _COVERED_BY_IMAGES:
        ink &= ~covered
    lettered = np.zeros(ink.shape, dtype=np.bool_)
    margin = max(1, round(median(w.bottom - w.top for w in found) * ink.shape[0] * 0.1))
    for word in found:
        box = (word.left, word.top, word.right, word.bottom)
        lettered[_cells(box, ink.shape, margin)] = True
    framed = np.zeros(ink.shape, dtype=np.bool_)
    for box in fields:
        framed[_cells(box, ink.shape, 1)] = True
    if framed.mean() < _COVERED_BY_FIELDS:
        ink &= lettered | ~framed
    return bool((ink & lettered).sum() >= _EXPLAINED * ink.sum())
