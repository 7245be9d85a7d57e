"""How the window opens a home: on a worker thread, with its lanes running. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digitizer.app import App, Sends


def opens(root: Path) -> Callable[[], App]:
    """Return the call that opens ``root`` for the window and starts its lanes."""
    return starts(lambda: App(root, "window", sends=Sends.FINISHED))


def starts(open_app: Callable[[], App]) -> Callable[[], App]:
    """Return the call that opens a home and starts its lanes."""

    def call() -> App:
        app = open_app()
        app.local.start()
        app.sync.start()
        app.indexer.start()
        app.sweeper.start()
        return app

    return call
