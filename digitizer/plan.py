"""PURE: the facts of a dossier → the work that should exist.

Called by the planner (``digitizer.work.planner``), which keeps the work table equal to this.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from digitizer import clearance
from digitizer.boxes import Box, text_of
from digitizer.model import Dossier, Page, Paper
from digitizer.readings import LOOKED
from digitizer.versions import held_back


class WorkKind(StrEnum):
    """What can be done to a dossier's facts. The first four are the local lane's; a signature is
    a person's, and no lane takes it."""

    READ = "read"
    OCR = "ocr"
    LOOK = "look"  # for markings of state secrets, at what an older version read
    BUNDLE = "bundle"
    SIGN = "sign"
    UPLOAD = "upload"


LOCAL = (WorkKind.READ, WorkKind.OCR, WorkKind.LOOK, WorkKind.BUNDLE)
SYNC = (WorkKind.UPLOAD,)


class Work(Struct, frozen=True):
    """One piece of work.

    Attributes:
        subject: An image's hash (read), ``ocr_subject`` (ocr, look) or a paper's id (bundle, sign,
            upload).
        version: What the result depends on besides; when it changes, attempts start anew.
    """

    kind: WorkKind
    subject: str
    version: str = ""


def ocr_subject(sha256: str, turn: int, box: Box | None) -> str:
    """Return the subject of OCR work: one image at one turn and in one box."""
    return f"{sha256}:{turn}:{text_of(box)}"


def of_ocr_subject(subject: str) -> tuple[str, int, Box | None]:
    """Return the image, the turn and the box that ``ocr_subject`` was given. Raises
    ``ValueError``."""
    sha256, turn, box = subject.split(":")
    return sha256, int(turn), Box.parse(box)


def plan(dossier: Dossier, server: str | None) -> tuple[Work, ...]:
    """Return everything that is left to do for ``dossier``, most basic first. Nothing is signed
    or sent of one that holds a state secret, or may hold one, nor before all its pages were looked
    at.

    Args:
        dossier: All facts of it.
        server: The name of the procedure system that dossiers go to, or None.
    """
    found: dict[Work, None] = {}
    cleared = clearance.of(dossier)
    unseen = {page.id for page in cleared.unseen}
    for paper in dossier.papers:
        if paper.removed_at is not None:
            continue
        for page in paper.live_pages:
            for work in _for_page(page, unseen=page.id in unseen):
                found[work] = None
        for work in _for_paper(dossier, paper, server):
            if cleared.given or work.kind is WorkKind.BUNDLE:
                found[work] = None
    if cleared.secret:  # excluded from digital processing; what else was in its batch goes on
        return tuple(work for work in found if work.kind is WorkKind.READ)
    return tuple(found)


def half_scanned(dossier: Dossier, paper: Paper) -> bool:
    """Tell whether a scan into a paper broke off after the clerk was done with its dossier, so
    that nobody has said since that all of it is there. It is not sent until somebody scans on, or
    takes the dossier up again and is done with it."""
    done = dossier.finished_at
    return done is not None and any(
        page.left_off and datetime.fromisoformat(page.left_off) > done for page in paper.live_pages
    )


def _for_page(page: Page, *, unseen: bool) -> tuple[Work, ...]:
    """``unseen``: it stands in the way of its dossier as long as nobody has looked at it."""
    if page.reading is None:
        return (Work(WorkKind.READ, page.sha256),)
    subject = ocr_subject(page.sha256, page.full_turn or 0, page.box)
    if not page.read:
        return (Work(WorkKind.OCR, subject),)
    if not unseen or clearance.looked(page):
        return ()
    return (Work(WorkKind.LOOK, subject, str(LOOKED)),)


def _for_paper(dossier: Dossier, paper: Paper, server: str | None) -> tuple[Work, ...]:
    fingerprint = dossier.fingerprint(paper)
    if fingerprint is None:
        return ()
    bundle = dossier.outgoing(paper)
    if bundle is None:
        return (Work(WorkKind.BUNDLE, paper.id, fingerprint),)
    if paper.held or paper.way.withheld or dossier.code is None or half_scanned(dossier, paper):
        return ()
    if dossier.receipt(paper, server) is not None:
        return ()
    if server is not None and held_back(dossier.conflicts(paper, server)):
        return ()
    if dossier.awaited(paper) is not None:
        return (Work(WorkKind.SIGN, paper.id, bundle.sha256),)
    return () if server is None else (Work(WorkKind.UPLOAD, paper.id, bundle.sha256),)
