"""Sealing and opening: every byte comes back, or it is said that one did not."""

from __future__ import annotations

import errno
import hashlib
import io
import random
from pathlib import Path

import pytest

from digitizer.storage.seal import Broken, Plain, Seal, plain_size
from tests.storage.sealing import new_identity, new_seal, open_by_the_book

PIECE = 1 << 16
BYTES = random.Random(7).randbytes(2 * PIECE + 5)


@pytest.fixture(scope="module")
def seal() -> Seal:
    return new_seal()


def sealed(seal: Seal, plain: bytes) -> bytes:
    target = io.BytesIO()
    assert seal.seal(io.BytesIO(plain), target) == of(plain)
    return target.getvalue()


def of(plain: bytes) -> Plain:
    return Plain(hashlib.sha256(plain).hexdigest(), len(plain))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, len(BYTES)])
def test_every_byte_comes_back(seal: Seal, size: int, tmp_path: Path) -> None:
    plain = BYTES[:size]
    kept = tmp_path / "kept.age"
    kept.write_bytes(sealed(seal, plain))
    assert len(plain) < 16 or plain[:16] not in kept.read_bytes()
    assert plain_size(kept) == size
    back = io.BytesIO()
    with kept.open("rb") as reader:
        assert seal.open(reader, back) == of(plain)
    assert back.getvalue() == plain


def test_whoever_has_the_key_opens_it_without_this_program() -> None:
    identity = new_identity()
    for plain in (b"", BYTES):
        assert open_by_the_book(sealed(Seal(identity), plain), identity) == plain


def test_no_two_sealed_files_are_alike(seal: Seal) -> None:
    assert sealed(seal, BYTES) != sealed(seal, BYTES)


def test_a_file_cut_short_anywhere_is_found_out(seal: Seal) -> None:
    whole = sealed(seal, BYTES)
    head = whole.index(b"\n", whole.index(b"\n--- ") + 1) + 1
    ends = {0, 1, head - 1, head, head + 15, head + 16, head + 32, len(whole) - 1}
    ends |= {head + 16 + n * (PIECE + 16) for n in (1, 2)} | set(range(0, len(whole), 4099))
    for end in sorted(ends):
        with pytest.raises(Broken):
            seal.look(io.BytesIO(whole[:end]))


def test_a_changed_byte_anywhere_is_found_out(seal: Seal) -> None:
    whole = sealed(seal, BYTES)
    head = whole.index(b"\n", whole.index(b"\n--- ") + 1) + 1
    for at in (*range(0, head + 40, 7), *range(head, len(whole), 5003), len(whole) - 1):
        changed = bytearray(whole)
        changed[at] ^= 1
        with pytest.raises(Broken):
            seal.look(io.BytesIO(changed))


def test_what_is_added_at_the_end_or_swapped_is_found_out(seal: Seal) -> None:
    whole = sealed(seal, BYTES)
    with pytest.raises(Broken):
        seal.look(io.BytesIO(whole + b"\0"))
    first = len(whole) - len(BYTES) - 3 * 16
    one, two = (whole[first + n * (PIECE + 16) :][: PIECE + 16] for n in (0, 1))
    with pytest.raises(Broken):
        seal.look(io.BytesIO(whole[:first] + two + one + whole[first + 2 * (PIECE + 16) :]))


def test_another_key_opens_nothing(seal: Seal) -> None:
    with pytest.raises(Broken):
        new_seal().look(io.BytesIO(sealed(seal, BYTES)))


@pytest.mark.parametrize(
    "text",
    ["", "AGE-SECRET-KEY-1", "age1qqqq", pytest.param(new_identity()[:-1], id="cut short")],
)
def test_what_is_no_identity_is_no_seal(text: str) -> None:
    with pytest.raises(ValueError, match="identity"):
        Seal(text)


class Measured(io.RawIOBase):
    """So many zeros to be read, and a place for whatever is written: neither is kept. Remembers
    the most that was asked for, or given, at once."""

    def __init__(self, size: int = 0) -> None:
        self.left, self.most = size, 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.most = max(self.most, size)
        size = min(size, self.left)
        self.left -= size
        return bytes(size)

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.most = max(self.most, len(data))
        return len(data)


def test_memory_does_not_grow_with_a_file(seal: Seal, tmp_path: Path) -> None:
    source, target = Measured(32 << 20), Measured()
    assert seal.seal(source, target).bytes == 32 << 20  # type: ignore[arg-type]
    assert max(source.most, target.most) <= PIECE + 16
    kept = tmp_path / "large.age"
    with kept.open("wb") as writer:
        seal.seal(Measured(32 << 20), writer)  # type: ignore[arg-type]
    with kept.open("rb") as reader:
        assert seal.open(reader, target).bytes == 32 << 20  # type: ignore[arg-type]
    assert target.most <= PIECE + 16


class Full(io.BytesIO):
    """Takes so many bytes and no more, like a full disk."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._room:
            raise OSError(errno.ENOSPC, "full")
        return super().write(data)


@pytest.mark.parametrize("size", [3, PIECE, len(BYTES)])
def test_a_full_disk_is_told_down_to_the_last_byte(seal: Seal, size: int) -> None:
    plain = BYTES[:size]
    for room in (0, 100, 180 + size):  # a head has 169 bytes or more, and each piece 16
        with pytest.raises(OSError, match="full"):
            seal.seal(io.BytesIO(plain), Full(room))
    kept = sealed(seal, plain)
    for room in (0, size // 2, size - 1):
        with pytest.raises(OSError, match="full"):
            seal.open(io.BytesIO(kept), Full(room))


class Torn(io.BytesIO):
    """A disk that cannot read on from some place."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= PIECE:
            raise OSError(errno.EIO, "torn")
        return super().read(size)


def test_a_file_that_cannot_be_read_is_not_taken_for_a_broken_one(seal: Seal) -> None:
    with pytest.raises(OSError, match="torn"):
        seal.seal(Torn(BYTES), io.BytesIO())
    with pytest.raises(OSError, match="torn"):
        seal.look(Torn(sealed(seal, BYTES)))
