"""PORT ProcedureSystem: what the core asks of the system that dossiers go to.

Implemented by the adapters beside it (``opencps``, ``folder``), each of which passes the one
contract suite in ``tests/contract``. Called by the sync lane. Knows no HTTP.

Every method may block on the network and raises only rows of the error table: ``Offline``,
``ServerTrouble``, ``SignInRefused``, ``NotAllowed``, ``ServerUntrusted``, ``AnswerUnexpected``
from any of them, more as each says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from digitizer.model import PaperKind as PaperKind


@dataclass(frozen=True, slots=True)
class RequiredPaper:
    """One line of a procedure's list. ``part`` is the code uploads name; ``multiple``: takes
    several files."""

    part: str
    title: str
    kind: PaperKind
    required: bool
    multiple: bool
    file_template: str = ""


@dataclass(frozen=True, slots=True)
class ServerDossier:
    """A dossier as the server tells it.

    Attributes:
        ref: The server's own key, opaque to the core; names the dossier in later calls.
        code: Mã hồ sơ.
        template: The key under which ``papers`` finds the required papers.
        received_at: When it was received, or None. Dossiers without are not counted (QĐ 766).
        due_at: When its result is due, or None.
    """

    ref: str
    code: str
    procedure_code: str
    procedure_name: str
    holder: str
    status: str
    template: str
    received_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def unreceived(self) -> bool:
        """Whether it was not received yet; never where the system knows no such thing."""
        return self.received_at is None and bool(self.status)


def _nobody(_sent: int) -> None:
    """Nobody wants to know how far an upload has come."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One bundle to be put.

    Attributes:
        key: Client-made UUID of the *paper*; the idempotency key, the same for every version.
        dossier_ref: ``ServerDossier.ref``.
        code: The mã hồ sơ that the dossier under ``dossier_ref`` must carry.
        template: ``ServerDossier.template``.
        part: ``RequiredPaper.part``.
        file_template: ``RequiredPaper.file_template``.
        file: The PDF.
        sha256: Its hash, lower-case hex.
        name: ASCII file name, ``<mã hồ sơ>.<STT>.pdf`` (TT 02/2019).
        title: The paper's name in Vietnamese.
        known: Hashes of every version of this paper this machine ever put there: a server
            copy with one of them is ours and may be replaced, any other is a conflict.
        tried: True where an earlier attempt may have arrived: look before sending again.
        by: The name of who answers for it; empty where nobody is named.
        told: Called while it is sent with the bytes of the file that have gone out so far, from
            the beginning again where it is sent once more. Must return at once.
    """

    key: str
    dossier_ref: str
    code: str
    template: str
    part: str
    file_template: str
    file: Path
    sha256: str
    name: str
    title: str
    known: frozenset[str] = frozenset()
    tried: bool = False
    by: str = ""
    told: Callable[[int], None] = field(default=_nobody, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """The server's proof that it holds the bytes: they were read back and their hash is
    ``sha256``. ``ref`` names the stored file there."""

    sha256: str
    ref: str


class ProcedureSystem(Protocol):
    """A system dossiers go to."""

    def check(self) -> None:
        """Sign in and return, or raise: is the address right, is the account?"""
        ...

    def waiting(self) -> Iterator[ServerDossier]:
        """Yield the dossiers this office has to deal with."""
        ...

    def find(self, code: str) -> ServerDossier:
        """Return the dossier with exactly this mã hồ sơ. Raises ``DossierNotAtServer``."""
        ...

    def papers(self, template: str) -> tuple[RequiredPaper, ...]:
        """Return a procedure's papers in its own order."""
        ...

    def put(self, upload: Upload) -> Stored:
        """Make the server hold this version of the paper, exactly once, and prove it.

        Idempotent: calling it again after any interruption gives the same state. Returns only
        after the bytes were read back and hashed. Raises ``DossierNotAtServer`` (also where the
        dossier under this key carries another mã hồ sơ; nothing was sent), ``UploadRefused``
        (unknown part …), ``UploadConflict`` (another version is there that this machine never
        sent; nothing was changed), ``ReceiptMismatch``.
        """
        ...

    def read(self, dossier_ref: str, key: str, into: Path) -> str | None:
        """Download what is stored under ``key`` into the file ``into``.

        Returns its SHA-256, or None where the server has no such file or no bytes for it.
        """
        ...
