"""Certificates for tests: of servers by a CA of the test's own, and of CAs that are odd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

HOST = "127.0.0.1"


def pem_of(ca: trustme.CA) -> str:
    """The CA's certificate."""
    return ca.cert_pem.bytes().decode()


def issued(
    ca: trustme.CA, file: Path, name: str = HOST, *, begins: int = -1, ends: int = 1
) -> Path:
    """Write a key and its certificate for ``name``, valid from and to so many days from now."""
    now = datetime.now(UTC)
    made = ca.issue_cert(
        name,
        not_before=now + timedelta(days=begins),
        not_after=now + timedelta(days=ends),
    )
    made.private_key_and_cert_chain_pem.write_to_path(str(file))
    return file


def root(
    *, name: str = "CA xã Tân Lập", ca: bool = True, begins: int = -1, ends: int = 1
) -> x509.Certificate:
    """A certificate that vouches for itself, valid from and to so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "UBND xã"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
        ]
    )
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def pem(certificate: x509.Certificate) -> bytes:
    """It as PEM."""
    return certificate.public_bytes(Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    """It as DER."""
    return certificate.public_bytes(Encoding.DER)
