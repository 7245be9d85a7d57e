"""What the button of the banner does, as far as it is the counter's to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui.office import Office
from ui.page_work import PageWork
from ui.rows import Part
from ui.screens.scanning_on import ScanningOn
from ui.wording import Act, Notice


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class BannerActs:
    """Does it.

    Attributes:
        office, work, scanning_on: The counter's.
        settings: Goes to a part of *Cài đặt*.
        folders: Goes to where watched folders are seen to.
    """

    office: Office
    work: PageWork
    scanning_on: ScanningOn
    settings: Callable[[Part], None]
    folders: Callable[[], None]

    def do(self, notice: Notice) -> None:
        """Do what the button of a notice says."""
        if notice.ended is not None:
            self.scanning_on.go_on(notice.ended.onward)
            return
        acts: dict[Act, Callable[[], None]] = {
            Act.SETTINGS: lambda: self.settings(notice.part),
            Act.LOOK: self.folders,
            Act.TRY_AGAIN: self.office.retry,
            Act.REOPEN: self.office.reopen,
            Act.OPEN: lambda: self.office.open(notice.dossier_id),
            Act.REMOVE: lambda: self.work.remove(notice.pages),
            Act.FILE: lambda: self.work.file(notice.pages, notice.paper_id),
            Act.TURN_OVER: self.work.turn_backs_over,
            Act.READ_AGAIN: self.work.read_again,
        }
        if notice.act in acts:
            acts[notice.act]()
