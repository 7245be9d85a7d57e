"""A sealed vault: nothing of a blob lies in clear but what is lent, and nobody is given other bytes
than a name stands for."""

from __future__ import annotations

import io
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitizer.durable import sha256_of
from digitizer.errors import FileMissing, HomeDamaged, HomeLocked
from digitizer.storage.seal import Seal
from digitizer.storage.vault import Vault
from tests.storage.sealing import new_identity, new_seal, open_by_the_book

PAGE = random.Random(3).randbytes(200_000)
STILL = threading.Event()


@pytest.fixture
def identity() -> str:
    return new_identity()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    (tmp_path / "work").mkdir()
    return tmp_path / "vault"


@pytest.fixture
def vault(root: Path, identity: str) -> Iterator[Vault]:
    vault = Vault(root, Seal(identity))
    yield vault
    vault.close()
    assert not list((root.parent / "work").glob("*"))


def page(folder: Path, content: bytes = PAGE) -> Path:
    file = folder / "0001.jpg"
    file.unlink(missing_ok=True)  # a plain vault links to it
    file.write_bytes(content)
    return file


def in_clear(folder: Path, content: bytes = PAGE) -> list[Path]:
    """Files below a folder in which a piece of some content can be read."""
    return [
        file
        for file in folder.rglob("*")
        if file.is_file() and content[1000:1064] in file.read_bytes()
    ]


def test_a_file_enters_sealed_under_the_hash_of_what_is_in_it(
    vault: Vault, root: Path, identity: str, tmp_path: Path
) -> None:
    file = page(tmp_path)
    blob = vault.adopt(file)
    assert (blob.sha256, blob.bytes) == (sha256_of(file), len(PAGE))
    assert file.read_bytes() == PAGE, "the redo log stays"
    (kept,) = (one for one in root.rglob("*") if one.is_file())
    assert kept == vault.path(blob.sha256) == root / blob.sha256[:2] / f"{blob.sha256}.age"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert in_clear(root) == []
    assert open_by_the_book(kept.read_bytes(), identity) == PAGE
    assert vault.holds(blob.sha256)
    assert vault.sound(blob.sha256)
    assert vault.size(blob.sha256) == len(PAGE)
    assert vault.adopt(file) == blob
    assert [one for one in root.rglob("*") if one.is_file()] == [kept], "kept once"


def test_whoever_reads_gets_the_bytes_and_leaves_none_of_them(
    vault: Vault, root: Path, tmp_path: Path
) -> None:
    sha256 = vault.adopt(page(tmp_path)).sha256
    with vault.opened(sha256) as opened:
        assert opened.read() == PAGE
    assert vault.shown(sha256) == PAGE
    with vault.lent(sha256) as lent:
        assert lent.read_bytes() == PAGE
        assert lent.stat().st_mode & 0o777 == 0o600
        assert lent.parent.stat().st_mode & 0o777 == 0o700
        assert root not in lent.parents
    assert not lent.exists()
    with vault.scratch.folder() as folder:
        assert vault.readable(sha256, folder).read_bytes() == PAGE
        assert vault.lend(sha256, folder).parent == folder
    (tmp_path / "0001.jpg").unlink()
    assert in_clear(tmp_path) == []


def test_a_plain_vault_lends_its_own_file_without_a_copy(root: Path, tmp_path: Path) -> None:
    vault = Vault(root)
    sha256 = vault.adopt(page(tmp_path)).sha256
    own = vault.path(sha256)
    with vault.lent(sha256) as lent, vault.scratch.folder() as folder:
        assert lent == own == vault.readable(sha256, folder) == vault.shown(sha256)
        assert vault.lend(sha256, folder).samefile(own)


def test_what_was_changed_behind_the_programs_back_is_given_to_nobody(
    vault: Vault, identity: str, tmp_path: Path
) -> None:
    sha256 = vault.adopt(page(tmp_path)).sha256
    kept = vault.path(sha256)
    whole = kept.read_bytes()
    forged, strange = io.BytesIO(), io.BytesIO()
    Seal(identity).seal(io.BytesIO(b"by somebody who knows the home's public key"), forged)
    new_seal().seal(io.BytesIO(PAGE), strange)
    for content in (b"", whole[:-1], whole[:-70_000], forged.getvalue(), strange.getvalue(), PAGE):
        kept.write_bytes(content)
        assert vault.holds(sha256)
        assert not vault.sound(sha256)
        with pytest.raises(HomeDamaged):
            vault.opened(sha256)
        with pytest.raises(HomeDamaged), vault.lent(sha256):
            pass
        with pytest.raises(HomeDamaged):
            vault.shown(sha256)
    (tmp_path / "0001.jpg").unlink()
    kept.unlink()
    assert in_clear(tmp_path) == [], "no half of a copy is left"
    with pytest.raises(FileMissing), vault.lent(sha256):
        pass
    with pytest.raises(FileNotFoundError):
        vault.opened(sha256)
    assert not vault.sound(sha256)
    assert vault.size(sha256) == 0


