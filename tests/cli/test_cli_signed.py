"""Signed PDFs through the command line: imported, shown, inspected, never altered."""

from __future__ import annotations

from pathlib import Path

from commandline import CODE, CommandLine

from digitizer.durable import sha256_of
from tests.signed import making


def test_a_signed_pdf_is_imported_passed_on_and_told(command: CommandLine, tmp_path: Path) -> None:
    authority = making.authority(tmp_path / "authority")
    file = tmp_path / "signed.pdf"
    file.write_bytes(making.signed(making.document(), authority))
    trust = command.home / "trust"
    trust.mkdir()
    (trust / "ca.pem").write_bytes(authority.root.read_bytes())
    done = command.ok("import", file, "--dossier", CODE, "--paper", "TP01")
    assert len(done.pages) == 2
    assert command.ok("work", "--until-idle").value["left"] == 0
    shown = command.ok("dossier", "show", CODE).value
    (paper,) = (one for one in shown["papers"] if one["part"] == "TP01")
    assert paper["bundle"]["sha256"] == sha256_of(file)
    assert paper["bundle"]["pdfa"] is False
    (signature,) = paper["signatures"]
    assert (signature["signer"], signature["standing"]) == (making.SIGNER, "valid")
    assert paper["signature_lost"] is False
    assert command.ok("verify").value["problems"] == []
    inspected = command.ok("inspect", file).value
    assert [page["signatures"][0]["standing"] for page in inspected] == ["valid", "valid"]
    assert "trang so 2" in inspected[1]["text"]
    edited = command.ok("page", "turn", CODE, "1", "--by", "90", "--paper", "TP01").value
    (paper,) = (one for one in edited["papers"] if one["part"] == "TP01")
    assert paper["signature_lost"] is True
    assert paper["signatures"] == []
