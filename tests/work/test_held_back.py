"""Papers for a system that takes none yet: they wait, nothing is tried, nothing is lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from digitizer.app import App
from digitizer.errors import NotSupported
from digitizer.model import Dossier, PaperState
from digitizer.plan import SYNC
from digitizer.sandbox.server import Address
from digitizer.servers import Server
from digitizer.work.queue import troubles


def test_papers_wait_and_go_where_they_can(
    app: App, dossier: Dossier, sandbox: Address, add_pages: Any, tmp_path: Path
) -> None:
    host = sandbox.url.partition("/o/")[0]
    app.servers.set(Server("igate", host, "", sandbox.user), sandbox.password)
    app.server_changed()
    app.syncing.down(threading.Event())
    bound = app.dossiers.get(dossier.id)
    assert bound.server_ref
    parts = [paper.part for paper in bound.papers]
    assert "Tờ khai đăng ký khai sinh" in {paper.title for paper in bound.papers}

    app.local.start()
    add_pages(bound, "mot", part=parts[0])
    app.local.until_idle(threading.Event())
    app.sync.start()
    app.sync.until_idle(threading.Event())
    assert isinstance(app.sync.state().paused, NotSupported)
    assert app.sync.state().again_at is None
    assert app.work.left(SYNC, parked=False) == 1
    assert troubles(app.store) == []
    assert _state(app, dossier, parts[0]) is PaperState.READY

    (tmp_path / "out").mkdir()
    app.servers.set(Server("folder", str(tmp_path / "out"), "", ""), "")
    app.server_changed()
    app.settle()
    app.sync.until_idle(threading.Event())
    assert _state(app, dossier, parts[0]) is PaperState.SENT
    assert app.work.left(SYNC, parked=False) == 0


def _state(app: App, dossier: Dossier, part: str) -> PaperState:
    found = app.dossiers.get(dossier.id)
    paper = found.paper(part)
    assert paper is not None
    return found.state(paper)
