"""An issuer of signing certificates, as an office's is: its papers, its lists, its key files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

OFFICER, OFFICE = "Nguyễn Thị Ngọc Ánh", "Ủy ban nhân dân xã Tân Phú Đông"
PASSWORD = "mật khẩu 12"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its key."""

    key: Key
    certificate: x509.Certificate

    def pem(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        """The key, open."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


@dataclass
class Issuer:
    """A root CA. ``address`` is where its lists are served, "" where they are not."""

    address: str = ""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    revoked: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = _signed(
            _names("CA thử nghiệm", "Ban Cơ yếu"), self.key, None, self, _usage(is_root=True), ()
        )

    def issue(
        self,
        name: str = OFFICER,
        *,
        key: Key | None = None,
        begins: int = -1,
        ends: int = 30,
        stamps: bool = False,
        encrypts: bool = False,
    ) -> Issued:
        """Issue a certificate, valid from and to so many days from now.

        ``stamps``: for a timestamp server; ``encrypts``: for encryption only.
        """
        own = key or ec.generate_private_key(ec.SECP256R1())
        more: list[tuple[x509.ExtensionType, bool]] = []
        if stamps:
            more.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True))
        if self.address:
            more += [(self._lists(), False), (self._answers(), False)]
        names = _names(name, OFFICE)
        usage = _usage(encrypts=encrypts)
        made = _signed(names, own, self.root.subject, self, usage, more, begins, ends)
        return Issued(own, made)

    def _lists(self) -> x509.CRLDistributionPoints:
        place = [x509.UniformResourceIdentifier(f"{self.address}/crl")]
        return x509.CRLDistributionPoints([x509.DistributionPoint(place, None, None, None)])

    def _answers(self) -> x509.AuthorityInformationAccess:
        place = x509.UniformResourceIdentifier(f"{self.address}/ocsp")
        method = AuthorityInformationAccessOID.OCSP
        return x509.AuthorityInformationAccess([x509.AccessDescription(method, place)])

    def crl(self) -> bytes:
        """The list of what was taken back, DER."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(now - timedelta(hours=1))
            .next_update(now + timedelta(days=1))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )
        for serial in self.revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(now - timedelta(hours=2))
                .build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def answer(self, request: bytes) -> bytes:
        """What is known of the certificate that an OCSP request asks for."""
        asked = ocsp.load_der_ocsp_request(request)
        gone = asked.serial_number in self.revoked
        now = datetime.now(UTC)
        built = ocsp.OCSPResponseBuilder().add_response_by_hash(
            asked.issuer_name_hash,
            asked.issuer_key_hash,
            asked.serial_number,
            asked.hash_algorithm,
            ocsp.OCSPCertStatus.REVOKED if gone else ocsp.OCSPCertStatus.GOOD,
            now - timedelta(minutes=5),
            now + timedelta(days=1),
            now - timedelta(hours=2) if gone else None,
            None,
        )
        built = built.responder_id(ocsp.OCSPResponderEncoding.HASH, self.root)
        for one in asked.extensions:  # the number used once
            built = built.add_extension(one.value, one.critical)
        return built.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def keyfile(self, file: Path, issued: Issued | None = None, password: str = PASSWORD) -> Path:
        """Write a PKCS#12 file with the certificate's whole chain."""
        one = issued or self.issue()
        file.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"own",
                one.key,
                one.certificate,
                [self.root],
                BestAvailableEncryption(password.encode()),
            )
        )
        return file

    def trust(self, folder: Path) -> Path:
        """Write the root's certificate into a folder of what an office trusts."""
        folder.mkdir(exist_ok=True)
        data = self.root.public_bytes(serialization.Encoding.PEM)
        (folder / "root.pem").write_bytes(data)
        return folder


def _names(name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _usage(*, is_root: bool = False, encrypts: bool = False) -> x509.KeyUsage:
    signs = not is_root and not encrypts
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=encrypts,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(
    subject: x509.Name,
    key: Key,
    issuer: x509.Name | None,
    by: Issuer,
    usage: x509.KeyUsage,
    more: list[tuple[x509.ExtensionType, bool]] | tuple[()],
    begins: int = -1,
    ends: int = 30,
) -> x509.Certificate:
    now = datetime.now(UTC)
    own, signing = key.public_key(), by.key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(own)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing), critical=False)
    )
    for extension, critical in more:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(by.key, hashes.SHA256())
