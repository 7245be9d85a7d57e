"""*Ký số*: what waits in the outbox, the list beside a page, done, a wrong PIN, the settings."""

from __future__ import annotations

from pathlib import Path

from digitizer.app import App
from tests.signed.office import PIN, key_file, rules
from tests.ui.camera import Camera, wait
from tests.ui.filled import take_in
from tests.ui.papers import Papers
from tests.ui.stage import CODE, set_up
from ui.places import Place
from ui.screens.signing import SigningScreen

_OTHER = "000.00.20.H02-261122-0001"


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        key = key_file(folder / "key")
        with App(stage.home, "test") as app:
            app.keep_signing_rules(rules(key))
        take_in(stage, "TP01", papers.form, CODE)
        take_in(stage, "TP02", papers.birth, CODE, finished=True)
        take_in(stage, "TP01", papers.birth, _OTHER, finished=True)
        with camera.window(stage) as window:
            office = window.office
            assert office is not None
            window.go_to(Place.OUTBOX)
            outbox = window.screen(Place.OUTBOX)
            wait(lambda: bool(outbox.view.list.rows))  # type: ignore[attr-defined]
            camera.take(window, "B00-waits")
            outbox.press(outbox.view.list.rows[0])  # type: ignore[attr-defined]
            screen = window._shown
            assert isinstance(screen, SigningScreen)
            wait(lambda: screen.file.picture.accessibleName().endswith(", trang 1"))
            camera.take(window, "B01-list")
            screen.pin.setText("sai")
            screen.sign()
            wait(lambda: screen.status.text().startswith("Sai mã PIN"))
            camera.take(window, "B02-wrong-pin")
            screen.pin.setText(PIN)
            screen.sign()
            wait(lambda: screen.status.text().startswith("Đã ký"))
            camera.take(window, "B03-signed")
            window.go_to(Place.COUNTER)
            office.open(office.app.dossiers.find(CODE).id)
            wait(lambda: office.desk is not None and office.desk.dossier.code == CODE)
            camera.take(window, "B04-on-paper")
            window.go_to(Place.SETTINGS)
            window.settings.show_signing()
            wait(lambda: window.settings.signing.path.text() != "")
            camera.take(window, "B05-settings")
