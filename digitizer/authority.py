"""An office's own CA: a certificate file from outside, looked at before anybody trusts it.

Called by ``server set``, the settings and the administrator's file. What is kept of a file is its
one certificate, in a form of our own: nothing else that stood beside it. Whether it is a CA is
what OpenSSL says, which is who trusts it later. Knows no server.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer.errors import (
    CertificateNotCa,
    CertificateOutOfDate,
    CertificateUnreadable,
    DigitizerError,
    FileForbidden,
    FileIsFolder,
    FileMissing,
)

_MOST_BYTES = 64 * 1024
_MOST_LETTERS = 200
_PEM = re.compile(
    r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----", re.ASCII
)
_AS_IT_IS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""No link is followed to another file, and a pipe does not keep us waiting."""


class Authority(Struct, frozen=True):
    """A CA. ``sha256`` is its fingerprint, lower-case hex; ``pem`` the certificate itself.

    ``subject`` is as it names itself, made harmless to show: it proves nothing.
    """

    subject: str
    begins: datetime
    ends: datetime
    sha256: str
    pem: str

    @property
    def fingerprint(self) -> str:
        """The fingerprint as it is written on paper and read out: pairs parted by colons."""
        pairs = (self.sha256[at : at + 2] for at in range(0, len(self.sha256), 2))
        return ":".join(pairs).upper()

    def is_known_as(self, fingerprint: str) -> bool:
        """Tell whether somebody's word for the fingerprint, however it is parted, is this."""
        return re.sub(r"[\s:]", "", fingerprint).lower() == self.sha256


def read_authority(file: Path) -> Authority:
    """Return the CA whose certificate a file holds, PEM or DER.

    Raises:
        FileMissing, FileIsFolder, FileForbidden; CertificateUnreadable, CertificateNotCa,
        CertificateOutOfDate: it cannot be used, for the reason each says.
    """
    found = _authority(_certificate(_bytes(file)))
    if not found.begins <= datetime.now(UTC) < found.ends:
        raise CertificateOutOfDate(f"{found.begins:%Y-%m-%d} to {found.ends:%Y-%m-%d}")
    return found


def authority_of(pem: str) -> Authority:
    """Return the CA whose certificate is ``pem``, in date or not. Raises as ``read_authority``."""
    return _authority(pem)


def _authority(certificate: str | bytes) -> Authority:
    """Return the CA of one certificate: text is PEM, bytes are DER."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=certificate)
        if context.cert_store_stats()["x509"] != 1:
            raise CertificateUnreadable
        as_bytes, as_words = context.get_ca_certs(binary_form=True), context.get_ca_certs()
        if not as_bytes:
            raise CertificateNotCa
        return _described(as_bytes[0], as_words[0])
    except (ssl.SSLError, ValueError, KeyError, TypeError, OverflowError, OSError) as error:
        raise CertificateUnreadable from error


def _described(der: bytes, words: Any) -> Authority:
    subject = ", ".join(value for part in words["subject"] for _, value in part)
    return Authority(
        "".join(c if c.isprintable() else "\ufffd" for c in subject)[:_MOST_LETTERS],
        _moment(words["notBefore"]),
        _moment(words["notAfter"]),
        hashlib.sha256(der).hexdigest(),
        ssl.DER_cert_to_PEM_cert(der),
    )


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)


def _certificate(data: bytes) -> str | bytes:
    """Return the one certificate of a file's bytes: as PEM, or all of it as DER."""
    if b"-----BEGIN" not in data:
        return data
    found = _PEM.findall(data.decode("ascii", "replace"))
    if len(found) != 1:
        raise CertificateUnreadable(f"it holds {len(found)}")
    return str(found[0])


def _bytes(file: Path) -> bytes:
    if file.is_symlink():
        raise CertificateUnreadable("it is a link; name the file itself")
    try:
        descriptor = os.open(file, _AS_IT_IS)
    except OSError as error:
        raise _row(error, file) from error
    try:
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(kind):
            raise FileIsFolder(file.name)
        if not stat.S_ISREG(kind):
            raise CertificateUnreadable("it is no plain file")
        data = _read(descriptor)
    except OSError as error:
        raise _row(error, file) from error
    finally:
        os.close(descriptor)
    if len(data) > _MOST_BYTES:
        raise CertificateUnreadable("larger than 64 KB")
    return data


def _read(descriptor: int) -> bytes:
    """Return what a file holds, or a little more of it than may be."""
    data = b""
    while len(data) <= _MOST_BYTES and (piece := os.read(descriptor, _MOST_BYTES + 1)):
        data += piece
    return data


def _row(error: OSError, file: Path) -> DigitizerError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FileMissing(file.name)
    if error.errno in (errno.EACCES, errno.EPERM):
        return FileForbidden(file.name)
    if error.errno == errno.EISDIR:
        return FileIsFolder(file.name)
    return CertificateUnreadable(error.strerror or type(error).__name__)
