"""What tests of the core share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdesk import CODE, Desk

from digitizer.app import App
from digitizer.verifying import verify


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "hot").mkdir()
    with App(tmp_path / "home", "test") as app:
        app.dossiers.open_new(code=CODE)
        desk = Desk(app, tmp_path / "hot")
        yield desk
        found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
        assert found.problems == ()
        assert list(app.home.work.iterdir()) == []
