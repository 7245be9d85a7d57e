"""A paper that is ready to be sent, by facts alone: no program reads, OCRs or bundles anything,
and no lane hears of it before it is ready."""

from __future__ import annotations

from datetime import UTC, datetime

from digitizer.app import App
from digitizer.model import Bundle, Dossier, Reading
from digitizer.storage import bundles, changes

_BLANK = Reading(100, 100, 100.0, 100.0, True, 0.0, 0, 0.0)


def add_ready_paper(app: App, dossier: Dossier, part: str = "TP01") -> None:
    """Give a component of ``dossier`` a page and its bundle."""
    batch = changes.new_id()
    paper_id = app.dossiers.paper_for(app.dossiers.get(dossier.id), part)
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper_id, "test", "{}")
    page = app.home.work / f"{batch}.jpg"
    page.write_bytes(batch.encode())
    saved = app.capture.adopt(batch, 1, page)
    assert saved is not None
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
        changes.put_reading(tx, saved.sha256, _BLANK)
    found = app.dossiers.get(dossier.id)
    paper = found.paper_by_id(paper_id)
    assert paper is not None
    fingerprint = found.fingerprint(paper)
    assert fingerprint is not None
    pdf = app.home.work / f"{batch}.pdf"
    pdf.write_bytes(b"%PDF " + batch.encode())
    blob = app.vault.adopt(pdf)
    pdf.unlink()
    made = Bundle(fingerprint, blob.sha256, 1, blob.bytes, datetime.now(UTC))
    with app.store.transaction() as tx:
        bundles.put_bundle(tx, paper_id, made)
    app.events.publish(dossier.id)
    app.settle()