def test_plain_and_sealed_lie_side_by_side_and_nobody_asks_which(
    root: Path, identity: str, tmp_path: Path
) -> None:
    plain, sealed = Vault(root), Vault(root, Seal(identity))
    one, two = page(tmp_path, b"one" * 999), tmp_path / "0002.jpg"
    two.write_bytes(b"two" * 999)
    first, second = plain.adopt(one), sealed.adopt(two)
    assert sealed.adopt(one) == first, "it is there; converting it is another matter"
    for blob, content in ((first, b"one" * 999), (second, b"two" * 999)):
        assert sealed.holds(blob.sha256)
        assert sealed.sound(blob.sha256)
        assert sealed.size(blob.sha256) == len(content)
        assert sealed.shown(blob.sha256) == content
        with sealed.lent(blob.sha256) as lent:
            assert lent.read_bytes() == content
            assert root not in lent.parents, "its name may go while somebody reads"
    assert (sealed.unsealed().files, sealed.sealed().files) == (1, 1)
    assert sealed.unsealed().bytes == len(b"one" * 999)
    back = Vault(root, Seal(identity), sealing=False)
    (tmp_path / "3").write_bytes(b"three")
    third = back.adopt(tmp_path / "3")
    assert plain.path(third.sha256).read_bytes() == b"three"
    later = Vault(root)
    assert set(later.remove([first.sha256, second.sha256])) == {first.sha256, second.sha256}
    assert not sealed.holds(first.sha256)
    assert not sealed.holds(second.sha256)
    sealed.close()


def test_a_vault_opened_before_it_was_sealed_says_so(
    root: Path, vault: Vault, tmp_path: Path
) -> None:
    sha256 = vault.adopt(page(tmp_path)).sha256
    before = Vault(root)
    assert before.holds(sha256)
    for read in (before.opened, before.sound):
        with pytest.raises(HomeLocked):
            read(sha256)
    with pytest.raises(HomeLocked):
        before.lend(sha256, tmp_path)
    with pytest.raises(ValueError, match="without a seal"):
        before.reseal(STILL)
    assert not before.sealing


@pytest.fixture
def filled(root: Path, tmp_path: Path) -> dict[str, bytes]:
    """What a plain vault holds, by its hash."""
    contents = [bytes([n]) * (n * 40_000) for n in range(1, 6)]
    return {Vault(root).adopt(page(tmp_path, one)).sha256: one for one in contents}


def test_it_is_sealed_and_made_plain_again_beside_whoever_reads(
    vault: Vault, root: Path, filled: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "0001.jpg").unlink()
    told: list[tuple[int, int]] = []

    def look(done: int, total: int) -> None:
        told.append((done, total))
        assert {sha256: vault.shown(sha256) for sha256 in filled} == filled

    assert vault.reseal(STILL, look) == 5
    assert told == [(done, 5) for done in range(6)]
    assert (vault.unsealed().files, vault.sealed().files) == (0, 5)
    assert not [one for content in filled.values() for one in in_clear(tmp_path, content)]
    assert vault.reseal(STILL) == 0
    told.clear()
    assert vault.unseal(STILL, look) == 5
    assert told == [(done, 5) for done in range(6)]
    assert (vault.unsealed().files, vault.sealed().files) == (5, 0)
    assert all(Vault(root).sound(sha256) for sha256 in filled)
    blob = vault.adopt(page(tmp_path))
    assert vault.path(blob.sha256).read_bytes() == PAGE, "what comes in now is plain"


def test_sealing_is_broken_off_and_goes_on(vault: Vault, filled: dict[str, bytes]) -> None:
    stop = threading.Event()

    def enough(done: int, _total: int) -> None:
        if done == 2:
            stop.set()

    assert vault.reseal(stop, enough) == 3
    assert (vault.unsealed().files, vault.sealed().files) == (2, 3)
    assert all(vault.sound(sha256) for sha256 in filled)
    assert vault.reseal(STILL) == 2


def test_what_is_removed_meanwhile_does_not_come_back(
    vault: Vault, root: Path, filled: dict[str, bytes]
) -> None:
    def remove(done: int, _total: int) -> None:
        if done == 1:
            vault.remove(filled)

    assert vault.reseal(STILL, remove) == 1
    assert not [one for one in root.rglob("*") if one.is_file()]


def test_a_blob_that_was_not_sound_stays_so_either_way(
    vault: Vault, root: Path, filled: dict[str, bytes]
) -> None:
    first, second = sorted(filled)[:2]
    plain = root / first[:2] / first
    plain.write_bytes(b"rotten")
    assert vault.reseal(STILL) == 5, "nothing stays in clear"
    assert not vault.sound(first)
    sealed = vault.path(second)
    sealed.write_bytes(sealed.read_bytes()[:-1])
    assert vault.unseal(STILL) == 4
    assert plain.read_bytes() == b"rotten", "as it was"
    assert vault.sealed().files == 1, "there is nothing to put in its place"
    assert not vault.sound(second)


def test_a_kill_between_two_names_is_made_good(
    vault: Vault, root: Path, filled: dict[str, bytes]
) -> None:
    before = {sha256: (root / sha256[:2] / sha256).read_bytes() for sha256 in filled}
    vault.reseal(STILL)
    one, other = sorted(filled)[:2]
    for sha256 in (one, other):
        (root / sha256[:2] / sha256).write_bytes(before[sha256])
    vault.path(one)
    (root / other[:2] / f"{other}.age").write_bytes(b"half")
    assert vault.reseal(STILL) == 2
    assert all(vault.sound(sha256) for sha256 in filled)
    assert vault.unsealed().files == 0


def test_what_a_crash_left_half_written_is_cleared(vault: Vault, root: Path) -> None:
    left = root / ".0123456789abcdef.part"
    left.write_bytes(b"half")
    vault.tidy()
    assert not left.exists()


def test_nothing_is_left_half_written_where_the_disk_takes_nothing(
    vault: Vault, root: Path, tmp_path: Path
) -> None:
    file = page(tmp_path)
    target = root / sha256_of(file)[:2]
    target.write_bytes(b"in the way of the folder")
    with pytest.raises(OSError, match="Not a directory"):
        vault.adopt(file)
    assert list(root.iterdir()) == [target]
    assert file.stat().st_size == len(PAGE)
