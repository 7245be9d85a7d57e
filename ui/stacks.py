"""The stacks that wait to be accepted, as the window knows them, without a widget.

Every call to the core goes through the bridge; what was asked for last is what is shown. A stack
is read anew at most some times a second, however fast its pages arrive, and only while it can be
seen; how many wait is always known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from digitizer.app import App
from digitizer.errors import DigitizerError
from digitizer.model import Dossier
from digitizer.stacking import Doubt, Stack
from digitizer.stacks import Into
from digitizer.storage.changes import new_id
from digitizer.storage.stacks import StackHead
from ui import stack_words
from ui.bridge import Bridge, Latest
from ui.models.film import Row, rows
from ui.stack_words import GroupLine, ordered
from ui.wording import Notice, failed, lacks, lower

_GATHER_MS, _SHARE = 120, 8
"""How long changes are gathered: the longer, the longer the last reading of the stack took, so that
reading a long one that is being fed leaves the machine to those who feed it."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A stack with what is shown of it: rows of the filmstrip, lines of the list of dossiers. The
    same object as long as nothing changed."""

    stack: Stack
    rows: tuple[Row, ...]
    lines: tuple[GroupLine, ...]


class DeskStacks(QObject):
    """Which stacks wait, and the one that is reviewed.

    Attributes:
        waiting: They, newest first.
        shown: The one that is reviewed, once it is read; None: none, or none of its pages is safe.
        current: Its id; empty: the next scan begins one.

    Signals:
        changed: Other stacks wait, or facts of the one that is reviewed changed.
        said: A ``Notice`` for the banner.
    """

    changed = Signal()
    said = Signal(object)

    def __init__(self, app: App, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self._seen = False
        self._accepted = ""
        self._fresh = True
        self.waiting: tuple[StackHead, ...] = ()
        self.shown: Shown | None = None
        self.current = ""
        self._latest = Latest(bridge, self._read, self._show)
        self._gather = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gather.timeout.connect(self._latest)
        bridge.changed.connect(self._on_change)
        self._latest()

    @property
    def stack(self) -> Stack | None:
        """The stack that is reviewed, as it was read last."""
        return self.shown.stack if self.shown is not None else None

    def watch(self, *, seen: bool) -> None:
        """Read the stack that is reviewed whenever it changes, or leave it until it is seen."""
        self._seen = seen
        if seen:
            self._latest()

    def choose(self, stack_id: str) -> None:
        """Review this stack; empty: none, the next scan begins one."""
        self._fresh = False
        self.current, self.shown = stack_id, None
        self.changed.emit()
        self._latest()

    def newest(self) -> None:
        """Review the stack that was begun last, of those that wait."""
        self._fresh = True
        self.current, self.shown = "", None
        self._latest()

    def begin(self) -> str:
        """Return the id of a stack that is about to be scanned; it is the one that is reviewed."""
        self.choose(new_id())
        return self.current

    # --- verbs ------------------------------------------------------------------------------

    def place(self, page_ids: Sequence[str], into: Into) -> None:
        """Put pages into a paper."""
        self._do(lambda stack: self._app.stacks.place(stack, page_ids, into))

    def turn(self, page_ids: Sequence[str], degrees: int) -> None:
        """Turn pages clockwise."""
        self._do(lambda stack: self._app.stacks.turn(stack, page_ids, degrees))

    def delete(self, page_ids: Sequence[str]) -> None:
        """Take pages out."""
        self._do(lambda stack: self._app.stacks.delete(stack, page_ids))

    def find_right(self, doubts: Sequence[Doubt]) -> None:
        """Say that doubtful pages are right as they are."""
        pages = [one.page.id for one in doubts]
        reasons = {reason for one in doubts for reason in one.reasons}
        self._do(lambda stack: self._app.stacks.find_right(stack, pages, reasons))

    def undo(self) -> None:
        """Take the newest edit back; where no stack is reviewed, the newest acceptance."""
        if self.current:
            self._do(self._app.stacks.undo)
        else:
            self.take_back()

    def redo(self) -> None:
        """Do it again."""
        self._do(self._app.stacks.redo)

    def accept(self) -> None:
        """Accept the stack that is reviewed."""
        stack = self.stack
        if stack is None:
            return
        called = lower(stack_words.name(stack, datetime.now(UTC)))
        server = self._app.work.server is not None

        def accept() -> tuple[tuple[str, ...], list[Dossier]] | None:
            finished = self._app.stacks.accept(stack.id)
            if finished is None:
                return None
            there = (self._app.dossiers.get(one) for one in finished)
            return finished, [one for one in there if lacks(one)]

        def accepted(done: tuple[tuple[str, ...], list[Dossier]] | None) -> None:
            if done is None:
                return  # it moved on meanwhile; what it waits for is on the screen
            self._accepted = stack.id
            self.said.emit(stack_words.accepted(stack, *done, called=called, server=server))
            if self.current == stack.id:
                self.newest()
                self.changed.emit()

        self._bridge.ask(accept, accepted, self._refused)

    def take_back(self) -> None:
        """Have the stack that was accepted last wait again, unless something is on its way."""
        stack_id = self._accepted
        if not stack_id:
            return

        def taken(done: bool) -> None:
            if done:
                self._accepted = ""
                self.choose(stack_id)
            else:
                self.said.emit(stack_words.TOO_LATE)

        self._bridge.ask(lambda: self._app.stacks.take_back(stack_id), taken, self._refused)

    def _do(self, verb: Callable[[str], Any]) -> None:
        stack_id = self.current
        if stack_id:
            self._bridge.ask(lambda: verb(stack_id), lambda _: self._latest(), self._refused)

    # --- answers ----------------------------------------------------------------------------

    def _on_change(self, _dossiers: frozenset[str]) -> None:
        if not self._gather.isActive():
            self._gather.start()

    def _read(self) -> tuple[tuple[StackHead, ...], str, Shown | None, float]:
        begun = time.monotonic()
        waiting = tuple(self._app.stacks.waiting())
        wanted = self.current
        if not wanted and self._fresh and waiting:
            wanted = waiting[0].id
        stack = self._app.stacks.get(wanted) if wanted and self._seen else None
        before, shown = self.shown, None
        if before is not None and stack == before.stack:
            shown = before
        elif stack is not None and stack.accepted_at is None:
            lines = [stack_words.group_line(one, stack.unsorted) for one in ordered(stack)]
            known = before.rows if before is not None else ()
            shown = Shown(stack, rows(stack, known), tuple(lines))
        return waiting, wanted, shown, time.monotonic() - begun

    def _show(self, read: tuple[tuple[StackHead, ...], str, Shown | None, float]) -> None:
        waiting, wanted, shown, seconds = read
        self._gather.setInterval(max(_GATHER_MS, round(_SHARE * 1000 * seconds)))
        before = (self.waiting, self.current, self.shown)
        self.waiting = waiting
        if self._fresh and not self.current and wanted != self._accepted:
            self.current = wanted  # what was read before it was accepted does not come back
        if wanted == self.current and self._seen:
            self.shown = shown
        if before != (self.waiting, self.current, self.shown):
            self.changed.emit()

    def _refused(self, error: DigitizerError) -> None:
        notice: Notice = failed(error)
        self.said.emit(notice)
