"""The report for support: what is in it, and that nobody is."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

from digitizer import diagnosis
from digitizer.app import App
from digitizer.diagnosis import Counts, Hidden
from digitizer.doctor import Check
from digitizer.errors import Offline
from digitizer.servers import Server

NOW = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
CODE = "000.00.20.H02-261122-0007"


def test_what_is_in_it() -> None:
    log = [
        "2026-11-22 09:39:01,120 INFO 12 digitizer.app: all is well",
        "2026-11-22 09:39:02,120 WARNING 12 digitizer.work.lane: sync paused: offline",
        f"2026-11-22 09:39:03,120 ERROR 12 ui.bridge: a bug in a call for {CODE}",
        "Traceback (most recent call last):",
        "ValueError: Hoàng Thị Bích Ngọc",
    ]
    text = diagnosis.report(
        [
            Check("home", True, "/srv/an/kho"),
            Check("tesseract", False, "not found", "apt install tesseract-ocr"),
        ],
        Counts(3, 40, 2, 1, 0, "opencps", {"offline": 2}),
        log,
        Hidden((("/srv/an/kho", "~home"),)),
        NOW,
    )
    assert "MISSING  tesseract: not found  ->  apt install tesseract-ocr" in text
    assert "ok       home: ~home" in text
    assert "3 dossiers, 40 pages" in text
    assert "trouble: offline (2)" in text
    assert "2026-11-22 09:39:02 WARNING digitizer.work.lane offline" in text
    assert "2026-11-22 09:39:03 ERROR ui.bridge bug ValueError" in text
    for never in (CODE, "Ngọc", "/srv/an", "all is well"):
        assert never not in text


def test_of_a_home_in_use(tmp_path: Path) -> None:
    home = tmp_path / "kho-cua-an"
    with App(home, "test") as app:
        app.servers.set(Server("opencps", "https://motcua.example.vn", "1", "hoangan"), "matkhau")
        app.dossiers.open_new(code=CODE)
        logging.getLogger("digitizer.test").warning("sync paused: %s", Offline().code)
        text = diagnosis.made(home, [Check("home", True, str(home))])
    assert "1 dossier, 0 pages" in text
    assert "procedure system: opencps" in text
    assert "WARNING digitizer.test offline" in text
    for never in (CODE, "kho-cua-an", "motcua.example.vn", "hoangan", "matkhau", str(Path.home())):
        assert never not in text


def test_of_no_home(tmp_path: Path) -> None:
    text = diagnosis.made(tmp_path / "nowhere", [])
    assert "nothing in it that can be read" in text
    assert not (tmp_path / "nowhere").exists()
