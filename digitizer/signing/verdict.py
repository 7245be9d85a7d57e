"""Whether a signed file is the unsigned one and a good signature, and nothing else.

Called by ``looking`` on whatever came out of a key's program, ours or the signing service: nothing
of it is kept before this.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from digitizer.errors import SignatureRefused, SigningForbidden
from digitizer.model import Standing
from digitizer.pages import signatures
from digitizer.signing import archival, certificates, changes
from digitizer.signing.model import Done, Rectangle

_CHUNK = 1 << 20
_MOST_ADDED = 16 << 20
_STRANGE = (PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError)
_NOWHERE: Rectangle = (0.0, 0.0, 0.0, 0.0)


def judge(source: Path, signed: Path, expected: str) -> Done:
    """Return what the signature that was added to ``source`` is.

    Args:
        source: The unsigned PDF.
        signed: What came of it.
        expected: SHA-256 of the certificate that was to sign, "" for any.

    Raises:
        SignatureRefused: anything about it is not as it should be; its detail says what.
        SigningForbidden: an earlier signature did not allow it.
    """
    _check_beginning(source, signed)
    try:
        with source.open("rb") as before, signed.open("rb") as after:
            done = _added(before, after, expected)
    except SignatureRefused:
        raise
    # Whatever a foreign signature makes the library stumble over, it has not been proven.
    except Exception as error:
        raise SignatureRefused(type(error).__name__) from error
    _check_earlier(source, signed)
    _check_archival(source, signed)
    return done


def _check_beginning(source: Path, signed: Path) -> None:
    """The file begins with all of the unsigned one."""
    added = signed.stat().st_size - source.stat().st_size
    if not 0 < added <= _MOST_ADDED:
        raise SignatureRefused("its size")
    with source.open("rb") as before, signed.open("rb") as after:
        while piece := before.read(_CHUNK):
            if after.read(len(piece)) != piece:
                raise SignatureRefused("its beginning was changed")


def _added(before: IO[bytes], after: IO[bytes], expected: str) -> Done:
    old, new = PdfFileReader(before, strict=False), PdfFileReader(after, strict=False)
    earlier, listed = old.embedded_regular_signatures, new.embedded_regular_signatures
    if len(listed) != len(earlier) + 1:
        raise SignatureRefused(f"{len(listed) - len(earlier)} signatures were added")
    one = listed[-1]
    context = ValidationContext(trust_roots=[], allow_fetching=False, moment=None)
    status = validate_pdf_signature(one, context)
    if not (status.intact and status.valid):
        raise SignatureRefused("its signature is not valid")
    if not _covers(one):
        raise SignatureRefused("its signature does not cover it")
    _check_changes(old, new)
    stamped = status.timestamp_validity
    if stamped is not None and not (stamped.intact and stamped.valid):
        raise SignatureRefused("its timestamp is not valid")
    signer = one.signer_cert
    says = certificates.describe(signer)
    if expected not in ("", says.sha256):
        raise SignatureRefused("somebody else signed it")
    page, box = _seen(new, one)
    return Done(says, stamped is not None, _is_proven(new, signer), page, box)


def _covers(one: EmbeddedPdfSignature) -> bool:
    """It covers the file, but for proof that may be added behind it."""
    if one.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return True
    later = one.diff_result
    return (
        one.coverage is SignatureCoverageLevel.ENTIRE_REVISION
        and not isinstance(later, SuspiciousModification | None)
        and later.modification_level <= ModificationLevel.LTA_UPDATES
    )


def _check_changes(old: PdfFileReader, new: PdfFileReader) -> None:
    if found := changes.unexpected(old, new):
        raise SignatureRefused(f"more than a signature was added: {found}")


def _is_proven(pdf: PdfFileReader, signer: x509.Certificate) -> bool:
    """What says that the certificate was not revoked is in the file."""
    try:
        store = DocumentSecurityStore.read_dss(pdf)
    except NoDSSFoundError:
        return False
    known = store.as_validation_context({"trust_roots": [], "allow_fetching": False})
    answers = [
        one["cert_id"]["serial_number"].native
        for answer in known.ocsps
        if answer.basic_ocsp_response is not None
        for one in answer.basic_ocsp_response["tbs_response_data"]["responses"]
    ]
    issuers = [one.issuer.hashable for one in known.crls]
    return signer.serial_number in answers or signer.issuer.hashable in issuers


def _seen(pdf: PdfFileReader, one: EmbeddedPdfSignature) -> tuple[int, Rectangle]:
    """Return the page that shows a signature and where; page 1 and nowhere if none does."""
    try:
        rect = [float(side) for side in one.sig_field["/Rect"]]
    except _STRANGE:
        return 1, _NOWHERE
    if len(rect) != 4 or rect[0] == rect[2] or rect[1] == rect[3]:
        return 1, _NOWHERE
    box = (min(rect[::2]), min(rect[1::2]), max(rect[::2]), max(rect[1::2]))
    return _page_of(pdf, one.sig_field), box


def _page_of(pdf: PdfFileReader, field: Any) -> int:
    own = field.get_container_ref()
    for number, (_, page) in enumerate(changes.pages(pdf), 1):
        for one in changes.lying_over(page):
            if getattr(one, "reference", None) == own:
                return number
    return 1


def _check_earlier(source: Path, signed: Path) -> None:
    """Every earlier signature is as good as it was."""
    before, after = signatures.check(source), signatures.check(signed)
    for was, now in zip(before, after, strict=False):
        if was != now:
            raise (SigningForbidden if now.standing is Standing.CHANGED else SignatureRefused)(
                "an earlier signature"
            )


def _check_archival(source: Path, signed: Path) -> None:
    """What was PDF/A-2b still is."""
    found = archival.fault(signed)
    if found and not archival.fault(source):
        raise SignatureRefused(f"no PDF/A any more: {found[:200]}")
