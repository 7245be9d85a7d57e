"""PURE: the files a paper becomes: its bundle, the versions signed here, and the receipts.

Part of ``digitizer.model``, which hands them on. Facts as frozen values, and the rules on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from digitizer.signingrules import CopyKind, Look


class Bundle(Struct, frozen=True):
    """A valid PDF/A-2b made of a paper's pages as ``fingerprint`` says. ``sha256`` is its blob."""

    fingerprint: str
    sha256: str
    pages: int
    bytes: int
    made_at: datetime


class Receipt(Struct, frozen=True):
    """The procedure system's proof that it holds what went out of the bundle ``fingerprint``,
    byte for byte."""

    fingerprint: str
    sha256: str
    server: str
    ref: str
    at: datetime


class SignedVersion(Struct, frozen=True):
    """A bundle that was signed here: its bytes, with a signature appended.

    Attributes:
        id: Tells it from the others; a later one is larger.
        bundle: Hash of the bundle that was signed.
        sha256: Hash of the signed file, in the vault.
        bytes: Its size.
        look: Which signature it bears.
        copy: The form of a certified copy; None: it is none.
        signer: The name in the certificate.
        organisation: Whose it is, as the certificate says; may be empty.
        certificate: Its SHA-256.
        timestamped: Whether a time stamp server vouches for the time.
        long_term: Whether what is needed to check it later lies in the file.
        at: When.
    """

    id: int
    bundle: str
    sha256: str
    bytes: int
    look: Look
    copy: CopyKind | None
    signer: str
    organisation: str
    certificate: str
    timestamped: bool
    long_term: bool
    at: datetime


def signed_versions(bundle: Bundle, made: Iterable[SignedVersion]) -> tuple[SignedVersion, ...]:
    """Return the signed versions of one bundle, oldest first."""
    return tuple(one for one in made if one.bundle == bundle.sha256)


def outgoing(bundle: Bundle, made: Iterable[SignedVersion]) -> Bundle:
    """Return the file that is sent: the newest signed version of a bundle, else the bundle."""
    signed = signed_versions(bundle, made)
    return replace(bundle, sha256=signed[-1].sha256, bytes=signed[-1].bytes) if signed else bundle


def hashes(bundles: Iterable[Bundle], made: Iterable[SignedVersion]) -> frozenset[str]:
    """Return the hashes of every file a paper ever became, signed or not."""
    return frozenset([*(one.sha256 for one in bundles), *(one.sha256 for one in made)])


def kept_as_it_is(
    bundle: Bundle, made: Iterable[SignedVersion], receipts: Iterable[Receipt]
) -> bool:
    """Tell whether a bundle stays good when the office's style or the list's title changes: a
    server holds it, or somebody has put a name to it."""
    signed = signed_versions(bundle, made)
    return bool(signed) or any(one.sha256 == bundle.sha256 for one in receipts)
