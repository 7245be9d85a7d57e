"""Several clerks at one window: who is at the desk, the quick switch, whose password is needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from digitizer.app import App
from digitizer.storage import clerks
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, Stage
from ui.places import Place
from ui.reads_clerks import Draft
from ui.rows import Deed
from ui.screens.clerks import NEW
from ui.screens.server import TYPE_IT
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
LAN, MAI = "Nguyễn Thị Lan", "Trần Thị Mai"


def staff(stage: Stage, *, mai: str = "của Mai") -> None:
    """Lan and Mai work here, each with an account; Lan is at the desk."""
    stage.accounts.set("lan", "của Lan")
    stage.accounts.set("mai", "của Mai")
    with App(stage.home, "test") as app:
        for name, account, password in ((LAN, "lan", "của Lan"), (MAI, "mai", mai)):
            app.clerks.put(name, account)
            app.servers.keep_password(stage.server, account, password)


def test_without_a_list_nothing_of_it_is_seen(clerk: Clerk) -> None:
    header = clerk.window.header
    assert header.clerk.isHidden()
    clerk.press(Qt.Key.Key_F9)
    section = clerk.window.settings.clerks
    assert clerk.window.place is Place.SETTINGS
    assert not section.which.isVisible()
    clerk.until(lambda: clerk.window.focusWidget() is section.name)


def test_who_is_at_the_desk_is_changed_with_two_keys(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    staff(stage)
    with at_window(stage) as clerk:
        button = clerk.window.header.clerk
        clerk.until(lambda: button.isVisible() and LAN in button.text())
        assert button.accessibleName().endswith(LAN)
        clerk.press(Qt.Key.Key_F9)
        clerk.until(button.menu_of_clerks.isVisible)
        QTest.keyClick(button.menu_of_clerks, "2")
        clerk.until(lambda: MAI in button.text())
        assert not button.menu_of_clerks.isVisible()
        clerk.finish()
        clerk.until(lambda: clerk.receipts == 1)
        dossier = clerk.office.app.dossiers.find(CODE)
        done = clerks.done(clerk.office.app.store, dossier.id)
        assert (done.finished, list(done.receipts.values())) == (MAI, [MAI])
        assert stage.accounts.uploaders() == ["mai"]


def test_a_clerks_wrong_password_is_asked_for_by_name_and_holds_up_nobody_else(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    staff(stage, mai="sai")
    with at_window(stage) as clerk:
        button = clerk.window.header.clerk
        clerk.until(lambda: LAN in button.text())
        assert clerk.window.clerks is not None
        mai = clerk.window.clerks.all[1]
        clerk.window.clerks.use(mai.id)
        clerk.until(lambda: MAI in button.text())
        clerk.until(lambda: MAI in clerk.said)
        clerk.finish()
        clerk.window.clerks.use(clerk.window.clerks.all[0].id)
        clerk.until(lambda: LAN in button.text())
        clerk.finish("000.00.20.H02-261122-0001")
        clerk.until(lambda: clerk.receipts == 1)
        assert stage.accounts.uploaders() == ["lan"]
        assert stage.accounts.refusals("mai") == 1
        waits = clerk.window._parts.waits  # type: ignore[union-attr]
        clerk.until(lambda: [row.deed for row in waits.troubles] == [Deed.PASSWORD])
        (row,) = waits.troubles
        assert MAI in row.title
        assert row.sentence.startswith("1 hồ sơ")
        clerk.window._parts.mend_password(row.clerk)  # type: ignore[union-attr]
        section = clerk.window.settings.clerks
        clerk.until(lambda: clerk.window.focusWidget() is section.password)
        assert section.name.text() == MAI
        section.password.setText("của Mai")
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.receipts == 2)
        assert stage.accounts.uploaders() == ["lan", "mai"]
        clerk.until(lambda: waits.troubles == ())
        clerk.until(lambda: section.said.text() == f"✓ Đã lưu {MAI}.")


def test_the_banner_leads_to_the_field(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    staff(stage, mai="sai")
    with App(stage.home, "test") as app:
        app.clerks.use(app.clerks.find(MAI).id)
    with at_window(stage) as clerk:
        banner = clerk.window.banner
        clerk.until(lambda: MAI in clerk.said)
        assert banner.notice is not None
        assert banner.notice.act is Act.PASSWORD
        banner.button.click()
        section = clerk.window.settings.clerks
        clerk.until(lambda: clerk.window.focusWidget() is section.password)
        assert section.name.text() == MAI
        assert section.said.text() == TYPE_IT
        clerk.office.fetch()
        assert not clerk.office._fetching, "nobody signs in again by itself"


def test_who_was_added_is_what_is_changed_next_though_the_list_comes_before_the_answer(
    stage: Stage, at_window: AtWindow
) -> None:
    """Typing the password again would else add them a second time, and be refused."""
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        section, listed = clerk.window.settings.clerks, clerk.window.clerks
        assert listed is not None
        section.begin()
        draft = Draft(LAN, "", "", NEW)
        answered: list[object] = []
        listed.keep(draft, answered.append)
        clerk.until(lambda: bool(answered and listed.all))
        section._saved(draft, None)
        assert section.name.text() == LAN
        assert section.remove.isVisible()
        assert section.which.value == listed.all[0].id


def test_a_list_is_begun_changed_and_ended_in_the_settings(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    stage.accounts.set("lan", "của Lan")
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        section = clerk.window.settings.clerks
        button = clerk.window.header.clerk
        section.add.click()
        assert clerk.window.focusWidget() is section.name
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: section.said.text().startswith("✗"))
        section.name.setText(LAN)
        section.account.setText("lan")
        section.password.setText("sai")
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: "Sai tên đăng nhập" in section.said.text())
        clerk.until(lambda: button.isVisible() and LAN in button.text())
        clerk.until(lambda: section.remove.isVisible() and section.name.text() == LAN)
        section.password.setText("của Lan")
        section.password.setFocus()
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: section.said.text() == f"✓ Đã lưu {LAN}.")
        section.which.setFocus()
        clerk.press(Qt.Key.Key_Down)
        clerk.until(lambda: section.name.text() == "")
        section.name.setText("Mai")
        section.save.click()
        clerk.until(lambda: section.said.text() == "✓ Đã thêm Mai.")
        clerk.until(section.remove.isVisible)
        section.remove.click()
        clerk.until(lambda: section.said.text().startswith("Đã bỏ Mai"))
        clerk.until(lambda: section.name.text() == LAN)
        section.remove.click()
        clerk.until(button.isHidden)
        assert clerk.office.app.clerks.all() == []
