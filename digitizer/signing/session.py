"""A signing session: one key, one PIN, any number of files.

Called by whoever signs, from one worker thread. The key is handled by a child program that the
session keeps (``digitizer.signing``): a token's library is its maker's, and may crash or hang. The
PIN goes to it once over its standard input and is kept nowhere else.
"""

from __future__ import annotations

import threading
from pathlib import Path

from digitizer.model import Signature
from digitizer.signing.model import Certificate, Done, KeySource, Stamp


class Session:
    """Signs with one key. Opened once, closed by whoever made it."""

    def __init__(
        self,
        source: KeySource,
        scratch: Path,
        *,
        timestamps: str | None = None,
        authorities: Path | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            source: The key.
            scratch: A folder for temporary files.
            timestamps: Address of an RFC 3161 server, or None.
            authorities: A folder of certificates (the home's ``trust``) that are trusted besides
                the system's: for the signing service's and the timestamp server's address.
        """

    def open(self, pin: str = "") -> Certificate | None:
        """Unlock the key; return its certificate, None where the signing service chooses it.

        The PIN is tried once. The signing service asks for its PIN itself: give "".

        Raises:
            WrongPin, WrongPinLast, PinLocked, PinNeedsChange, TokenMissing, SeveralTokens,
            TokenUnusable, KeyFileBroken, FileMissing, NoKey, SigningCertificateExpired,
            SigningCertificateNotYet, SignerCrashed, SignerSilent: nothing is open.
        """
        raise NotImplementedError

    def sign(
        self, source: Path, out: Path, stamp: Stamp, *, stop: threading.Event | None = None
    ) -> Done:
        """Write ``source`` with a further signature to ``out``: whole and durably, or not at all.

        What was in ``source`` stays byte for byte; ``out`` is PDF/A-2b where ``source`` is, and
        every earlier signature stays as good as it was.

        Args:
            source: The PDF.
            out: Another file; replaced if it exists.
            stamp: What is seen of it.
            stop: Set from elsewhere to break it off at once. The session is closed then.

        Raises:
            SigningClosed: It was not opened, or has ended: give the PIN anew.
            TokenMissing, SignerCrashed, SignerSilent, Stopped: and the session is closed.
            SigningCertificateExpired, SigningCertificateRevoked, SigningForbidden,
            SignatureRefused, SigningServiceMissing, SigningServiceUntrusted,
            SigningServiceRefused, FileUnreadable, FileLocked, FileMissing, FileEmpty, DiskFull:
            only this file was not signed.
        """
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        """Whether ``sign`` can be called without a PIN being asked for first."""
        raise NotImplementedError

    def close(self) -> None:
        """Forget the key and the PIN."""


def tokens(module: Path, scratch: Path) -> tuple[str, ...]:
    """Return the labels of the tokens that a maker's PKCS#11 library sees plugged in.

    Raises:
        TokenUnusable: it is no such library; SignerCrashed, SignerSilent.
    """
    raise NotImplementedError


def check(pdf: Path, scratch: Path, trusted: Path | None = None) -> tuple[Signature, ...]:
    """Return the signatures of a PDF in the order they were made.

    Args:
        pdf: The file; not altered.
        scratch: A folder for temporary files.
        trusted: A folder of certificates of issuers that are trusted (the home's ``trust``).
    """
    raise NotImplementedError
