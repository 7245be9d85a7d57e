"""The nouns: facts about dossiers as frozen values; every state is derived from them.

Made by ``digitizer.storage.queries``, read by everything above. PURE: no file, no database.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from digitizer.boxes import Box, Cropping
from digitizer.identifiers import local_code
from digitizer.paperfiles import Bundle as Bundle
from digitizer.paperfiles import Receipt as Receipt
from digitizer.paperfiles import SignedVersion as SignedVersion
from digitizer.paperfiles import kept_as_it_is, outgoing, signed_versions
from digitizer.readings import BlankReason as BlankReason
from digitizer.readings import Code as Code
from digitizer.readings import Reading as Reading
from digitizer.readings import Words as Words
from digitizer.secrecy import NO_MARKS, Secrecy
from digitizer.signatures import Origin as Origin
from digitizer.signatures import Signature as Signature
from digitizer.signatures import Signed as Signed
from digitizer.signatures import Standing as Standing
from digitizer.signingrules import Look as Look
from digitizer.versions import Conflict as Conflict
from digitizer.versions import about, key_of, undecided
from digitizer.ways import PLAIN, Reuse, Way
from digitizer.ways import Style as Style

FINGERPRINT_VERSION = 1
"""Raise it when bundles made from the same facts would come out differently."""

OTHER_PART = "TP99"
"""The component code of *giấy tờ khác* (domain facts §4): where pages without a paper go."""
OTHER_TITLE = "Giấy tờ khác"


class PaperKind(StrEnum):
    """What a paper is to its dossier (OpenCPS ``partType`` 1, 2, 3)."""

    COMPONENT = "component"
    RESULT = "result"
    OTHER = "other"


class PaperState(StrEnum):
    """Where a paper stands; derived, never stored."""

    MISSING = "missing"  # no page yet
    WORKING = "working"  # pages are being scanned, read or bundled
    READY = "ready"  # its bundle is made and valid
    SENT = "sent"  # the procedure system gave the same bytes back


class PlacedBy(StrEnum):
    """Who decided which paper a page belongs to. Routing never overrules the clerk."""

    BATCH = "batch"
    CODE = "code"
    CLERK = "clerk"


class Page(Struct, frozen=True):
    """One captured side. The image never changes; ``turn`` is the clerk's, on top of the
    reading's, in degrees clockwise.

    ``batch_reason`` is how its batch ended (``scanning.EndReason``), empty while it runs;
    ``left_off`` when, where it broke off and nothing goes on with it; ``kept``: the clerk saw how
    much it looks like the page before it, and wants both. ``crop`` is what the clerk wants of the
    image. ``separator``: a side of a separator sheet; routing took it out (``deleted``).
    ``headings``: the lines that may be its title, as OCR read them. ``origin``: the signed PDF
    that it shows a page of. ``held``: of a stack that is not accepted yet; ``seen``: the doubts
    (``stacking.Reason``) that the clerk found groundless. ``secrecy``: what marking it bears.
    """

    id: str
    batch_id: str
    batch_seq: int
    batch_open: bool
    batch_read: bool
    paper_id: str
    sha256: str
    turn: int
    placed_by: PlacedBy
    deleted: bool
    reading: Reading | None
    words: Words | None
    batch_reason: str = ""
    left_off: str = ""
    kept: bool = False
    crop: Box | Cropping = Cropping.AUTO
    separator: bool = False
    headings: tuple[str, ...] = ()
    origin: Origin | None = None
    held: bool = False
    seen: frozenset[str] = frozenset()
    secrecy: Secrecy = NO_MARKS

    @property
    def box(self) -> Box | None:
        """The part of the level image that is the page; None: all of it."""
        if isinstance(self.crop, Box):
            return self.crop
        if self.reading is None or self.crop is Cropping.WHOLE:
            return None
        return self.reading.own_box

    @property
    def full_turn(self) -> int | None:
        """Degrees clockwise that make the image upright, or None before it is read."""
        return None if self.reading is None else (self.reading.turn + self.turn) % 360

    @property
    def read(self) -> bool:
        """True once nothing about its image is left to find out."""
        if self.reading is None:
            return False
        return self.reading.blank or self.words is not None


class Paper(Struct, frozen=True):
    """One component or result of a dossier, with its pages in order (deleted ones too).

    ``copy`` numbers the papers of one component from 1: each has a file of its own. ``signed``
    tells what was found in the signed PDFs among its pages, by their blobs. ``dropped``: its
    procedure's list no longer has it. ``sent_title``: the title it was sent under, where the list
    renamed it since. ``elsewhere``: how many files other desks have put at the server for its
    component. ``conflicts``: where that met another version, oldest first. ``way``: what somebody
    said of how it goes out. ``signings``: versions of its bundles that were signed here.
    ``removed_at``: when the copies here were removed; nothing is added.
    """

    id: str
    part: str
    title: str
    kind: PaperKind
    required: bool
    multiple: bool
    file_template: str
    position: int
    pages: tuple[Page, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    copy: int = 1
    signed: tuple[tuple[str, Signed], ...] = ()
    dropped: bool = False
    sent_title: str = ""
    elsewhere: int = 0
    conflicts: tuple[Conflict, ...] = ()
    way: Way = PLAIN
    signings: tuple[SignedVersion, ...] = ()
    removed_at: datetime | None = None

    @property
    def original(self) -> str:
        """The blob of the signed PDF that this paper is, page for page as it came; else empty."""
        pages = self.live_pages
        origin = pages[0].origin if pages else None
        if origin is None or len(pages) != origin.pages:
            return ""
        untouched = all(
            page.turn == 0
            and not isinstance(page.crop, Box)
            and page.origin == Origin(origin.sha256, number, origin.pages)
            for number, page in enumerate(pages, start=1)
        )
        return origin.sha256 if untouched else ""

    @property
    def signature_lost(self) -> bool:
        """Whether pages of a signed PDF were edited or mixed: no signature covers what is sent."""
        plain = {sha256 for sha256, found in self.signed if not found.signatures}
        origins = {page.origin.sha256 for page in self.live_pages if page.origin}
        return not self.original and bool(origins - plain)

    @property
    def pdfa(self) -> bool:
        """Whether its bundle is PDF/A-2b: always, but for a signed PDF that came otherwise."""
        return next((s.pdfa for sha256, s in self.signed if sha256 == self.original), True)

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """The signatures of the PDF that this paper is; empty until they were looked at."""
        return next((s.signatures for sha256, s in self.signed if sha256 == self.original), ())

    @property
    def name(self) -> str:
        """Its title, with its number where it is not the first of its component."""
        return self.title if self.copy == 1 else f"{self.title} ({self.copy})"

    def key(self, server: str) -> str:
        """Return the key its file has at ``server``: its id, unless a decision says otherwise."""
        return key_of(self.id, self.conflicts, server)

    @property
    def live_pages(self) -> tuple[Page, ...]:
        """The pages that count."""
        return tuple(page for page in self.pages if not page.deleted)

    @property
    def reuse(self) -> Reuse | None:
        """What it is reused from; None where pages scanned for this dossier took that place."""
        said = self.way.reuse
        return said if said and said.holds(page.batch_id for page in self.live_pages) else None

    @property
    def there(self) -> bool:
        """Whether nobody has to scan it: it has pages, or is an earlier result by its code."""
        return bool(self.live_pages or self.reuse)

    @property
    def held(self) -> bool:
        """Whether any of it waits for the clerk to accept its stack; it is not sent before."""
        return any(page.held for page in self.live_pages)

    @property
    def in_use(self) -> bool:
        """Whether it has pages, or some that were deleted; sides of separator sheets are none."""
        return any(not (page.deleted and page.separator) for page in self.pages)

    @property
    def settled(self) -> bool:
        """True when no page can still come, move or change by itself."""
        pages = self.live_pages
        return bool(pages) and all(p.read and p.batch_read and not p.batch_open for p in pages)


class Dossier(Struct, frozen=True, dict=True):
    """One citizen's case, with everything under it.

    ``style``: what the office's bundles are made in now. ``received_at`` and ``due_at``: when it
    was received and when its result is due, as the procedure system says; ``unreceived``: that
    says that it was not received yet. ``status``: the system's own word for how it stands;
    ``ended``: that means closed or withdrawn. ``sign_first``: the signature a paper must bear
    before it is sent, or None. ``removed_at``: when copies here were last removed.
    """

    id: str
    code: str | None
    local_number: int | None
    procedure_code: str
    procedure_name: str
    holder: str
    server_ref: str
    template: str
    opened_at: datetime
    finished_at: datetime | None
    papers: tuple[Paper, ...] = ()
    style: Style = Style.FAITHFUL
    received_at: datetime | None = None
    due_at: datetime | None = None
    unreceived: bool = False
    status: str = ""
    ended: bool = False
    sign_first: Look | None = None
    removed_at: datetime | None = None

    @property
    def name(self) -> str:
        """Mã hồ sơ, or the local number of a dossier that has none yet."""
        return self.code if self.code is not None else local_code(self.local_number or 0)

    @property
    def listed(self) -> tuple[Paper, ...]:
        """Its papers without those that nothing is in and no server was sent, where they are
        further copies or no longer in the procedure's list."""
        return tuple(
            p for p in self.papers if (p.copy == 1 and not p.dropped) or p.in_use or p.receipts
        )

    def paper(self, part: str, copy: int = 1) -> Paper | None:
        """Return the paper with this component code (and number), or None."""
        return next((p for p in self.papers if (p.part, p.copy) == (part, copy)), None)

    def paper_by_id(self, paper_id: str) -> Paper | None:
        """Return the paper with this id, or None."""
        return next((paper for paper in self.papers if paper.id == paper_id), None)

    def fingerprint(self, paper: Paper) -> str | None:
        """Return what the bundle of ``paper`` depends on, hashed; None until it is settled."""
        return (
            self._fingerprint(paper, self.style_of(paper), paper.title) if paper.settled else None
        )

    def style_of(self, paper: Paper) -> Style:
        """Return the style that the bundle of ``paper`` is made in."""
        return paper.way.style or self.style

    @cached_property
    def _hashed(self) -> dict[tuple[str, Style, str], tuple[Paper, str]]:
        return {}

    def _fingerprint(self, paper: Paper, style: Style, title: str) -> str:
        """Hash once what every question about a paper comes back to: it may have many pages."""
        key = (paper.id, style, title)
        if key not in self._hashed or self._hashed[key][0] is not paper:
            self._hashed[key] = (paper, self._hash(paper, style, title))
        return self._hashed[key][1]

    def _hash(self, paper: Paper, style: Style, title: str) -> str:
        if paper.original:
            return hashlib.sha256(json.dumps(["original", paper.original]).encode()).hexdigest()
        facts: list[object] = [
            FINGERPRINT_VERSION,
            self.name,
            self.procedure_code,
            self.procedure_name,
            title,
            [_bundled(page) for page in paper.live_pages],
        ]
        if style is not Style.FAITHFUL:
            facts.append(style.value)
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def bundle(self, paper: Paper) -> Bundle | None:
        """Return the bundle of the paper as it is now, or None.

        What a server holds already, or somebody signed, stays good when the office takes up
        another style, or the procedure's list another title.
        """
        if not paper.settled:
            return None
        made = {bundle.fingerprint: bundle for bundle in paper.bundles}
        titles = dict.fromkeys(title for title in (paper.title, paper.sent_title) if title)
        wanted = self.style_of(paper)
        styles = sorted(Style, key=lambda style: style is not wanted)
        for title in titles:
            for style in styles:
                found = made.get(self._fingerprint(paper, style, title))
                if found and kept_as_it_is(found, paper.signings, paper.receipts):
                    return found
        return made.get(self._fingerprint(paper, wanted, paper.title))

    def outgoing(self, paper: Paper) -> Bundle | None:
        """Return the file that is sent: its bundle, as it was signed last; None: not made yet."""
        bundle = self.bundle(paper)
        return bundle and outgoing(bundle, paper.signings)

    def signed(self, paper: Paper) -> tuple[SignedVersion, ...]:
        """Return the signed versions of the current bundle, oldest first."""
        bundle = self.bundle(paper)
        return signed_versions(bundle, paper.signings) if bundle else ()

    def awaited(self, paper: Paper) -> Look | None:
        """Return the signature that a paper lacks before it may be sent, or None. One that came
        signed is passed on as it is."""
        if self.sign_first is None or paper.signatures:
            return None
        bears = any(one.look is self.sign_first for one in self.signed(paper))
        return None if bears else self.sign_first

    def receipt(self, paper: Paper, server: str | None = None) -> Receipt | None:
        """Return the newest receipt for what goes out (from ``server``, if given)."""
        bundle = self.outgoing(paper)
        if bundle is None:
            return None
        mine = [
            r
            for r in paper.receipts
            if r.sha256 == bundle.sha256 and (server is None or r.server == server)
        ]
        return max(mine, key=lambda r: r.at, default=None)

    def state(self, paper: Paper, server: str | None = None) -> PaperState:
        """Derive where ``paper`` stands with ``server`` (None: with any)."""
        if not paper.live_pages:
            return PaperState.MISSING
        if paper.removed_at is not None:
            return PaperState.SENT  # proven right before it was removed
        if self.bundle(paper) is None:
            return PaperState.WORKING
        return PaperState.READY if self.receipt(paper, server) is None else PaperState.SENT

    def conflicts(self, paper: Paper, server: str | None = None) -> tuple[Conflict, ...]:
        """Return where what goes out met another version (at ``server``, if given)."""
        bundle = self.outgoing(paper)
        return about(paper.conflicts, bundle.sha256, server) if bundle else ()

    def undecided(self, paper: Paper, server: str | None = None) -> Conflict | None:
        """Return the first of these that the clerk has not decided, or None."""
        return undecided(self.conflicts(paper, server))

    def left_behind(self, paper: Paper, server: str | None = None) -> bool:
        """Tell whether ``server`` (None: any) still holds a paper none of whose pages is left:
        nothing is deleted there by itself."""
        return not paper.live_pages and any(server in (None, r.server) for r in paper.receipts)


def _bundled(page: Page) -> list[str | int | None]:
    """Return what a bundle depends on of a page. A page that is not cropped says what it always
    said, so that bundles made before there were boxes stay good."""
    facts = [page.sha256, page.full_turn, page.words.pdf if page.words else None]
    return [*facts, page.box.text()] if page.box else facts
