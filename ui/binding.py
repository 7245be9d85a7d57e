"""A local dossier at the desk gets its real code: from a reader, a page, or typed; asked once, by
key, in the banner. Stands between the office and the core; draws nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from digitizer.binding import Bound, code_on_pages
from digitizer.errors import DigitizerError, DossiersOverlap
from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier, Paper
from ui import reads_versions, version_words, wording
from ui.asides import Aside
from ui.bridge import Pool
from ui.office import Office
from ui.reads_versions import Done
from ui.wording import Act, Notice

if TYPE_CHECKING:
    from ui.window import Window


class DeskBinding(QObject):
    """Asks, and binds.

    Signals:
        wanted: The clerk wants the page of the open local dossier.
    """

    wanted = Signal()

    def __init__(
        self, office: Office, stay: Callable[[], None], parent: QObject | None = None
    ) -> None:
        """``stay`` is called before the open dossier is opened anew: the page that is looked at
        is to be looked at still."""
        super().__init__(parent)
        self._office = office
        self._stay = stay
        self._asked: set[tuple[str, str]] = set()
        self._open: Notice | None = None
        self._to_say: tuple[str, Notice] | None = None
        self._looking: set[str] = set()
        self._to_bind = ""
        office.desk_changed.connect(self._see)

    @property
    def local(self) -> Dossier | None:
        """The open dossier, where it has no code and could get one."""
        desk = self._office.desk
        return desk.dossier if desk is not None and desk.bindable else None

    @property
    def mistaken(self) -> Dossier | None:
        """The open dossier, where the server said that it knows no such code."""
        desk = self._office.desk
        return desk.dossier if desk is not None and desk.mistaken else None

    def asks(self, typed: str) -> bool:
        """Ask whether what a reader typed is the code of the open local dossier; False where it
        means to open another: none is open, it is empty, or this was asked before."""
        local, codes = self.local, dossier_codes(typed)
        if local is None or len(codes) != 1 or not any(p.live_pages for p in local.papers):
            return False
        return self._ask(local, codes[0], scanned=False)

    def press(self) -> None:
        """Do what was asked, or show the page of the open local dossier."""
        local = self.local
        if self._open is not None and local is not None and self._open.dossier_id == local.id:
            self.act(self._open)
        else:
            self.begin()

    def begin(self) -> None:
        """Show the page of the open local dossier; a code that no server knows is taken off."""
        mistaken = self.mistaken
        if self.local is not None:
            self.wanted.emit()
        elif mistaken is not None and mistaken.id != self._to_bind:
            self._to_bind = mistaken.id
            self._unbind(mistaken.id)

    def _unbind(self, dossier_id: str) -> None:
        office = self._office
        self._looking.discard(dossier_id)
        office.settled.emit(Act.UNBIND)

        def failed(error: DigitizerError) -> None:
            self._to_bind = ""
            office.said.emit(wording.failed(error))

        office.bridge.ask(lambda: office.app.binding.unbind(dossier_id), self._open_anew, failed)

    def act(self, notice: Notice) -> None:
        """Do what a banner's button says, where that is binding."""
        if notice.act in (Act.BIND, Act.MERGE):
            self.bind(notice.dossier_id, notice.code, merge=notice.act is Act.MERGE)
        elif notice.act is Act.UNBIND:
            self._unbind(notice.dossier_id)

    def bind(self, dossier_id: str, code: str, *, merge: bool = False) -> None:
        """Give a local dossier this code, and show it under that at once: while a slow line is
        asked what other desks have sent, the desk would show a dossier whose pages have left."""
        office = self._office
        self._forget()

        def failed(error: DigitizerError) -> None:
            if isinstance(error, DossiersOverlap):
                self._open = version_words.overlaps(dossier_id, code)
                office.noted.emit(self._open)
            else:
                office.said.emit(wording.failed(error))

        def done(bound: Bound) -> None:
            found = Done(bound.dossier, merged=bound.merged)
            self._show(dossier_id, found, version_words.bound(found))
            if office.app.work.server is not None:
                self._looking.add(bound.dossier.id)
                office.bridge.ask(
                    lambda: reads_versions.seen(office.app, bound), self._tell, pool=Pool.LONG
                )

        office.bridge.ask(
            lambda: office.app.binding.bind(dossier_id, code, merge=merge), done, failed
        )

    def _tell(self, found: Done) -> None:
        """Say what was seen at the server, unless the binding was taken back."""
        dossier_id = found.dossier.id
        if dossier_id not in self._looking:
            return
        self._looking.discard(dossier_id)
        if not found.others and found.unseen is None:
            return
        notice = version_words.bound(found)
        if self._to_say is not None and self._to_say[0] == dossier_id:
            self._to_say = (dossier_id, notice)
        else:
            self._office.noted.emit(notice)

    def create(self, dossier_id: str) -> None:
        """Have the server begin this dossier."""
        office = self._office
        office.bridge.ask(
            lambda: reads_versions.create(office.app, dossier_id),
            lambda found: self._show(dossier_id, found, version_words.created(found)),
            lambda error: office.said.emit(wording.failed(error)),
            pool=Pool.LONG,
        )

    def _show(self, dossier_id: str, found: Done, notice: Notice) -> None:
        """Show what became of a local dossier where that is open; say it in any case."""
        desk = self._office.desk
        if desk is not None and desk.dossier.id == dossier_id:
            self._to_say = (found.dossier.id, notice)
            self._open_anew(found.dossier)
        else:
            self._office.said.emit(notice)

    def _open_anew(self, dossier: Dossier) -> None:
        """Open a dossier at the paper, and the page, that the clerk was at under its other name."""
        paper = self._office.paper
        self._stay()
        self._office.open(dossier.id, same_paper(dossier, paper) if paper is not None else None)

    def _see(self) -> None:
        """Ask about the code on a page of the open local dossier, or on one that left it."""
        local, desk = self.local, self._office.desk
        if self._to_say is not None and desk is not None:
            dossier_id, notice = self._to_say  # the banner was cleared when the dossier opened
            self._to_say = None
            if desk.dossier.id == dossier_id:
                self._office.said.emit(notice)
        if self._open is not None and (local is None or local.id != self._open.dossier_id):
            self._forget()
        if local is None or desk is None:
            return
        if local.id == self._to_bind:
            self._to_bind = ""
            self.wanted.emit()
        led = {one.dossier.code for one in desk.moved if one.dossier.code is not None}
        code = code_on_pages(local) or (led.pop() if len(led) == 1 else "")
        if code:
            self._ask(local, code, scanned=True)

    def _ask(self, local: Dossier, code: str, *, scanned: bool) -> bool:
        if (local.id, code) in self._asked:
            return False
        self._asked.add((local.id, code))
        self._open = version_words.asks(local, code, scanned=scanned)
        self._office.noted.emit(self._open)
        return True

    def _forget(self) -> None:
        """What was asked is settled."""
        if self._open is not None:
            self._office.settled.emit(self._open.act)
            self._open = None


def same_paper(dossier: Dossier, paper: Paper) -> str | None:
    """Return the id of the paper of ``dossier`` that holds the pages of ``paper``, or is the same
    one by its id, or by its place in the procedure; None: it has none. PURE."""
    pages = {page.id for page in paper.live_pages}
    found = [one.id for one in dossier.papers if pages & {page.id for page in one.live_pages}]
    found += [one.id for one in dossier.papers if one.id == paper.id]
    found += [one.id for one in dossier.papers if one.part == paper.part]
    return next(iter(found), None)


def binding_at(window: Window, office: Office) -> DeskBinding:
    """Return what gives local dossiers their codes, joined to what of a window asks for it."""
    binding = DeskBinding(office, lambda: window.counter.look_for(window.counter.looked_at), window)
    binding.wanted.connect(lambda: window.show_aside(Aside.LOCAL))
    window.header.binding.connect(binding.begin)
    window.banner.acted.connect(binding.act)
    window.counter.papers.compared.connect(lambda n: window.show_aside(Aside.COMPARE, str(n)))
    return binding
