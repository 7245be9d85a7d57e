"""A password that changed, one that was never given, a server nobody vouches for: one banner, one
field, and everything goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import keyring
import pytest
import trustme
from msgspec.structs import replace
from PySide6.QtCore import Qt

from digitizer.app import App
from digitizer.authority import read_authority
from digitizer.errors import KeyringLocked, PasswordMissing, ServerUntrusted, SignInRefused
from digitizer.policyfile import VARIABLE
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox
from digitizer.servers import Server
from tests import keyringfile
from tests.certificates import issued, pem_of
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, Stage
from ui.commands import Command
from ui.places import Place
from ui.rows import Deed
from ui.screens.server import IN_FILE
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def test_a_password_changed_at_the_server_is_typed_once_and_all_goes_on(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.until(lambda: clerk.office.fetched_at is not None)
        stage.accounts.set(stage.server.user, "mới")
        clerk.finish()
        banner = clerk.window.banner
        clerk.until(lambda: SignInRefused.title in clerk.said)
        assert banner.notice is not None
        assert banner.notice.act is Act.PASSWORD
        assert banner.button.text() == "Sửa mật khẩu"
        clerk.window.go_to(Place.TROUBLE)
        clerk.until(lambda: bool(clerk.window._parts.waits.troubles))  # type: ignore[union-attr]
        clerk.window.go_to(Place.COUNTER)
        banner.button.click()
        form = clerk.window.settings.server
        assert clerk.window.place is Place.SETTINGS
        clerk.until(lambda: clerk.window.focusWidget() is form.password)
        for letter in "sai":
            clerk.press(letter)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: SignInRefused.title in form.said.text())
        assert clerk.window.focusWidget() is form.password
        assert form.password.selectedText() == "sai"
        form.password.setText("mới")
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.receipts == 1)
        clerk.until(lambda: IN_FILE in form.said.text())
        clerk.until(lambda: banner.notice is None)
        attempts = clerk.office.app.store.rows("SELECT * FROM work WHERE attempts > 0")
        assert attempts == []


def test_a_locked_server_without_a_password_says_just_that(
    stage: Stage, at_window: AtWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = stage.server
    file = tmp_path / "digitizer.toml"
    file.write_text(
        f'[locked.server]\nkind = "{server.kind}"\nurl = "{server.url}"\n'
        f'group = "{server.group}"\nuser = "{server.user}"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv(VARIABLE, str(file))
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.until(lambda: PasswordMissing.title in clerk.said)
        assert stage.accounts.refusals(server.user) == 0
        clerk.window.go_to(Place.TROUBLE)
        waits = clerk.window._parts.waits  # type: ignore[union-attr]
        clerk.until(lambda: [row.title for row in waits.troubles] == [PasswordMissing.title])
        assert waits.troubles[0].deed is Deed.PASSWORD
        clerk.until(lambda: clerk.window.screen(Place.TROUBLE).view.row is not None)  # type: ignore[attr-defined]
        clerk.window.screen(Place.TROUBLE).do(Command.NEXT_PAPER)
        form = clerk.window.settings.server
        clerk.until(lambda: clerk.window.focusWidget() is form.password)
        form.password.setText(stage.password)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.window.counter.finder.list.rowCount() == 10)


def test_an_office_ca_is_compared_trusted_and_dropped(
    stage: Stage, at_window: AtWindow, tmp_path: Path
) -> None:
    office = trustme.CA(organization_name="Văn phòng xã")
    file = tmp_path / "ca.crt"
    file.write_text(pem_of(office), "ascii")
    certificate = issued(office, tmp_path / "server.pem")
    stage.prepare(server=False)
    with (
        Sandbox(tmp_path / "tls", Faults(), certificate=certificate) as there,
        at_window(stage) as clerk,
    ):
        form = clerk.window.settings.server
        clerk.window.go_to(Place.SETTINGS)
        row = form.authority
        assert not row.isVisible()
        form.url.setText(there.url)
        form.group.setText(there.group)
        form.user.setText(there.user)
        form.password.setText(there.password)
        form.check.click()
        clerk.until(lambda: ServerUntrusted.title in form.said.text())
        assert row.isVisible()
        row.read(certificate)
        clerk.until(lambda: row.said.text().startswith("✗"))
        row.read(file)
        clerk.until(row.trust.isVisible)
        known = read_authority(file)
        shown = row.said.text().replace("\n", "")
        assert known.fingerprint.replace(":", "") in shown.replace(":", "")
        assert known.subject in shown
        assert clerk.window.focusWidget() is row.leave, "Enter trusts nobody"
        row.trust.click()
        assert clerk.window.focusWidget() is form.check
        form.check.click()
        clerk.until(lambda: "Kết nối được" in form.said.text())
        app = clerk.office.app
        kept = Server("opencps", there.url, there.group, there.user, ca=known.pem)
        assert app.servers.get() == kept
        row.remove.click()
        form.check.click()
        clerk.until(lambda: ServerUntrusted.title in form.said.text())
        assert app.servers.get() == replace(kept, ca="")
        assert row.isVisible()


def test_a_ca_is_not_taken_along_to_another_host(
    stage: Stage, at_window: AtWindow, tmp_path: Path
) -> None:
    stage.prepare()
    ca = pem_of(trustme.CA())
    with App(stage.home, "test") as app:
        app.servers.set(replace(stage.server, ca=ca), stage.password)
    with at_window(stage) as clerk:
        form = clerk.window.settings.server
        clerk.until(lambda: form.authority.pem == ca)
        form.url.setText("http://localhost:9/o/rest/v2")
        form.password.setText("x")
        form.check.click()
        clerk.until(form.check.isEnabled)
        set_now = clerk.office.app.servers.get()
        assert set_now is not None
        assert set_now.ca == ""


def test_a_silent_keyring_holds_up_nothing_else(
    stage: Stage, at_window: AtWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keyring.get_keyring()
    monkeypatch.setenv(keyringfile.VARIABLE, str(tmp_path / "ring.json"))
    keyring.set_keyring(keyringfile.KeyringFile())
    try:
        stage.prepare()
        keyringfile.SPEAKS.clear()
        with at_window(stage) as clerk:
            clerk.open(CODE)
            clerk.until(lambda: KeyringLocked.title in clerk.said)
            assert stage.accounts.refusals(stage.server.user) == 0
            keyringfile.SPEAKS.set()
            clerk.office.retry()
            clerk.until(lambda: clerk.office.fetched_at is not None)
    finally:
        keyringfile.SPEAKS.set()
        keyring.set_keyring(before)
