"""A signing session: one key, one PIN, any number of files.

Called by whoever signs, from one worker thread. The key is handled by a child program that the
session keeps (``digitizer.signing``): a token's library is its maker's, and may crash or hang. The
PIN goes to it once over its standard input and is kept nowhere else.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digitizer import durable, programs
from digitizer.errors import (
    FileMissing,
    PinLocked,
    ProgramCrashed,
    ProgramTimeout,
    SignerCrashed,
    SignerSilent,
    SigningClosed,
    Stopped,
    TokenMissing,
    TokenUnusable,
    from_os,
)
from digitizer.model import Signature
from digitizer.signing.model import Certificate, Done, KeyKind, KeySource, Plugged, Stamp

_SIGNER, _LOOKER = "digitizer.signing", "digitizer.signing.looking"
_OPEN_SECONDS = 90.0
_SIGN_SECONDS = 180.0
_SERVICE_SECONDS = 600.0
"""Somebody types a PIN into the service's own window."""
_LOOK_SECONDS = 120.0
_TOKENS_SECONDS = 60.0
_ENDING = (SigningClosed, TokenMissing, TokenUnusable, PinLocked, SignerCrashed, SignerSilent)
"""After these the key is out of reach, and the PIN has to be given anew."""


class _Keeper(programs.Companion):
    """The program that holds the key: started anew it would not know the PIN."""

    _QUESTIONS = 1 << 30


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
                the system's: for the signing service's address, and to prove certificates.
        """
        self._source, self._scratch = source, scratch
        self._options = {
            "timestamps": timestamps,
            "authorities": str(authorities) if authorities is not None else None,
        }
        self._signer: _Keeper | None = None
        self._looker: programs.Companion | None = None
        self._own: Path | None = None
        self._certificate: Certificate | None = None

    def open(self, pin: str = "") -> Certificate | None:
        """Unlock the key; return its certificate, None where the signing service chooses it.

        The PIN is tried once. The signing service asks for its PIN itself: give "".

        Raises:
            WrongPin, WrongPinLast, PinLocked, PinNeedsChange, TokenMissing, SeveralTokens,
            TokenUnusable, KeyFileBroken, FileMissing, NoKey, SigningCertificateExpired,
            SigningCertificateNotYet, SigningServiceUntrusted, SignerCrashed, SignerSilent,
            DiskFull, HomeReadOnly: nothing is open.
        """
        self.close()
        try:
            self._own = Path(tempfile.mkdtemp(prefix="signing-", dir=self._scratch))
            self._signer = signer = _Keeper(_SIGNER, self._own)
            self._looker = programs.Companion(_LOOKER, self._own)
            source, options = json.dumps(self._source.to_json()), json.dumps(self._options)
            with _as_signer():
                answer = signer.ask("open", source, pin, options, timeout=_OPEN_SECONDS)
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise from_os(error) from error
            raise
        said = answer["certificate"]
        self._certificate = Certificate.from_json(said) if said else None
        return self._certificate

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
            only this file was not signed. So do ProgramCrashed, ProgramTimeout: it brought down
            the program that looks at it.
        """
        if self._own is None or self._signer is None or self._looker is None:
            raise SigningClosed
        if not source.is_file():
            raise FileMissing(source.name)
        try:
            with tempfile.TemporaryDirectory(dir=self._own, ignore_cleanup_errors=True) as folder:
                # A copy: the program that looks at it may read nothing else of the home.
                lent, made = Path(folder) / source.name, Path(folder) / "signed.pdf"
                shutil.copyfile(source, lent)
                self._make(lent, made, stamp, stop)
                done = self._judged(lent, made, stop)
                durable.copy_durably(made, out)
                return done
        except (Stopped, *_ENDING):
            self.close()
            raise
        except OSError as error:
            raise from_os(error) from error

    def _make(self, source: Path, made: Path, stamp: Stamp, stop: threading.Event | None) -> None:
        """Have the key's program write ``made``."""
        signer = _unlocked(self._signer)
        is_service = self._source.kind is KeyKind.SERVICE
        order: dict[str, Any] = {
            "source": str(source.absolute()),
            "out": str(made),
            "look": stamp.look.value,
            "at": stamp.at.isoformat(),
            "place": None if is_service else self._placed(source, stamp, stop),
        }
        seconds = _SERVICE_SECONDS if is_service else _SIGN_SECONDS
        with _as_signer():
            signer.ask("sign", json.dumps(order), timeout=seconds, stop=stop)

    def _placed(self, source: Path, stamp: Stamp, stop: threading.Event | None) -> Any:
        looker = _unlocked(self._looker)
        said = json.dumps(stamp.to_json())
        file = str(source.absolute())
        return looker.ask("place", file, said, timeout=_LOOK_SECONDS, stop=stop)

    def _judged(self, source: Path, made: Path, stop: threading.Event | None) -> Done:
        looker = _unlocked(self._looker)
        expected = self._certificate.sha256 if self._certificate is not None else ""
        file = str(source.absolute())
        answer = looker.ask("judge", file, str(made), expected, timeout=_LOOK_SECONDS, stop=stop)
        try:
            left, bottom, right, top = answer["box"]
            return Done(
                Certificate.from_json(answer["certificate"]),
                bool(answer["timestamped"]),
                bool(answer["long_term"]),
                int(answer["page"]),
                (float(left), float(bottom), float(right), float(top)),
            )
        except (KeyError, TypeError, ValueError) as error:  # it has read a file from outside
            raise ProgramCrashed("looking: answer of another shape") from error

    @property
    def is_open(self) -> bool:
        """Whether ``sign`` can be called without a PIN being asked for first."""
        return self._signer is not None

    def close(self) -> None:
        """Forget the key and the PIN."""
        signer, self._signer = self._signer, None
        looker, self._looker = self._looker, None
        own, self._own = self._own, None
        self._certificate = None
        for companion in (signer, looker):
            if companion is not None:
                companion.close()
        if own is not None:
            shutil.rmtree(own, ignore_errors=True)


def _unlocked(companion: programs.Companion | None) -> programs.Companion:
    """Return a program of an open session; somebody may lock the key at any moment."""
    if companion is None:
        raise SigningClosed
    return companion


@contextlib.contextmanager
def _as_signer() -> Iterator[None]:
    """Name a program's end for what it is here."""
    try:
        yield
    except ProgramCrashed as error:
        raise SignerCrashed from error
    except ProgramTimeout as error:
        raise SignerSilent from error


def tokens(module: Path, scratch: Path) -> tuple[Plugged, ...]:
    """Return the tokens that a maker's PKCS#11 library sees plugged in.

    Raises:
        TokenUnusable: it is no such library; SignerCrashed, SignerSilent.
    """
    with _as_signer():
        found = programs.run_module(
            _SIGNER, "tokens", str(module), timeout=_TOKENS_SECONDS, scratch=scratch
        )
    return tuple(Plugged.from_json(one) for one in found["tokens"])


def check(pdf: Path, scratch: Path, trusted: Path | None = None) -> tuple[Signature, ...]:
    """Return the signatures of a PDF in the order they were made.

    Args:
        pdf: The file; not altered.
        scratch: A folder for temporary files.
        trusted: A folder of certificates of issuers that are trusted (the home's ``trust``).

    Raises:
        FileMissing, FileEmpty: as they say.
    """
    arguments = [str(pdf.absolute()), *([str(trusted)] if trusted is not None else [])]
    found = programs.run_module(
        "digitizer.pages.signatures", *arguments, timeout=_LOOK_SECONDS, scratch=scratch
    )
    return tuple(Signature.from_json(one) for one in found["signatures"])
