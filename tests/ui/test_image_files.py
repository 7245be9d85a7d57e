"""The window decodes the formats of pages, whatever else Qt could read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QRect

from digitizer.errors import FileUnreadable
from ui.imagefiles import reader_of

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" '
    'height="9"><image xlink:href="file:///etc/passwd" width="9" height="9"/></svg>'
)
XPM = '/* XPM */\nstatic char *x[] = {"1 1 1 1", "a c #ff0000", "a"};\n'


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "PPM"])
def test_pages_are_read(tmp_path: Path, kind: str) -> None:
    Image.new("RGB", (20, 30), "red").save(tmp_path / "page", kind)
    assert reader_of(tmp_path / "page").read().height() == 30
    part = reader_of((tmp_path / "page").read_bytes())
    part.setClipRect(QRect(0, 0, 20, 7))
    assert part.read().height() == 7, "from memory too, and a part of it"


@pytest.mark.parametrize("text", [DRAWING, XPM])
def test_what_else_qt_knows_is_not(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.jpg").write_text(text)
    try:
        reader = reader_of(tmp_path / "page.jpg")
    except FileUnreadable:
        with pytest.raises(FileUnreadable):
            reader_of(text.encode())
        return
    assert reader.read().isNull(), "Qt has no plug-in for it here"
