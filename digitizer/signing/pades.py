"""A PAdES signature, appended to a PDF: the bytes before it stay as they are.

Called by the signing program. Timestamped and with long-term proof where the network gives them.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from msgspec import Struct
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import constants
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSignatureMetadata,
    PdfSigner,
    PdfSigningSession,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import read_certification_data
from pyhanko_certvalidator import ValidationContext

from digitizer.errors import FileLocked, FileUnreadable, SigningForbidden
from digitizer.signing.drawing import Drawn, Style
from digitizer.signing.key import Key
from digitizer.signing.model import Rectangle
from digitizer.signing.proof import DIGEST, Proof, Stamper

_STRANGE = (PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError)


class Order(Struct, frozen=True):
    """A file to be signed.

    Attributes:
        source: The PDF.
        out: Where the signed one goes; not kept when anything fails.
        at: When it is signed; aware.
        box: Where on page 1 it is seen, as the PDF counts.
        drawn: What is seen there.
    """

    source: Path
    out: Path
    at: datetime
    box: Rectangle
    drawn: Drawn


def sign(key: Key, order: Order, proof: Proof) -> None:
    """Write ``order.out``: ``order.source`` and a further signature.

    Raises:
        FileUnreadable, FileLocked, SigningForbidden, SigningCertificateRevoked: as they say.
        DigitizerError: whatever the key's own handle reports.
    """
    stamper = proof.stamper()
    context = proof.context(key)
    try:
        _write(key, order, stamper, context)
    except TimestampRequestError:
        proof.rest_stamps()
        _write(key, order, None, context)


def _write(
    key: Key, order: Order, stamper: Stamper | None, context: ValidationContext | None
) -> None:
    with order.source.open("rb") as source, order.out.open("w+b") as out:
        writer = _opened(source, order.source.name)
        field = f"Signature-{uuid.uuid4().hex[:12]}"
        about = PdfSignatureMetadata(
            field_name=field,
            md_algorithm=DIGEST,
            subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=context is not None,
            validation_context=context,
            signer_key_usage=set(),
            # In the same revision: the signature covers what proves it, and nothing follows it.
            dss_settings=DSSContentSettings(
                include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
            ),
        )
        signer = _Signer(
            about,
            signer=key.signer,
            timestamper=stamper,
            stamp_style=Style(border_width=0, drawn=order.drawn),
            new_field_spec=fields.SigFieldSpec(field, on_page=0, box=order.box),  # type: ignore[arg-type]
        )
        signer.at = order.at
        signer.sign_pdf(writer, output=out)


def _opened(source: IO[bytes], called: str) -> IncrementalPdfFileWriter:
    """Return a writer that appends to ``source``."""
    try:
        reader = PdfFileReader(source, strict=False)
        if reader.encrypted:
            raise FileLocked(called)
        certified = read_certification_data(reader)
        writer = _Appender.from_reader(reader)
    except _STRANGE as error:
        raise FileUnreadable(called) from error
    if certified is not None and certified.permission is fields.MDPPerm.NO_CHANGES:
        raise SigningForbidden(called)
    return writer


class _Appender(IncrementalPdfFileWriter):
    """Appends what it is given, and nothing about itself."""

    def _update_meta(self) -> None:
        """Leave the metadata as they are: when it was signed, the signature says."""


class _Signer(PdfSigner):
    """Says the moment that the stamp shows, not the one a second later; keeps to PDF 1.7."""

    at: datetime | None = None

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Declare PAdES, and not PDF 2.0 for a key on a curve: PDF/A-2b would end there."""
        pdf_out.ensure_output_version(version=(1, 7))
        pdf_out.register_extension(constants.ESIC_EXTENSION_1)

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: Any = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        if self.at is not None:
            session.system_time = self.at
        return session
