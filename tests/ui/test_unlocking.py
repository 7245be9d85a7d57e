"""An encrypted home at the start of the real window: opened by keys, by its passphrase or its
recovery key, and seen then as any other."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QWidget

from digitizer.app import App
from digitizer.errors import HomeSealed, KeysMissing
from digitizer.homekeys import Custody
from tests.sealedhome import PASSPHRASE, encrypt
from tests.ui.conftest import Sealed
from tests.ui.encrypted import (
    OPENS,
    OTHER,
    locked,
    opened,
    type_in,
)
from tests.ui.stage import CODE, Stage
from ui import encryption_words
from ui.asides import Aside
from ui.homes import opens
from ui.screens.doctor import DoctorScreen


def test_a_locked_home_is_opened_by_its_passphrase(
    tmp_path: Path, sealed: Sealed, begun: OPENS
) -> None:
    with begun(opens(sealed.at(tmp_path / "home"))) as clerk:
        page = locked(clerk)
        assert page.title.text() == HomeSealed.title
        field = page.unlock.passphrase.field
        assert clerk.window.focusWidget() is field
        assert field.echoMode() is field.EchoMode.Password
        type_in(clerk, "không phải câu này")
        clerk.until(lambda: "không đúng" in page.unlock.said.text())
        assert clerk.window.focusWidget() is field
        type_in(clerk, PASSPHRASE)  # in the place of what was wrong
        opened(clerk)
        assert field.text() == "", "nothing of it stays"
        clerk.window.show_aside(Aside.DOCTOR)
        doctor = clerk.window.findChild(DoctorScreen)
        assert isinstance(doctor, DoctorScreen)
        clerk.until(doctor.copy.isEnabled)
        said = [label.accessibleName() for label in doctor._list.findChildren(QLabel)]
        for name in ("Kho hồ sơ: Được", "Mã hóa kho: Được. đã mã hóa, hỏi mật khẩu kho"):
            assert any(text.startswith(name) for text in said), "what is open is not asked for"


def test_nothing_of_a_locked_home_is_reached_by_keys(
    tmp_path: Path, sealed: Sealed, begun: OPENS
) -> None:
    with begun(opens(sealed.at(tmp_path / "home"))) as clerk:
        page = locked(clerk)
        for key in (Qt.Key.Key_F1, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_Escape):
            clerk.press(key)
        clerk.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
        assert page.isVisible() and clerk.window.office is None
        clerk.press(Qt.Key.Key_Return)
        assert page.unlock.isVisible(), "nothing is no passphrase"


def test_the_recovery_key_opens_it_and_sets_another_passphrase(
    tmp_path: Path, sealed: Sealed, begun: OPENS
) -> None:
    key = sealed.key
    sealed.at(tmp_path / "home")
    with begun(opens(tmp_path / "home")) as clerk:
        page = locked(clerk)
        unlock = page.unlock
        while clerk.window.focusWidget() is not unlock.lost:
            clerk.window.focusNextChild()
        clerk.press(Qt.Key.Key_Return)
        assert clerk.window.focusWidget() is unlock.key
        assert "khóa khôi phục" in page.title.text()
        clerk.press(Qt.Key.Key_Escape)
        assert clerk.window.focusWidget() is unlock.passphrase.field
        unlock.lost.click()
        unlock.custody.choose(Custody.PASSPHRASE)
        unlock.custody.activated.emit(unlock.custody.currentIndex())
        type_in(clerk, "AGE-SECRET-KEY-1" + "Q" * 58)
        type_in(clerk, OTHER)
        type_in(clerk, OTHER)
        clerk.until(lambda: "Khóa khôi phục không đúng" in unlock.rescue_said.text())
        assert clerk.window.focusWidget() is unlock.key
        type_in(clerk, encryption_words.spelled(key).replace("\n", " ").lower())
        type_in(clerk, OTHER)  # over what was typed first
        type_in(clerk, "ngắn")
        assert "giống nhau" in unlock.rescue_said.text()
        type_in(clerk, OTHER)
        type_in(clerk, OTHER)
        opened(clerk)
    App(tmp_path / "home", "test", passphrase=OTHER).close()


def test_a_home_whose_keys_are_gone_says_so_and_asks_for_nothing_that_would_not_help(
    tmp_path: Path, sealed: Sealed, begun: OPENS
) -> None:
    home = sealed.at(tmp_path / "home")
    page = tmp_path / "page.jpg"
    page.write_bytes(b"to khai cua ba Buoi")
    with App(home, "test", passphrase=PASSPHRASE) as app:
        app.vault.keep(page)  # a database alone proves nothing
    (home / "keys").rename(tmp_path / "keys")
    with begun(opens(home)) as clerk:
        opening = clerk.window.opening
        clerk.until(lambda: opening.title.text() == KeysMissing.title)
        assert opening.hint.text() == KeysMissing.hint
        assert clerk.window.focusWidget() is opening.button


def test_what_the_page_asks_for_has_names(tmp_path: Path, sealed: Sealed, begun: OPENS) -> None:
    with begun(opens(sealed.at(tmp_path / "home"))) as clerk:
        page = locked(clerk)
        for _ in range(2):
            there = [
                one
                for one in page.findChildren(QWidget)
                if one.isVisible() and one.focusPolicy() is not Qt.FocusPolicy.NoFocus
            ]
            assert len(there) >= 3
            for one in there:
                found = QAccessible.queryAccessibleInterface(one)
                assert found is not None and found.text(QAccessible.Text.Name).strip(), one
            page.unlock.lost.click()


def test_a_keyring_that_lost_the_key_says_so_and_the_recovery_key_helps(
    tmp_path: Path, begun: OPENS, ring: Path
) -> None:
    key = encrypt(tmp_path / "home")
    with begun(opens(tmp_path / "home")) as clerk:
        opened(clerk)  # nobody is asked
    ring.unlink()
    with begun(opens(tmp_path / "home")) as clerk:
        page = locked(clerk)
        assert "Không tìm thấy khóa" in page.title.text()
        assert page.button.isVisible() and not page.unlock.passphrase.isVisible()
        page.unlock.lost.click()
        page.unlock.custody.choose(Custody.KEYRING)
        page.unlock.custody.activated.emit(page.unlock.custody.currentIndex())
        type_in(clerk, key)
        opened(clerk)


def test_a_page_is_scanned_and_seen_and_no_file_of_it_is_in_clear(
    stage: Stage, begun: OPENS, ring: Path
) -> None:
    encrypt(stage.home)
    stage.refill(1)
    stage.prepare()
    with begun(opens(stage.home)) as clerk:
        opened(clerk)
        clerk.open(CODE)
        clerk.scan()
        clerk.until(lambda: clerk.counted == "Đã lưu 1 trang")
        clerk.until(lambda: clerk.window.counter.view.shown is not None)
        app = clerk.office.app
        clerk.until(lambda: bool(app.store.rows("SELECT 1 FROM words")))
        assert app.vault.unsealed().files == 0
        (image,) = app.store.rows("SELECT sha256 FROM page")
        lying = app.home.vault / image[0][:2] / f"{image[0]}.age"
        assert lying.read_bytes().startswith(b"age-encryption.org/")
