"""PDFs made to do harm: each gives its pages, or one clear answer, in bounded time and memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from digitizer import programs
from digitizer.errors import (
    DigitizerError,
    FileUnreadable,
    ImageTooLarge,
    PdfOverfull,
    TooManyPages,
)
from digitizer.pages import intake, landing, pdfweight

_SECONDS = 90.0


def built(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    parts, place, places = [b"%PDF-1.7\n"], 9, []
    for number, body in enumerate(objects, start=1):
        places.append(place)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        place += len(parts[-1])
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, rows, len(objects) + 1, place)
    )
    return b"".join(parts)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"


def page(contents: bytes = b"", resources: bytes = b"<< >>", box: bytes = b"0 0 595 842") -> bytes:
    more = b"/Contents 4 0 R" if contents else b""
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Resources %s %s >>" % (
        box,
        resources,
        more,
    )


def stream(data: bytes, head: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(data), data)


def deflated_zeros(count: int, fill: bytes = b"\0") -> bytes:
    packer, piece = zlib.compressobj(6), fill * (1 << 20)
    parts = [packer.compress(piece) for _ in range(count // len(piece))]
    return b"".join([*parts, packer.flush()])


def circular_pages() -> bytes:
    return built(CATALOG, b"<< /Type /Pages /Count 5 /Kids [2 0 R 2 0 R] >>")


def no_pages() -> bytes:
    return built(CATALOG, b"<< /Type /Pages /Count 0 /Kids [] >>")


def one_page_many_times() -> bytes:
    kids = b"3 0 R " * 50_000
    return built(CATALOG, b"<< /Type /Pages /Count 50000 /Kids [%s] >>" % kids, page())


def vast_page() -> bytes:
    return built(CATALOG, ONE_PAGE, page(box=b"0 0 200000 200000"))


def page_of_a_billion_points() -> bytes:
    return built(CATALOG, ONE_PAGE, page(box=b"0 0 1000000000 1000000000"))


def page_of_no_number() -> bytes:
    """PDFium and qpdf both take it for a page of Letter."""
    return built(CATALOG, ONE_PAGE, page(box=b"0 0 1e9 1e9"))


def page_that_overflows() -> bytes:
    return built(CATALOG, ONE_PAGE, page(box=b"0 0 99999999999999999999 842"))


def page_without_extent() -> bytes:
    return built(CATALOG, ONE_PAGE, page(box=b"0 0 0 0"))


def page_that_inherits_no_size() -> bytes:
    """What is wrong with its size stands with the tree of pages; PDFium takes Letter."""
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [5 5 5 5] >>"
    return built(CATALOG, tree, b"<< /Type /Page /Parent 2 0 R >>")


def page_that_inherits_its_size() -> bytes:
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 5 0 R 842] >>"
    return built(CATALOG, tree, b"<< /Type /Page /Parent 2 0 R >>", b"null", b"595.5")


def image_bomb() -> bytes:
    image = stream(
        deflated_zeros(40 << 20),
        b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB "
        b"/BitsPerComponent 8 /Filter /FlateDecode",
    )
    return built(
        CATALOG,
        ONE_PAGE,
        page(b"x", b"<< /XObject << /I 5 0 R >> >>"),
        stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
        image,
    )


def content_bomb() -> bytes:
    packed = deflated_zeros(64 << 20, b"q Q ")
    return built(CATALOG, ONE_PAGE, page(b"x"), stream(packed, b"/Filter /FlateDecode"))


def masked_bomb() -> bytes:
    """Contents that call themselves an image, which is not weighed as one."""
    packed = deflated_zeros(64 << 20)
    head = b"/Subtype /Image /Filter [/FlateDecode]"
    return built(CATALOG, ONE_PAGE, page(b"x"), stream(packed, head))


def twice_packed_bomb() -> bytes:
    packed = zlib.compress(deflated_zeros(64 << 20))
    head = b"/Filter [/FlateDecode /FlateDecode]"
    return built(CATALOG, ONE_PAGE, page(b"x"), stream(packed, head))


def form_bomb() -> bytes:
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Filter /FlateDecode"
    form = stream(deflated_zeros(64 << 20, b"q Q "), head)
    resources = b"<< /XObject << /F 5 0 R >> >>"
    return built(CATALOG, ONE_PAGE, page(b"x", resources), stream(b"/F Do"), form)


def nested_arrays() -> bytes:
    return built(CATALOG, ONE_PAGE, page(b"x"), stream(b"[" * 200_000), b"[" * 200_000)


def form_in_itself() -> bytes:
    form = stream(
        b"/F Do /F Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>",
    )
    return built(
        CATALOG, ONE_PAGE, page(b"x", b"<< /XObject << /F 5 0 R >> >>"), stream(b"/F Do"), form
    )


def many_objects() -> bytes:
    return built(CATALOG, ONE_PAGE, page(), *[b"<< /S /GoTo >>"] * 300_000)


def xref_in_a_circle() -> bytes:
    data = built(CATALOG, ONE_PAGE, page())
    start = int(data.rpartition(b"startxref\n")[2].split()[0])
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def vast_xref() -> bytes:
    return built(CATALOG, ONE_PAGE, page()).replace(b"xref\n0 4", b"xref\n0 2000000000")


def long_kids_chain() -> bytes:
    links = [
        b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (number + 1) for number in range(2, 20_000)
    ]
    return built(CATALOG, *links, page())


ANY: list[Callable[[], bytes]] = [
    circular_pages,
    image_bomb,
    nested_arrays,
    form_in_itself,
    many_objects,
    xref_in_a_circle,
    vast_xref,
    long_kids_chain,
]
REFUSED: list[tuple[Callable[[], bytes], type[DigitizerError]]] = [
    (no_pages, FileUnreadable),
    (one_page_many_times, TooManyPages),
    (vast_page, ImageTooLarge),
    (page_of_a_billion_points, ImageTooLarge),
    (page_of_no_number, FileUnreadable),
    (page_that_overflows, FileUnreadable),
    (page_without_extent, FileUnreadable),
    (page_that_inherits_no_size, FileUnreadable),
    (content_bomb, PdfOverfull),
    (masked_bomb, PdfOverfull),
    (twice_packed_bomb, PdfOverfull),
    (form_bomb, PdfOverfull),
]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def taken(file: Path, into: Path) -> list[str]:
    answer = programs.run_module("digitizer.pages.intake", str(file), str(into), timeout=_SECONDS)
    return list(answer["files"])


@pytest.mark.parametrize("make", ANY, ids=lambda make: make.__name__)
def test_a_bomb_costs_its_own_file_at_most(
    tmp_path: Path, into: Path, make: Callable[[], bytes]
) -> None:
    file = tmp_path / "bomb.pdf"
    file.write_bytes(make())
    try:
        assert taken(file, into)
    except DigitizerError as error:
        assert error.code in ("file-unreadable", "image-too-large", "program-crashed")


@pytest.mark.parametrize(("make", "kind"), REFUSED, ids=lambda one: one.__name__)
def test_what_cannot_be_a_paper_is_refused(
    tmp_path: Path, into: Path, make: Callable[[], bytes], kind: type[DigitizerError]
) -> None:
    file = tmp_path / "bomb.pdf"
    file.write_bytes(make())
    with pytest.raises(kind):
        taken(file, into)
    assert not list(into.iterdir())


def test_a_size_may_stand_further_up_and_in_pieces(tmp_path: Path, into: Path) -> None:
    file = tmp_path / "inherits.pdf"
    file.write_bytes(page_that_inherits_its_size())
    (landed,) = taken(file, into)
    with Image.open(into / landed) as shown:
        assert shown.size == (2481, 3508)


def test_a_large_attachment_is_no_bomb(tmp_path: Path, into: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 300))
        pdf.attachments["plan.dwg"] = bytes(pdfweight.MOST_OF_ONE + 1)
        pdf.save(tmp_path / "attached.pdf")
    assert len(taken(tmp_path / "attached.pdf", into)) == 1


def test_scripts_programs_and_attachments_stay_behind(tmp_path: Path, into: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 300))
    pdf.Root.OpenAction = pdf.make_indirect(
        pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("while(1){}"))
    )
    pdf.pages[0].obj.AA = pikepdf.Dictionary(
        O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("/bin/sh"))
    )
    pdf.attachments["virus.exe"] = b"MZ"
    pdf.save(tmp_path / "acting.pdf")
    (image,) = taken(tmp_path / "acting.pdf", into)
    data = Path(image).read_bytes()
    assert b"virus" not in data
    assert b"while(1)" not in data


def test_pages_that_would_fill_the_disk_are_taken_back(
    tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "MAX_BYTES", 1000)
    pdf = pikepdf.new()
    for _ in range(3):
        pdf.add_blank_page(page_size=(300, 300))
    pdf.save(tmp_path / "many.pdf")
    with pytest.raises(ImageTooLarge):
        intake.take(tmp_path / "many.pdf", into)
    assert not list(into.iterdir())
