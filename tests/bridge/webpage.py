"""A web page with a *Scan* button, spoken in Python, and a desk with a real scanner to scan for it.

The page behaves as the Tân Dân systems' web client does; ``tests/bridge/test_browser.py`` has the
same as a page in a real browser.
"""

from __future__ import annotations

import contextlib
import json
import queue
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from msgspec import field
from PIL import Image, ImageDraw
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from digitizer.app import App
from digitizer.bridge.consents import Consents
from digitizer.bridge.desk import Happened, News
from digitizer.bridge.orders import Orders
from digitizer.bridge.service import Patience, ScanService
from digitizer.cli.bridging import Headless
from digitizer.cli.shell import Shell
from digitizer.profilefile import NamedProfile
from digitizer.scanning import Profile
from drivers import virtual

ORIGIN = "https://motcua.tanlap.example"
PATIENCE = 60.0
INFO = json.dumps({"app": "một cửa", "version": "2.1"})


def draw_page(file: Path, text: str) -> Path:
    """Save a small A4 page with one line of text."""
    page = Image.new("RGB", (620, 877), (255, 255, 250))
    ImageDraw.Draw(page).text((80, 120), text, fill=(20, 20, 90), font_size=36)
    page.save(file, dpi=(75, 75))
    return file


class Bench(Headless, frozen=True):
    """The command line's own desk, which here can be asked, and remembers what it hears."""

    asked: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)
    settled: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)
    heard: queue.SimpleQueue[News] = field(default_factory=queue.SimpleQueue)

    def ask(self, origin: str) -> None:
        self.asked.put(origin)

    def answered(self, origin: str) -> None:
        self.settled.put(origin)

    def tell(self, news: News) -> None:
        self.heard.put(news)

    def news(self, what: Happened) -> News:
        """Wait until this has happened; what happened before is let go by."""
        while True:
            found = self.heard.get(timeout=PATIENCE)
            if found.what is what:
                return found


@dataclass
class Place:
    """An open home with a bridge, and a scanner whose feeder holds what lies in ``stack``."""

    app: App
    stack: Path
    bench: Bench
    service: ScanService
    consents: Consents
    port: int

    def open(self, origin: str = ORIGIN) -> AbstractContextManager[ClientConnection]:
        """Open a page's connection. Raises ``InvalidStatus`` where it is not let in."""
        return visit(self.port, origin)

    def say(self, origin: str, answer: str) -> None:
        """Let somebody answer."""
        getattr(self.consents, answer)(origin)
        self.service.look_again()

    def load(self, *texts: str) -> None:
        """Put pages into the feeder in place of what is there."""
        for old in self.stack.iterdir():
            old.unlink()
        for number, text in enumerate(texts, start=1):
            draw_page(self.stack / f"{number}.jpg", text)


@contextlib.contextmanager
def place(
    folder: Path,
    faults: virtual.Faults = virtual.SOUND,
    *,
    asks: bool = True,
    patience: Patience | None = None,
) -> Iterator[Place]:
    """Open a home with a bridge that has allowed ``ORIGIN``."""
    stack = folder / "stack"
    stack.mkdir()
    draw_page(stack / "1.jpg", "Trang mot")
    with virtual.running(stack, faults) as url, App(folder / "home", "test") as app:
        wish = Profile(f"escl:{url}", dpi=100, below_floor="test")
        named = NamedProfile("Quầy 1", wish)
        bench = Bench(Shell(folder / "home", as_json=True), app, named)
        consents = Consents(app.store, app.policy)
        consents.allow(ORIGIN)
        service = ScanService(consents, Orders(app), bench, asks=asks, patience=patience)
        app.local.start()
        try:
            yield Place(app, stack, bench, service, consents, service.start(0))
        finally:
            service.stop()


def visit(port: int, origin: str) -> AbstractContextManager[ClientConnection]:
    """Open a page's connection to the bridge at a port."""
    return connect(
        f"ws://127.0.0.1:{port}",
        origin=Origin(origin),
        subprotocols=[Subprotocol("scan")],
        max_size=None,
        proxy=None,
    )


def begin(page: ClientConnection) -> dict[str, object]:
    """Speak until the machine scans; return what it said of how it will."""
    assert page.recv(timeout=PATIENCE) == "1"
    page.send(INFO)
    settings = page.recv(timeout=PATIENCE)
    assert isinstance(settings, str)
    page.send(settings)
    return dict(json.loads(settings))


def press_scan(page: ClientConnection) -> bytes:
    """Do all that the button does; return the file, empty where there is none."""
    begin(page)
    file = page.recv(timeout=PATIENCE)
    assert isinstance(file, bytes)
    return file


def end_of(page: ClientConnection) -> tuple[int, str]:
    """Wait until the machine closes; return the code and the reason it gives."""
    try:
        while True:
            page.recv(timeout=PATIENCE)
    except ConnectionClosed:
        return page.close_code or 0, page.close_reason or ""
