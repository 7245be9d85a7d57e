"""How *Quét lô* feeds: one press is one stack, and what broke off goes on as the same one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui import scan_words
from ui.language import say
from ui.places import Parts
from ui.scan_words import Doing, Front
from ui.stack_words import UNSORTED
from ui.target import Ended, Target
from ui.widgets.film_strip import FilmStrip


class StackFeeding(QObject):
    """Begins stacks, goes on with them, and says how that ended.

    Signals:
        changed: F5 means something else now.
    """

    changed = Signal()

    def __init__(self, parts: Parts, strip: FilmStrip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._strip = strip
        self._broken: Ended | None = None
        parts.scanning.ended.connect(self._say)

    @property
    def fed(self) -> bool:
        """Whether the stack that is reviewed is being scanned."""
        target = self._parts.scanning.target
        return target is not None and bool(target.stack) and target.stack == self._reviewed

    @property
    def on(self) -> bool:
        """Whether F5 goes on with the stack that is reviewed, which broke off."""
        return self._onward is not None

    @property
    def doing(self) -> Doing:
        """What a scan is doing, of a stack or for the counter."""
        return self._parts.scanning.doing(self._reviewed)

    def scan(self) -> None:
        """Scan a stack, or go on with the one that is reviewed where it broke off."""
        if self._parts.scanning.target is None:
            onward = self._onward
            self.start(onward or self._target(self._parts.stacks.begin()))

    def scan_on(self) -> None:
        """Scan more into the stack that is reviewed, as if it had not ended."""
        stack = self._parts.stacks.stack
        if self._onward is not None or stack is None:
            self.scan()
        elif self._parts.scanning.target is None and stack.last_batch:
            self.start(self._target(stack.id, stack.last_batch))

    def start(self, target: Target) -> None:
        """Scan into a stack, which is the one that is reviewed from now on."""
        scanning, stacks = self._parts.scanning, self._parts.stacks
        if scanning.target is not None:
            return
        self._broken = None
        if stacks.current != target.stack:
            stacks.choose(target.stack)
        office = self._parts.office
        scanning.start(office.app, target, office.profiles.current.profile)

    def _target(self, stack_id: str, continues: str | None = None) -> Target:
        title = self.tr("Quét lô")
        return Target("", say(UNSORTED), None, title, continues=continues, stack=stack_id)

    @property
    def _onward(self) -> Target | None:
        broken, stack = self._broken, self._parts.stacks.stack
        if broken is not None and broken.target.stack == self._reviewed:
            return broken.onward
        if stack is not None and stack.broke_off:  # before the program was started anew
            return self._target(stack.id, stack.last_batch)
        return None

    @property
    def _reviewed(self) -> str:
        return self._parts.stacks.current

    def _say(self, ended: Ended) -> None:
        """Say how a stack came to a bad end; what was fed of it is safe and can be gone on with."""
        if not ended.target.stack:
            return
        if ended.error is not None:
            self._broken = ended
            seen = self._strip.follows and ended.target.stack == self._reviewed
            front = Front.LAST_PAGE if seen and ended.pages else Front.PAPER
            self._parts.office.said.emit(scan_words.scan_ended(ended, front))
        stack = self._parts.stacks.stack
        if not ended.pages and (stack is None or not stack.pages):
            self._broken = None
            self._parts.stacks.newest()  # there is nothing of it
        self.changed.emit()
