"""A PDF that lacks nothing but its last line is taken; one that lacks more is not."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from digitizer.errors import FileUnreadable
from digitizer.pages import intake, pdfend

PLAIN = pikepdf.ObjectStreamMode.disable
PACKED = pikepdf.ObjectStreamMode.generate


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def whole(folder: Path, mode: pikepdf.ObjectStreamMode, pages: int = 2) -> bytes:
    with pikepdf.new() as pdf:
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(120, 160))
            page.Contents = pdf.make_stream(b"0 0 %d 50 re f" % (20 + number))
        pdf.save(folder / "whole.pdf", object_stream_mode=mode)
    return (folder / "whole.pdf").read_bytes()


@pytest.mark.parametrize("mode", [PLAIN, PACKED], ids=["table", "stream"])
def test_what_lacks_its_last_line_alone_is_taken(
    tmp_path: Path, into: Path, mode: pikepdf.ObjectStreamMode
) -> None:
    data = whole(tmp_path, mode)
    expected = [page.read_bytes() for page in intake.take(tmp_path / "whole.pdf", into)]
    end = data.rindex(b"startxref")
    for cut in (end, end + 4, end + len(b"startxref\n1"), len(data.rstrip()) - 2):
        file = tmp_path / "cut.pdf"
        file.write_bytes(data[:cut])
        taken = intake.take(file, into)
        assert [page.read_bytes() for page in taken] == expected
        assert sorted(into.iterdir()) == taken
    assert file.read_bytes() == data[:cut], "the file itself is left as it is"


@pytest.mark.parametrize("mode", [PLAIN, PACKED], ids=["table", "stream"])
def test_what_lacks_more_is_refused(
    tmp_path: Path, into: Path, mode: pikepdf.ObjectStreamMode
) -> None:
    data = whole(tmp_path, mode)
    mark = b"trailer" if mode is PLAIN else b"endobj"
    last = data.rindex(mark) + len(mark) - 1
    file = tmp_path / "cut.pdf"
    for cut in (*range(20, last, 17), last):
        file.write_bytes(data[:cut])
        with pytest.raises(FileUnreadable, match=r"cut\.pdf"):
            intake.take(file, into)
        assert not list(into.iterdir())


def test_a_table_in_the_middle_is_not_the_end(tmp_path: Path) -> None:
    data = whole(tmp_path, PLAIN)
    file = tmp_path / "grown.pdf"
    file.write_bytes(data[: data.rindex(b"startxref")] + b"9 0 obj\n<< /Length 5 >>\n")
    with pytest.raises(FileUnreadable):
        pdfend.lacking(file)
    file.write_bytes(b"")
    with pytest.raises(FileUnreadable):
        pdfend.lacking(file)
