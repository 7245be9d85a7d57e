"""Watches folders that other programs fill, each by its rule, and takes what arrives.

One service for the window (``start``, ``stop``, ``state``, ``answer``) and the command line
(``run``). Is given its lookouts and its scanner by the composition root; knows no driver.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from msgspec import Struct

from digitizer.app import App
from digitizer.arrivals import (
    Arrived,
    AwaitedLookout,
    Held,
    Lookout,
    Lookouts,
    Place,
    Sight,
    Why,
)
from digitizer.capture import SavedPage
from digitizer.chain import Door
from digitizer.delivering import Deliveries, Taken, Target
from digitizer.errors import (
    Bug,
    DigitizerError,
    FileBusy,
    FileEmpty,
    FileNotPlain,
    FileUnmovable,
    FileUnreadable,
    FolderUnreadable,
    ScanCancelled,
    TakenBefore,
)
from digitizer.rules import Gather, Rule, Same
from digitizer.scanning import Scanner
from digitizer.storage import audit
from digitizer.storage.deliveries import Question, place_of

log = logging.getLogger(__name__)

_CHUNK = 100
"""So many files go into one scan: each scan starts programs."""
_TIMES_A_LOOK = 20.0
"""Files are taken for so many times as long as the look took that found them, before the next."""
_TAKE_SECONDS = 2.0
_RETRY_SECONDS = 30.0
_SLICE_SECONDS = 0.1


class WatchState(Struct, frozen=True):
    """How a watch stands.

    Attributes:
        running: Whether it goes on.
        waiting: Files (or folders) that lie there for longer than they should, and why.
        questions: Files that were taken before, about which nobody has said what to do.
        trouble: What ended it, if it did not end by itself.
    """

    running: bool
    waiting: tuple[Held, ...]
    questions: tuple[Question, ...]
    trouble: DigitizerError | None


class WatchEnd(Struct, frozen=True):
    """How a watch ended: pages saved, the trouble if there was one (``ScanCancelled`` where it
    was stopped), and files that were left lying, each with the error that says why."""

    pages: int
    trouble: DigitizerError | None
    left: tuple[tuple[Path, DigitizerError], ...]


@dataclass(slots=True)
class _Left:
    """A file that is left lying until it changes, somebody answers, or it is time."""

    file: Arrived
    why: Why
    error: DigitizerError
    until: float = float("inf")


@dataclass(slots=True)
class _Folder:
    """One rule at work."""

    target: Target
    lookout: Lookout
    left: dict[Path, _Left] = field(default_factory=dict)
    held: tuple[Held, ...] = ()
    active: dict[str, float] = field(default_factory=dict)
    sight: Sight = field(default_factory=Sight)
    idle: bool = False
    due: float | None = None
    taking: bool = False

    def todo(self, at: float) -> list[Arrived]:
        """Return what of the last look is to be taken now."""
        self.left = {
            one.path: known
            for one in self.sight.ready
            if (known := self.left.get(one.path)) and known.file == one and at < known.until
        }
        return [one for one in self.sight.ready if one.path not in self.left]

    def waiting(self) -> tuple[Held, ...]:
        """Return what lies there, and why."""
        gone = () if self.sight.reachable else (Held(self.target.rule.path, Why.FOLDER_GONE),)
        return (*gone, *self.held, *(Held(p, left.why) for p, left in self.left.items()))


class Watcher:
    """Watches the folders of some rules. Run it once.

    Args:
        app: The open home.
        rules: What to watch (``digitizer.rules.checked``).
        scanner: Takes files apart (the folder driver).
        lookouts: Makes the lookout of a folder.
        saved: Hears of every page right after it is safe, on the watch's thread.
        held: Hears of every file that begins to wait for something, on the same thread.

    Raises:
        DossierUnknown, PaperUnknown: a rule names what is not here.
    """

    def __init__(
        self,
        app: App,
        rules: Sequence[Rule],
        scanner: Scanner,
        lookouts: Lookouts,
        *,
        saved: Callable[[SavedPage], None] = lambda _page: None,
        held: Callable[[Held], None] = lambda _held: None,
    ) -> None:
        self._app = app
        self._deliveries = Deliveries(app.home, app.store, app.vault, app.capture)
        self._scanner = scanner
        self._lookouts = lookouts
        self._saved = saved
        self._hear = held
        self._targets = [self._target(rule) for rule in rules]
        self._folders: list[_Folder] = []
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._waiting: tuple[Held, ...] = ()
        self._trouble: DigitizerError | None = None
        self._pages = 0

    def start(self) -> None:
        """Watch on a thread of its own until ``stop``; trouble is told by ``state``.

        A folder that is not there is waited for: nobody stands by to say it again.
        """
        self._lookouts = partial(AwaitedLookout, self._lookouts)
        self._thread = threading.Thread(target=self._live, name="watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End ``start``'s thread; every page that was saved stays."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def state(self) -> WatchState:
        """Return how it stands. From any thread."""
        running = self._thread is not None and self._thread.is_alive()
        with self._lock:
            waiting, trouble = self._waiting, self._trouble
        return WatchState(running, waiting, tuple(self._deliveries.questions()), trouble)

    def questions(self) -> list[Question]:
        """Return the files of which nobody has said yet whether to take them again."""
        return self._deliveries.questions()

    def answer(self, file: Path, said: Same) -> None:
        """Say whether to take a file again. From any thread. Raises ``NoSuchThing``."""
        self._deliveries.answer(file, said)
        self._wake.set()

    def run(self, stop: threading.Event, *, once: bool = False) -> WatchEnd:
        """Watch until ``stop`` is set, or, with ``once``, until everything is taken and quiet.

        Raises:
            FolderUnreadable: a folder is not there at the start. Later it is waited for.
        """
        trouble: DigitizerError | None = None
        with contextlib.ExitStack() as open_ones:
            open_ones.enter_context(audit.through(Door.WATCH))
            for target in self._targets:
                rule = target.rule
                lookout = self._lookouts(Place(rule.path, rule.poll), self._wake)
                open_ones.callback(lookout.close)
                self._folders.append(_Folder(target, lookout))
                if rule.path.is_dir():  # else nothing is known of what lies there
                    self._deliveries.look_round(rule.path)
            self._close_foreign()
            try:
                while trouble is None and not stop.is_set():
                    self._wake.clear()
                    trouble = self._all_folders(stop)
                    if once and all(folder.idle for folder in self._folders):
                        break
                    self._rest(stop)
            except DigitizerError as error:  # the home takes no more
                trouble = error
            trouble = trouble or (ScanCancelled("watch") if stop.is_set() else None)
            for gathering in self._deliveries.gatherings():
                with contextlib.suppress(DigitizerError):  # recovery does it at the next start
                    self._deliveries.pause_gathering(gathering)
        return WatchEnd(self._pages, trouble, self._left())

    def _live(self) -> None:
        try:
            trouble = self.run(self._stop).trouble
        except DigitizerError as error:
            trouble = error
        except Exception:
            log.exception("a bug in watching folders")
            trouble = Bug("watch")
        with self._lock:
            self._trouble = None if isinstance(trouble, ScanCancelled) else trouble
        self._app.events.publish_progress()

    def _target(self, rule: Rule) -> Target:
        dossiers = self._app.dossiers
        dossier = dossiers.find(rule.dossier) if rule.dossier else dossiers.unsorted()
        return Target(rule, dossier.id, dossiers.paper_for(dossier, rule.paper))

    def _all_folders(self, stop: threading.Event) -> DigitizerError | None:
        answered = set(self._deliveries.answered())
        for folder in self._folders:
            folder.left = {p: one for p, one in folder.left.items() if place_of(p) not in answered}
            trouble = self._one_folder(folder, stop)
            self._tell()
            if trouble is not None or stop.is_set():
                return trouble
        return None

    def _one_folder(self, folder: _Folder, stop: threading.Event) -> DigitizerError | None:
        """Look once and take what is ready; what stops the whole watch is returned."""
        began = time.monotonic()
        folder.sight = folder.lookout.look()
        folder.held = folder.sight.held
        looked = time.monotonic()
        asked = {path for path, left in folder.left.items() if left.why is Why.TAKEN_BEFORE}
        todo = folder.todo(looked)
        if folder.sight.reachable and (vanished := asked - folder.left.keys()):
            self._deliveries.forget_questions(vanished)
        until = looked + max(_TAKE_SECONDS, (looked - began) * _TIMES_A_LOOK)
        folder.taking = bool(todo)
        folder.idle = not todo and not folder.sight.coming and folder.sight.quiet
        trouble = None
        while todo and trouble is None and not stop.is_set() and time.monotonic() < until:
            chunk, todo = todo[:_CHUNK], todo[_CHUNK:]
            taken = self._deliveries.take(self._scanner, folder.target, chunk, stop, self._saved)
            self._pages += taken.pages
            self._note(folder, taken)
            trouble = taken.trouble
        if folder.target.rule.gather is Gather.FOLDER and folder.sight.reachable:
            folder.due = self._close_quiet(folder)
            folder.idle &= folder.due is None
        return trouble

    def _note(self, folder: _Folder, taken: Taken) -> None:
        for one in taken.busy:
            folder.lookout.put_off(one.path)
        for one, error in taken.refused:
            cut = one.unended and isinstance(error, FileUnreadable)
            folder.left[one.path] = _Left(one, Why.PARTIAL if cut else Why.REFUSED, error)
        for one in taken.asked:
            folder.left[one.path] = _Left(one, Why.TAKEN_BEFORE, TakenBefore(one.path.name))
        for one in taken.stuck:
            again = time.monotonic() + _RETRY_SECONDS
            error = FileUnmovable(one.path.name)
            folder.left[one.path] = _Left(one, Why.UNMOVABLE, error, again)

    def _close_quiet(self, folder: _Folder) -> float | None:
        """Close papers whose folders were quiet for long enough; return in how many seconds the
        next may be, None where none is open."""
        now = time.monotonic()
        busy = {place_of(path) for path in folder.sight.coming}
        busy |= {place_of(a.path.parent) for a in folder.sight.ready if a.path not in folder.left}
        due: float | None = None
        quiet = folder.target.rule.quiet_seconds
        for gathering in self._deliveries.gatherings():
            if not Path(gathering.folder).is_relative_to(place_of(folder.target.rule.path)):
                continue
            if gathering.folder in busy:
                folder.active[gathering.batch] = now
            since = folder.active.get(gathering.batch, -float("inf"))
            if now - since >= quiet:
                self._deliveries.close_gathering(gathering)
                folder.active.pop(gathering.batch, None)
            else:
                due = min(since + quiet - now, quiet if due is None else due)
        return due

    def _close_foreign(self) -> None:
        """Close papers that were being gathered where nothing gathers any more."""
        rules = [one.target.rule for one in self._folders]
        places = [place_of(rule.path) for rule in rules if rule.gather is Gather.FOLDER]
        for gathering in self._deliveries.gatherings():
            if not any(Path(gathering.folder).is_relative_to(place) for place in places):
                self._deliveries.close_gathering(gathering)

    def _tell(self) -> None:
        """Say what began to wait, and let listeners know that it changed."""
        now = tuple(held for folder in self._folders for held in folder.waiting())
        with self._lock:
            before, self._waiting = self._waiting, now
        known = set(before)
        for held in now:
            if held not in known:
                self._hear(held)
        if now != before:
            self._app.events.publish_progress()

    def _rest(self, stop: threading.Event) -> None:
        """Wait until looking is worth while: at a change, or after a time."""
        if any(folder.taking for folder in self._folders):
            return
        pause = min(
            folder.sight.pause if folder.due is None else min(folder.due, folder.sight.pause)
            for folder in self._folders
        )
        least = max(folder.sight.rest for folder in self._folders)
        began = time.monotonic()
        while not stop.is_set():
            passed = time.monotonic() - began
            if passed >= pause or (passed >= least and self._wake.is_set()):
                return
            if passed < least:
                stop.wait(min(_SLICE_SECONDS, least - passed))
            else:
                self._wake.wait(min(_SLICE_SECONDS, pause - passed))

    def _left(self) -> tuple[tuple[Path, DigitizerError], ...]:
        """Return every file that lies there, in order, with the row that says why."""
        rows = {
            Why.EMPTY: FileEmpty,
            Why.LOCKED: FileBusy,
            Why.NOT_PLAIN: FileNotPlain,
            Why.FOLDER_GONE: FolderUnreadable,
        }
        found: list[tuple[Path, DigitizerError]] = []
        for folder in self._folders:
            for held in folder.waiting():
                left = folder.left.get(held.path)
                kind = rows.get(held.why, FileUnreadable)
                found.append((held.path, left.error if left else kind(held.path.name)))
        return tuple(found)
