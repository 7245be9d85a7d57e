"""An office that signs: papers whose bundles are real PDF/A, and a key file of its officer.

No program reads or OCRs anything: a page is a small picture, known to be blank.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)
from PIL import Image, ImageDraw

from digitizer.app import App
from digitizer.bundle import making
from digitizer.bundle.request import BundlePage, BundleRequest
from digitizer.model import Bundle, Dossier, Paper, Reading
from digitizer.signingrules import KeyKind, Look, Rules
from digitizer.storage import bundles, changes
from tests.signed.making import SIGNER as SIGNER
from tests.signed.making import authority

PIN = "một-hai-ba"
AGENCY = "Ủy ban nhân dân xã Tân Lập"
_SIZE = (413, 585)
_DPI = 50.0
_BLANK = Reading(*_SIZE, _DPI, _DPI, True, 0.0, 0, 0.0)


def key_file(folder: Path, password: str = PIN) -> Path:
    """Make a PKCS#12 file; the certificate of who issued it lies beside it, as ``root.pem``."""
    issued = authority(folder)
    own = x509.load_pem_x509_certificate((folder / "own.pem").read_bytes())
    root = x509.load_pem_x509_certificate(issued.root.read_bytes())
    key = load_pem_private_key((folder / "own.key").read_bytes(), None)
    made = folder / "officer.p12"
    made.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"officer", key, own, [root], BestAvailableEncryption(password.encode())
        )
    )
    return made


def rules(key: Path, before: Look | None = Look.PERSONAL) -> Rules:
    """How this office signs."""
    return Rules(before, before or Look.PERSONAL, key=KeyKind.FILE, path=str(key), agency=AGENCY)


def add_signable_paper(app: App, dossier: Dossier, part: str = "TP01", text: str = "") -> str:
    """Give a component of ``dossier`` a page and a real bundle; return the paper's id."""
    batch = changes.new_id()
    paper_id = app.dossiers.paper_for(app.dossiers.get(dossier.id), part)
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper_id, "test", "{}")
    page = app.home.work / f"{batch}.jpg"
    drawn = Image.new("L", _SIZE, 255)
    ImageDraw.Draw(drawn).text((60, 250), f"{part} {text} {batch[:8]}", fill=0)
    drawn.save(page, quality=80, dpi=(_DPI, _DPI))
    saved = app.capture.adopt(batch, 1, page)
    assert saved is not None
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
        changes.put_reading(tx, saved.sha256, _BLANK)
    bundle(app, dossier.id, paper_id)
    return paper_id


def bundle(app: App, dossier_id: str, paper_id: str) -> Bundle:
    """Make the bundle that a paper calls for now, in this process."""
    dossier = app.dossiers.get(dossier_id)
    paper = paper_of(app, dossier_id, paper_id)
    fingerprint = dossier.fingerprint(paper)
    assert fingerprint is not None
    out = app.home.work / f"{fingerprint}.pdf"
    pages = tuple(
        BundlePage(app.vault.path(one.sha256), one.full_turn or 0, 0.0, *_SIZE, _DPI, _DPI)
        for one in paper.live_pages
    )
    making.make(BundleRequest(out, pages, paper.title, dossier.name))
    blob = app.vault.adopt(out)
    out.unlink()
    made = Bundle(fingerprint, blob.sha256, len(pages), blob.bytes, datetime.now(UTC))
    with app.store.transaction() as tx:
        bundles.put_bundle(tx, paper_id, made)
    app.events.publish(dossier_id)
    app.settle()
    return made


def paper_of(app: App, dossier_id: str, paper_id: str) -> Paper:
    """Read a paper anew."""
    found = app.dossiers.get(dossier_id).paper_by_id(paper_id)
    assert found is not None
    return found
