"""Signing with a key file: what comes out, how it looks, what stays as it was."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from msgspec.structs import replace
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from digitizer.errors import (
    DigitizerError,
    FileForbidden,
    FileLocked,
    FileMissing,
    FileUnreadable,
    HomeReadOnly,
    KeyFileBroken,
    NoKey,
    SigningCertificateExpired,
    SigningCertificateNotYet,
    SigningClosed,
    SigningForbidden,
    Stopped,
    WrongPin,
)
from digitizer.model import Standing
from digitizer.pages.signatures import certificates_in
from digitizer.signing import archival, certificates
from digitizer.signing.model import KeyKind, KeySource
from digitizer.signing.session import Session, check
from tests.signed import making
from tests.signing import papers
from tests.signing.conftest import AT, COPY, PERSONAL, Opened
from tests.signing.issuing import OFFICE, OFFICER, PASSWORD, Issuer

STANDINGS = tuple[Standing, ...]


def standings(file: Path, scratch: Path, trust: Path | None = None) -> STANDINGS:
    return tuple(one.standing for one in check(file, scratch, trust))


def agree(file: Path, trust: Path) -> int:
    """Check that poppler and pyHanko find every signature valid; return how many there are."""
    said = papers.pdfsig(file)
    context = ValidationContext(trust_roots=list(certificates_in(trust)), allow_fetching=False)
    with file.open("rb") as opened:
        found = PdfFileReader(opened).embedded_regular_signatures
        for one in found:
            status = validate_pdf_signature(one, context)
            assert status.bottom_line, status.pretty_print_details()
    assert said.count("Signature is Valid.") == len(found)
    return len(found)


def test_both_looks_on_a_scanned_page(
    session: Session, paper: Path, tmp_path: Path, trust: Path
) -> None:
    once, twice = tmp_path / "once.pdf", tmp_path / "twice.pdf"
    first = session.sign(paper, once, PERSONAL)
    second = session.sign(once, twice, COPY)

    assert once.read_bytes().startswith(paper.read_bytes())
    assert twice.read_bytes().startswith(once.read_bytes())
    assert archival.fault(once) == ""
    assert archival.fault(twice) == ""
    assert (agree(once, trust), agree(twice, trust)) == (1, 2)
    assert papers.pdfsig(twice).count("Total document signed") == 1, "by the second"
    assert "Not total document signed" in papers.pdfsig(twice)
    assert standings(twice, tmp_path, trust) == (Standing.VALID, Standing.VALID)

    assert (first.certificate.name, first.certificate.organisation) == (OFFICER, OFFICE)
    assert (first.page, first.timestamped, first.long_term) == (1, False, False)
    said = papers.text(twice)
    for line in (f"Người ký: {OFFICER}", f"Thời gian ký: {AT.isoformat()}", OFFICE):
        assert line in said
    width = 595.4
    assert first.box[2] < width / 2 < second.box[0]
    assert min(first.box[1], second.box[1]) > 842 * 2 / 3

    before, after = papers.seen(paper).astype(int), papers.seen(twice).astype(int)
    places = np.zeros_like(before, dtype=bool)
    for left, bottom, right, top in (first.box, second.box):
        place = (slice(int(842 - top), int(843 - bottom)), slice(int(left), int(right) + 1))
        assert before[place].min() > 200, "white space"
        assert after[place].min() < 120, "black letters"
        places[place] = True
    assert np.abs(before - after)[~places].max() < 30, "nothing else looks different"


def test_the_signature_says_the_moment_that_the_stamp_shows(
    session: Session, paper: Path, tmp_path: Path
) -> None:
    session.sign(paper, tmp_path / "out.pdf", PERSONAL)
    (found,) = check(tmp_path / "out.pdf", tmp_path)
    assert found.at == AT


def test_what_is_drawn_is_embedded_and_black(session: Session, paper: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    session.sign(paper, out, COPY)
    with pikepdf.open(out) as pdf:
        (widget,) = pdf.pages[0].Annots
        drawn = widget.AP.N
        font = drawn.Resources.Font["/F"]
        assert "LiberationSerif" in str(font.BaseFont)
        assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert b"0 g /F 10 Tf" in drawn.read_bytes()
        assert int(widget.F) & 4, "it is printed"
        assert "/XObject" not in drawn.Resources, "no image of a seal"
    assert out.stat().st_size - paper.stat().st_size < 30_000


def test_what_the_file_says_of_itself_stays(session: Session, paper: Path, tmp_path: Path) -> None:
    session.sign(paper, tmp_path / "out.pdf", PERSONAL)
    with pikepdf.open(paper) as before, pikepdf.open(tmp_path / "out.pdf") as after:
        assert after.Root.Metadata.read_raw_bytes() == before.Root.Metadata.read_raw_bytes()
        assert dict(after.docinfo) == dict(before.docinfo)


def test_a_strangers_signature_stays_valid_under_ours(
    session: Session, tmp_path: Path, trust: Path
) -> None:
    source, out = tmp_path / "source.pdf", tmp_path / "out.pdf"
    stranger = making.authority(tmp_path / "stranger")
    source.write_bytes(making.signed(making.document(), stranger))
    session.sign(source, out, COPY)
    assert out.read_bytes().startswith(source.read_bytes())
    assert papers.pdfsig(out).count("Signature is Valid.") == 2
    assert standings(out, tmp_path, trust) == (Standing.UNKNOWN_ISSUER, Standing.VALID)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_on_a_turned_and_cropped_page_it_stands_upright_in_the_corner_that_is_seen(
    session: Session, tmp_path: Path, turn: int
) -> None:
    source, out = tmp_path / "turned.pdf", tmp_path / "out.pdf"
    papers.plain(source, size=(700, 900), turn=turn, crop=(50, 30, 650, 830))
    session.sign(source, out, PERSONAL)
    across, down = (600, 800) if turn in (0, 180) else (800, 600)
    picture = papers.seen(out)
    assert picture.shape == (down, across)
    rows, columns = np.nonzero(picture < 128)
    assert 18 <= rows.min() <= 26
    assert rows.max() <= 18 + 30
    assert 24 <= columns.min() <= 30
    assert columns.max() > 150, "a line reads across"
    assert f"Người ký: {OFFICER}" in papers.text(out)


def test_on_a_page_that_counts_in_larger_units_it_is_ten_points_all_the_same(
    session: Session, tmp_path: Path
) -> None:
    source, out = tmp_path / "large.pdf", tmp_path / "out.pdf"
    papers.plain(source, size=(300, 420), unit=2.0)
    done = session.sign(source, out, PERSONAL)
    assert 2 * (done.box[3] - done.box[1]) == pytest.approx(27.5, abs=0.1)


def test_a_small_receipt_gets_both(session: Session, tmp_path: Path, trust: Path) -> None:
    source, once, twice = (tmp_path / name for name in ("receipt.pdf", "once.pdf", "twice.pdf"))
    rows = tuple((12, bottom, 130, 4) for bottom in range(20, 250, 14))
    papers.plain(source, size=(165, 400), black=rows)
    first, second = session.sign(source, once, PERSONAL), session.sign(once, twice, COPY)
    assert second.box[3] <= first.box[1] or second.box[1] >= first.box[3]
    assert agree(twice, trust) == 2


def test_words_are_left_free_though_nobody_sees_them(session: Session, tmp_path: Path) -> None:
    """The words of OCR lie over letters too faint to be found as ink."""
    source = tmp_path / "faint.pdf"
    papers.plain(source)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        drawn = b"BT /F1 20 Tf 3 Tr 20 800 Td (CONG HOA XA HOI CHU NGHIA) Tj ET"
        pdf.pages[0].obj.Contents = pdf.make_stream(drawn)
        pdf.save(source)
    done = session.sign(source, tmp_path / "out.pdf", PERSONAL)
    assert done.box[3] <= 800 or done.box[1] >= 815


def test_a_wrong_password_opens_nothing(opened: Opened, keyfile: Path) -> None:
    with pytest.raises(WrongPin):
        opened(KeySource(KeyKind.FILE, str(keyfile)), "something else")


def test_key_files_that_cannot_be_used(opened: Opened, issuer: Issuer, tmp_path: Path) -> None:
    def refused(file: Path) -> type[DigitizerError]:
        with pytest.raises(DigitizerError) as caught:
            opened(KeySource(KeyKind.FILE, str(file)), PASSWORD)
        return type(caught.value)

    assert refused(tmp_path / "none.p12") is FileMissing
    whole = issuer.keyfile(tmp_path / "whole.p12").read_bytes()
    for number, data in enumerate((b"", b"nonsense" * 99, whole[: len(whole) // 2])):
        broken = tmp_path / f"broken{number}.p12"
        broken.write_bytes(data)
        assert refused(broken) is KeyFileBroken
    old = issuer.keyfile(tmp_path / "old.p12", issuer.issue(begins=-9, ends=-1))
    assert refused(old) is SigningCertificateExpired
    new = issuer.keyfile(tmp_path / "new.p12", issuer.issue(begins=2))
    assert refused(new) is SigningCertificateNotYet
    other = issuer.keyfile(tmp_path / "other.p12", issuer.issue(encrypts=True))
    assert refused(other) is NoKey


@pytest.mark.skipif("os.geteuid() == 0", reason="root may read every file")
def test_a_key_file_that_may_not_be_read(opened: Opened, issuer: Issuer, tmp_path: Path) -> None:
    file = issuer.keyfile(tmp_path / "own.p12")
    file.chmod(0)
    with pytest.raises(FileForbidden):
        opened(KeySource(KeyKind.FILE, str(file)), PASSWORD)


def test_a_certificate_that_runs_out_meanwhile_signs_no_more(
    session: Session, tmp_path: Path
) -> None:
    """Held by ``certificates.check`` before each signature; here by what it says itself."""
    assert session.is_open
    says = certificates.describe(next(certificates_in(_own(tmp_path))))
    with pytest.raises(SigningCertificateExpired):
        certificates.check(says, says.not_after.replace(year=says.not_after.year + 1))


def _own(folder: Path) -> Path:
    own = folder / "own"
    own.mkdir()
    (own / "own.pem").write_bytes(Issuer().issue().pem())
    return own


def test_files_that_cannot_be_signed_are_named_and_the_session_goes_on(
    session: Session, paper: Path, tmp_path: Path, trust: Path
) -> None:
    out = tmp_path / "out.pdf"
    broken, locked = tmp_path / "broken.pdf", tmp_path / "locked.pdf"
    broken.write_bytes(paper.read_bytes()[: paper.stat().st_size // 3])
    with pikepdf.open(paper) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    for file, expected in (
        (tmp_path / "none.pdf", FileMissing),
        (broken, FileUnreadable),
        (locked, FileLocked),
    ):
        with pytest.raises(expected):
            session.sign(file, out, PERSONAL)
        assert not out.exists()
    session.sign(paper, out, PERSONAL)
    assert agree(out, trust) == 1


def test_a_file_that_its_author_closed_is_left_as_it_is(
    session: Session, paper: Path, keyfile: Path, tmp_path: Path
) -> None:
    closed = tmp_path / "closed.pdf"
    signer = SimpleSigner.load_pkcs12(str(keyfile), passphrase=PASSWORD.encode())
    about = PdfSignatureMetadata(
        field_name="Author", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES
    )
    with paper.open("rb") as source, closed.open("wb") as target:
        PdfSigner(about, signer=signer).sign_pdf(IncrementalPdfFileWriter(source), output=target)
    with pytest.raises(SigningForbidden):
        session.sign(closed, tmp_path / "out.pdf", PERSONAL)


def test_a_place_that_takes_nothing_leaves_nothing(
    session: Session, paper: Path, tmp_path: Path
) -> None:
    with pytest.raises(HomeReadOnly):
        session.sign(paper, tmp_path / "nowhere" / "out.pdf", PERSONAL)
    (tmp_path / "full").symlink_to("/dev/full")
    assert not (tmp_path / "nowhere").exists()


def test_what_was_there_is_replaced_whole(session: Session, paper: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    out.write_bytes(b"the version before")
    session.sign(paper, out, PERSONAL)
    assert out.read_bytes().startswith(b"%PDF")
    assert [file.name for file in tmp_path.iterdir()] == ["out.pdf"]


def test_a_session_that_is_not_open_signs_nothing(
    keyfile: Path, paper: Path, tmp_path: Path
) -> None:
    closed = Session(KeySource(KeyKind.FILE, str(keyfile)), tmp_path)
    with pytest.raises(SigningClosed):
        closed.sign(paper, tmp_path / "out.pdf", PERSONAL)
    closed.close()


def test_a_disk_that_takes_nothing_opens_nothing_and_is_named(
    keyfile: Path, tmp_path: Path
) -> None:
    gone = Session(KeySource(KeyKind.FILE, str(keyfile)), tmp_path / "gone")
    with pytest.raises(HomeReadOnly):
        gone.open(PASSWORD)
    assert not gone.is_open


def test_breaking_off_ends_the_session_and_leaves_nothing(
    opened: Opened, keyfile: Path, paper: Path, tmp_path: Path
) -> None:
    session = opened(KeySource(KeyKind.FILE, str(keyfile)), PASSWORD)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        session.sign(paper, tmp_path / "out.pdf", PERSONAL, stop=stop)
    assert not session.is_open
    assert list((tmp_path / "scratch").iterdir()) == []
    assert not (tmp_path / "out.pdf").exists()
    with pytest.raises(SigningClosed):
        session.sign(paper, tmp_path / "out.pdf", PERSONAL)


@pytest.mark.skipif("not os.path.exists('/proc/self')", reason="looks at processes in /proc")
def test_the_password_is_in_no_argument_no_variable_and_no_file(
    opened: Opened, keyfile: Path, paper: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    session = opened(KeySource(KeyKind.FILE, str(keyfile)), PASSWORD)
    session.sign(paper, tmp_path / "out.pdf", replace(PERSONAL, name="Ai đó"))
    secrets = (PASSWORD.encode(), PASSWORD.encode("unicode_escape"))
    seen = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            what = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        seen += b"digitizer.signing" in what
        assert not any(secret in what for secret in secrets)
    assert seen >= 2
    for file in (tmp_path / "scratch").rglob("*"):
        assert file.is_dir() or not any(secret in file.read_bytes() for secret in secrets)
    assert PASSWORD not in caplog.text
    assert OFFICER not in caplog.text
