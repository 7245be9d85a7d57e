"""Checks the signatures of one PDF, without the network.

A program (``python -m digitizer.pages.signatures FILE [TRUST_DIR]``) run by the local lane and by
``inspect``. Its answer is ``{"signatures": [...]}``, empty for a PDF without any. Knows no
dossier. Revocation is not asked for: a desk may be offline, and what the file itself brings along
is what is judged.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from digitizer import programs
from digitizer.confinement import Rights
from digitizer.model import Signature, Standing
from digitizer.pages import raster

_CERTIFICATES = (".pem", ".crt", ".cer", ".der")
_MOST_SIGNATURES = 50
_HARMLESS_CHANGES = (
    ModificationLevel.NONE,
    ModificationLevel.LTA_UPDATES,
    ModificationLevel.FORM_FILLING,
)


def check(path: Path, trusted: Path | None = None) -> list[Signature]:
    """Return the signatures of the PDF at ``path`` in the order they were made.

    Args:
        path: The PDF.
        trusted: A folder of certificates (PEM or DER) of issuers that are trusted.

    Raises:
        FileMissing, FileEmpty: as they say.
    """
    raster.check_present(path)
    roots = list(certificates_in(trusted)) if trusted is not None else []
    with path.open("rb") as file:
        try:
            reader = PdfFileReader(file, strict=False)
            if reader.encrypted:
                reader.decrypt("")  # what anybody may open; only changing it wants a password
            found = reader.embedded_regular_signatures
            return [_judged(one, roots) for one in found[:_MOST_SIGNATURES]]
        except (PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            # It was taken as a signed file, and stays one; only, nothing of it is proven.
            logging.getLogger(__name__).warning("signatures cannot be read: %s", type(error))
            return [Signature("", None, Standing.CHANGED)]


def _judged(one: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> Signature:
    said = one.self_reported_timestamp
    try:
        context = ValidationContext(
            trust_roots=roots,
            allow_fetching=False,
            revocation_mode="soft-fail",
            # At the time it says: certificates of people run out long before their papers do.
            moment=said,
        )
        status = validate_pdf_signature(one, context)
    # Whatever a stranger's signature makes the library stumble over, it has not been proven.
    except Exception as error:
        logging.getLogger(__name__).warning("a signature cannot be judged: %s", type(error))
        return Signature(_signer(one.signer_cert), said, Standing.CHANGED)
    return Signature(_signer(one.signer_cert), said, _standing(status))


def _standing(status: PdfSignatureStatus) -> Standing:
    modified = status.modification_level
    if not (status.intact and status.valid) or (
        modified is not None and modified not in _HARMLESS_CHANGES
    ):
        return Standing.CHANGED
    return Standing.VALID if status.trusted else Standing.UNKNOWN_ISSUER


def _signer(certificate: x509.Certificate | None) -> str:
    if certificate is None:
        return ""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        subject = certificate.subject.native
        name = subject.get("common_name") or subject.get("organization_name") or ""
        text = name if isinstance(name, str) else ", ".join(map(str, name))
        return "".join(sign for sign in text if sign.isprintable())[:200]
    return ""


def certificates_in(folder: Path) -> Iterator[x509.Certificate]:
    """Yield the certificates in a folder; what is none is left out and logged."""
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in _CERTIFICATES:
            continue
        data = file.read_bytes()
        try:
            if pem.detect(data):
                for _, _, inside in pem.unarmor(data, multiple=True):
                    yield x509.Certificate.load(inside)
            else:
                yield x509.Certificate.load(data)
        except (ValueError, TypeError) as error:
            logging.getLogger(__name__).warning("no certificate: %s (%s)", file.name, type(error))


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: the file, and the certificates that are trusted."""
    return Rights(reads=tuple(argv))


def main(argv: list[str]) -> Any:
    """Run the program."""
    for library in ("pyhanko", "pyhanko_certvalidator"):  # they name the signers, at length
        logging.getLogger(library).setLevel(logging.CRITICAL)
    file, *trusted = argv
    found = check(Path(file), Path(trusted[0]) if trusted else None)
    return {"signatures": [one.to_json() for one in found]}


if __name__ == "__main__":
    programs.serve(main, rights)
