"""Web pages that scan at this desk, as the window knows them, without a widget.

The desk of the core's bridge (``digitizer.bridge``): scans for it through ``ui.scanning`` like for
a clerk, asks the clerk about unknown pages, tells the banner what happens. Every call to the core
goes through ``ui.bridge``. Knows no driver and no network.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from digitizer.app import App
from digitizer.bridge.consents import account
from digitizer.bridge.desk import Happened, News, Scanned
from digitizer.bridge.keeper import BridgeKeeper, BridgeKept
from digitizer.bridge.orders import Order
from digitizer.errors import DigitizerError, ScanCancelled, ScannerBusy
from digitizer.origins import typed_origin
from digitizer.profilefile import NamedProfile
from ui import web_words, wording
from ui.bridge import Bridge, Latest, Pool
from ui.commands import Command
from ui.office import Office
from ui.scanning import Scanning
from ui.target import Ended, Target
from ui.widgets.banner import Banner
from ui.wording import Act, Notice

_LOOK_SECONDS = 0.1
_MOST_ASKING = 20
_Answer = Callable[[Scanned | DigitizerError], None]


class WebDesk(QObject):
    """Who may scan, who wants to, and what is scanned for a page now.

    Signals:
        changed: Any of that.
    """

    changed = Signal()

    def __init__(
        self,
        office: Office,
        scanning: Scanning,
        banner: Banner,
        port: int,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._office = office
        self._bridge = office.bridge
        self._scanning = scanning
        self._banner = banner
        self._keeper = BridgeKeeper(office.app, _Seat(self, office.app), port)
        self._waiting: _Answer | None = None
        self._saved, self._gone = 0, False
        self.asking: tuple[str, ...] = ()
        self.kept = BridgeKept()
        self._read = Latest(self._bridge, self._keeper.state, self._show)
        self._bridge.changed.connect(lambda _: self._read())
        scanning.ended.connect(self._ended)
        banner.acted.connect(self._act)

    @property
    def port(self) -> int:
        """Where it listens; 0 while it does not."""
        return self._keeper.port

    @property
    def bridge(self) -> Bridge:
        """How the desk's other threads get onto this one."""
        return self._bridge

    def begin(self) -> None:
        """Listen, where it is switched on."""
        self._change(self._keeper.start)

    def close(self) -> None:
        """Serve no more. Blocks, briefly; every page that was saved stays."""
        self._keeper.stop()

    def switch(self, *, on: bool) -> None:
        """Switch it on or off, from now on."""
        self._change(lambda: self._keeper.switch(on=on))

    def allow(self, origin: str) -> None:
        """Let an origin scan."""
        self.answered(origin)
        self._change(lambda: self._keeper.allow(origin))

    def refuse(self, origin: str) -> None:
        """Let an origin not scan, nor ask again."""
        self.answered(origin)
        self._change(lambda: self._keeper.refuse(origin))

    def withdraw(self, origin: str) -> None:
        """Take back what was said about an origin."""
        self._change(lambda: self._keeper.withdraw(origin))

    def allow_typed(self, typed: str) -> bool:
        """Let the origin that somebody typed scan; False where that is none."""
        origin = typed_origin(typed)
        if origin is not None:
            self.allow(origin)
        return origin is not None

    def do(self, command: Command) -> None:
        """Answer, by its key, the question that the banner asks now."""
        if command is Command.ALLOW_PAGE:
            self._banner.press_for(Act.ALLOW_PAGE)

    # --- what the bridge asks for; on the UI thread -----------------------------------------

    def scan_for(self, order: Order, wish: NamedProfile, answer: _Answer) -> None:
        """Begin to scan into an order's paper; ``answer`` hears how it ended."""
        if self._scanning.target is not None:
            answer(ScannerBusy("this desk"))
            return
        self._waiting = answer
        target = Target(
            order.dossier_id,
            web_words.site_of(order.origin),
            order.paper_id,
            order.paper_title,
            web=order.origin,
        )
        self._scanning.start(self._office.app, target, wish.profile)

    def ask(self, origin: str) -> None:
        """Ask about an origin; what is asked already stays in front: no page may slip its question
        under the clerk's finger."""
        if origin not in self.asking:
            self.asking = (*self.asking, origin)[-_MOST_ASKING:]
            self.changed.emit()
        if self._banner.held(Act.ALLOW_PAGE) is None:
            self._office.noted.emit(web_words.asked(origin))

    def answered(self, origin: str) -> None:
        """Ask no more about an origin: somebody has said whether it may."""
        self.asking = tuple(one for one in self.asking if one != origin)
        noted = self._banner.held(Act.ALLOW_PAGE)
        if noted is not None and noted.origin == origin:
            self._office.settled.emit(Act.ALLOW_PAGE)
        if self.asking and self._banner.held(Act.ALLOW_PAGE) is None:
            self._office.noted.emit(web_words.asked(self.asking[0]))
        self.changed.emit()

    def hear(self, news: News) -> None:
        """Tell the banner what happened."""
        if news.what is Happened.BEGUN:
            self._saved, self._gone = 0, False
        self._saved = news.pages if news.what is Happened.SCANNED else self._saved
        self._gone |= news.what is Happened.LEFT
        notice = web_words.happened(news, self._saved, gone=self._gone)
        if notice is not None or news.what is Happened.GIVEN:
            for act in (Act.STOP_WEB, Act.NOTED_WEB, Act.SEE_WEB):
                self._office.settled.emit(act)
        if notice is not None:
            self._office.noted.emit(notice)
        self._read()

    # --- answers ----------------------------------------------------------------------------

    def _ended(self, ended: Ended) -> None:
        if ended.target.web and self._waiting is not None:
            answer, self._waiting = self._waiting, None
            answer(Scanned(ended.pages, ended.error))

    def _act(self, notice: Notice) -> None:
        if notice.act is Act.ALLOW_PAGE:
            self.allow(notice.origin)
        elif notice.act is Act.REFUSE_PAGE:
            self.refuse(notice.origin)
        elif notice.act is Act.STOP_WEB:
            self._scanning.stop()
        elif notice.act is Act.SEE_WEB:
            self._office.open(notice.dossier_id)

    def _change(self, work: Callable[[], None]) -> None:
        """Do it on a thread of its own: what is being served now may have to be ended first."""
        self._bridge.ask(work, lambda _: self._read(), self._refused, pool=Pool.LONG)

    def _refused(self, error: DigitizerError) -> None:
        self._office.said.emit(wording.failed(error))
        self._read()

    def _show(self, kept: BridgeKept) -> None:
        before, self.kept = web_words.troubled(self.kept), kept
        troubled = web_words.troubled(kept)
        if troubled is not None and troubled != before:
            self._office.noted.emit(troubled)
        elif troubled is None and before is not None:
            self._office.settled.emit(Act.SETTINGS)
        self.changed.emit()


