"""A key in a PKCS#12 file. Called by the signing program."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import pkcs12 as container
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign.signers import SimpleSigner

from digitizer.errors import FileForbidden, FileMissing, KeyFileBroken, NoKey, WrongPin
from digitizer.signing import certificates
from digitizer.signing.key import Key

_MOST_BYTES = 1 << 20


def unlock(path: Path, password: str) -> Key:
    """Return the key in the file at ``path``.

    Raises:
        FileMissing, FileForbidden, KeyFileBroken, WrongPin, NoKey, SigningCertificateExpired,
        SigningCertificateNotYet: as they say.
    """
    data = _bytes(path)
    secret = password.encode() or None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, secret)
    except UnsupportedAlgorithm as error:
        raise KeyFileBroken("its encryption is not known") from error
    except (ValueError, TypeError) as error:
        # The library has one answer for a broken file and for a wrong password.
        raise (WrongPin() if _is_whole(data) else KeyFileBroken(path.name)) from error
    if key is None or certificate is None:
        raise NoKey(path.name)
    try:
        signer = SimpleSigner.load_pkcs12_data(data, (), secret)
    except ValueError as error:
        raise KeyFileBroken(path.name) from error
    chosen = certificates.choose([signer.signing_cert], datetime.now(UTC))
    return Key(signer, chosen, tuple(signer.cert_registry))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except PermissionError as error:
        raise FileForbidden(path.name) from error
    except FileNotFoundError as error:
        raise FileMissing(path.name) from error
    except OSError as error:
        raise KeyFileBroken(path.name) from error
    if len(data) > _MOST_BYTES:
        raise KeyFileBroken("larger than 1 MB")
    return data


def _is_whole(data: bytes) -> bool:
    """Tell whether the outside of a PKCS#12 file is in order, whatever its password."""
    try:
        file = container.Pfx.load(data, strict=True)
        return bool(file["version"].native == "v3" and file["mac_data"].native is not None)
    except (ValueError, TypeError, KeyError):
        return False
