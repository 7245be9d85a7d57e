"""The first run and the page of trial: what the core is asked for. Every function blocks.

Run by the bridge. Nothing here leaves a page in the home.
"""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from digitizer.app import App
from digitizer.choosing import best
from digitizer.errors import FeederEmpty, FileUnreadable, ScannerNotFound
from digitizer.scanning import Capabilities, Profile, ScannedPage
from digitizer.storage import queries
from ui.imagefiles import reader_of
from ui.scanning import Scanners

_WELCOMED = "window.welcomed"
_SHOWN = QSize(560, 760)
_METRE_PER_INCH = 0.0254
_ROOM = 64 << 20
"""Bytes that one page has at most, where memory takes it."""


class Trial(Struct, frozen=True):
    """A page of trial. ``dpi`` is what its file says, 0 where it says nothing."""

    picture: QImage
    width: int
    height: int
    dpi: int
    colour: bool


def is_new(app: App) -> bool:
    """Tell whether a home was neither set up nor used; a server that the administrator's file
    sets does not count, its password is still wanted."""
    server = app.servers.get()
    given = {**app.policy.default, **app.policy.locked}
    if queries.setting(app.store, _WELCOMED) or (
        server is not None and given.get("server.url") != server.url
    ):
        return False
    (used,) = app.store.rows(
        "SELECT EXISTS (SELECT 1 FROM page) OR EXISTS (SELECT 1 FROM dossier) AS used"
    )
    (own,) = app.store.rows("SELECT EXISTS (SELECT 1 FROM profile) AS own")
    return not used["used"] and (not own["own"] or bool(app.policy.profiles))


def welcomed(app: App) -> None:
    """Remember that the first run is over, done or skipped."""
    app.keep_settings({_WELCOMED: "1"})


def scan_trial(
    app: App,
    scanners: Scanners,
    found: list[Capabilities],
    profile: Profile,
    stop: threading.Event,
) -> Trial:
    """Scan one page into a folder that is gone afterwards.

    Args:
        app: The home; only its scratch folder is used.
        scanners: The drivers.
        found: What is connected.
        profile: The wish to scan; ``device`` may be empty: the one of ``found`` that suits it.
        stop: Ends it.

    Raises:
        ScannerError: and its rows; ``FeederEmpty`` where there is no sheet.
    """
    if not found:
        raise ScannerNotFound
    device = profile.device or best(found, profile).device.id
    scanner, name = scanners.scanner_for(device)
    wish = replace(profile, device=name, pages=1, wait=False, below_floor="")
    with app.vault.scratch.folder(_ROOM) as folder:
        pages = scanner.scan(wish, folder, stop)
        with closing(pages):
            page: ScannedPage | None = next(pages, None)
            if page is None:
                raise FeederEmpty
            return _read(page.file)


def _read(file: Path) -> Trial:
    reader = reader_of(file)
    size = reader.size()
    reader.setScaledSize(size.scaled(_SHOWN * 2, Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    if picture.isNull():
        raise FileUnreadable(file.name)
    dpi = round(picture.dotsPerMeterX() * _METRE_PER_INCH)
    colour = picture.format() not in (
        QImage.Format.Format_Grayscale8,
        QImage.Format.Format_Grayscale16,
        QImage.Format.Format_Mono,
        QImage.Format.Format_MonoLSB,
    )
    return Trial(picture, size.width(), size.height(), dpi, colour)
