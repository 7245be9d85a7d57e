"""Makes a certificate authority and signs PDFs with it, as a stranger's program would."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

SIGNER = "Nguyễn Văn Ánh"


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority; ``root`` is its certificate's PEM file."""

    root: Path
    signer: signers.SimpleSigner


def authority(folder: Path) -> Authority:
    """Make an authority and a person's certificate of it."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate("CA thử nghiệm", root_key, "CA thử nghiệm", root_key)
    own = _certificate(SIGNER, own_key, "CA thử nghiệm", root_key)
    for name, certificate in (("root.pem", root), ("own.pem", own)):
        (folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "own.key").write_bytes(
        own_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    signer = signers.SimpleSigner.load(str(folder / "own.key"), str(folder / "own.pem"))
    assert signer is not None
    return Authority(folder / "root.pem", signer)


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    is_root = name == issuer
    usage = {
        "digital_signature": not is_root,
        "content_commitment": not is_root,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "key_cert_sign": is_root,
        "crl_sign": is_root,
        "encipher_only": False,
        "decipher_only": False,
    }
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
        .sign(by, hashes.SHA256())
    )


def document(pages: int = 2, extra: bytes = b"") -> bytes:
    """Return a PDF of a few pages with a line of text each."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = pdf.make_stream(
            b"BT /F1 14 Tf 80 700 Td (Giay xac nhan noi cu tru, trang so %d) Tj ET" % number + extra
        )
    made = io.BytesIO()
    pdf.save(made)
    return made.getvalue()


def signed(data: bytes, by: Authority) -> bytes:
    """Return ``data`` with a signature appended."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    field = fields.SigFieldSpec("Signature1", box=(300, 60, 500, 120))
    fields.append_signature_field(writer, field)
    about = PdfSignatureMetadata(field_name="Signature1")
    return bytes(PdfSigner(about, signer=by.signer).sign_pdf(writer).getbuffer())
