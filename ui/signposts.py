"""Ways from anywhere in the window to one part of *Cài đặt*. Knows no fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.rows import Part

if TYPE_CHECKING:
    from ui.screens.settings import SettingsScreen


class Signposts:
    """Each method goes there and brings the part into view."""

    def __init__(self, go: Callable[[], SettingsScreen]) -> None:
        """``go`` shows *Cài đặt* and returns it."""
        self._go = go

    def profiles(self) -> None:
        """To the scan profiles."""
        self._go().show_profiles()

    def part(self, part: Part) -> None:
        """To where a trouble is mended."""
        settings = self._go()
        if part is Part.SERVER:
            settings.show_server()
        elif part is Part.CARRYING:
            settings.show_carrying()
        elif part is Part.WEB:
            settings.show_web()

    def server(self) -> None:
        """To the procedure system."""
        self.part(Part.SERVER)

    def receive(self, folder: str) -> None:
        """To where dossiers are carried as folders: those of this one are taken in."""
        self._go().receive_from(folder)

    def folders(self) -> None:
        """To the watched folders."""
        self._go().show_folders()

    def clerks(self) -> None:
        """To the list of who works at this desk."""
        self._go().show_clerks()

    def signing(self) -> None:
        """To how this office signs."""
        self._go().show_signing()

    def disk(self) -> None:
        """To how long copies stay, and how full the disk is."""
        self._go().show_disk()

    def password(self, clerk_id: str) -> None:
        """To the field of a password: a clerk's, or (empty) the office's own."""
        self._go().ask_password(clerk_id)
