"""Several clerks at one desk, a password that is needed, a server nobody vouches for."""

from __future__ import annotations

from pathlib import Path

import trustme

from digitizer.app import App
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox
from tests.certificates import issued, pem_of
from tests.ui.camera import Camera, go_to_settings, open_dossier, rest, wait
from tests.ui.papers import Papers
from tests.ui.stage import CODE, Stage, set_up
from ui.window import Window

LAN, MAI, BAO = "Nguyễn Thị Lan", "Trần Thị Mai", "Lê Quốc Bảo"


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder / "desk", pages=1) as stage:
        stage.prepare(dpi=300)
        stage.accounts.set("lan.tanlap", "lan")
        stage.accounts.set("bao.tanlap", "bao")
        with App(stage.home, "test") as app:
            for name, account, word in (
                (LAN, "lan.tanlap", "lan"),
                (MAI, "mai.tanlap", "sai"),
                (BAO, "bao.tanlap", "bao"),
            ):
                app.clerks.put(name, account)
                app.servers.keep_password(stage.server, account, word)
        with camera.window(stage) as window:
            wait(lambda: window.header.clerk.isVisible())
            open_dossier(window, CODE)
            window.header.clerk.open_menu()
            rest(300)
            camera.take(window, "A00-at-desk")
            camera.take(window.header.clerk.menu_of_clerks, "A01-who")
            window.header.clerk.menu_of_clerks.close()
            _needed(camera, window)
    if camera.wants("A04"):
        _unknown(camera, folder / "tls", folder)


def _needed(camera: Camera, window: Window) -> None:
    assert window.clerks is not None
    mai = next(one for one in window.clerks.all if one.name == MAI)
    window.clerks.use(mai.id)
    wait(lambda: window.banner.notice is not None and MAI in window.banner.notice.title)
    rest(300)
    camera.take(window, "A02-password-needed")
    window.banner.button.click()
    rest(300)
    camera.take(window, "A03-clerks")


def _unknown(camera: Camera, folder: Path, scratch: Path) -> None:
    office = trustme.CA(organization_name="UBND tỉnh – Trung tâm CNTT")
    (scratch / "ca.crt").write_text(pem_of(office), "ascii")
    certificate = issued(office, scratch / "server.pem")
    with (
        set_up(folder, pages=1) as stage,
        Sandbox(scratch / "sandbox", Faults(), certificate=certificate) as there,
    ):
        _compare(camera, stage, there.url, scratch / "ca.crt")


def _compare(camera: Camera, stage: Stage, url: str, file: Path) -> None:
    stage.prepare(server=False, dpi=300)
    with camera.window(stage) as window:
        go_to_settings(window)
        form = window.settings.server
        form.url.setText(url)
        form.group.setText("20126")
        form.user.setText("motcua")
        form.password.setText("x")
        form.check.click()
        wait(form.check.isEnabled)
        form.authority.read(file)
        wait(form.authority.trust.isVisible)
        window.settings._scroll.ensureWidgetVisible(form.check, 0, 100)
        rest(300)
        camera.take(window, "A04-ca")
