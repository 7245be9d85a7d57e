"""The places of the window, in the order of the rail, and what each of them is.

A place is made when it is first shown: the window is there before most of its code is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import Enum
from typing import Protocol

from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.asides import Aside
from ui.binding import DeskBinding
from ui.bridge import Bridge
from ui.clerks import DeskClerks
from ui.commands import Command
from ui.encryption import DeskEncryption
from ui.folders import DeskFolders
from ui.office import Office
from ui.pictures import Pictures
from ui.rows import Part
from ui.scanning import Scanners, Scanning
from ui.signing import DeskSigning
from ui.stacks import DeskStacks
from ui.theme import Theme
from ui.waits import Waits
from ui.webdesk import WebDesk
from ui.wording import Act


class Place(Enum):
    """A place; the value is its icon's name."""

    COUNTER = "desk"
    STACK = "stack"
    TODAY = "today"
    TROUBLE = "trouble"
    OUTBOX = "outbox"
    FIND = "search"
    SETTINGS = "settings"


NAMES = {
    Place.COUNTER: "Tại quầy",
    Place.STACK: "Quét lô",
    Place.TODAY: "Hôm nay",
    Place.TROUBLE: "Cần xử lý",
    Place.OUTBOX: "Chờ gửi",
    Place.FIND: "Tìm",
    Place.SETTINGS: "Cài đặt",
}


class ShowsPage(Protocol):
    """Opens a dossier at the counter."""

    def __call__(
        self, dossier_id: str, paper_id: str | None, page_id: str | None, words: str = "", /
    ) -> None:
        """Open it at one of its papers and pages (None: where work goes on); ``words``: what was
        typed to find the page, to be marked on it."""


TAKEN_BACK = {Place.COUNTER: Act.REOPEN, Place.STACK: Act.TAKE_BACK}
"""The button that takes back what was just done at a place."""


class Parts(Struct, frozen=True):
    """What every place stands on.

    Attributes:
        folders: The watched folders, where there can be any.
        web: The web pages that scan here, where they can.
        stacks: The stacks that wait to be accepted.
        go: Goes to a place.
        show_page: Opens a dossier at the counter.
        waits: How much waits at the lists, and what needs a hand.
        look_at_folders: Goes to where watched folders are seen to.
        clerks: Who works at this desk.
        mend_password: Goes to where a password is typed: a clerk's (their id), or the office's.
        mend: Goes to a part of *Cài đặt*.
        receive: Takes in the dossiers that a folder holds, where that is seen to.
        owner: Owns objects that outlive a place.
        aside: Shows a page beside the places; the text names a section of it, or nothing.
        practise: Opens the training.
        spare: Has the banner hold back what lines of *Cần xử lý* (their keys) say themselves.
        binding: Gives local dossiers their codes.
        signing: What waits for a signature, and signs it.
        set_up_signing: Goes to where signing is set up.
        encryption: Switches the home's encryption, where it may have any.
    """

    theme: Theme
    bridge: Bridge
    office: Office
    pictures: Pictures
    scanning: Scanning
    scanners: Scanners
    folders: DeskFolders | None
    web: WebDesk | None
    stacks: DeskStacks
    go: Callable[[Place], None]
    show_page: ShowsPage
    waits: Waits
    look_at_folders: Callable[[], None]
    clerks: DeskClerks
    mend_password: Callable[[str], None]
    mend: Callable[[Part], None]
    receive: Callable[[str], None]
    owner: QObject
    aside: Callable[[Aside, str], None]
    practise: Callable[[], None]
    spare: Callable[[Collection[str]], None]
    binding: DeskBinding
    signing: DeskSigning
    set_up_signing: Callable[[], None]
    encryption: DeskEncryption | None


class Screen(Protocol):
    """What a place can do; its widget is one of these."""

    def enter(self) -> None:
        """It was gone to: take the focus."""

    def do(self, command: Command) -> bool:
        """Do what a key asks for; False where that means nothing here."""

    def digit(self, number: int) -> None:
        """A digit, 1 to 9, was pressed outside a text field."""


def make(place: Place, parts: Parts) -> QWidget:
    """Return the new widget of a place; it is a ``Screen``. The counter is the window's own."""
    if place is Place.STACK:
        from ui.screens.stack import StackScreen

        return StackScreen(parts)
    if place is Place.TODAY:
        from ui.screens.today import TodayScreen

        return TodayScreen(parts)
    if place is Place.TROUBLE:
        from ui.screens.trouble import TroubleScreen

        return TroubleScreen(parts)
    if place is Place.OUTBOX:
        from ui.screens.outbox import OutboxScreen

        return OutboxScreen(parts)
    if place is Place.FIND:
        from ui.screens.find import FindScreen

        return FindScreen(parts)
    from ui.screens.settings import SettingsScreen

    return SettingsScreen(parts)
