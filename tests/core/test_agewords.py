"""Bytes sealed for a passphrase: the age format, as another program reads and writes it."""

from __future__ import annotations

import pyrage
import pytest

from digitizer import agewords

WORD = "cầu thang xanh bảy giờ"


def test_any_age_program_opens_what_is_sealed_here() -> None:
    sealed = agewords.seal(b"the secret", WORD)
    assert pyrage.passphrase.decrypt(sealed, WORD) == b"the secret"
    assert agewords.open_(sealed, WORD) == b"the secret"
    assert agewords.seal(b"the secret", WORD) != sealed


def test_what_another_age_program_sealed_is_opened_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agewords, "MOST_WORK", 24)  # it measures this machine, however busy
    assert agewords.open_(pyrage.passphrase.encrypt(b"theirs", WORD), WORD) == b"theirs"


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: b"",
        lambda sealed: sealed[:-1],
        lambda sealed: sealed + b"x",
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: sealed.replace(b" 17\n", b" 21\n", 1),
        lambda sealed: sealed.replace(b" 17\n", b" 64\n", 1),
        lambda sealed: sealed.replace(b"\n--- ", b"\n---  ", 1),
        lambda sealed: pyrage.encrypt(b"x", [pyrage.x25519.Identity.generate().to_public()]),
    ],
)
def test_what_was_changed_or_is_something_else_is_broken(change: object) -> None:
    assert callable(change)
    with pytest.raises(agewords.Broken):
        agewords.open_(change(agewords.seal(b"the secret", WORD)), WORD)


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(agewords.Broken):
        agewords.open_(agewords.seal(b"the secret", WORD), WORD + " ")
