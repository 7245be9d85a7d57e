"""*Cài đặt*: as an office sets it, below the floor, profiles, folders, locked by its file."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from digitizer.app import App
from digitizer.errors import DigitizerError, NotSupported
from digitizer.policyfile import VARIABLE
from digitizer.profiles import NamedProfile
from digitizer.scanning import Profile, Size, Source
from digitizer.servers import Server
from tests.ui.camera import Camera, go_to_settings, office_of, open_dossier, press, rest, wait
from tests.ui.papers import Papers
from tests.ui.stage import CODE, HOLDER, Stage, set_up
from ui.folder_words import LEAVE
from ui.office import Office
from ui.places import Place
from ui.window import Window


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder / "desk", pages=1) as stage:
        stage.prepare(dpi=300)
        with camera.window(stage) as window:
            _form(camera, window)
            with tempfile.TemporaryDirectory(prefix="mang-noi-bo-", dir="/var/tmp") as place:
                _folders(camera, window, Path(place) / "may-photo", papers)
            if camera.wants("602", "603", "605"):
                _rarer(camera, window)
            if camera.wants("608", "609", "610"):
                _carried(camera, window, folder / "USB")
    if camera.wants("606"):
        _locked(camera, folder / "locked")
    if camera.wants("611"):
        _held_back(camera, folder / "held")


def _form(camera: Camera, window: Window) -> None:
    form = window.settings
    go_to_settings(window)
    form.profiles.look_for_scanners()
    wait(lambda: form.profiles.fields.look.isEnabled())
    form.server.url.setText("https://motcua.tanlap.example/o/rest/v2")
    camera.take(window, "601-settings")
    if camera.wants("607"):
        form.line.when.choose(True)
        form.line.when.activated.emit(1)
        wait(lambda: form.line.hours.isVisible())
        form.show_line()
        rest(300)
        camera.take(window, "607-line")


def _folders(camera: Camera, window: Window, hot: Path, papers: Papers) -> None:
    folders, form = window.folders, window.settings.folders
    assert folders is not None
    open_dossier(window, CODE)
    hot.mkdir()
    form.into.setCurrentText(f"{HOLDER} · Giấy khai sinh")
    form.folder.setText(str(hot))
    form.add.click()
    wait(lambda: bool(folders.kept.folders))
    shutil.copyfile(papers.birth[0], hot / "20261122-0941.jpg")
    wait(lambda: not list(hot.glob("*.jpg")))
    shutil.copyfile(papers.birth[0], hot / "20261122-0955.jpg")
    (hot / "20261122-1002.pdf").touch()
    wait(lambda: bool(folders.kept.questions and folders.kept.waiting))
    go_to_settings(window)
    window.settings.show_folders()
    camera.take(window, "604-folders")
    form.watched.button(str(hot), LEAVE).click()
    wait(lambda: not folders.kept.folders)


def _carried(camera: Camera, window: Window, stick: Path) -> None:
    form = window.settings
    go_to_settings(window)
    form.server.kind.choose("igate")
    form._scroll.ensureWidgetVisible(form.server)
    camera.take(window, "608-igate")
    form.server.kind.choose("opencps")
    form._scroll.ensureWidgetVisible(form.server)
    camera.take(window, "609-opencps")
    damaged = stick / CODE / f"{CODE}.01.pdf"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"%PDF")
    line = {"TepDinhKemId": "9f2c4b1e-1d52", "TenTepDinhKem": damaged.name, "SHA256": "0" * 64}
    manifest = {"MaHoSo": CODE, "HoanTat": "0", "TaiLieuNop": [line]}
    (stick / CODE / "manifest.json").write_text(json.dumps(manifest))
    form.carrying.take_from(str(stick))
    wait(form.carrying.take.isEnabled)
    form._scroll.ensureWidgetVisible(form.carrying)
    camera.take(window, "610-carried")


def _rarer(camera: Camera, window: Window) -> None:
    fields = window.settings.profiles.fields
    window.settings.show_profiles()
    fields.mode.setFocus()
    press(window, Qt.Key.Key_Down)
    fields.name.setFocus()
    press(window, Qt.Key.Key_Return)
    camera.take(window, "602-below-floor")
    window.settings.profiles.drop.click()
    bottom = window.settings._scroll.verticalScrollBar()
    bottom.setValue(bottom.maximum())
    camera.take(window, "605-look")
    _profiles(camera, window)


def _profiles(camera: Camera, window: Window) -> None:
    app, office = office_of(window).app, office_of(window)
    for name, profile in (
        ("Căn cước, mặt kính A5", Profile("", Source.FLATBED, size=Size(148.0, 210.0))),
        (
            "Hồ sơ đất đai khổ A3 ở máy quét phòng Kinh tế – Hạ tầng – Đô thị xã Tân Lập",
            Profile("", Source.ADF, size=Size(297.0, 420.0)),
        ),
    ):
        app.profiles.put(NamedProfile(name, profile))
    office.profiles.read()
    wait(lambda: len(office.profiles.all) == 3)
    window.go_to(Place.COUNTER)
    press(window, Qt.Key.Key_F8)
    menu = window.counter.bar.profile.menu_of_profiles
    camera.take(menu, "603-profiles")
    menu.close()


def _locked(camera: Camera, folder: Path) -> None:
    file = folder.with_suffix(".toml")
    with set_up(folder, pages=1) as stage, pytest.MonkeyPatch.context() as patch:
        file.write_text(_policy(stage), encoding="utf-8")
        patch.setenv(VARIABLE, str(file))
        with camera.window(stage) as window:
            go_to_settings(window)
            form = window.settings.server
            wait(lambda: form.url.text() == stage.server.url)
            form.user.setText(stage.server.user)
            form.password.setText(stage.password)
            form.check.click()
            wait(lambda: "Kết nối được" in form.said.text())
            window.banner.clear()
            rest(300)
            camera.take(window, "606-locked")
            window.settings._scroll.ensureWidgetVisible(form.check, 0, 200)
            camera.take(window, "607-locked-server")


def _held_back(camera: Camera, folder: Path) -> None:
    with set_up(folder, pages=1) as stage:
        stage.prepare(dpi=300, server=False)
        host = stage.server.url.partition("/o/")[0]
        with App(stage.home, "pictures") as app:
            app.servers.set(Server("igate", host, "", stage.server.user), stage.password)
        with camera.window(stage) as window:
            open_dossier(window, CODE)
            press(window, Qt.Key.Key_F5)
            wait(lambda: window.scanning.target is None)
            press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            wait(lambda: window.counter.banner.notice is not None)
            office = office_of(window)
            wait(lambda: isinstance(paused(office), NotSupported))
            rest(500)
            camera.take(window, "611-held-back")
            window.go_to(Place.TROUBLE)
            rest(500)
            camera.take(window, "612-held-back-listed")


def paused(office: Office) -> DigitizerError | None:
    return office.traffic.sync.paused if office.traffic else None


def _policy(stage: Stage) -> str:
    return f"""
by = "Văn phòng HĐND và UBND xã, máy lẻ 12"
[locked]
profiles = true
[locked.server]
kind = "{stage.server.kind}"
url = "{stage.server.url}"
group = "{stage.server.group}"
[locked.window]
text = 11
[[profile]]
name = "A4 màu 300 hai mặt, cả xã"
both_sides = true
"""
