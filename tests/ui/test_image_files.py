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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "PPM", "WEBP", "TIFF"])
def test_pages_are_read(tmp_path: Path, kind: str) -> None:
    Image.new("RGB", (20, 30), "red").save(tmp_path / "page", kind)
    assert reader_of(tmp_path / "page").read().height() == 30
    part = reader_of((tmp_path / "page").read_bytes())
    part.setClipRect(QRect(0, 0, 20, 7))
    assert part.read().height() == 7, "from memory too, and a part of it"


@pytest.mark.parametrize("mode", ["1", "L"])
def test_what_scanners_drivers_write_is_read(tmp_path: Path, mode: str) -> None:
    Image.new(mode, (20, 30)).save(tmp_path / "page", "PPM")
    assert reader_of(tmp_path / "page").read().height() == 30


def test_no_plug_in_looks_at_a_file(tmp_path: Path) -> None:
    """That of drawings connects signals, off Qt's thread and with Python's lock held."""
    Image.new("L", (20, 30)).save(tmp_path / "page", "JPEG")
    reader = reader_of(tmp_path / "page")
    assert not reader.autoDetectImageFormat()
    assert reader.format() == b"jpeg"


@pytest.mark.parametrize("text", [DRAWING, XPM])
def test_what_else_qt_knows_is_not(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.jpg").write_text(text)
    for what in (tmp_path / "page.jpg", text.encode(), tmp_path / "gone"):
        with pytest.raises(FileUnreadable):
            reader_of(what)
