"""A clerk at *Quét lô*: feeds stacks, waits until they are read, looks at what came of them."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt

from digitizer.sandbox.records import Records
from digitizer.stacking import Reason, Stack
from tests.ui.conftest import Clerk
from tests.ui.stage import Stage
from ui.places import Place
from ui.screens.stack import StackScreen
from ui.stacks import DeskStacks

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


class Reviewer:
    """Works at *Quét lô* of one window; counts the keys that it presses."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        self.keys = 0

    def go(self) -> None:
        """Go to the place."""
        self.clerk.press(Qt.Key.Key_2, ALT)
        assert self.clerk.window.place is Place.STACK

    @property
    def screen(self) -> StackScreen:
        return self.clerk.window.stack

    @property
    def stacks(self) -> DeskStacks:
        parts = self.clerk.window._parts
        assert parts is not None
        return parts.stacks

    @property
    def stack(self) -> Stack:
        found = self.stacks.stack
        assert found is not None
        return found

    def press(
        self,
        key: Qt.Key | str,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key, and count it; a letter is waited for until it is known to be no code."""
        self.keys += 1
        self.clerk.press(key, modifiers)

    def feed(self, *, key: tuple[Qt.Key, Qt.KeyboardModifier] | None = None) -> None:
        """F5, and wait until all of it is fed."""
        self.press(*(key or (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier)))
        self.fed()

    def fed(self) -> None:
        """Wait until the scan that was begun has ended."""
        assert self.clerk.window.scanning.target is not None
        self.clerk.until(lambda: self.clerk.window.scanning.target is None)

    def read(self) -> Stack:
        """Wait until the stack is read: each page may take its time, all of them more."""
        self.clerk.until(lambda: self.stacks.stack is not None)
        while not self.stack.ready:
            left = self.stack.unread
            self.clerk.until(
                lambda left=left: self.stack.ready or self.stack.unread < left  # type: ignore[misc]
            )
        return self.stack

    def lies(self) -> list[tuple[str, str, int]]:
        """Return the runs: the end of the dossier's code, the paper, how many pages."""
        return [
            (
                run.dossier.name[-4:] if run.dossier.id != self.stack.unsorted else "",
                f"{run.paper.part}#{run.paper.copy}",
                len(run.pages),
            )
            for run in self.stack.runs
        ]

    def turns_to(self, *runs: tuple[str, str, int]) -> None:
        """Wait until the pages lie so."""
        self.clerk.until(lambda: self.lies() == list(runs))

    def reasons(self) -> list[Reason]:
        """Return the worst reason of each doubt."""
        return [doubt.reasons[0] for doubt in self.stack.doubts]

    @property
    def number(self) -> int:
        """The number of the page that is looked at."""
        page = self.screen.strip.page
        return 1 + [one.id for one in self.stack.pages].index(page.id) if page else 0


def arrived(stage: Stage) -> dict[str, dict[str, int]]:
    """Return what the procedure system holds: mã hồ sơ → part → pages of its file."""
    records = Records(Path(stage.home).parent / "server")
    found: dict[str, dict[str, int]] = {}
    for dossier in records.dossiers():
        for row in records.files(dossier["id"]):
            file = records.blob(row)
            if file is not None:
                with pypdfium2.PdfDocument(file) as document:
                    found.setdefault(dossier["no"], {})[row["part"]] = len(document)
    return found
