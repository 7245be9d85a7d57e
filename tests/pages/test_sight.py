"""What is drawn of a file to look at: its pages as a reader shows them, few at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer.errors import FileUnreadable
from digitizer.pages.sight import seen

BOX = (200, 280)


@pytest.fixture
def stamped(tmp_path: Path) -> Path:
    """Six empty pages; the first has the black square that a signature shows at the top left."""
    pdf = pikepdf.new()
    for _ in range(6):
        pdf.add_blank_page(page_size=(500, 700))
    look = pdf.make_stream(b"0 g 0 0 100 100 re f")
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox = [0, 0, 100, 100]
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T="chu-ky",
            F=132,
            Rect=[50, 550, 150, 650],
            AP=pikepdf.Dictionary(N=look),
        )
    )
    pdf.pages[0].Annots = pikepdf.Array([field])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
    pdf.save(tmp_path / "signed.pdf")
    return tmp_path / "signed.pdf"


def test_what_a_signature_shows_is_drawn(stamped: Path, tmp_path: Path) -> None:
    count, (picture,) = seen(stamped, tmp_path, 1, 1, BOX)
    assert count == 6
    with Image.open(picture) as shown:
        assert shown.size == BOX
        grey = np.asarray(shown.convert("L"))
    assert grey[40, 40] < 40
    assert grey[40, 160] > 215


def test_so_many_pages_are_drawn_as_are_asked_for_and_there(stamped: Path, tmp_path: Path) -> None:
    _, files = seen(stamped, tmp_path, 4, 4, BOX)
    assert [file.name for file in files] == ["0004.jpg", "0005.jpg", "0006.jpg"]
    assert seen(stamped, tmp_path, 7, 4, BOX) == (6, [])


def test_a_picture_is_a_file_of_one_page(tmp_path: Path) -> None:
    Image.new("RGB", (1000, 500), "white").save(tmp_path / "page.png")
    count, (picture,) = seen(tmp_path / "page.png", tmp_path, 1, 4, BOX)
    assert count == 1
    with Image.open(picture) as shown:
        assert shown.size == (200, 100)
    assert seen(tmp_path / "page.png", tmp_path, 2, 4, BOX) == (1, [])


def test_what_is_no_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(FileUnreadable):
        seen(tmp_path / "page.pdf", tmp_path, 1, 4, BOX)
