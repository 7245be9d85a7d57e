"""What the counter says of a scan that broke off, and how it goes on with it.

A scan goes on where it was, from where it came, whatever the clerk looks at meanwhile; the words
in the banner name that place as soon as it is not in front of the clerk any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui import scan_words
from ui.commands import Command
from ui.office import Office
from ui.scan_words import Front
from ui.scanning import Scanning
from ui.target import Ended, Target
from ui.widgets.banner import Banner
from ui.widgets.strip import Strip


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class ScanningOn:
    """Goes on with what broke off.

    Attributes:
        office, scanning, banner, strip: The counter's.
        finding: Whether the finder is in front of the papers.
        show: Bring the papers to the front.
    """

    office: Office
    scanning: Scanning
    banner: Banner
    strip: Strip
    finding: Callable[[], bool]
    show: Callable[[], None]

    def meant(self, command: Command) -> Target | None:
        """Return where the scan that the banner speaks of goes on, if this key means it: the plain
        one for where its pages come from, while its paper is in front."""
        told = self._told
        if (
            told is None
            or told.target.stack
            or self._front(told) not in (Front.LAST_PAGE, Front.PAPER)
        ):
            return None
        key = Command.SCAN_GLASS if told.target.glass else Command.SCAN
        return told.onward if command is key else None

    def go_on(self, onward: Target) -> None:
        """Scan on; its dossier, paper and page come to the front. A stack goes on at its place."""
        if self.scanning.target is None and not onward.stack:
            self.bring_up(onward)
            profile = self.office.profiles.current.profile
            self.scanning.start(self.office.app, onward, profile)

    def follow(self) -> None:
        """Follow the newest page, where pages come to the end of the paper in front."""
        target, desk = self.scanning.target, self.office.desk
        front = (desk.dossier.id, self.office.paper_id) if desk is not None else None
        if target is not None and target.at_end and target.into == front:
            self.strip.follow()

    def look_for(self, onward: Target) -> None:
        """Look at the page behind which, or in whose place, a scan goes on; several that the clerk
        has chosen stay chosen."""
        page = onward.after or onward.replaces
        if page and len(self.strip.picks) <= 1:
            self.strip.look_for(page)

    def say(self, ended: Ended) -> None:
        """Say how a scan came to a bad end; show its last page, unless the clerk has left. After a
        good one there is something to say only where the backs of its sheets are still to come.
        Of a stack its own place speaks, of what a web page asked for ``ui.webdesk``."""
        if ended.target.stack or ended.target.web:
            return
        if ended.error is None:
            self._show_inserted(ended)
            if ended.fronts_only:
                away = self._front(ended) is Front.ELSEWHERE
                elsewhere = ended.target.dossier_name if away else ""
                self.banner.say(scan_words.fronts_only(ended.pages, elsewhere))
            return
        here = self._front(ended) is not Front.ELSEWHERE and not self.finding()
        if ended.last is not None and here:
            self.bring_up(ended.onward)
        self.banner.say(scan_words.scan_ended(ended, self._front(ended)))

    def _show_inserted(self, ended: Ended) -> None:
        """Look at the page that went behind the one that still is looked at."""
        page, target = self.strip.page, ended.target
        if ended.last is None or target.goes_on or page is None or page.id != target.after:
            return
        if len(self.strip.picks) <= 1:
            self.strip.look_for(ended.last)

    def retell(self) -> None:
        """Keep the words true: the clerk looks at something else now."""
        told = self._told
        if told is not None and not told.target.stack:
            notice = scan_words.scan_ended(told, self._front(told))
            if notice != self.banner.notice:
                self.banner.say(notice)

    def leave_dossier(self) -> None:
        """Say no more about the dossier before, except that something went wrong in a scan."""
        notice = self.banner.notice
        self.banner.reset()
        if notice is not None and notice.for_stack:
            self.banner.say(notice)
        elif notice is not None and notice.ended is not None and notice.urgent:
            self.banner.say(scan_words.scan_ended(notice.ended, self._front(notice.ended)))

    @property
    def _told(self) -> Ended | None:
        return self.banner.notice.ended if self.banner.notice is not None else None

    def bring_up(self, onward: Target) -> None:
        """Bring where a scan goes to the front: its dossier, its paper, its page."""
        office = self.office
        if office.desk is None or office.desk.dossier.id != onward.dossier_id:
            office.open(onward.dossier_id, onward.paper_id)
            return  # the counter looks for the page as soon as the dossier is there
        if onward.paper_id is not None and office.paper_id != onward.paper_id:
            office.choose_paper(onward.paper_id)
        self.show()
        self.look_for(onward)

    def _front(self, ended: Ended) -> Front:
        """Return what is in front of the clerk."""
        office, target = self.office, ended.target
        if office.desk is None or office.desk.dossier.id != target.dossier_id:
            return Front.ELSEWHERE
        if self.finding() or office.paper_id != target.paper_id:
            return Front.DOSSIER
        page = self.strip.page
        return Front.LAST_PAGE if page is not None and page.id == ended.last else Front.PAPER
