"""PORT ProcedureSystem: what the core asks of the system that dossiers go to.

Implemented by the adapters beside it (``opencps``, ``folder``, ``igate``), each of which passes the
one contract suite in ``tests/contract``; how to add one: ``docs/connectors.md``. Called by the sync
lane. Knows no HTTP.

Every method may block on the network and raises only rows of the error table: ``Offline``,
``ServerTrouble``, ``SignInRefused``, ``NotAllowed``, ``ServerUntrusted``, ``AnswerUnexpected``
from any of them, more as each says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol

from msgspec import Struct, field

from digitizer.model import PaperKind as PaperKind
from digitizer.procedure.passage import Passage


class RequiredPaper(Struct, frozen=True):
    """One line of a procedure's list. ``part`` is the code uploads name; ``multiple``: takes
    several files."""

    part: str
    title: str
    kind: PaperKind
    required: bool
    multiple: bool
    file_template: str = ""


class PaperList(Struct, frozen=True):
    """A procedure's list in its own order. ``version``: the server's tag for it as it is now;
    empty where it has none."""

    papers: tuple[RequiredPaper, ...]
    version: str = ""


class ServerDossier(Struct, frozen=True):
    """A dossier as the server tells it.

    Attributes:
        ref: The server's own key, opaque to the core; names the dossier in later calls.
        code: Mã hồ sơ; empty where the server has begun it and given none yet.
        template: The key under which ``papers`` finds the required papers.
        received_at: When it was received, or None. Dossiers without are not counted (QĐ 766).
        due_at: When its result is due, or None.
        ended: Whether ``status`` means that it is closed or withdrawn.
        agency: The code of the office that takes it in, as ``NewDossier.agency`` wants it.
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
    ended: bool = False
    agency: str = ""

    @property
    def unreceived(self) -> bool:
        """Whether it was not received yet; never where the system knows no such thing."""
        return self.received_at is None and bool(self.status)


class NewDossier(Struct, frozen=True):
    """A dossier to be begun at the server.

    Attributes:
        key: Client-made UUID; the idempotency key.
        holder_kind: ``citizen`` or ``business``.
        holder_id: Number of the citizen's card or of the business; may be empty.
    """

    key: str
    procedure_code: str
    template: str
    agency: str
    holder: str
    holder_kind: str
    holder_id: str
    address: str
    phone: str


class StoredFile(Struct, frozen=True):
    """A file that the server has in a dossier.

    Attributes:
        key: What names it there: ``Upload.key`` of whoever put it.
        part: The component it is of; empty where the server does not say.
        title: What the server calls it.
        size: Bytes; 0 for a row without any, -1 where the server does not say.
        mark: Changes whenever the file does.
    """

    key: str
    part: str
    title: str
    size: int
    mark: str


def _nobody(_sent: int) -> None:
    """Nobody wants to know how far an upload has come."""


class Upload(Struct, frozen=True):
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
        kind: What the paper is to its dossier.
        procedure: Mã TTHC of the dossier, as far as it is known here.
        procedure_name: Its name.
        known: Hashes of every version of this paper this machine ever put there: a server
            copy with one of them is ours and may be replaced, any other is a conflict.
        tried: True where an earlier attempt may have arrived: look before sending again.
        by: The name of who answers for it; empty where nobody is named.
        told: Called while it is sent with the bytes of the file that have gone out so far, from
            the beginning again where it is sent once more. Must return at once.
        reused: ``DuocTaiSuDung``: 0 it was digitized for this dossier, 1 it is a component of
            another one, 2 an earlier result.
        result_code: ``MaKetQuaThayThe`` of that result, else empty.
        passage: How fast it may go, and whether it still may: asked before each further piece.
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
    kind: PaperKind = PaperKind.COMPONENT
    procedure: str = ""
    procedure_name: str = ""
    known: frozenset[str] = frozenset()
    tried: bool = False
    by: str = ""
    told: Callable[[int], None] = _nobody
    reused: str = "0"
    result_code: str = ""
    passage: Passage = field(default_factory=Passage)


class Stored(Struct, frozen=True):
    """The server's proof that it holds the bytes: they were read back and their hash is
    ``sha256``. ``ref`` names the stored file there."""

    sha256: str
    ref: str


class Mark(Struct, frozen=True):
    """What a procedure system is told of a component besides its files: how many papers of it
    were received. ``dossier_ref``, ``code`` and ``part`` as in ``Upload``."""

    dossier_ref: str
    code: str
    part: str
    count: int


class Ability(StrEnum):
    """What not every system can do. Finding a dossier by its code is no ability: all can."""

    LIST = "list"  # ``waiting`` yields what there is to do
    PAPERS = "papers"  # ``papers`` knows what a procedure asks for
    UPLOAD = "upload"  # ``put`` and ``read``
    MARKS = "marks"  # ``mark``
    BEGIN = "begin"  # ``create``


class ProcedureSystem(Protocol):
    """A system dossiers go to.

    What is not among its ``abilities`` gives nothing (``waiting``, ``papers``, ``read``) or raises
    ``NotSupported`` (``put``, ``mark``) or ``CodesNotGiven`` (``create``) before anything is sent.
    """

    abilities: ClassVar[frozenset[Ability]]

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

    def papers_since(self, template: str, version: str) -> PaperList | None:
        """Return the same with its version; None where it is still the one that ``version``
        names. An unchanged list is not sent again, where the server knows how."""
        ...

    def create(self, new: NewDossier) -> ServerDossier:
        """Make the server have this dossier, exactly once, and return it; its code may come later.

        Idempotent by ``new.key``: calling it again after any interruption finds the same dossier,
        and its code once there is one. Raises ``CodesNotGiven`` (this system begins no dossiers),
        ``CreationRefused`` (it does not want this one).
        """
        ...

    def files(self, dossier_ref: str) -> tuple[StoredFile, ...]:
        """Return the files that are in a dossier, whoever put them. Raises
        ``DossierNotAtServer``."""
        ...

    def put(self, upload: Upload) -> Stored:
        """Make the server hold this version of the paper, exactly once, and prove it.

        Idempotent: calling it again after any interruption gives the same state. Returns only
        after the bytes were read back and hashed. Raises ``DossierNotAtServer`` (also where the
        dossier under this key carries another mã hồ sơ; nothing was sent), ``UploadRefused``
        (unknown part …), ``UploadConflict`` (another version is there that this machine never
        sent; nothing was changed), ``ReceiptMismatch``, and ``Stopped`` (or what a cut connection
        looks like) where its passage was broken off.
        """
        ...

    def read(self, dossier_ref: str, key: str, into: Path) -> str | None:
        """Download what is stored under ``key`` into the file ``into``.

        Returns its SHA-256, or None where the server has no such file or no bytes for it.
        """
        ...

    def break_off(self) -> None:
        """Let go at once of every call that waits for the network: it raises. Any thread."""
        ...

    def mark(self, marks: Iterable[Mark], told: Callable[[Mark], None]) -> None:
        """Tell how many papers of components of one dossier were received, in their order;
        ``told`` hears of each that the system has.

        Idempotent; what else the system has noted about a component stays. Raises at the first
        that it does not take ``DossierNotAtServer``, ``UploadRefused`` (unknown part).
        """
        ...
