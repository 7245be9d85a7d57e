"""USB tokens: PINs, several of them, one that is pulled out, a maker's library that fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from digitizer.errors import (
    DigitizerError,
    NoKey,
    PinLocked,
    SeveralTokens,
    SignerCrashed,
    SignerSilent,
    SigningCertificateExpired,
    SigningClosed,
    Stopped,
    TokenMissing,
    TokenUnusable,
    WrongPin,
    WrongPinLast,
)
from digitizer.signing import session as sessions
from digitizer.signing.model import KeyKind, KeySource
from digitizer.signing.session import tokens
from tests.signing import papers
from tests.signing.conftest import COPY, PERSONAL, Opened
from tests.signing.issuing import OFFICER, Issuer
from tests.signing.softtoken import LIBRARY, PIN, Port, Vendor

pytestmark = pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is not installed")
LABEL = "USB ký số"


@pytest.fixture(scope="module")
def made(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Port:
    """A port with one token, as an office has it: one to sign with, one to encrypt with."""
    port = Port.made(tmp_path_factory.mktemp("port") / "port")
    key = rsa.generate_private_key(65537, 2048)
    port.plug(LABEL, issuer, issuer.issue(key=key), issuer.issue("Mã hóa", encrypts=True))
    return port


@pytest.fixture
def port(made: Port, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Port:
    found = made.copied(tmp_path / "port")
    for name, value in found.environment.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Vendor:
    return Vendor.compiled(tmp_path_factory.mktemp("vendor"))


@pytest.fixture
def vendor(compiled: Vendor, port: Port, monkeypatch: pytest.MonkeyPatch) -> Vendor:
    for name, value in compiled.environment.items():
        monkeypatch.setenv(name, value)
    compiled.tell("")
    return compiled


def source(label: str = LABEL, library: Path = LIBRARY, serial: str = "") -> KeySource:
    return KeySource(KeyKind.TOKEN, str(library), label, serial)


def test_a_token_signs_page_after_page_with_one_pin(
    opened: Opened, vendor: Vendor, paper: Path, tmp_path: Path
) -> None:
    session = opened(source(library=vendor.library), PIN)
    for number, stamp in enumerate((PERSONAL, COPY, PERSONAL)):
        done = session.sign(paper, tmp_path / f"{number}.pdf", stamp)
        assert done.certificate.name == OFFICER, "not the one that encrypts"
        assert "Signature is Valid." in papers.pdfsig(tmp_path / f"{number}.pdf")
    assert vendor.logins == 1


def test_a_token_whose_keys_are_on_curves(
    opened: Opened, port: Port, issuer: Issuer, paper: Path, tmp_path: Path
) -> None:
    port.plug("EC", issuer, issuer.issue())
    opened(source("EC"), PIN).sign(paper, tmp_path / "out.pdf", PERSONAL)
    assert "Signature is Valid." in papers.pdfsig(tmp_path / "out.pdf")


def test_what_is_plugged_in_is_told(port: Port, issuer: Issuer, tmp_path: Path) -> None:
    (own,) = tokens(LIBRARY, tmp_path)
    assert own.label == LABEL and len(own.serial) == 16
    another = port.plug(LABEL, issuer)
    assert {(one.label, one.serial) for one in tokens(LIBRARY, tmp_path)} == {
        (LABEL, own.serial), (LABEL, another),
    }  # fmt: skip
    port.pull_out()
    assert tokens(LIBRARY, tmp_path) == ()


def test_a_library_that_is_none(port: Port, opened: Opened, tmp_path: Path) -> None:
    text = tmp_path / "library.so"
    text.write_text("no library")
    for file in (text, tmp_path / "none.so"):
        with pytest.raises(TokenUnusable):
            tokens(file, tmp_path)
        with pytest.raises(TokenUnusable):
            opened(source(library=file), PIN)


def test_a_wrong_pin_is_tried_once(opened: Opened, vendor: Vendor) -> None:
    with pytest.raises(WrongPin) as caught:
        opened(source(library=vendor.library), "000000")
    assert type(caught.value) is WrongPin
    assert vendor.logins == 1
    vendor.tell("")
    with pytest.raises(WrongPin):
        opened(source(library=vendor.library), "")
    assert vendor.logins == 0, "no PIN at all is not even tried"
    opened(source(library=vendor.library), PIN)


def test_the_last_try_is_told(opened: Opened, vendor: Vendor) -> None:
    vendor.tell("final")
    with pytest.raises(WrongPinLast):
        opened(source(library=vendor.library), "000000")


def test_a_locked_pin_is_told(opened: Opened, vendor: Vendor) -> None:
    vendor.tell("locked")
    with pytest.raises(PinLocked):
        opened(source(library=vendor.library), PIN)
    assert vendor.logins == 1


def test_which_token(opened: Opened, port: Port, issuer: Issuer) -> None:
    assert opened(source(""), PIN).is_open, "the only one needs no name"
    with pytest.raises(TokenMissing):
        opened(source("another"), PIN)
    port.plug("empty", issuer)
    with pytest.raises(SeveralTokens):
        opened(source(""), PIN)
    with pytest.raises(NoKey):
        opened(source("empty"), PIN)
    port.plug("old", issuer, issuer.issue(begins=-9, ends=-1))
    with pytest.raises(SigningCertificateExpired):
        opened(source("old"), PIN)
    port.pull_out()
    with pytest.raises(TokenMissing):
        opened(source(), PIN)


def test_two_tokens_of_one_label_are_told_apart_or_no_pin_is_tried(
    opened: Opened, vendor: Vendor, port: Port, issuer: Issuer, paper: Path, tmp_path: Path
) -> None:
    (own,) = tokens(LIBRARY, tmp_path)
    theirs = port.plug(LABEL, issuer, issuer.issue("Lê Thị Khác"), pin="975310")
    vendor.tell("")
    for label in (LABEL, ""):
        with pytest.raises(SeveralTokens) as caught:
            opened(source(label, vendor.library), PIN)
        assert own.serial in str(caught.value) and theirs in str(caught.value)
    for wrong in (source(serial="0" * 16), source("another", serial=theirs)):
        with pytest.raises(TokenMissing) as missing:
            opened(KeySource(wrong.kind, str(vendor.library), wrong.label, wrong.serial), PIN)
        assert wrong.serial in str(missing.value)
    assert vendor.logins == 0, "no PIN was tried on any of them"
    mine = opened(source(library=vendor.library, serial=own.serial), PIN)
    assert mine.sign(paper, tmp_path / "mine.pdf", PERSONAL).certificate.name == OFFICER
    named = opened(source("", vendor.library, theirs), "975310")
    assert named.sign(paper, tmp_path / "theirs.pdf", PERSONAL).certificate.name == "Lê Thị Khác"
    assert vendor.logins == 2
    with pytest.raises(WrongPin):
        opened(source(library=vendor.library, serial=theirs), PIN)
    assert vendor.logins == 3, "and a wrong one once, on the one that was named"


def interrupted(
    opened: Opened,
    library: Path,
    paper: Path,
    folder: Path,
    trouble: Callable[[], object],
    expected: type[DigitizerError],
) -> None:
    """Sign one file, make trouble, sign the next: the first stays, of the second nothing is."""
    session = opened(source(library=library), PIN)
    session.sign(paper, folder / "one.pdf", PERSONAL)
    before, signed = paper.read_bytes(), (folder / "one.pdf").read_bytes()
    trouble()
    with pytest.raises(expected):
        session.sign(paper, folder / "two.pdf", PERSONAL)
    assert not (folder / "two.pdf").exists()
    assert paper.read_bytes() == before
    assert (folder / "one.pdf").read_bytes() == signed
    assert list((folder / "scratch").iterdir()) == [], "nothing half is left"
    assert not session.is_open
    with pytest.raises(SigningClosed):
        session.sign(paper, folder / "two.pdf", PERSONAL)


def test_a_token_that_is_pulled_out_leaves_every_file_whole(
    opened: Opened, port: Port, made: Port, paper: Path, tmp_path: Path
) -> None:
    interrupted(opened, LIBRARY, paper, tmp_path, port.pull_out, TokenMissing)
    plugged = made.copied(tmp_path / "again")
    (port.folder / "tokens").rmdir()
    (plugged.folder / "tokens").rename(port.folder / "tokens")
    opened(source(), PIN).sign(paper, tmp_path / "two.pdf", PERSONAL)


@pytest.mark.parametrize(
    ("order", "expected"), [("removed", TokenMissing), ("crash", SignerCrashed)]
)
def test_a_library_that_fails_leaves_every_file_whole(
    opened: Opened,
    vendor: Vendor,
    paper: Path,
    tmp_path: Path,
    order: str,
    expected: type[DigitizerError],
) -> None:
    interrupted(opened, vendor.library, paper, tmp_path, lambda: vendor.tell(order), expected)
    vendor.tell("")
    opened(source(library=vendor.library), PIN).sign(paper, tmp_path / "two.pdf", PERSONAL)


def test_a_library_that_hangs_is_given_up(
    opened: Opened, vendor: Vendor, paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang() -> None:
        vendor.tell("hang")
        monkeypatch.setattr(sessions, "_SIGN_SECONDS", 1.5)

    interrupted(opened, vendor.library, paper, tmp_path, hang, SignerSilent)


def test_a_library_that_hangs_can_be_broken_off(
    opened: Opened, vendor: Vendor, paper: Path, tmp_path: Path
) -> None:
    session = opened(source(library=vendor.library), PIN)
    vendor.tell("hang")
    stop = threading.Event()

    def break_off() -> None:
        until = time.monotonic() + 60
        while not vendor.hangs and time.monotonic() < until:
            stop.wait(0.02)
        stop.set()

    thread = threading.Thread(target=break_off)
    thread.start()
    with pytest.raises(Stopped):
        session.sign(paper, tmp_path / "out.pdf", PERSONAL, stop=stop)
    thread.join()
    assert vendor.hangs
    assert not (tmp_path / "out.pdf").exists()
    assert not session.is_open
