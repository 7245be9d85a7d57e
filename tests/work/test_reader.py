"""The program that reads pages sees those that it is lent, and can change none."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from digitizer import landlock
from digitizer.durable import sha256_of
from digitizer.errors import DigitizerError, FileMissing
from digitizer.storage.vault import Vault
from digitizer.work.reader import Reader

SECONDS = 60.0


def kept(vault: Vault, folder: Path, shade: int) -> str:
    file = folder / f"{shade}.png"
    Image.new("L", (400, 560), shade).save(file, dpi=(100, 100))
    return vault.keep(file).sha256


def test_pages_are_read_as_they_are_lent(tmp_path: Path) -> None:
    vault, stop = Vault(tmp_path / "vault"), threading.Event()
    first, second = kept(vault, tmp_path, 255), kept(vault, tmp_path, 250)
    reader = Reader(tmp_path / "work", vault)
    try:
        for sha256 in (first, second):
            with reader.read(sha256, SECONDS, stop) as (answer, _):
                (page,) = answer["pages"]
                assert page["reading"]["width"] == 400
                assert page["words"] is None, "it is blank"
            assert list((tmp_path / "work" / "lent").iterdir()) == []
        with pytest.raises(FileMissing), reader.read("0" * 64, SECONDS, stop):
            pass
        if sys.platform == "linux" and landlock.version() >= landlock.OLDEST:
            with pytest.raises(DigitizerError):  # another dossier's page, while it is not lent
                reader._program.ask(str(vault.path(first)), str(tmp_path / "x"), timeout=SECONDS)
    finally:
        reader.close()
    assert not (tmp_path / "work").exists()
    assert all(sha256_of(vault.path(one)) == one for one in (first, second))


def test_what_is_lent_is_the_page_itself(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    sha256 = kept(vault, tmp_path, 255)
    (tmp_path / "lent").mkdir()
    for _ in range(2):  # one that was left over is replaced
        lent = vault.lend(sha256, tmp_path / "lent")
    assert lent.samefile(vault.path(sha256))
    lent.unlink()
    assert vault.sound(sha256)
