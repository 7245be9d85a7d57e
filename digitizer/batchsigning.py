"""Batch signing: the list that the signer has seen, and the verb that signs just that.

A line of the list names the very file by its SHA-256. What changed since it was listed is left
out and told; what was signed before something went wrong stays signed, the rest waits. Signed
versions are facts; the bundle they were made of stays as it is. Called by the command line and the
window, off its thread.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from digitizer import clearance
from digitizer.errors import (
    AgencyMissing,
    DigitizerError,
    HomeDamaged,
    ListChanged,
    NotBundled,
    SecrecyError,
    SignatureRefused,
    SignedElsewhere,
    SigningCertificateExpired,
    SigningCertificateNotYet,
    SigningCertificateRevoked,
    SigningClosed,
    SigningServiceMissing,
    SigningServiceRefused,
    SigningServiceUntrusted,
    Stopped,
    from_os,
)
from digitizer.events import Events
from digitizer.keyholder import KeyHolder, Unlocked
from digitizer.limits import VIETNAM
from digitizer.model import Dossier, Look, Paper, SignedVersion
from digitizer.signing.model import Stamp
from digitizer.signingrules import CopyKind, Rules
from digitizer.storage import clerks, queries, secrecy, signings
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault

log = logging.getLogger(__name__)

_CHUNK = 1 << 20
_COPIES = 3
"""Of a file that is signed: it, it signed, and room to spare."""
_ENDS = (
    SigningClosed,
    SigningServiceMissing,
    SigningServiceRefused,
    SigningServiceUntrusted,
    SigningCertificateExpired,
    SigningCertificateNotYet,
    SigningCertificateRevoked,
    AgencyMissing,
    Stopped,
)
"""What every other paper of the list would meet too."""


class Listed(Struct, frozen=True):
    """A line of the list: a paper, and the file that stands for it.

    Attributes:
        dossier_id, code, holder, procedure: Its dossier.
        paper_id, part, copy, title: The paper.
        pages: How many pages the file has.
        bytes: Its size.
        sha256: The file that is signed: the bundle, or what was signed of it before.
        bundle: The bundle.
        look: The signature it is to bear.
        finished: Whether the clerk is done with the dossier.
    """

    dossier_id: str
    code: str
    holder: str
    procedure: str
    paper_id: str
    part: str
    copy: int
    title: str
    pages: int
    bytes: int
    sha256: str
    bundle: str
    look: Look
    finished: bool


class Outcome(StrEnum):
    """What became of a line of the list."""

    SIGNED = "signed"
    CHANGED = "changed"  # it is not what was listed any more: left out
    FAILED = "failed"
    WAITING = "waiting"  # something ended the batch before its turn


class Result(Struct, frozen=True):
    """A line of the list and what became of it; ``error``: why it was not signed."""

    listed: Listed
    outcome: Outcome
    error: DigitizerError | None = None
    version: SignedVersion | None = None


def line(dossier: Dossier, paper: Paper, look: Look) -> Listed | None:
    """Return the line of a paper on a list for this signature; None: it bears it already.

    Raises:
        SignedElsewhere: it came signed, and is passed on as it is.
        StateSecret, StateSecretSuspected, PagesUnchecked: nothing of its dossier may leave (yet).
        NotBundled: its file is not made yet.
    """
    if paper.signatures:
        raise SignedElsewhere(paper.part)
    clearance.of(dossier).check(dossier.name)
    bundle, file = dossier.bundle(paper), dossier.outgoing(paper)
    if bundle is None or file is None:
        raise NotBundled(paper.part)
    if any(one.look is look for one in dossier.signed(paper)):
        return None
    return Listed(
        dossier.id,
        dossier.name,
        dossier.holder,
        dossier.procedure_name or dossier.procedure_code,
        paper.id,
        paper.part,
        paper.copy,
        paper.name,
        file.pages,
        file.bytes,
        file.sha256,
        bundle.sha256,
        look,
        dossier.finished_at is not None,
    )


def waiting(store: Store, *, finished_only: bool, most: int = -1) -> tuple[Listed, ...]:
    """Return what waits for a signature by the office's rule: dossier by dossier, those that were
    finished first before.

    Args:
        store: The facts.
        finished_only: Only of dossiers the clerk has finished.
        most: At most so many; -1: all.
    """
    dossiers: dict[str, Dossier | None] = {}
    found: list[Listed] = []
    for one in signings.awaiting(store, finished_only=finished_only, most=most):
        if one.dossier_id not in dossiers:
            dossiers[one.dossier_id] = queries.dossier(store, one.dossier_id)
        dossier = dossiers[one.dossier_id]
        paper = dossier.paper_by_id(one.paper_id) if dossier else None
        if dossier is None or paper is None or (look := dossier.awaited(paper)) is None:
            continue  # the plan follows
        try:
            listed = line(dossier, paper, look)
        except (NotBundled, SecrecyError):
            continue
        if listed is not None:
            found.append(listed)
    return tuple(found)


def of_dossier(dossier: Dossier, papers: Iterable[Paper], look: Look) -> tuple[Listed, ...]:
    """Return the list of these papers, without those that bear the signature already.

    Raises:
        SignedElsewhere, NotBundled, SecrecyError: of the first that cannot be signed.
    """
    found = (line(dossier, paper, look) for paper in papers)
    return tuple(one for one in found if one is not None)


class BatchSigning:
    """Signs lists of papers of one home."""

    def __init__(self, store: Store, vault: Vault, events: Events, key: KeyHolder) -> None:
        self._store = store
        self._vault = vault
        self._events = events
        self._key = key

    def sign(
        self,
        listed: Sequence[Listed],
        rules: Rules,
        stop: threading.Event,
        told: Callable[[Result], None] = lambda _one: None,
    ) -> tuple[Result, ...]:
        """Sign what was listed, in its order, with the key that is unlocked.

        Args:
            listed: What the signer has seen.
            rules: What the signatures say.
            stop: Set from another thread to end; the paper in hand is not signed then.
            told: Hears of each paper, on this thread.

        Returns:
            What became of each line. A trouble that all others would meet (the token was pulled
            out, the disk is full) is the error of the line that met it; the rest waits.
        """
        over: list[Result] = []
        ended: DigitizerError | None = None
        for one in listed:
            if ended is None and stop.is_set():
                ended = Stopped()
            if ended is not None:
                result = Result(one, Outcome.WAITING, ended)
            else:
                result, ended = self._result(one, rules, stop)
            over.append(result)
            told(result)
        return tuple(over)

    def _result(
        self, one: Listed, rules: Rules, stop: threading.Event
    ) -> tuple[Result, DigitizerError | None]:
        """Sign one line; return what became of it, and the trouble that ends the batch."""
        try:
            return Result(one, Outcome.SIGNED, version=self._sign(one, rules, stop)), None
        except ListChanged as error:
            return Result(one, Outcome.CHANGED, error), None
        except DigitizerError as error:
            log.warning("a paper was not signed: %s", error.code)
            ends = error.pauses_lane or isinstance(error, _ENDS) or self._key.unlocked is None
            outcome = Outcome.WAITING if isinstance(error, Stopped) else Outcome.FAILED
            return Result(one, outcome, error), error if ends else None

    def _sign(self, one: Listed, rules: Rules, stop: threading.Event) -> SignedVersion:
        self._still(one)
        secrecy.check(self._store, one.dossier_id, one.code)
        if not self._vault.sound(one.sha256):
            raise HomeDamaged(f"file {one.sha256[:12]}")
        key = self._key.unlocked
        if key is None:
            raise SigningClosed
        with self._scratch(one.bytes * _COPIES) as folder:
            made = self._write(one, rules, key, folder / "signed.pdf", stop)
        self._events.publish(one.dossier_id)
        return made

    def _still(self, one: Listed) -> None:
        """Raise ``ListChanged`` where a line does not stand for what goes out now."""
        dossier = queries.dossier(self._store, one.dossier_id)
        paper = dossier.paper_by_id(one.paper_id) if dossier else None
        try:
            now = line(dossier, paper, one.look) if dossier and paper else None
        except (SignedElsewhere, NotBundled) as error:
            raise ListChanged(one.part) from error
        if now is None or now.sha256 != one.sha256 or now.code != one.code:
            raise ListChanged(one.part)

    def _write(
        self,
        one: Listed,
        rules: Rules,
        key: Unlocked,
        out: Path,
        stop: threading.Event,
    ) -> SignedVersion:
        """Sign one file, keep it, and record that it is there."""
        stamp = self._stamp(one.look, rules, key)
        source = self._vault.readable(one.sha256, out.parent)
        done = self._key.sign(source, out, stamp, stop)
        try:
            if _beginning(out, one.bytes) != one.sha256:
                raise SignatureRefused(f"{one.part}: other bytes than were listed")
            blob = self._vault.adopt(out)
        except OSError as error:
            raise from_os(error) from error
        made = SignedVersion(
            0,
            one.bundle,
            blob.sha256,
            blob.bytes,
            one.look,
            stamp.copy,
            done.certificate.name,
            done.certificate.organisation,
            done.certificate.sha256,
            done.timestamped,
            done.long_term,
            stamp.at,
        )
        with self._store.transaction() as tx:
            signings.put(tx, one.paper_id, made)
        return made

    def _stamp(self, look: Look, rules: Rules, key: Unlocked) -> Stamp:
        """Return what is seen of a signature. Raises ``AgencyMissing``."""
        at = datetime.now(VIETNAM).replace(microsecond=0)
        if look is Look.COPY:
            if not rules.agency:
                raise AgencyMissing
            return Stamp(look, "", rules.agency, CopyKind(rules.copy), at)
        clerk = clerks.at_desk(self._store)
        name = key.certificate.name if key.certificate else clerk.name if clerk else ""
        return Stamp(look, name, rules.agency, None, at)

    def withdraw(self, dossier_id: str, paper_ids: Iterable[str]) -> int:
        """Take back every signature on the current bundles of these papers: they go out unsigned,
        or wait for another one. Returns how many were taken back."""
        dossier = queries.dossier(self._store, dossier_id)
        wanted = set(paper_ids)
        taken = 0
        with self._store.transaction() as tx:
            for paper in dossier.papers if dossier else ():
                bundle = dossier.bundle(paper) if dossier and paper.id in wanted else None
                if bundle is not None:
                    taken += signings.withdraw(tx, paper.id, bundle.sha256)
        if taken:
            self._events.publish(dossier_id)
        return taken

    @contextmanager
    def _scratch(self, room: int) -> Iterator[Path]:
        with ExitStack() as stack:
            try:
                folder = stack.enter_context(self._vault.scratch.folder(room))
            except OSError as error:
                raise from_os(error) from error
            yield folder


def _beginning(file: Path, size: int) -> str:
    """Return the SHA-256 of the first ``size`` bytes of a file."""
    digest, left = hashlib.sha256(), size
    with file.open("rb") as opened:
        while left and (chunk := opened.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()
