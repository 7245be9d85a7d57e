"""PURE: the facts of a dossier → the work that should exist.

Called by the planner (``digitizer.work.planner``), which keeps the work table equal to this.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from digitizer.boxes import Box, text_of
from digitizer.model import Dossier, Page, Paper
from digitizer.versions import held_back


class WorkKind(StrEnum):
    """What can be done to a dossier's facts. The first three are the local lane's."""

    READ = "read"
    OCR = "ocr"
    BUNDLE = "bundle"
    UPLOAD = "upload"


LOCAL = (WorkKind.READ, WorkKind.OCR, WorkKind.BUNDLE)
SYNC = (WorkKind.UPLOAD,)


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work.

    Attributes:
        subject: An image's hash (read), ``ocr_subject`` (ocr) or a paper's id (bundle, upload).
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
    """Return everything that is left to do for ``dossier``, most basic first.

    Args:
        dossier: All facts of it.
        server: The name of the procedure system that dossiers go to, or None.
    """
    found: dict[Work, None] = {}
    for paper in dossier.papers:
        if paper.removed_at is not None:
            continue
        for page in paper.live_pages:
            for work in _for_page(page):
                found[work] = None
        for work in _for_paper(dossier, paper, server):
            found[work] = None
    return tuple(found)


def _for_page(page: Page) -> tuple[Work, ...]:
    if page.reading is None:
        return (Work(WorkKind.READ, page.sha256),)
    if page.reading.blank or page.words is not None:
        return ()
    turn = page.full_turn or 0
    return (Work(WorkKind.OCR, ocr_subject(page.sha256, turn, page.box)),)


def _for_paper(dossier: Dossier, paper: Paper, server: str | None) -> tuple[Work, ...]:
    fingerprint = dossier.fingerprint(paper)
    if fingerprint is None:
        return ()
    bundle = dossier.bundle(paper)
    if bundle is None:
        return (Work(WorkKind.BUNDLE, paper.id, fingerprint),)
    if paper.held or paper.way.withheld or server is None or dossier.code is None:
        return ()
    if dossier.receipt(paper, server) is not None:
        return ()
    if held_back(dossier.conflicts(paper, server)):
        return ()
    return (Work(WorkKind.UPLOAD, paper.id, bundle.sha256),)
