"""The vault and the durable file verbs."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from digitizer import durable
from digitizer.storage.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "vault").mkdir()
    return Vault(tmp_path / "vault")


def test_a_file_enters_by_link_and_keeps_its_own_name(vault: Vault, tmp_path: Path) -> None:
    page = tmp_path / "0001.jpg"
    page.write_bytes(b"page")
    blob = vault.adopt(page)
    assert blob.bytes == 4
    assert vault.sound(blob.sha256)
    assert page.samefile(vault.path(blob.sha256))


def test_the_same_bytes_are_kept_once(vault: Vault, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"page")
    assert vault.adopt(tmp_path / "a") == vault.adopt(tmp_path / "b")
    assert len([p for p in (tmp_path / "vault").rglob("*") if p.is_file()]) == 1


def test_a_file_system_without_links_gets_a_copy(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_link)
    page = tmp_path / "0001.jpg"
    page.write_bytes(b"page" * 1_000_000)
    blob = vault.adopt(page)
    assert vault.sound(blob.sha256)
    assert not page.samefile(vault.path(blob.sha256))
    assert not list((tmp_path / "vault").rglob("*.part"))


def test_changed_and_missing_blobs_are_told_apart_from_sound_ones(
    vault: Vault, tmp_path: Path
) -> None:
    page = tmp_path / "0001.jpg"
    page.write_bytes(b"page")
    blob = vault.adopt(page)
    page.unlink()
    vault.path(blob.sha256).write_bytes(b"pagf")
    assert vault.holds(blob.sha256)
    assert not vault.sound(blob.sha256)
    assert not vault.holds("0" * 64)
    assert not vault.sound("0" * 64)


def test_a_failed_write_leaves_the_old_file_and_no_scraps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    durable.write_durably(target, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        durable.write_durably(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_is_written_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        durable.make_folder(tmp_path / "a" / "b")
        durable.write_durably(tmp_path / "a" / "b" / "file", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "a" / "b" / "file").stat().st_mode & 0o777 == 0o600


def test_a_blob_is_taken_out_for_good_but_not_one_that_was_only_just_put_there(
    vault: Vault, tmp_path: Path
) -> None:
    page = tmp_path / "0001.jpg"
    page.write_bytes(b"page")
    blob = vault.adopt(page)
    assert vault.remove([blob.sha256]) == (), "whoever put it there may not have committed its row"
    assert vault.sound(blob.sha256)
    later = Vault(tmp_path / "vault")
    assert later.remove([blob.sha256, "0" * 64]) == (blob.sha256, "0" * 64)
    assert not later.holds(blob.sha256)
    assert later.size(blob.sha256) == 0
    assert later.adopt(page) == blob
    assert later.remove([blob.sha256]) == ()
