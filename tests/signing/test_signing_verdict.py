"""What is judged to be more than a signature, though a valid one covers it all."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from digitizer.errors import SignatureRefused
from digitizer.signing import verdict
from tests.signing import papers
from tests.signing.issuing import OFFICER, PASSWORD

Writer = IncrementalPdfFileWriter
Change = Callable[[Writer], object]


@pytest.fixture(scope="module")
def signer(keyfile: Path) -> SimpleSigner:
    found = SimpleSigner.load_pkcs12(str(keyfile), passphrase=PASSWORD.encode())
    assert found is not None
    return found


def signed(data: bytes, signer: SimpleSigner, change: Change, field: str = "One") -> bytes:
    """Sign ``data``; ``change`` does something more in the same revision."""
    writer = Writer(io.BytesIO(data))
    change(writer)
    about = PdfSignatureMetadata(field_name=field)
    return bytes(PdfSigner(about, signer=signer).sign_pdf(writer).getbuffer())


def page(writer: Writer) -> generic.DictionaryObject:
    found = writer.find_page_for_modification(0)[0].get_object()
    writer.update_container(found)
    assert isinstance(found, generic.DictionaryObject)
    return found


def draw_over(writer: Writer) -> None:
    more = generic.StreamObject(stream_data=b"0 0 300 300 re f")
    writer.add_stream_to_page(0, writer.add_object(more))


def redraw(writer: Writer) -> None:
    contents = page(writer)["/Contents"]
    stream = contents[0] if isinstance(contents, generic.ArrayObject) else contents
    stream._data = b"0 0 300 300 re f"
    stream._encoded_data = None
    writer.update_container(stream)


def note(writer: Writer) -> None:
    made = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/Square"),
            name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 9, 9)]),
        }
    )
    writer.register_annotation(page(writer).container_ref, writer.add_object(made))


def open_with(writer: Writer) -> None:
    writer.root[name("/OpenAction")] = generic.DictionaryObject(
        {name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")}
    )
    writer.update_root()


def dynamic_form(writer: Writer) -> None:
    writer.root[name("/AcroForm")] = generic.DictionaryObject(
        {name("/Fields"): generic.ArrayObject(), name("/XFA"): generic.pdf_string("<xdp/>")}
    )
    writer.update_root()


def further_page(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    made = generic.DictionaryObject(
        {
            name("/Type"): name("/Page"),
            name("/Parent"): writer.root.raw_get("/Pages"),
            name("/MediaBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 9, 9)]),
        }
    )
    pages["/Kids"].append(writer.add_object(made))
    pages[name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def turned(writer: Writer) -> None:
    page(writer)[name("/Rotate")] = generic.NumberObject(180)


@pytest.mark.parametrize(
    "change", [draw_over, redraw, note, open_with, dynamic_form, further_page, turned]
)
def test_anything_but_a_signature_is_refused(
    paper: Path, signer: SimpleSigner, tmp_path: Path, change: Change
) -> None:
    made = tmp_path / "made.pdf"
    made.write_bytes(signed(paper.read_bytes(), signer, change))
    assert "Signature is Valid." in papers.pdfsig(made), "a signature covers it"
    with pytest.raises(SignatureRefused):
        verdict.judge(paper, made, "")


def test_a_signature_alone_is_kept_and_described(
    paper: Path, signer: SimpleSigner, tmp_path: Path
) -> None:
    made = tmp_path / "made.pdf"
    made.write_bytes(signed(paper.read_bytes(), signer, lambda _: None))
    done = verdict.judge(paper, made, "")
    assert (done.certificate.name, done.page, done.box) == (OFFICER, 1, (0, 0, 0, 0))
    assert verdict.judge(paper, made, done.certificate.sha256) == done


def test_somebody_elses_signature_is_refused(
    paper: Path, signer: SimpleSigner, tmp_path: Path
) -> None:
    made = tmp_path / "made.pdf"
    made.write_bytes(signed(paper.read_bytes(), signer, lambda _: None))
    with pytest.raises(SignatureRefused):
        verdict.judge(paper, made, "0" * 64)


def test_two_signatures_at_once_are_refused(
    paper: Path, signer: SimpleSigner, tmp_path: Path
) -> None:
    once = signed(paper.read_bytes(), signer, lambda _: None)
    made = tmp_path / "made.pdf"
    made.write_bytes(signed(once, signer, lambda _: None, "Two"))
    with pytest.raises(SignatureRefused):
        verdict.judge(paper, made, "")


def test_what_is_no_archival_pdf_any_more_is_refused(
    paper: Path, signer: SimpleSigner, tmp_path: Path
) -> None:
    def visible(writer: Writer) -> None:
        """Its letters are of a face that is not embedded."""
        fields.append_signature_field(writer, fields.SigFieldSpec("One", box=(20, 20, 90, 90)))

    plain = papers.plain(tmp_path / "plain.pdf")
    made = tmp_path / "made.pdf"
    made.write_bytes(signed(plain.read_bytes(), signer, visible))
    verdict.judge(plain, made, "")
    made.write_bytes(signed(paper.read_bytes(), signer, visible))
    with pytest.raises(SignatureRefused):
        verdict.judge(paper, made, "")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_other_byte_of_what_was_added_can_be_another_one(
    made: tuple[Path, Path, bytes], data: st.DataObject
) -> None:
    """But for the room that is left behind the signature itself, which says nothing."""
    source, signed_file, good = made
    start, end = source.stat().st_size, len(good)
    gap = good.index(b"/Contents <", start), good.index(b">", good.index(b"/Contents <", start))
    places = st.one_of(st.integers(start, gap[0]), st.integers(gap[1] + 1, end - 1))
    at = data.draw(places)
    changed = bytearray(good)
    changed[at] ^= data.draw(st.integers(1, 255))
    signed_file.write_bytes(changed)
    with pytest.raises(SignatureRefused):
        verdict.judge(source, signed_file, "")


@pytest.fixture(scope="module")
def made(
    paper: Path, signer: SimpleSigner, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, bytes]:
    """A paper, a place for its signed file, and what that should hold."""
    good = signed(paper.read_bytes(), signer, lambda _: None)
    return paper, tmp_path_factory.mktemp("made") / "made.pdf", good
