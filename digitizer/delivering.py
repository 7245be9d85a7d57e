"""Files of watched folders → pages, each file exactly once, however often it is tried.

The file itself is the redo log: it is moved away only once every page of it is committed, and the
row that says which batch it became is committed with its first page. Called by
``digitizer.watching``. Knows no driver and does not look for files.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from digitizer import originals
from digitizer.arrivals import Arrived
from digitizer.capture import Capture, SavedPage, profile_json
from digitizer.config import Home
from digitizer.durable import make_folder, sha256_of
from digitizer.errors import (
    DigitizerError,
    HomeError,
    InputError,
    NoSuchThing,
    ScanCancelled,
    ToolMissing,
    converting_os,
)
from digitizer.leaving import put_away
from digitizer.model import OTHER_PART
from digitizer.rules import Gather, Rule, Same
from digitizer.scanning import EndReason, Profile, ScannedPage, Scanner
from digitizer.storage import changes, deliveries
from digitizer.storage.deliveries import Delivered, Gathering, Question
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault

log = logging.getLogger(__name__)

_DEVICE = "folder"


class Target(Struct, frozen=True):
    """Where a rule's files go: its dossier, and the paper (with ``Gather.FILE`` and ``FOLDER``
    the first of them)."""

    rule: Rule
    dossier_id: str
    paper_id: str


@dataclass(slots=True)
class Taken:
    """What became of some files. Files that vanished or changed meanwhile are in no list.

    Attributes:
        pages: How many pages were saved.
        settled: How many files need no further look.
        refused: Files that cannot be taken as they are, each with its reason.
        busy: Files that could not be opened.
        asked: Files about which somebody has to be asked.
        stuck: Files whose pages are safe, but that could not be moved away.
        trouble: What every other file would meet too (or that it was cancelled).
    """

    pages: int = 0
    settled: int = 0
    refused: list[tuple[Arrived, DigitizerError]] = field(default_factory=list)
    busy: list[Arrived] = field(default_factory=list)
    asked: list[Arrived] = field(default_factory=list)
    stuck: list[Arrived] = field(default_factory=list)
    trouble: DigitizerError | None = None


@dataclass(slots=True)
class _Delivery:
    """A file on its way. ``batch`` is the one it would begin; ``row`` what is known already."""

    file: Arrived
    place: str
    sha256: str
    batch: str
    question: Question | None
    row: Delivered | None
    landed: int = 0
    whole: bool = False


class Deliveries:
    """Takes files into one home."""

    def __init__(self, home: Home, store: Store, vault: Vault, capture: Capture) -> None:
        self._home = home
        self._store = store
        self._vault = vault
        self._capture = capture

    def questions(self) -> list[Question]:
        """Return the files of which nobody has said yet whether to take them again."""
        return [found for found in deliveries.questions(self._store) if found.answer is None]

    def answered(self) -> list[str]:
        """Return the files of which somebody has said it, and which still lie there."""
        return [found.path for found in deliveries.questions(self._store) if found.answer]

    def answer(self, file: Path, said: Same) -> None:
        """Say whether to take a file again (``Same.TAKE``) or not (``Same.SKIP``).

        Raises:
            NoSuchThing: nothing was asked about that file.
        """
        if said is Same.ASK:
            raise ValueError(said)
        with self._store.transaction() as tx:
            known = deliveries.answer(tx, deliveries.place_of(file), said.value)
        if not known:
            raise NoSuchThing(f"a question about {file.name}")

    def forget_questions(self, files: Iterable[Path]) -> None:
        """Ask no longer about those of the files that are not there any more."""
        places = {deliveries.place_of(file) for file in files if not file.exists()}
        for question in deliveries.questions(self._store):
            if question.path in places:
                self._settle(question)

    def look_round(self, folder: Path) -> None:
        """At start: note which files that were taken from ``folder``, or asked about, have gone
        meanwhile."""
        inside = deliveries.place_of(folder)
        moved = [
            found.id
            for found in deliveries.still_here(self._store)
            if Path(found.path).is_relative_to(inside) and not Path(found.path).exists()
        ]
        if moved:
            with self._store.transaction() as tx:
                deliveries.gone(tx, moved)
        asked = [Path(found.path) for found in deliveries.questions(self._store)]
        self.forget_questions(file for file in asked if file.is_relative_to(inside))

    def gatherings(self) -> list[Gathering]:
        """Return which folders' files are becoming a paper."""
        return deliveries.gatherings(self._store)

    def close_gathering(self, gathering: Gathering) -> None:
        """Say that a paper is complete."""
        with self._store.transaction() as tx:
            changes.end_batch(tx, gathering.batch, EndReason.EMPTY.value)
            deliveries.end_gathering(tx, gathering.batch)
        self._capture.announce_end(gathering.batch)

    def pause_gathering(self, gathering: Gathering) -> None:
        """Close its batch for now; a later start may go on with it."""
        with self._store.transaction() as tx:
            changes.end_batch(tx, gathering.batch, EndReason.CANCELLED.value)
        self._capture.announce_end(gathering.batch)

    def take(
        self,
        scanner: Scanner,
        target: Target,
        files: Sequence[Arrived],
        stop: threading.Event,
        saved: Callable[[SavedPage], None],
    ) -> Taken:
        """Take files in the given order, in one scan, and put away what is safe.

        Never raises a trouble of a file or of the home; see ``Taken.trouble``.
        """
        taken = Taken()
        todo: list[_Delivery] = []
        over: list[tuple[Arrived, int | None]] = []
        try:
            self._sort(files, target.rule.same, taken, todo, over, stop)
            left = self._scan(scanner, target, todo, taken, stop, saved) if todo else []
            for one in left:  # what is wrong with each of them?
                if taken.trouble is None:
                    self._scan(scanner, target, [one], taken, stop, saved)
        except DigitizerError as error:
            taken.trouble = error
        over += [(one.file, one.row.id) for one in todo if one.whole and one.row is not None]
        try:
            self._put_away(over, target.rule, taken)
        except DigitizerError as error:
            taken.trouble = taken.trouble or error
        return taken

    def _sort(
        self,
        files: Sequence[Arrived],
        same: Same,
        taken: Taken,
        todo: list[_Delivery],
        over: list[tuple[Arrived, int | None]],
        stop: threading.Event,
    ) -> None:
        """Find out which files are to be taken, which were, and which are a question."""
        coming: set[str] = set()
        for file in files:
            if stop.is_set():
                return
            try:
                sha256 = sha256_of(file.path)
            except FileNotFoundError:
                continue
            except OSError:
                taken.busy.append(file)
                continue
            if sha256 in coming:  # a question, once its twin is taken
                continue
            place = deliveries.place_of(file.path)
            known = deliveries.of_bytes(self._store, sha256)
            here = next((k for k in known if k.whole and not k.gone and k.path == place), None)
            if here is not None:  # it was taken, and the program ended before it was moved
                over.append((file, here.id))
                continue
            half = next((k for k in known if not k.whole and self._goes_on(k, place)), None)
            question = None
            if half is None:
                question = self._question(place, sha256, same, before=bool(known))
                if question is not None and question.answer is None:
                    taken.asked.append(file)
                    continue
                if question is not None and question.answer == Same.SKIP:
                    self._settle(question)
                    over.append((file, None))
                    continue
            coming.add(sha256)
            name = f"{place}#{sha256}" if question is None else f"question#{question.id}#{sha256}"
            batch = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
            todo.append(_Delivery(file, place, sha256, batch, question, half))

    @staticmethod
    def _goes_on(half: Delivered, place: str) -> bool:
        """Tell whether a file is the one that was interrupted: at its place, or renamed."""
        return half.path == place or not Path(half.path).exists()

    def _question(self, place: str, sha256: str, same: Same, *, before: bool) -> Question | None:
        """Return what was or has to be asked about a file, or None."""
        open_one = deliveries.question_about(self._store, place)
        if open_one is not None and (open_one.sha256 != sha256 or not before):
            self._settle(open_one)
            open_one = None
        if open_one is not None or not before:
            return open_one
        with self._store.transaction() as tx:
            return deliveries.ask(tx, place, sha256, None if same is Same.ASK else same.value)

    def _settle(self, question: Question) -> None:
        with self._store.transaction() as tx:
            deliveries.settle(tx, question)

    def _scan(
        self,
        scanner: Scanner,
        target: Target,
        todo: Sequence[_Delivery],
        taken: Taken,
        stop: threading.Event,
        saved: Callable[[SavedPage], None],
    ) -> list[_Delivery]:
        """Run one scan over files. Returns those that it left out without saying why."""
        into = self._home.work / f"watch-{uuid.uuid4().hex}"
        by_path = {one.file.path: one for one in todo}
        for one in todo:
            one.landed = 0
        try:
            with converting_os():
                make_folder(into)
            profile = Profile(_DEVICE, files=tuple(by_path))
            with contextlib.closing(scanner.scan(profile, into, stop)) as landing:
                for page in landing:
                    if page.origin is None:  # landed as its worker died; the file is still there
                        continue
                    one = by_path[page.origin]
                    with converting_os():
                        found = self._save(target, one, page)
                    if found is not None:
                        taken.pages += 1
                        saved(found)
        except DigitizerError as error:
            left = [one for one in todo if not one.whole]
            if isinstance(error, HomeError | ToolMissing | ScanCancelled):
                taken.trouble = error
            elif len(left) > 1 or (len(todo) > 1 and not isinstance(error, InputError)):
                return left
            elif left and _as_it_was(left[0].file):
                taken.refused.append((left[0].file, error))
                log.warning("a file of a watched folder was refused: %s", error.code)
        finally:
            shutil.rmtree(into, ignore_errors=True)
        return []

    def _save(self, target: Target, one: _Delivery, page: ScannedPage) -> SavedPage | None:
        """Link, commit, unlink, as ``Capture.adopt``, with the file's own row in the commit."""
        blob = self._vault.adopt(page.file)
        original = originals.beside(page.file)
        kept = self._vault.adopt(original.file) if original else None
        with self._store.transaction() as tx:
            row = self._begun(tx, target, one)
            seq = row.first + one.landed
            added = changes.add_page(
                tx,
                row.batch,
                seq,
                sha256=blob.sha256,
                size=blob.bytes,
                suffix=page.file.suffix.lower(),
            )
            if original and kept:
                changes.add_original(tx, row.batch, seq, sha256=kept.sha256, pages=original.pages)
            if page.last_of_origin:
                deliveries.complete(tx, row)
                if target.rule.gather is not Gather.FOLDER:
                    changes.end_batch(tx, row.batch, EndReason.EMPTY.value)
                if one.question is not None:
                    deliveries.settle(tx, one.question)
        page.file.unlink()
        if original:
            original.file.unlink()
        one.row = row
        one.landed += 1
        one.whole = page.last_of_origin
        if added or one.whole:
            self._capture.announce(row.batch, blob.sha256)
        if not added:
            return None
        return SavedPage(row.batch, seq, blob.sha256, self._vault.path(blob.sha256), one.file.path)

    def _begun(self, tx: sqlite3.Connection, target: Target, one: _Delivery) -> Delivered:
        """Give a file its place in a batch, or find the one that it had."""
        if one.row is not None:
            if one.landed == 0:
                deliveries.reopen(tx, one.row.batch)
            return replace(one.row, path=one.place)
        if target.rule.gather is not Gather.FOLDER:
            if deliveries.batch_exists(tx, one.batch):
                deliveries.reopen(tx, one.batch)
            else:
                self._start(tx, target, one.batch, one.file.path.stem)
            return deliveries.begin(tx, one.place, one.sha256, one.batch, first=1)
        folder = one.file.path.parent
        batch = deliveries.gathering_in(tx, deliveries.place_of(folder))
        if batch is None:
            batch = changes.new_id()
            self._start(tx, target, batch, folder.name)
            deliveries.gather(tx, deliveries.place_of(folder), batch)
        deliveries.reopen(tx, batch)
        first = deliveries.next_first(tx, batch)
        return deliveries.begin(tx, one.place, one.sha256, batch, first)

    @staticmethod
    def _start(tx: sqlite3.Connection, target: Target, batch: str, title: str) -> None:
        """Begin a batch, in a paper of its own where the rule wants that."""
        rule, paper = target.rule, target.paper_id
        if rule.gather is not Gather.PAGES:
            if rule.paper is None or rule.paper == OTHER_PART:
                paper = changes.another_paper(tx, target.dossier_id, OTHER_PART, title)
            elif not deliveries.unused(tx, paper):
                same = deliveries.title_of(tx, paper)
                paper = changes.another_paper(tx, target.dossier_id, rule.paper, same)
        changes.start_batch(tx, batch, paper, _DEVICE, profile_json(Profile(_DEVICE)))

    def _put_away(
        self, over: Sequence[tuple[Arrived, int | None]], rule: Rule, taken: Taken
    ) -> None:
        """Move or remove files that are settled, then note it: a start in between finds out."""
        safe = [(file, number) for file, number in over if _as_it_was(file)]
        stuck = put_away([file.path for file, _ in safe], rule.done)
        taken.stuck += [file for file, _ in safe if file.path in stuck]
        away = [number for file, number in over if file.path not in stuck and number is not None]
        taken.settled += len(over) - len(stuck)
        if away:
            with self._store.transaction() as tx:
                deliveries.gone(tx, away)


def _as_it_was(file: Arrived) -> bool:
    """Tell whether a file is still the one that was seen: what came since is not ours to move."""
    try:
        stat = file.path.stat()
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (file.size, file.changed_ns)