class _Seat:
    """The desk as the bridge's threads see it: a ``digitizer.bridge.desk.Desk``."""

    def __init__(self, desk: WebDesk, app: App) -> None:
        self._desk = desk
        self._app = app
        self._post = desk.bridge.post

    def wish(self) -> NamedProfile:
        """Return what this account scans with."""
        return self._app.profiles.last(account())

    def scan(self, order: Order, wish: NamedProfile, stop: threading.Event) -> Scanned:
        """Let the window scan. Raises ``ScannerBusy``."""
        ends: queue.SimpleQueue[Scanned | DigitizerError] = queue.SimpleQueue()
        self._post(lambda: self._desk.scan_for(order, wish, ends.put))
        while not stop.is_set():
            with contextlib.suppress(queue.Empty):
                end = ends.get(timeout=_LOOK_SECONDS)
                if isinstance(end, DigitizerError):
                    raise end
                return end
        return Scanned(0, ScanCancelled())

    def ask(self, origin: str) -> None:
        """Let the banner ask."""
        self._post(lambda: self._desk.ask(origin))

    def answered(self, origin: str) -> None:
        """Let the banner ask no more."""
        self._post(lambda: self._desk.answered(origin))

    def tell(self, news: News) -> None:
        """Let the banner tell."""
        self._post(lambda: self._desk.hear(news))
