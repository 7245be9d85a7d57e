"""Signatures: what is valid, changed, or by somebody unknown; which files are kept as they are."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from digitizer import programs
from digitizer.errors import FormUnsupported
from digitizer.model import Signature, Standing
from digitizer.pages import intake
from tests.signed import making


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> making.Authority:
    return making.authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def file(tmp_path: Path, authority: making.Authority) -> Path:
    path = tmp_path / "signed.pdf"
    path.write_bytes(making.signed(making.document(), authority))
    return path


def checked(file: Path, *trusted: Path) -> list[Signature]:
    answer = programs.run_module(
        "digitizer.pages.signatures", str(file), *map(str, trusted), timeout=60
    )
    return [Signature.from_json(one) for one in answer["signatures"]]


def test_a_signature_of_a_trusted_issuer_is_valid(file: Path, authority: making.Authority) -> None:
    (found,) = checked(file, authority.root.parent)
    assert (found.signer, found.standing) == (making.SIGNER, Standing.VALID)
    assert found.at is not None


def test_without_a_trusted_issuer_it_is_whole_but_unknown(file: Path, tmp_path: Path) -> None:
    assert [one.standing for one in checked(file)] == [Standing.UNKNOWN_ISSUER]
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "nonsense.pem").write_text("no certificate")
    (tmp_path / "trust" / "nonsense.der").write_bytes(bytes(99))
    assert [s.standing for s in checked(file, tmp_path / "trust")] == [Standing.UNKNOWN_ISSUER]


def test_a_changed_byte_is_seen(file: Path, authority: making.Authority) -> None:
    data = bytearray(file.read_bytes())
    place = data.index(b"/MediaBox")
    data[data.index(b"842", place)] = ord("9")
    file.write_bytes(data)
    assert [s.standing for s in checked(file, authority.root.parent)] == [Standing.CHANGED]


def test_pages_changed_after_signing_are_seen(file: Path, authority: making.Authority) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(file.read_bytes()))
    page = writer.root["/Pages"]["/Kids"][0]
    page[NameObject("/Rotate")] = NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    file.write_bytes(out.getvalue())
    assert [s.standing for s in checked(file, authority.root.parent)] == [Standing.CHANGED]


def test_a_pdf_without_signatures_has_none(tmp_path: Path) -> None:
    (tmp_path / "plain.pdf").write_bytes(making.document())
    assert checked(tmp_path / "plain.pdf") == []


def test_of_what_cannot_be_read_nothing_is_proven(tmp_path: Path) -> None:
    (tmp_path / "odd.pdf").write_bytes(b"%PDF-1.7 nothing %%EOF")
    (found,) = checked(tmp_path / "odd.pdf")
    assert (found.signer, found.standing) == ("", Standing.CHANGED)


def test_a_file_that_anybody_may_open_is_checked_though_it_is_encrypted(
    file: Path, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(file) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="", owner="somebody"))
    (was,), (found,) = checked(file), checked(locked)
    assert (found.signer, found.standing) == (was.signer, Standing.CHANGED)
    assert found.signer


def test_intake_keeps_a_signed_pdf_beside_its_pages(file: Path, tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    found = intake.landed(file, into, 5)
    assert [page.name for page in found.files] == ["0005.jpg", "0006.jpg"]
    assert found.original is not None
    assert found.original.name == "0005+0002.pdf"
    assert found.original.read_bytes() == file.read_bytes()


SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))


@pytest.mark.parametrize("action", [SCRIPT, LAUNCH])
def test_a_signed_pdf_that_would_run_something_is_only_rendered(
    tmp_path: Path, authority: making.Authority, action: pikepdf.Dictionary
) -> None:
    with pikepdf.open(io.BytesIO(making.document())) as pdf:
        pdf.Root.OpenAction = pdf.make_indirect(action)
        made = io.BytesIO()
        pdf.save(made)
    (tmp_path / "acting.pdf").write_bytes(making.signed(made.getvalue(), authority))
    into = tmp_path / "into"
    into.mkdir()
    found = intake.landed(tmp_path / "acting.pdf", into)
    assert len(found.files) == 2
    assert found.original is None


def test_a_form_that_only_some_programs_can_show_says_so(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(making.document())) as pdf:
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pdf.make_stream(b"<xdp/>"))
        pdf.Root.NeedsRendering = True
        pdf.save(tmp_path / "xfa.pdf")
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(FormUnsupported):
        intake.landed(tmp_path / "xfa.pdf", into)
    assert not list(into.iterdir())


def test_no_signer_is_named_on_standard_error(file: Path) -> None:
    command = programs.module_command("digitizer.pages.signatures", str(file))
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
