"""Builds facts by hand, for the pure parts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from digitizer.model import (
    Bundle,
    Code,
    Dossier,
    Page,
    Paper,
    PaperKind,
    PlacedBy,
    Reading,
    Receipt,
    Words,
)

MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CODE = "000.00.20.H02-261122-0001"
READING = Reading(2480, 3508, 300.0, 300.0, False, 0.05, 0, 0.0)
WORDS = Words("t" * 64, "p" * 64, 12, 95.0)


def page(seq: int = 1, **changes: Any) -> Page:
    """A page that is read and OCRed, of a batch that has ended."""
    made = Page(
        id=f"page-{seq}",
        batch_id="batch",
        batch_seq=seq,
        batch_open=False,
        batch_read=True,
        paper_id="paper",
        sha256=f"{seq:064x}",
        turn=0,
        placed_by=PlacedBy.BATCH,
        deleted=False,
        reading=READING,
        words=WORDS,
    )
    return replace(made, **changes)


def coded(seq: int, *texts: str, **changes: Any) -> Page:
    """A page with QR codes."""
    codes = tuple(Code("QRCode", text) for text in texts)
    return page(seq, reading=replace(READING, codes=codes), **changes)


def paper(*pages: Page, **changes: Any) -> Paper:
    """A component with pages."""
    made = Paper("paper", "TP01", "Tờ khai", PaperKind.COMPONENT, True, False, "", 1, pages)
    return replace(made, **changes)


def dossier(*papers: Paper, **changes: Any) -> Dossier:
    """A dossier with papers and a real code."""
    made = Dossier(
        "dossier", CODE, None, "1.001193", "Đăng ký khai sinh", "", "", "", MOMENT, None, papers
    )
    return replace(made, **changes)


def bundled(one: Dossier) -> Dossier:
    """The same, with the bundle of its first paper made."""
    first = one.papers[0]
    fingerprint = one.fingerprint(first)
    assert fingerprint is not None
    bundle = Bundle(fingerprint, "b" * 64, len(first.live_pages), 1000, MOMENT)
    return replace(one, papers=(replace(first, bundles=(bundle,)), *one.papers[1:]))


def received(one: Dossier, server: str) -> Dossier:
    """The same, with a receipt for that bundle."""
    first = one.papers[0]
    bundle = first.bundles[0]
    receipt = Receipt(bundle.fingerprint, bundle.sha256, server, "ref", MOMENT)
    return replace(one, papers=(replace(first, receipts=(receipt,)), *one.papers[1:]))
