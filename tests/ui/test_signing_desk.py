"""Signing at the real window: F4, the list beside its pages, one PIN; what is sent is signed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from digitizer.app import App
from digitizer.errors import TokenMissing
from digitizer.signing.model import Plugged
from digitizer.signing.session import Session
from digitizer.signingrules import KeyKind
from digitizer.storage import signings
from tests.signed.office import AGENCY, PIN, SIGNER, add_signable_paper, key_file, rules
from tests.signing.issuing import Issuer
from tests.signing.softtoken import LIBRARY, Port
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, Stage
from ui.asides import Aside
from ui.places import Place
from ui.rows import Deed
from ui.screens.listing import Listing
from ui.screens.signing import SigningScreen
from ui.screens.signing_section import SAVED

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
F4, ENTER = Qt.Key.Key_F4, Qt.Key.Key_Return


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return key_file(tmp_path_factory.mktemp("key"))


def done_with(stage: Stage, key: Path, *parts: str) -> None:
    """An office that signs before sending, and a dossier the clerk is done with."""
    stage.prepare()
    with App(stage.home, "test") as app:
        app.keep_signing_rules(rules(key))
        dossier = app.dossiers.find(CODE)
        for part in parts:
            add_signable_paper(app, dossier, part)
        app.dossiers.finish(dossier.id)
        app.settle()


def signing_of(clerk: Clerk, papers: int) -> SigningScreen:
    """*Ký số*, once it lists so many papers and shows a page."""
    clerk.press(F4)
    assert clerk.window.aside is Aside.SIGN
    screen = clerk.window._shown
    assert isinstance(screen, SigningScreen)
    clerk.until(lambda: len(screen.view.list.rows) == papers)
    if papers:
        clerk.until(lambda: screen.file.picture.accessibleName().endswith(", trang 1"))
    return screen


def test_what_waits_is_seen_signed_with_one_pin_and_sent(
    stage: Stage, at_window: AtWindow, key: Path
) -> None:
    done_with(stage, key, "TP01", "TP02")
    with at_window(stage) as clerk:
        clerk.press(Qt.Key.Key_5, ALT)
        outbox = clerk.window.screen(Place.OUTBOX)
        assert isinstance(outbox, Listing)
        clerk.until(lambda: [row.deed for row in outbox.view.list.rows] == [Deed.SIGN])
        assert outbox.view.list.rows[0].title == "2 giấy tờ của 1 hồ sơ"
        assert "2 chờ ký số" in clerk.window.header.outbox.text().lower()
        clerk.press(ENTER)
        screen = signing_of(clerk, 2)
        assert screen.status.text() == "2 giấy tờ của 1 hồ sơ chờ ký · chữ ký cá nhân"
        assert clerk.receipts == 0
        clerk.press(Qt.Key.Key_Down)
        clerk.until(lambda: screen.view.currentIndex().row() == 1)
        clerk.press(ENTER, CTRL)
        assert clerk.window.focusWidget() is screen.pin
        screen.pin.insert(PIN)
        clerk.press(ENTER)
        assert screen.pin.text() == ""
        assert not screen.pin.isUndoAvailable()
        clerk.until(lambda: screen.status.text() == "Đã ký 2 giấy tờ, đang gửi đi")
        states = [row.state for row in screen.view.list.rows]
        assert all(state.startswith("Đã ký lúc") for state in states)
        assert SIGNER in screen.note.text()
        clerk.until(lambda: clerk.receipts == 2)
        app = clerk.office.app
        found = app.dossiers.find(CODE)
        for paper in found.papers[:2]:
            receipt, (version,) = found.receipt(paper), found.signed(paper)
            assert receipt is not None
            assert receipt.sha256 == version.sha256
        assert screen.file._sha256 == version.sha256, "what is shown bears the signature"
        clerk.until(lambda: screen.file.picture.accessibleName().endswith(", trang 1"))
        clerk.finish("000.00.20.H02-261122-0001")
        clerk.press(F4)
        clerk.until(lambda: len(screen.view.list.rows) == 1)
        assert not screen.pin.isVisible(), "the PIN was given once"


def test_a_wrong_pin_is_told_and_asked_for_again(
    stage: Stage, at_window: AtWindow, key: Path
) -> None:
    done_with(stage, key, "TP01")
    with at_window(stage) as clerk:
        screen = signing_of(clerk, 1)
        screen.pin.setText("sai")
        screen.main.click()
        clerk.until(lambda: screen.status.text().startswith("Sai mã PIN"))
        clerk.until(lambda: clerk.window.focusWidget() is screen.pin)
        assert [row.state for row in screen.view.list.rows] == ["Chờ ký"]
        screen.pin.setText(PIN)
        clerk.press(ENTER)
        clerk.until(lambda: screen.status.text() == "Đã ký 1 giấy tờ, đang gửi đi")


def test_a_time_stamp_that_no_server_gave_is_said(
    stage: Stage, at_window: AtWindow, key: Path
) -> None:
    done_with(stage, key, "TP01")
    with App(stage.home, "test") as app:
        app.keep_signing_rules(replace(rules(key), timestamps="http://127.0.0.1:9"))
    with at_window(stage) as clerk:
        screen = signing_of(clerk, 1)
        screen.pin.setText(PIN)
        screen.main.click()
        clerk.until(lambda: screen.status.text() == "Đã ký 1 giấy tờ, đang gửi đi")
        (row,) = screen.view.list.rows
        assert row.state.startswith("Đã ký lúc")
        assert "không có dấu thời gian" in row.sentence


def test_a_token_pulled_out_in_the_middle_leaves_the_rest_waiting(
    stage: Stage, at_window: AtWindow, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done_with(stage, key, "TP01", "TP02")
    made: list[Path] = []
    sign = Session.sign

    def pulled(session: Session, source: Path, out: Path, *args: object, **more: object) -> object:
        if made:
            session.close()
            raise TokenMissing
        made.append(out)
        return sign(session, source, out, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "sign", pulled)
    with at_window(stage) as clerk:
        screen = signing_of(clerk, 2)
        screen.pin.setText(PIN)
        screen.sign()
        clerk.until(lambda: screen.status.text() == "Đã ký 1 giấy tờ, còn 1 chưa ký")
        assert screen.note.text().startswith("Không thấy USB ký. Cắm USB ký vào máy")
        states = [row.state for row in screen.view.list.rows]
        assert states[0].startswith("Đã ký")
        assert states[1] == "Chưa ký được"
        clerk.until(lambda: clerk.receipts == 1)
        clerk.until(screen.pin.isVisible)
        monkeypatch.setattr(Session, "sign", sign)
        clerk.until(lambda: len(screen.chosen) == 1)
        screen.pin.setText(PIN)
        screen.sign()
        clerk.until(lambda: clerk.receipts == 2)


def test_another_clerk_has_to_give_a_pin_of_their_own(
    stage: Stage, at_window: AtWindow, key: Path
) -> None:
    done_with(stage, key, "TP01")
    with App(stage.home, "test") as app:
        app.clerks.put("Lan", "")
        app.clerks.put("Mai", "")
    with at_window(stage) as clerk:
        button = clerk.window.header.clerk
        clerk.until(lambda: "Lan" in button.text())
        screen = signing_of(clerk, 1)
        screen.pin.setText(PIN)
        screen.sign()
        clerk.until(lambda: screen.status.text().startswith("Đã ký 1"))
        assert screen.locks.isVisible()
        key_of = clerk.office.app.key
        assert key_of.unlocked is not None
        assert clerk.window.clerks is not None
        clerk.window.clerks.use(clerk.window.clerks.all[1].id)
        clerk.until(lambda: key_of.unlocked is None)
        clerk.until(lambda: not screen.locks.isVisible())
        found = clerk.office.app.dossiers.find(CODE)
        assert list(signings.signers(clerk.office.app.store, found.id).values()) == ["Lan"]


def test_a_paper_is_left_out_this_time(stage: Stage, at_window: AtWindow, key: Path) -> None:
    done_with(stage, key, "TP01", "TP02")
    with at_window(stage) as clerk:
        screen = signing_of(clerk, 2)
        clerk.press(Qt.Key.Key_Delete)
        assert screen.view.list.rows[0].state == "Để lần sau"
        assert screen.main.text() == "Ký 1 giấy tờ  Ctrl+Enter"
        screen.pin.setText(PIN)
        screen.sign()
        clerk.until(lambda: screen.status.text() == "Đã ký 1 giấy tờ, đang gửi đi")
        clerk.press(Qt.Key.Key_Escape)
        assert clerk.window.aside is None
        again = signing_of(clerk, 1)
        assert again.view.list.rows[0].state == "Chờ ký"


def test_an_office_without_a_rule_signs_the_open_dossier(
    stage: Stage, at_window: AtWindow, key: Path
) -> None:
    stage.prepare()
    with App(stage.home, "test") as app:
        app.keep_signing_rules(replace(rules(key), before=None))
        add_signable_paper(app, app.dossiers.find(CODE))
    with at_window(stage) as clerk:
        screen = signing_of(clerk, 0)
        clerk.until(lambda: screen.note.text().startswith("Mở một hồ sơ"))
        clerk.open(CODE)
        screen = signing_of(clerk, 1)
        screen.pin.setText(PIN)
        screen.sign()
        clerk.until(lambda: screen.status.text().startswith("Đã ký 1"))
        clerk.press(Qt.Key.Key_1, ALT)
        assert clerk.office.desk is not None
        said = clerk.window.counter.papers._rows[clerk.office.desk.dossier.papers[0].id]
        clerk.until(lambda: f"Đã ký: {SIGNER}" in said.accessibleName())


def test_it_is_set_up_in_the_settings(stage: Stage, at_window: AtWindow, key: Path) -> None:
    with at_window(stage) as clerk:
        screen = signing_of(clerk, 0)
        clerk.until(lambda: screen.status.text() == "Chưa chọn khóa để ký số")
        screen.settings.click()
        assert clerk.window.place is Place.SETTINGS
        section = clerk.window.settings.signing
        clerk.until(lambda: clerk.window.focusWidget() is section.key)
        section.before.choose("copy")
        section.key.choose("file")
        section._dress()
        assert section.path.isVisible()
        assert not section.token.isVisible()
        section.save.click()
        assert section.said.text().startswith("✗ Chưa chọn nơi giữ khóa")
        section.key.choose("service")
        section.path.setText("https://127.0.0.1:8987")
        section.save.click()
        assert section.said.text().startswith("✗ Dịch vụ ký phải ở máy này")
        section.key.choose("file")
        section.path.setText(str(key))
        section.save.click()
        assert section.said.text().startswith("✗ Ký sao y cần có tên cơ quan")
        section.agency.setText(AGENCY)
        section.save.click()
        clerk.until(lambda: section.said.text() == SAVED)
        found = signings.rules(clerk.office.app.store)
        assert (found.before, found.path, found.agency) == ("copy", str(key), AGENCY)
        section.path.setText(str(key.with_name("nothere.p12")))
        section.save.click()
        clerk.until(lambda: section.said.text().startswith("✗ Không thấy tệp"))
        assert signings.rules(clerk.office.app.store) == found


@pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is not installed")
def test_two_usb_tokens_of_one_name_are_told_apart_by_their_serial_numbers(
    stage: Stage, at_window: AtWindow, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer, port = Issuer(), Port.made(tmp_path / "port")
    for name, value in port.environment.items():
        monkeypatch.setenv(name, value)
    mine = port.plug("USB ký số", issuer, issuer.issue())
    theirs = port.plug("USB ký số", issuer, issuer.issue("Lê Thị Khác"), pin="975310")
    done_with(stage, key, "TP01")
    with App(stage.home, "test") as app:
        by_label = replace(rules(key), key=KeyKind.TOKEN, path=str(LIBRARY), label="USB ký số")
        app.keep_signing_rules(by_label)
    with at_window(stage) as clerk:
        screen = signing_of(clerk, 1)
        screen.pin.setText("975310")
        screen.main.click()
        clerk.until(lambda: screen.status.text().startswith("Có nhiều USB ký cùng cắm"))
        assert mine in screen.note.text() and theirs in screen.note.text()
        screen.settings.click()
        section = clerk.window.settings.signing
        clerk.until(lambda: section.token.value == Plugged("USB ký số", ""))
        section.plugged.click()
        clerk.until(lambda: section.found.text() == "Đang cắm 2 USB ký: chọn một chiếc.")
        assert clerk.window.focusWidget() is section.token
        offered = [section.token.itemText(at) for at in range(section.token.count())]
        assert f"USB ký số · số seri {mine}" in offered
        section.token.setCurrentText(f"USB ký số · số seri {theirs}")
        section.save.click()
        clerk.until(lambda: section.said.text() == SAVED)
        found = signings.rules(clerk.office.app.store)
        assert (found.label, found.serial) == ("USB ký số", theirs)
        screen = signing_of(clerk, 1)
        clerk.until(lambda: theirs in screen.note.text())
        screen.pin.setText("975310")
        screen.main.click()
        clerk.until(lambda: screen.status.text() == "Đã ký 1 giấy tờ, đang gửi đi")
        assert "Lê Thị Khác" in screen.note.text()
