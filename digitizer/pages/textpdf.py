"""The invisible text of a page: Tesseract's text-only PDF, set anew with the words we keep.

Called by OCR. Tesseract's PDF brings the font without glyphs and the page's size; what stands on
it is written here, because words were mended or found by a second look. Each word is stretched
over its box, so that what a reader selects lies on what the image shows.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

import pikepdf

from digitizer.pages import wordtable
from digitizer.pages.wordtable import Word

_FONT = b"/f-0-0"
_GLYPH_WIDTH = 0.5
"""Of the font without glyphs, in parts of its size."""


def rewrite(pdf: Path, words: Sequence[Word], dpi: float) -> None:
    """Set ``words`` on the page of ``pdf`` in place of what Tesseract set there.

    Args:
        pdf: Tesseract's text-only PDF of one page, written anew.
        words: In reading order; boxes in pixels of the page.
        dpi: Pixels per inch of those boxes.
    """
    with pikepdf.open(pdf, allow_overwriting_input=True) as document:
        page = document.pages[0]
        height = float(page.mediabox[3])
        page.Contents = document.make_stream(_operators(words, 72.0 / dpi, height))
        document.save(pdf)


def _operators(words: Sequence[Word], scale: float, height: float) -> bytes:
    """Return the page's operators; text mode 3 is invisible."""
    out = [b"BT", b"3 Tr"]
    for line in wordtable.lines(words):
        bottom = statistics.median(word.box.top + word.box.height for word in line)
        size = max(1.0, statistics.median(word.box.height for word in line) * scale)
        for word, after in zip(line, [*line[1:], None], strict=True):
            # The space to the next word belongs to this one: else words are copied without any.
            text = word.text + (" " if after else "")
            code = text.encode("utf-16-be").hex().upper().encode()
            width = max(1, word.box.width) * scale
            stretch = 100.0 * width / (len(word.text) * _GLYPH_WIDTH * size)
            place = f"1 0 0 1 {word.box.left * scale:.2f} {height - bottom * scale:.2f} Tm"
            out.append(
                place.encode() + b" %s %.2f Tf %.2f Tz [ <%s> ] TJ" % (_FONT, size, stretch, code)
            )
    out.append(b"ET")
    return b"\n".join(out)
