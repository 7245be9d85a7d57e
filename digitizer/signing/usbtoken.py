"""A key on a USB token, through its maker's PKCS#11 library. Called by the signing program.

The library is foreign code in our process: whatever it does, it does to a child program. A PIN is
given to it once; a wrong one is never tried again by itself, because tokens lock. Nor is it tried
on a token that may be another than the one that is meant: two of one label are told apart by their
serial numbers, or nothing is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import x509
from pkcs11 import exceptions as said
from pkcs11.constants import Attribute, ObjectClass, TokenFlag
from pyhanko.sign.pkcs11 import PKCS11Signer

from digitizer.errors import (
    DigitizerError,
    NoKey,
    PinLocked,
    PinNeedsChange,
    SeveralTokens,
    SigningClosed,
    TokenMissing,
    TokenUnusable,
    WrongPin,
    WrongPinLast,
)
from digitizer.signing import certificates
from digitizer.signing.key import Key
from digitizer.signing.model import Plugged

_GONE = (
    said.TokenNotPresent,
    said.TokenNotRecognised,
    said.DeviceRemoved,
    said.SlotIDInvalid,
    said.SessionHandleInvalid,
    said.SessionClosed,
)


def plugged(module: Path) -> list[Plugged]:
    """Return the tokens that are plugged in. Raises ``TokenUnusable``."""
    return [_named(token) for token in _tokens(_library(module))]


def unlock(module: Path, wanted: Plugged, pin: str) -> Key:
    """Return the key on a token that is plugged in.

    Args:
        module: The maker's library.
        wanted: Its label and serial number; "" is whichever one has. Where that leaves several,
            none is tried.
        pin: Tried once.

    Raises:
        WrongPin, WrongPinLast, PinLocked, PinNeedsChange, TokenMissing, SeveralTokens,
        TokenUnusable, NoKey, SigningCertificateExpired, SigningCertificateNotYet: as they say.
    """
    library = _library(module)
    session, own = _session(library, wanted, pin)
    try:
        certificate, identity, others = _chosen(session)
    except said.PKCS11Error as error:
        raise _row(error, library, own) from error
    signer = _Signer(session, certificate, identity, others, library, own)
    return Key(signer, certificate, others)


def _library(module: Path) -> Any:
    if not module.is_file():
        raise TokenUnusable(f"no library {module.name}")
    try:
        return pkcs11.lib(str(module))
    except (RuntimeError, OSError) as error:
        raise TokenUnusable(f"{module.name}: {type(error).__name__}") from error


def _tokens(library: Any) -> Iterator[Any]:
    try:
        slots = library.get_slots(token_present=True)
    except said.PKCS11Error as error:
        raise TokenUnusable(type(error).__name__) from error
    for slot in slots:
        try:
            token = slot.get_token()
        except said.PKCS11Error:
            continue  # pulled out while we looked, or none of ours
        if token.flags & TokenFlag.TOKEN_INITIALIZED:
            yield token


def _named(token: Any) -> Plugged:
    return Plugged(token.label, token.serial.decode("utf-8", "replace").strip(" \0"))


def _folded(serial: str) -> str:
    """Return a serial number in one of the ways in which it is written."""
    return serial.strip().casefold()


def _token(library: Any, wanted: Plugged) -> Any:
    serial = _folded(wanted.serial)
    found = [
        (named, token)
        for token in _tokens(library)
        if wanted.label in ("", (named := _named(token)).label)
        and serial in ("", _folded(named.serial))
    ]
    if not found:
        raise TokenMissing(str(wanted))
    if len(found) > 1:
        raise SeveralTokens(", ".join(str(named) for named, _ in found))
    return found[0][1]


def _session(library: Any, wanted: Plugged, pin: str) -> tuple[Any, Plugged]:
    """Log in, trying the PIN once; return the session, and which token it is on."""
    token = _token(library, wanted)
    own = _named(token)
    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise PinLocked(str(own))
    if token.flags & TokenFlag.USER_PIN_TO_BE_CHANGED:
        raise PinNeedsChange(str(own))
    own_pad = token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH
    if not pin and not own_pad:
        raise WrongPin
    try:
        return token.open(user_pin=pkcs11.PROTECTED_AUTH if own_pad else pin), own
    except (said.PinIncorrect, said.PinInvalid, said.PinLenRange, said.ArgumentsBad) as error:
        left = _token(library, own).flags
        if left & TokenFlag.USER_PIN_LOCKED:
            raise PinLocked(str(own)) from error
        raise (WrongPinLast() if left & TokenFlag.USER_PIN_FINAL_TRY else WrongPin()) from error
    except said.PKCS11Error as error:
        raise _row(error, library, own) from error


def _chosen(session: Any) -> tuple[x509.Certificate, bytes, tuple[x509.Certificate, ...]]:
    """Return the certificate to sign with, its key's identity, and all the others."""
    keys = {
        bytes(key[Attribute.ID])
        for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    }
    found: list[tuple[bytes, x509.Certificate]] = []
    for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            found.append((bytes(one[Attribute.ID]), x509.Certificate.load(one[Attribute.VALUE])))
        except ValueError:
            continue  # no X.509
    own = [certificate for identity, certificate in found if identity in keys]
    if not own:
        raise NoKey
    chosen = certificates.choose(own, datetime.now(UTC))
    identity = next(identity for identity, one in found if one is chosen)
    return chosen, identity, tuple(one for _, one in found if one is not chosen)


class _Signer(PKCS11Signer):
    """pyHanko's handle of the token's key, whose troubles are rows of our table."""

    def __init__(
        self,
        session: Any,
        certificate: x509.Certificate,
        identity: bytes,
        others: tuple[x509.Certificate, ...],
        library: Any,
        own: Plugged,
    ) -> None:
        # Hashed here: every token can sign a hash, not every one can make it.
        super().__init__(
            session,
            signing_cert=certificate,
            key_id=identity,
            ca_chain=others,
            use_raw_mechanism=True,
        )
        self._library, self._own = library, own

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        try:
            return bytes(await super().async_sign_raw(data, digest_algorithm, dry_run))
        except said.PKCS11Error as error:
            raise _row(error, self._library, self._own) from error


def _row(error: said.PKCS11Error, library: Any, own: Plugged) -> DigitizerError:
    """Return the row for what a token said; anything may be said when it has been pulled out."""
    if isinstance(error, said.PinLocked):
        return PinLocked(str(own))
    if isinstance(error, said.PinExpired):
        return PinNeedsChange(str(own))
    if isinstance(error, said.UserNotLoggedIn):
        return SigningClosed()
    if isinstance(error, _GONE):
        return TokenMissing(str(own))
    try:
        _token(library, own)
    except DigitizerError as gone:
        return gone
    return TokenUnusable(type(error).__name__)
